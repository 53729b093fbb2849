#!/usr/bin/env python3
"""Tests of the adapter: answers of the checker, what is none, and a checker that is missing.

Where there is a checker, it is asked too; `build/checker`, or what FORMAL_CHECKER names.
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

# The kit points descriptor 1 at descriptor 2 when it is loaded, which a test has no need of.
_out = os.dup(1)
import adapter  # noqa: E402

os.dup2(_out, 1)

BUILT = pathlib.Path(os.environ.get("FORMAL_CHECKER", adapter.CHECKER))
ENTRY = b'"w":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}'


def file(header: bytes, data: bytes = b"") -> bytes:
    """A file with this header text and data buffer."""
    return len(header).to_bytes(8, "little") + header + data


class Answers(unittest.TestCase):
    """What the checker says, and what it must not say."""

    def test_no_tensor_and_no_metadata(self) -> None:
        self.assertEqual(adapter.parse_answer(b"accepted\n"), adapter.Accepted((), ()))

    def test_metadata_and_tensors_with_nothing_in_them(self) -> None:
        line = b"accepted m 6b - m - 76 t 77 5538 2,3 0 6 t - 463332 - 6 10\n"
        entries = (
            adapter.Entry(b"w", "U8", (2, 3), 0, 6),
            adapter.Entry(b"", "F32", (), 6, 10),
        )
        found = adapter.Accepted(((b"k", b""), (b"", b"v")), entries)
        self.assertEqual(adapter.parse_answer(line), found)

    def test_numbers_beyond_doubles_are_exact(self) -> None:
        most = 2**64 - 1
        found = adapter.parse_answer(f"accepted t 77 5538 0,{most} 0 0\n".encode())
        self.assertEqual(found.entries[0].shape, (0, most))

    def test_a_name_that_reads_like_a_mark_is_no_mark(self) -> None:
        # Names come in hexadecimal digits, of which neither `m` nor `t` is one.
        found = adapter.parse_answer(b"accepted t 6d 5538 - 0 1 t 74 5538 - 1 2\n")
        self.assertEqual([entry.name for entry in found.entries], [b"m", b"t"])

    def test_a_refusal_names_the_first_rule_and_tells_all(self) -> None:
        with self.assertRaises(adapter.kit.Refused) as caught:
            adapter.parse_answer(b"refused NAME-1 LAY-2\n")
        self.assertEqual(str(caught.exception), "NAME-1, LAY-2")
        self.assertEqual(caught.exception.category, "NAME-1")

    def test_what_is_no_answer_is_no_refusal(self) -> None:
        for line in [
            b"\n",
            b"refused\n",
            b"error: no request\n",
            b"accepted m 6b\n",
            b"accepted m 6b 7\n",
            b"accepted t 77 5538 2 0\n",
            b"accepted t 77 5538 2 0 x\n",
            b"accepted t 77 ff 2 0 2\n",
            b"accepted x\n",
        ]:
            with self.subTest(line=line), self.assertRaises(adapter.CheckerFailed):
                adapter.parse_answer(line)

    def test_names(self) -> None:
        line = b"versions 1.0,1.1 leniencies a,b max-header 9\n"
        self.assertEqual(adapter.parse_names(line), adapter.Names(("1.0", "1.1"), ("a", "b"), 9))
        with self.assertRaises(adapter.CheckerFailed):
            adapter.parse_names(b"versions 1.0\n")

    def test_texts(self) -> None:
        self.assertEqual(adapter.unicode("\u00e9"), b"\xc3\xa9")
        for text, rule in ("\ud800", "WR-6"), (7, "WR-7"), (None, "WR-7"):
            with self.subTest(text=ascii(text)), self.assertRaises(adapter.kit.Refused) as caught:
                adapter.unicode(text)
            self.assertEqual(caught.exception.category, rule)


class Programs(unittest.TestCase):
    """The adapter as the runner starts it."""

    def run_adapter(
        self, *arguments: object, requests: str = ""
    ) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, HERE / "adapter.py", *map(str, arguments)]
        return subprocess.run(command, input=requests, capture_output=True, text=True, check=False)

    def test_a_checker_that_was_not_built(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            done = self.run_adapter("--checker", pathlib.Path(folder) / "checker")
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertIn("No such file or directory", done.stderr)
        self.assertIn(f"{HERE / 'run.sh'}, which installs Coq", done.stderr)
        self.assertNotIn("Traceback", done.stderr)

    def test_a_checker_that_is_no_program(self) -> None:
        with tempfile.NamedTemporaryFile() as empty:
            done = self.run_adapter("--checker", empty.name)
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertIn("Permission denied", done.stderr)

    def test_a_checker_that_dies_is_no_refusal(self) -> None:
        names = "echo versions 1.4 leniencies a max-header 9"
        with tempfile.TemporaryDirectory() as folder:
            dying = pathlib.Path(folder) / "checker"
            dying.write_text(f"#!/bin/sh\nread line; {names}; read line; exit 3\n")
            dying.chmod(0o755)
            request = json.dumps({"seq": 1, "op": "read", "path": str(dying)})
            done = self.run_adapter("--checker", dying, requests=request + "\n")
        self.assertEqual((done.returncode, len(done.stdout.splitlines())), (1, 1))
        self.assertIn("CheckerFailed: it ended with 3 and without an answer", done.stderr)

    @unittest.skipUnless(BUILT.exists(), "the checker was not built")
    def test_names_that_there_are_not(self) -> None:
        for argument in ["--leniencies=none-such", "--format-version=9.9"]:
            done = self.run_adapter("--checker", BUILT, argument)
            self.assertEqual((done.returncode, done.stdout), (2, ""))
            self.assertIn("; there are ", done.stderr)


@unittest.skipUnless(BUILT.exists(), "the checker was not built")
class TheModel(unittest.TestCase):
    """The extracted program behind it."""

    def setUp(self) -> None:
        self.checker = adapter.Checker(BUILT)
        self.addCleanup(self.checker.close)

    def check(self, content: bytes, *leniencies: str) -> adapter.Accepted:
        head = content[: 8 + int.from_bytes(content[:8], "little")]
        return self.checker.check("1.4", leniencies, head, len(content))

    def test_it_reads(self) -> None:
        found = self.check(file(b'{"__metadata__":{"k":"v"},' + ENTRY + b"}", b"ab"))
        entries = (adapter.Entry(b"w", "U8", (2,), 0, 2),)
        self.assertEqual(found, adapter.Accepted(((b"k", b"v"),), entries))

    def test_it_refuses_and_goes_on(self) -> None:
        for _ in range(2):
            with self.assertRaisesRegex(adapter.kit.Refused, "^LAY-5$"):
                self.check(file(b"{" + ENTRY + b"}", b"abc"))

    def test_a_leniency_is_asked_under(self) -> None:
        content = file(b"{}\n")
        with self.assertRaisesRegex(adapter.kit.Refused, "^PAD-1$"):
            self.check(content)
        self.check(content, "null-metadata", "trailing-whitespace")

    def test_a_long_text_is_let_go_and_read_again(self) -> None:
        for _ in range(2):
            self.check(file(b'{"__metadata__":{"k":"' + b"x" * (2 << 20) + b'"}}'))

    def test_it_writes_in_order(self) -> None:
        tensors = [
            adapter.Given(b"b", b"U8", (), b"\1"),
            adapter.Given(b"a", b"U8", (1,), b"\2"),
            adapter.Given(b"c", b"F64", (0,), b""),
        ]
        header = (
            b'{"__metadata__":{"k":"v"},"c":{"dtype":"F64","shape":[0],"data_offsets":[0,0]},'
            b'"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},'
            b'"b":{"dtype":"U8","shape":[],"data_offsets":[1,2]}}'
        )
        header += b" " * (-len(header) % 8)
        written = self.checker.canonical([(b"k", b"v")], tensors)
        self.assertEqual(written, file(header, b"\2\1"))


if __name__ == "__main__":
    unittest.main()
