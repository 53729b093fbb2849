"""Adapter for the PyPI package `safetensors`, used through numpy, as a program would use it.

Nothing is decided here: what the library hands out goes into the reply as it is. Only the library's
own refusal, and its telling that numpy cannot hold a tensor, are caught; everything else ends this
process, and the runner sees it as a crash.
"""

import importlib.metadata
import pathlib
import platform
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "kits" / "python"))

import stconform_kit as kit  # noqa: E402  first: what a library prints is kept out of the replies

import numpy  # noqa: E402
from safetensors import SafetensorError, safe_open  # noqa: E402
from safetensors.numpy import save_file  # noqa: E402

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

VIEWS = {
    "transposed": lambda base, shape: base.T,
    "strided": lambda base, shape: base[..., ::2],
    "reversed": lambda base, shape: numpy.flip(base),
    "broadcast": numpy.broadcast_to,
}


def known(name, part):
    """The dtype and the shape of a tensor, if numpy can hold it."""
    dtype, shape = part.get_dtype(), part.get_shape()
    if dtype not in DTYPES:
        raise kit.Unsupported(f"{name!r}: numpy has no {dtype}")
    if len(shape) > RANK:
        raise kit.Unsupported(f"{name!r}: {len(shape)} dimensions")
    return dtype, shape


def array_of(name, get):
    """An array of the library; numpy refuses a shape that it cannot count in."""
    try:
        return get()
    except ValueError as error:
        raise kit.Unsupported(f"{name!r}: {error}") from error


def told(name, dtype, array):
    """One tensor of a reply; the shape and the bytes are those of the array that came out."""
    if array.dtype.name != DTYPES[dtype]:
        dtype = f"numpy {array.dtype}"
    return kit.Tensor(name, dtype, array.shape, array.tobytes(order="C"))


def arrays(file):
    """Every tensor that the library hands out, with its name and dtype."""
    for name in file.keys():
        dtype, _ = known(name, file.get_slice(name))
        yield name, dtype, array_of(name, lambda name=name: file.get_tensor(name))


def read(request):
    with safe_open(request.path, "numpy") as file:
        tensors = [told(name, dtype, array) for name, dtype, array in arrays(file)]
        return kit.Reading(tensors, file.metadata())


def header(request):
    with safe_open(request.path, "numpy") as file:
        slices = ((name, file.get_slice(name)) for name in file.keys())
        tensors = [kit.Tensor(name, part.get_dtype(), part.get_shape()) for name, part in slices]
        return kit.Reading(tensors, file.metadata())


def part(request):
    with safe_open(request.path, "numpy") as file:
        whole = file.get_slice(request.tensor)
        dtype, shape = known(request.tensor, whole)
        # A tensor without axes has no slices, and is handed out as it is.
        index = tuple(slice(span.start, span.stop, span.step) for span in request.slices)
        get = (lambda: whole[index]) if shape else (lambda: file.get_tensor(request.tensor))
        return told(request.tensor, dtype, array_of(request.tensor, get))


def write(request):
    tensors = {}
    for name, tensor in request.tensors_by_name().items():
        if tensor.dtype not in DTYPES:
            raise kit.Unsupported(f"numpy has no {tensor.dtype}")
        shape = tensor.shape if tensor.view is None else tensor.base
        try:
            array = numpy.frombuffer(tensor.data, dtype=DTYPES[tensor.dtype]).reshape(shape)
        except ValueError as error:
            # An array always fits its shape, so that the library is never asked.
            raise kit.Unsupported(f"no such array: {error}") from error
        if tensor.view is not None:
            array = VIEWS[tensor.view](array, tensor.shape)
        tensors[name] = array
    metadata = request.metadata_dict()
    try:
        save_file(tensors, request.path, metadata=metadata)
    except TypeError as error:
        if any(not isinstance(value, str) for value in (metadata or {}).values()):
            raise kit.Refused(str(error), "TypeError") from error
        raise


def rewrite(request):
    with safe_open(request.path, "numpy") as file:
        tensors = {name: array for name, _, array in arrays(file)}
        save_file(tensors, request.to, metadata=file.metadata())


if __name__ == "__main__":
    kit.serve(
        "safetensors (PyPI, numpy)",
        importlib.metadata.version("safetensors"),
        language="Python",
        build=f"CPython {platform.python_version()}, numpy {numpy.__version__}",
        source="https://pypi.org/project/safetensors/",
        read=read,
        header=header,
        slice=part,
        write=write,
        rewrite=rewrite,
        views=tuple(VIEWS),
        refusals=(SafetensorError,),
        limits={"rank": RANK, "dtype": list(DTYPES)},
        write_dtypes=list(DTYPES),
    )
