"""Stage 5: how the tensors cover the data buffer (section 13), each of the five rules by its own
sentence. The chain of section 13.1 gives one answer for all five; here it is a test only.
"""

from collections.abc import Sequence

Range = tuple[int, int]


def judge(ranges: Sequence[Range], length: int) -> set[str]:
    """Judges LAY-1 to LAY-5, for ranges that keep OFF-3 and a data buffer of `length` bytes.

    LAY-1: "An END MUST NOT be greater than the length of the data buffer."
    LAY-5: "The data buffer MUST NOT go on after the greatest END, or have any byte if there is no
    tensor."
    """
    greatest = max((end for _, end in ranges), default=0)
    owners = sorted((begin, end) for begin, end in ranges if begin < end)
    empty = sorted(begin for begin, end in ranges if begin == end)
    broken: set[str] = set()
    if greatest > length:
        broken.add("LAY-1")
    if has_shared_byte(owners, length):
        broken.add("LAY-2")
    if has_place_inside(owners, empty):
        broken.add("LAY-3")
    if has_hole(owners, min(greatest, length)):
        broken.add("LAY-4")
    if length > greatest:
        broken.add("LAY-5")
    return broken


def has_shared_byte(owners: Sequence[Range], length: int) -> bool:
    """Whether a byte belongs to two of the sorted ranges.

    LAY-2: "A byte of the data buffer MUST NOT belong to two tensors." "Tensors that meet only"
    beyond the end of the file "break LAY-1 and keep this rule".
    """
    reached = 0
    for begin, end in owners:
        if begin < min(reached, length):
            return True
        reached = max(reached, end)
    return False


def has_place_inside(owners: Sequence[Range], places: Sequence[int]) -> bool:
    """Whether one of the sorted places is strictly inside one of the sorted ranges.

    LAY-3: "A tensor with BEGIN equal to END MUST NOT stand strictly between the BEGIN and the END
    of another tensor." No two BEGIN and END of a zero-size tensor have anything between them.
    """
    reached = 0
    taken = 0
    for place in places:
        while taken < len(owners) and owners[taken][0] < place:
            reached = max(reached, owners[taken][1])
            taken += 1
        if place < reached:
            return True
    return False


def has_hole(owners: Sequence[Range], until: int) -> bool:
    """Whether a byte before `until` belongs to none of the sorted ranges.

    LAY-4: "Every byte of the data buffer before the greatest END MUST belong to a tensor."
    """
    reached = 0
    for begin, end in owners:
        if begin > reached:
            break
        reached = max(reached, end)
    return reached < until
