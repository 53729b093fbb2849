"""Writes the job's models with `tinygrad`, which compiles for its CPU device with clang."""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir))

# Before tinygrad is imported: no cache of an earlier run, no other device.
os.environ.update(DEV="CPU", CACHELEVEL="0")

import job
from tinygrad import Tensor
from tinygrad.nn.state import safe_dtypes, safe_save


def save(model, path):
    """Saves one model, and returns the call that did it."""
    tensors = {t["name"]: tensor(t) for t in model["tensors"]}
    if model["metadata"] is None:
        safe_save(tensors, path)
        return "tinygrad.nn.state.safe_save(tensors, path)"
    safe_save(tensors, path, model["metadata"])
    return "tinygrad.nn.state.safe_save(tensors, path, metadata)"


def tensor(given):
    """The tensor, made of its bytes without a conversion."""
    dtype = safe_dtypes[given["dtype"]]
    return Tensor(given["data"], dtype=dtype).reshape(tuple(given["shape"]))


job.run(save)
