"""Writes the job's models with `mlx`."""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir))

import job
import mlx.core as mx
import numpy

DTYPES = {
    "BOOL": mx.bool_,
    "U8": mx.uint8,
    "I8": mx.int8,
    "U16": mx.uint16,
    "I16": mx.int16,
    "F16": mx.float16,
    "BF16": mx.bfloat16,
    "U32": mx.uint32,
    "I32": mx.int32,
    "F32": mx.float32,
    "U64": mx.uint64,
    "I64": mx.int64,
    "F64": mx.float64,
    "C64": mx.complex64,
}


def save(model, path):
    """Saves one model, and returns the call that did it."""
    arrays = {t["name"]: array(t) for t in model["tensors"]}
    if model["metadata"] is None:
        mx.save_safetensors(path, arrays)
        return "mlx.core.save_safetensors(path, tensors)"
    mx.save_safetensors(path, arrays, model["metadata"])
    return "mlx.core.save_safetensors(path, tensors, metadata)"


def array(tensor):
    """The tensor as an array, made of its bytes without a conversion."""
    dtype = DTYPES[tensor["dtype"]]
    if not tensor["data"]:
        return mx.zeros(tensor["shape"], dtype=dtype)
    raw = mx.array(numpy.frombuffer(tensor["data"], dtype="uint8"))
    return raw.view(dtype).reshape(tensor["shape"])


mx.set_default_device(mx.cpu)
job.run(save)
