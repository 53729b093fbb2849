"""Adapter for the PyPI package `safetensors`, read through numpy, as a program would read a file.

It speaks the protocol of ../PROTOCOL.md. Nothing is decided here: what the library hands out goes
into the reply as it is. Only the library's own refusal, and its telling that numpy cannot hold a
tensor, are caught; everything else ends this process, and the runner sees it as a crash.
"""

import hashlib
import importlib.metadata
import json
import os
import platform
import sys

# Replies go to a copy of descriptor 1, and what a library prints goes to standard error. This
# comes before any library is loaded.
REPLIES = os.fdopen(os.dup(1), "w", buffering=1, encoding="utf-8", newline="\n")
os.dup2(2, 1)

import numpy  # noqa: E402
from safetensors import SafetensorError, safe_open  # noqa: E402

# The dtypes that this front end can hold, each with what it has to be in numpy: an array of
# another kind is reported as what it is. Then the most dimensions that an array of numpy 2 has.
DTYPES = {
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
RANK = 64

# The greatest integer that every JSON reader takes exactly.
MAX_SAFE_INTEGER = 2**53 - 1


def main():
    reply(
        {
            "protocol": 1,
            "name": "safetensors (PyPI, numpy)",
            "version": importlib.metadata.version("safetensors"),
            "language": "Python",
            "build": f"CPython {platform.python_version()}, numpy {numpy.__version__}",
            "source": "https://pypi.org/project/safetensors/",
            "operations": ["read"],
            "leniencies": [],
            "limits": {"rank": RANK, "dtype": list(DTYPES)},
        }
    )
    for line in sys.stdin:
        request = json.loads(line)
        reply({"seq": request["seq"], **read(request["path"])})


def read(path):
    """Opens a file and reads every tensor and the metadata."""
    try:
        with safe_open(path, "numpy") as file:
            return contents(file)
    except SafetensorError as error:
        return {"refused": str(error)}


def contents(file):
    """What the library hands out; or why numpy cannot hold one of the tensors."""
    tensors = []
    for name in file.keys():
        declared = file.get_slice(name)
        dtype, shape = declared.get_dtype(), declared.get_shape()
        if dtype not in DTYPES:
            return {"unsupported": f"{name!r}: numpy has no {dtype}"}
        if len(shape) > RANK:
            return {"unsupported": f"{name!r}: {len(shape)} dimensions"}
        try:
            array = file.get_tensor(name)
        except ValueError as error:
            # numpy refuses a shape that it cannot count in.
            return {"unsupported": f"{name!r}: {error}"}
        tensors.append(tensor(name, dtype, array))
    return {"accepted": {"tensors": tensors, "metadata": file.metadata()}}


def tensor(name, dtype, array):
    """One tensor of a reply; the shape and the bytes are those of the array that came out."""
    if array.dtype.name != DTYPES[dtype]:
        dtype = f"numpy {array.dtype}"
    return {
        "name": name,
        "dtype": dtype,
        "shape": [dim if dim <= MAX_SAFE_INTEGER else str(dim) for dim in array.shape],
        "sha256": hashlib.sha256(array.tobytes(order="C")).hexdigest(),
    }


def reply(message):
    REPLIES.write(json.dumps(message) + "\n")
    REPLIES.flush()


if __name__ == "__main__":
    main()
