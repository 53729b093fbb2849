"""What an adapter in Python needs to speak the adapter protocol of stconform, version 1.

stconform tests implementations of the safetensors file format. It asks an adapter, a small program
around one implementation, to read and to write files, in JSON lines over standard input and output.
This file does that part: the hello, the requests, the replies. What is left is one function for
each operation that the implementation has:

    import stconform_kit as kit
    import tensorbox  # the library under test, after the kit

    def read(request):
        box = tensorbox.load(request.path)
        return kit.Reading(
            (kit.Tensor(t.name, t.dtype, t.shape, t.tobytes()) for t in box), box.metadata
        )

    kit.serve("tensorbox", "1.2.0", read=read, refusals=(tensorbox.InvalidFile,))

Copy the file next to your adapter; it needs Python 3.8 or later and nothing else.

Importing it keeps a copy of descriptor 1 for the replies and points descriptor 1 at descriptor 2,
so that nothing that a library prints gets between the replies. So import it before the library.

Nothing about safetensors lives here: no reading of files, and no idea of what a reply should be.
An exception that the adapter does not declare as a refusal is not caught. It ends the process with
a trace and exit code 1, and stconform shows it as a crash.
"""

import hashlib
import json
import operator
import os
import sys
from dataclasses import dataclass
from typing import Any, Callable, Iterable, List, Mapping, Optional, Sequence, Tuple, Union

__all__ = [
    "Other",
    "Reading",
    "Refused",
    "Request",
    "Tensor",
    "TensorToWrite",
    "Unsupported",
    "serve",
]

_REPLIES = os.fdopen(os.dup(1), "wb")
os.dup2(2, 1)

# The greatest integer that every JSON reader takes exactly.
_MAX_SAFE_INTEGER = 2**53 - 1

# Up to this many bytes of a tensor are given as they are, and the digest of more. Whoever reads a
# record sees the short ones.
_LONGEST_HEX = 64

# How many characters of a message the protocol has room for, whatever they take in UTF-8.
_LONGEST_MESSAGE = 1024


class Refused(Exception):
    """Raise it to say that the implementation refused the file, or what it was to write.

    It is for implementations that report this in another way than by an exception; exceptions of
    the library are declared with `refusals` of `serve`. `category` is the kind of error, if the
    implementation tells one.
    """

    def __init__(self, message: str, category: Optional[str] = None):
        super().__init__(message)
        self.category = category


class Unsupported(Exception):
    """Raise it to say that the implementation does not do this, with the reason.

    That is a valid file beyond a limit that the hello declares; or a dtype, a view or an argument
    that its interface does not have.
    """


@dataclass(frozen=True)
class TensorToWrite:
    """One tensor of a request to write."""

    name: str
    dtype: str
    shape: Tuple[int, ...]
    """The shape to be written. It may be at odds with `data`: hand over both as they are."""
    data: bytes
    """The bytes of the elements in row-major order; with a `view`, those of the array `base`."""
    view: Optional[str] = None
    """Which view of the array is to be written, of those that `serve` was given as `views`."""
    base: Optional[Tuple[int, ...]] = None
    """With a `view`, the shape of the array."""


@dataclass(frozen=True)
class Request:
    """One request. What an operation does not have is `None`."""

    op: str
    """The operation: read, header, slice, write, rewrite or read-index."""
    path: str
    """The file, or the index, that is to be read or written; absolute."""
    access: Optional[str] = None
    """How to read: one of the `access` of `serve`. Only with read, header and slice."""
    to: Optional[str] = None
    """Where to write. Only with rewrite."""
    tensor: Optional[str] = None
    """The name of the tensor of which a part is asked for. Only with slice."""
    slices: Optional[Tuple[slice, ...]] = None
    """A slice object for each axis: `array[request.slices]` is the part. Only with slice."""
    tensors: Optional[Tuple[TensorToWrite, ...]] = None
    """What to write, in the order of the request; a name may occur twice. Only with write."""
    metadata: Optional[Tuple[Tuple[str, Any], ...]] = None
    """Pairs of a key and a value. A key may occur twice, and a value may be no string: hand over
    what stands there. `None` for no metadata. Only with write."""

    def tensors_by_name(self) -> "dict[str, TensorToWrite]":
        """`tensors` as a dict, for an interface that takes one; `Unsupported` for a name twice."""
        tensors = {tensor.name: tensor for tensor in self.tensors or ()}
        if len(tensors) != len(self.tensors or ()):
            raise Unsupported("a dict cannot hold a name twice")
        return tensors

    def metadata_dict(self) -> Optional["dict[str, Any]"]:
        """`metadata` as a dict, for an interface that takes one; `Unsupported` for a key twice."""
        if self.metadata is None:
            return None
        metadata = dict(self.metadata)
        if len(metadata) != len(self.metadata):
            raise Unsupported("a dict cannot hold a key twice")
        return metadata


class Tensor:
    """One tensor that was read, as the implementation hands it out.

    `name` is text or bytes. `dtype` is the name that the header has for it. `shape` holds integers
    of any kind. `data`, bytes in the order of the file, is anything with the buffer protocol, or an
    iterable of such pieces; it is digested at once and not kept. `values` are the elements in
    row-major order, in place of the bytes or beside them: int, bool, float, complex, or a string
    that is already spelled as the protocol wants it; for an array of numpy, they are
    `array.ravel().tolist()`. The operation header has neither `data` nor `values`.

    What the protocol has no field for, such as a dimension of -1, makes the whole reading an
    `Other`; the adapter need not look for it.
    """

    def __init__(
        self,
        name: Union[str, bytes],
        dtype: str,
        shape: Iterable[int],
        data: Any = None,
        values: Optional[Iterable[Any]] = None,
    ):
        self._other: Optional[str] = None
        self._fields: "dict[str, Any]" = {}
        text = _text(name)
        if text is not None:
            self._fields["name"] = text
        elif isinstance(name, bytes):
            self._fields["name_hex"] = name.hex()
        else:
            self._other = f"a name {ascii(name)}"
        self._fields["dtype"] = _text(dtype) if isinstance(dtype, str) else None
        if self._fields["dtype"] is None:
            self._other = f"a dtype {ascii(dtype)}"
        self._fields["shape"] = [self._dimension(dim) for dim in shape]
        if data is not None:
            field, digits = _digest(data)
            self._fields[field] = digits
        if values is not None:
            self._fields["values"] = [_spell(value) for value in values]

    def _dimension(self, dim: Any) -> Union[int, str, None]:
        """A dimension as the protocol has it; what is none, such as 2.0 and True, is an `Other`."""
        try:
            number = operator.index(dim)
        except TypeError:
            number = -1
        if isinstance(dim, bool) or not 0 <= number < 2**64:
            self._other = f"a dimension of {ascii(dim)}"
            return None
        return number if number <= _MAX_SAFE_INTEGER else str(number)


class Reading:
    """What was read: the answer to read, header and read-index.

    `tensors` are `Tensor`s in any order; an iterator is used up at once. `metadata` is a mapping,
    or pairs of key and value, of text or bytes; `None` where there is none.
    """

    def __init__(
        self,
        tensors: Iterable[Tensor],
        metadata: Union[Mapping[Any, Any], Iterable[Tuple[Any, Any]], None] = None,
    ):
        self._tensors = list(tensors)
        self._metadata = metadata

    def _accepted(self) -> "dict[str, Any]":
        field, metadata, other = _metadata(self._metadata)
        for tensor in self._tensors:
            other = other or tensor._other
        if other is not None:
            return {"other": other}
        return {"tensors": [tensor._fields for tensor in self._tensors], field: metadata}


@dataclass(frozen=True)
class Other:
    """What was read, in words, where `Reading` and `Tensor` cannot say it. No file holds that."""

    what: str


# What the function for an operation may return.
Answer = Union[Reading, Tensor, Other, None]


def serve(
    name: str,
    version: str,
    *,
    read: Optional[Callable[[Request], Union[Reading, Other]]] = None,
    header: Optional[Callable[[Request], Union[Reading, Other]]] = None,
    slice: Optional[Callable[[Request], Union[Tensor, Other]]] = None,
    write: Optional[Callable[[Request], None]] = None,
    rewrite: Optional[Callable[[Request], None]] = None,
    read_index: Optional[Callable[[Request], Union[Reading, Other]]] = None,
    refusals: Tuple[type, ...] = (),
    unsupported: Tuple[type, ...] = (),
    language: str = "Python",
    build: Optional[str] = None,
    source: Optional[str] = None,
    access: Sequence[str] = (),
    views: Sequence[str] = (),
    leniencies: Sequence[str] = (),
    limits: Optional[Mapping[str, Any]] = None,
    write_dtypes: Optional[Sequence[str]] = None,
    claims: Sequence[str] = (),
) -> None:
    """Says hello, then answers requests until the input ends.

    `name`, `version`, `language`, `build` and `source` say what is tested; `leniencies`, `limits`,
    `write_dtypes` and `claims` what it is held to. `stconform list leniencies` and `list limits`
    print the names that there are.

    Each operation is a function of a `Request`; one that is left out is not declared. read, header
    and read_index return a `Reading`, slice returns a `Tensor`, write and rewrite return nothing.

    `refusals` are the exception types by which the implementation refuses a file, and `unsupported`
    those by which it says that it does not do something. Their text is the message, and their name
    the category. MemoryError and RecursionError are deaths of the implementation and no refusals,
    even where `refusals` holds a type above them.

    `access` are the ways in which it can read, each asked for by name. `views` are the views that
    `write` can make: transposed, strided, reversed, broadcast. Others are answered here.
    """
    operations = {
        "read": read,
        "header": header,
        "slice": slice,
        "write": write,
        "rewrite": rewrite,
        "read-index": read_index,
    }
    operations = {op: function for op, function in operations.items() if function is not None}
    hello = {
        "protocol": 1,
        "name": name,
        "version": version,
        "language": language,
        "build": build,
        "source": source,
        "operations": list(operations),
        "access": list(access) or None,
        "leniencies": list(leniencies),
        "limits": dict(limits or {}),
        "write_dtypes": None if write_dtypes is None else list(write_dtypes),
        "claims": list(claims) or None,
    }
    _send({field: value for field, value in hello.items() if value is not None})
    for line in sys.stdin.buffer:
        fields = json.loads(line, object_pairs_hook=_Object)
        op, request = fields["op"], _request(fields)
        try:
            # Only this line may fail as `refusals` say: an error of the adapter is no refusal.
            answer = _function(operations, op, request, views)(request)
        except (MemoryError, RecursionError):
            raise
        except Unsupported as error:
            reply = {"unsupported": _message(error)}
        except Refused as error:
            reply = {"refused": _message(error)}
            if error.category is not None:
                reply["category"] = _message(error.category)
        except unsupported as error:
            reply = {"unsupported": _message(error)}
        except refusals as error:
            reply = {"refused": _message(error), "category": type(error).__name__}
        else:
            reply = {"accepted": _accepted(op, answer)}
        _send({"seq": fields["seq"], **reply})


def _function(
    operations: "dict[str, Callable[[Request], Answer]]",
    op: str,
    request: Request,
    views: Sequence[str],
) -> Callable[[Request], Answer]:
    """The function for an operation; what the adapter has not declared is `Unsupported`."""
    if op not in operations:
        raise Unsupported(f"no operation {op}")
    for tensor in request.tensors or ():
        if tensor.view is not None and tensor.view not in views:
            raise Unsupported(f"no view {tensor.view}")
    return operations[op]


def _accepted(op: str, answer: Answer) -> "dict[str, Any]":
    """What a function returned, as the protocol has it."""
    if isinstance(answer, Other):
        return {"other": answer.what}
    if op in ("write", "rewrite") and answer is None:
        return {}
    if op == "slice" and isinstance(answer, Tensor):
        return {"other": answer._other} if answer._other else {"tensors": [answer._fields]}
    if op not in ("write", "rewrite", "slice") and isinstance(answer, Reading):
        return answer._accepted()
    raise TypeError(f"the function for {op} returned {type(answer).__name__}")


def _request(fields: "_Object") -> Request:
    slices, tensors, metadata = (fields.get(key) for key in ("slices", "tensors", "metadata"))
    return Request(
        op=fields["op"],
        path=fields["path"],
        access=fields.get("access"),
        to=fields.get("to"),
        tensor=fields.get("tensor"),
        # Inside `serve`, `slice` is a parameter; here it is the type.
        slices=None if slices is None else tuple(slice(*_integers(span)) for span in slices),
        tensors=None if tensors is None else tuple(_to_write(tensor) for tensor in tensors),
        metadata=None if metadata is None else tuple(metadata.pairs),
    )


def _to_write(fields: "_Object") -> TensorToWrite:
    return TensorToWrite(
        name=fields["name"],
        dtype=fields["dtype"],
        shape=_integers(fields["shape"]),
        data=bytes.fromhex(fields["hex"]),
        view=fields.get("view"),
        base=None if fields.get("base") is None else _integers(fields["base"]),
    )


def _integers(numbers: Iterable[Union[int, str]]) -> Tuple[int, ...]:
    """Integers of a request; those that some JSON reader would round come as strings of digits."""
    return tuple(int(number) for number in numbers)


class _Object(dict):
    """A JSON object that remembers the members that a dict drops."""

    def __init__(self, pairs: List[Tuple[str, Any]]):
        super().__init__(pairs)
        self.pairs = pairs


def _text(string: Any) -> Optional[str]:
    """The string as text that JSON can carry, or `None`.

    There is none for bytes that are no UTF-8, a lone surrogate, and what is no string at all.
    """
    try:
        if isinstance(string, bytes):
            return string.decode("utf-8")
        if isinstance(string, str):
            string.encode("utf-8")
            return string
    except UnicodeError:
        pass
    return None


def _metadata(metadata: Any) -> Tuple[str, Any, Optional[str]]:
    """The field of a reply, its value, and what that field cannot say, if there is such a thing."""
    if metadata is None:
        return "metadata", None, None
    pairs = list(metadata.items() if isinstance(metadata, Mapping) else metadata)
    for key, value in pairs:
        for string in (key, value):
            if not isinstance(string, bytes) and _text(string) is None:
                return "metadata", None, f"a string of the metadata is {ascii(string)}"
    raw = [tuple(s if isinstance(s, bytes) else s.encode("utf-8") for s in pair) for pair in pairs]
    if len(dict(raw)) != len(raw):
        return "metadata", None, "a key of the metadata twice"
    if all(_text(key) is not None and _text(value) is not None for key, value in raw):
        return "metadata", {_text(key): _text(value) for key, value in raw}, None
    return "metadata_hex", [[key.hex(), value.hex()] for key, value in raw], None


def _digest(data: Any) -> Tuple[str, str]:
    """The field for the bytes of a tensor, and its value."""
    try:
        whole = memoryview(data)
    except TypeError:
        digest = hashlib.sha256()
        for piece in data:
            digest.update(piece)
        return "sha256", digest.hexdigest()
    if whole.nbytes <= _LONGEST_HEX:
        return "hex", whole.tobytes().hex()
    # hashlib takes one dimension; `tobytes` gives the elements in row-major order.
    flat = whole if whole.ndim == 1 and whole.c_contiguous else whole.tobytes()
    return "sha256", hashlib.sha256(flat).hexdigest()


def _spell(value: Any) -> str:
    """An element as the protocol spells it. The `repr` of a float reads as the same double."""
    if isinstance(value, str):
        return value
    if isinstance(value, int):
        return str(int(value))
    if isinstance(value, float):
        return repr(float(value))
    if isinstance(value, complex):
        return f"{_spell(value.real)} {_spell(value.imag)}"
    raise TypeError(f"an element is a number, a bool or a str, not {type(value).__name__}")


def _message(words: Any) -> str:
    return str(words)[:_LONGEST_MESSAGE].encode("utf-8", "replace").decode("utf-8")


def _send(message: "dict[str, Any]") -> None:
    _REPLIES.write(json.dumps(message, separators=(",", ":")).encode("ascii") + b"\n")
    _REPLIES.flush()
