"""Writes the job's models with the Python package `safetensors`, of any release.

Arrays that numpy has go through `safetensors.numpy.save_file`, which is what people call. All else
goes through `serialize_file`, the function below it: dtypes that numpy lacks, and metadata
where only that function takes them.
"""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir))

import inspect

import job
import numpy
import safetensors
from safetensors.numpy import save_file

try:
    from safetensors import serialize_file

    LOW_LEVEL = "safetensors.serialize_file"
except ImportError:
    from safetensors.safetensors_rust import serialize_file

    LOW_LEVEL = "safetensors.safetensors_rust.serialize_file"

NUMPY = {
    "BOOL": "bool",
    "U8": "uint8",
    "I8": "int8",
    "U16": "uint16",
    "I16": "int16",
    "F16": "float16",
    "U32": "uint32",
    "I32": "int32",
    "F32": "float32",
    "U64": "uint64",
    "I64": "int64",
    "F64": "float64",
    "C64": "complex64",
}

# The names that the low-level function knows, where numpy has none.
OTHERS = {
    "BF16": "bfloat16",
    "F8_E4M3": "float8_e4m3fn",
    "F8_E5M2": "float8_e5m2",
    "F8_E8M0": "float8_e8m0fnu",
    "F4": "float4_e2m1fn_x2",
    "F8_E4M3FNUZ": "float8_e4m3fnuz",
    "F8_E5M2FNUZ": "float8_e5m2fnuz",
}

# `save_file` takes no metadata before 0.2.2, although the function below it does from 0.2.0 on.
HAS_METADATA = "metadata" in inspect.signature(save_file).parameters


def save(model, path):
    """Saves one model, and returns the call that did it."""
    tensors, metadata = model["tensors"], model["metadata"]
    if all(t["dtype"] in NUMPY for t in tensors) and (metadata is None or HAS_METADATA):
        arrays = {t["name"]: array(t) for t in tensors}
        if metadata is None:
            save_file(arrays, path)
            return "safetensors.numpy.save_file(tensors, path)"
        save_file(arrays, path, metadata)
        return "safetensors.numpy.save_file(tensors, path, metadata)"

    specs = {t["name"]: spec(t) for t in tensors}
    if metadata is None:
        serialize_file(specs, path)
        return f"{LOW_LEVEL}(tensors, path)"
    serialize_file(specs, path, metadata)
    return f"{LOW_LEVEL}(tensors, path, metadata)"


def array(tensor):
    """The tensor as an array."""
    return numpy.frombuffer(tensor["data"], dtype=NUMPY[tensor["dtype"]]).reshape(tensor["shape"])


def spec(tensor):
    """The tensor as the low-level function takes it."""
    dtype, shape = tensor["dtype"], tensor["shape"]
    name = {**NUMPY, **OTHERS}[dtype]
    if dtype == "F4":
        # The type of this name holds two elements in one byte; the library doubles the dimension.
        shape = [*shape[:-1], shape[-1] // 2]
    if hasattr(safetensors, "TensorSpec"):
        # It keeps a pointer only; the job keeps the bytes alive.
        pointer = numpy.frombuffer(tensor["data"], dtype="uint8").ctypes.data
        length = len(tensor["data"])
        return safetensors.TensorSpec(dtype=name, shape=shape, data_ptr=pointer, data_len=length)
    return {"dtype": name, "shape": shape, "data": tensor["data"]}


job.run(save)
