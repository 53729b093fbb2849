"""What a correct reader gets from an accepted file, in the form of the manifest's `reading`."""

import hashlib
from collections.abc import Iterable

from structure import Tensor

#: Dimensions above it stand in the manifest as strings of digits.
_GREATEST_NUMBER = 2**53 - 1


def read(tensors: Iterable[Tensor], metadata: dict[str, str], buffer: memoryview) -> dict:
    """Names, dtypes, shapes, digests of bytes, and metadata (RD-1, META-5).

    The tensors are in the order of the UTF-8 bytes of their names, as in the manifest; the order of
    the header means nothing (LAY-6).
    """
    return {
        "tensors": [
            {
                "name": tensor.name,
                "dtype": tensor.dtype,
                "shape": [_dimension(dimension) for dimension in tensor.shape],
                "sha256": hashlib.sha256(buffer[slice(*tensor.offsets)]).hexdigest(),
            }
            for tensor in sorted(tensors, key=lambda tensor: tensor.name.encode())
        ],
        "metadata": metadata,
    }


def _dimension(dimension: int) -> int | str:
    return dimension if dimension <= _GREATEST_NUMBER else str(dimension)
