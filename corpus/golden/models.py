"""The models that every writer is handed, and nothing about any writer.

A model is what a program has in memory before it saves: tensors with their names, dtypes, shapes
and bytes, and metadata. The expectation of a golden file is computed from its model, never from the
file.
"""

import hashlib
import itertools
import math
from dataclasses import dataclass, replace

# Dtype: bits of an element, and the format version that brought it (spec/versions.md).
DTYPES = {
    "BOOL": (8, "1.0"),
    "U8": (8, "1.0"),
    "I8": (8, "1.0"),
    "U16": (16, "1.0"),
    "I16": (16, "1.0"),
    "F16": (16, "1.0"),
    "BF16": (16, "1.0"),
    "U32": (32, "1.0"),
    "I32": (32, "1.0"),
    "F32": (32, "1.0"),
    "U64": (64, "1.0"),
    "I64": (64, "1.0"),
    "F64": (64, "1.0"),
    "F8_E5M2": (8, "1.1"),
    "F8_E4M3": (8, "1.1"),
    "F4": (4, "1.2"),
    "F6_E2M3": (6, "1.2"),
    "F6_E3M2": (6, "1.2"),
    "F8_E8M0": (8, "1.2"),
    "C64": (64, "1.3"),
    "F8_E4M3FNUZ": (8, "1.4"),
    "F8_E5M2FNUZ": (8, "1.4"),
}


@dataclass(frozen=True)
class Tensor:
    """One tensor with its bytes, as they have to stand in the file."""

    name: str
    dtype: str
    shape: tuple
    data: bytes


@dataclass(frozen=True)
class Model:
    """What a writer is handed. `metadata` is None where none is handed over."""

    name: str
    about: str
    tensors: tuple
    metadata: dict | None = None
    # A writer that lacks a dtype is handed the model without those tensors.
    divisible: bool = False

    def only(self, dtypes):
        """The model without the tensors of other dtypes."""
        return replace(self, tensors=tuple(t for t in self.tensors if t.dtype in dtypes))

    def since(self):
        """The lowest format version that has all dtypes of the model."""
        return max((DTYPES[t.dtype][1] for t in self.tensors), default="1.0")

    def reading(self):
        """What a correct reader gets from a file that holds the model."""
        tensors = [
            {
                "name": t.name,
                "dtype": t.dtype,
                "shape": list(t.shape),
                "sha256": hashlib.sha256(t.data).hexdigest(),
            }
            for t in sorted(self.tensors, key=lambda t: t.name.encode())
        ]
        return {"tensors": tensors, "metadata": dict(sorted((self.metadata or {}).items()))}

    def job(self):
        """The model as JSON, for writers in any language."""
        tensors = [
            {"name": t.name, "dtype": t.dtype, "shape": list(t.shape), "hex": t.data.hex()}
            for t in self.tensors
        ]
        return {"name": self.name, "tensors": tensors, "metadata": self.metadata}


def model(name, about, *tensors, metadata=None, divisible=False):
    """A model whose tensors are given as (name, dtype, shape); their bytes are made here.

    The bytes count from 1 to 251 and go on from one tensor to the next, so that bytes in the wrong
    place, or of the wrong tensor, show. Those of a BOOL are 1, 0, 1 and so on: VAL-9.
    """
    counter = itertools.cycle(range(1, 252))
    made = []
    for tensor_name, dtype, shape in tensors:
        size = DTYPES[dtype][0] * math.prod(shape) // 8
        if dtype == "BOOL":
            data = bytes(1 - i % 2 for i in range(size))
        else:
            data = bytes(itertools.islice(counter, size))
        made.append(Tensor(tensor_name, dtype, tuple(shape), data))
    return Model(name, about, tuple(made), metadata, divisible)


W = ("w", "F32", [2])

MODELS = (
    model("one-tensor", "one tensor and no metadata", W),
    model("no-tensors", "neither tensors nor metadata"),
    model(
        "dtypes",
        "one tensor of each dtype that it has",
        *((d.lower(), d, [2, 2] if d[:2] in ("F4", "F6") else [3]) for d in DTYPES),
        divisible=True,
    ),
    model(
        "order",
        "tensors whose names, dtypes and sizes each ask for another order",
        ("a.2", "U8", [3]),
        ("b", "F32", [1]),
        ("a.10", "F32", [2, 2]),
        ("a", "U8", [1]),
        ("B", "U32", [2]),
        ("a/b", "U8", [2]),
    ),
    model(
        "ranks",
        "tensors of rank 0 to 6",
        ("rank-0", "F32", []),
        ("rank-0-too", "U8", []),
        ("rank-1", "F32", [1]),
        ("rank-2", "F32", [1, 3]),
        ("rank-3", "F32", [2, 1, 2]),
        ("rank-6", "U8", [1, 2, 1, 1, 2, 1]),
    ),
    model(
        "zero-size",
        "zero-size tensors before, between and after others",
        ("a-empty", "F32", [0]),
        ("b", "F32", [2]),
        ("c-empty", "F32", [2, 0, 3]),
        ("d", "F32", [1]),
        ("e-empty", "F32", [0, 0]),
    ),
    model("zero-size-alone", "nothing but a zero-size tensor", ("empty", "F32", [0, 4])),
    model("name-empty", "a tensor whose name is the empty string", ("", "F32", [2])),
    model(
        "name-escapes",
        "a tensor whose name needs every kind of escape",
        ('q" b\\ s/ \b\f\n\r\t \x01\x1f \x7f', "F32", [2]),
    ),
    model("name-nul", "a tensor whose name holds U+0000", ("a\0b", "F32", [2])),
    model(
        "names-unicode",
        "tensors with names from several scripts, composed and decomposed, and above U+FFFF",
        ("\u00e9", "F32", [1]),
        ("e\u0301", "F32", [1]),
        ("\u05e9\u05dc\u05d5\u05dd \u202e", "F32", [1]),
        ("\U0001f600", "F32", [1]),
        ("\uffee\u2028", "F32", [1]),
        ("__METADATA__", "F32", [1]),
    ),
    model("metadata-one-key", "one tensor, and metadata of one key", W, metadata={"format": "pt"}),
    model(
        "metadata-keys",
        "one tensor, and metadata of four keys",
        W,
        metadata={"format": "np", "author": "a b", "z": "", "a": '{"k": [1]}'},
    ),
    model("metadata-empty", "one tensor, and metadata without a key", W, metadata={}),
    model(
        "metadata-unicode",
        "one tensor, and metadata of one key, both sides with escapes, U+0000 and many scripts",
        W,
        metadata={
            "\u043a\u043b\u044e\u0447 \0\U0001f511": 'q" b\\ \n\t\x01\x7f \0 \u2028 \u05e9\u05dc \U0001f600'
        },
    ),
    model(
        "metadata-empty-strings",
        "one tensor, and metadata that maps the empty string to the empty string",
        W,
        metadata={"": ""},
    ),
    model("metadata-alone", "metadata of one key, and no tensor", metadata={"format": "pt"}),
    # The empty tensor owns no byte, so the name is the one fault of the file.
    model(
        "reserved-name",
        "a zero-size tensor named `__metadata__` beside another tensor",
        ("__metadata__", "F32", [0]),
        W,
    ),
    model(
        "nearly-reserved-name",
        "a zero-size tensor named `_metadata__` beside another tensor",
        ("_metadata__", "F32", [0]),
        W,
    ),
    # With the models above, padding of every length from 0 to 7 occurs.
    *(
        model(f"name-of-{n}", f"one tensor with a name of {n} bytes", ("n" * n, "U8", [3]))
        for n in (3, 5, 7)
    ),
)
