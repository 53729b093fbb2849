"""Stage 4: each tensor by itself, its offsets and its size (sections 4, 11 and 12).

Nothing here compares two tensors or knows the length of the data buffer: see `layout`.
"""

from collections.abc import Iterable

from structure import Tensor
from tables import DTYPES

#: SIZE-1: "below 2^64".
_BOUND = 2**64


def judge(tensors: Iterable[Tensor], leniencies: frozenset[str]) -> set[str]:
    """Judges OFF-3 and SIZE-1 to SIZE-3 for each tensor, as far as its fields are usable.

    OFF-3: "BEGIN MUST be at most END."
    SIZE-1: "The product of the dimensions that are not 0 and of the width of the dtype in bits MUST
    be below 2^64." `zero-absorbs-overflow`: "A tensor with a dimension of 0 has size 0, whatever
    its other dimensions are."
    SIZE-2: "The width of the dtype in bits times the number of elements MUST be a multiple of 8."
    SIZE-3: "END - BEGIN MUST be the width of the dtype in bits times the number of elements,
    divided by 8."
    """
    broken: set[str] = set()
    for tensor in tensors:
        ordered = tensor.offsets is not None and tensor.offsets[0] <= tensor.offsets[1]
        if tensor.offsets is not None and not ordered:
            broken.add("OFF-3")
        if tensor.dtype is None or tensor.shape is None:
            continue
        product = product_below_bound(tensor.dtype, tensor.shape)
        empty = 0 in tensor.shape
        if product is None and not (empty and "zero-absorbs-overflow" in leniencies):
            broken.add("SIZE-1")
            continue
        bits = 0 if empty else product
        if bits % 8 != 0:
            broken.add("SIZE-2")
        elif ordered and tensor.offsets[1] - tensor.offsets[0] != bits // 8:
            broken.add("SIZE-3")
    return broken


def product_below_bound(dtype: str, shape: tuple[int, ...]) -> int | None:
    """The product that SIZE-1 speaks of, or nothing if it is 2^64 or more.

    Factors that are not 0 never make a product smaller, so the first product above the bound
    decides, and no integer here grows beyond 128 bits.
    """
    product = DTYPES[dtype].bits
    for dimension in shape:
        if dimension != 0:
            product *= dimension
            if product >= _BOUND:
                return None
    return product
