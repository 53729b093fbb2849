"""What a correct reader gets from an accepted file, in the form of the manifest's `reading`."""

import hashlib
import json
from collections.abc import Iterable

from structure import Tensor

#: Dimensions above it stand in the manifest as strings of digits.
_GREATEST_NUMBER = 2**53 - 1


def read(
    tensors: Iterable[Tensor], metadata: dict[str, str], buffer: memoryview
) -> tuple[dict, tuple[memoryview, ...]]:
    """Names, dtypes, shapes, digests of bytes, and metadata (RD-1, META-5); and the bytes.

    The tensors are in the order of the UTF-8 bytes of their names, as in the manifest; the order of
    the header means nothing (LAY-6).
    """
    ordered = sorted(tensors, key=lambda tensor: tensor.name.encode())
    contents = tuple(buffer[slice(*tensor.offsets)] for tensor in ordered)
    rows = [
        {
            "name": tensor.name,
            "dtype": tensor.dtype,
            "shape": [_dimension(dimension) for dimension in tensor.shape],
            "sha256": hashlib.sha256(content).hexdigest(),
        }
        for tensor, content in zip(ordered, contents, strict=True)
    ]
    return {"tensors": rows, "metadata": metadata}, contents


def digest(reading: dict) -> dict:
    """What stands in the manifest for the reading of a file with very many tensors: their number,
    and the digest of the reading as JSON without spaces."""
    text = json.dumps(reading, ensure_ascii=False, separators=(",", ":"))
    return {
        "tensor_count": len(reading["tensors"]),
        "sha256": hashlib.sha256(text.encode()).hexdigest(),
    }


def _dimension(dimension: int) -> int | str:
    return dimension if dimension <= _GREATEST_NUMBER else str(dimension)
