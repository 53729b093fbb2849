#!/usr/bin/env python3
"""Tests of the adapter: answers of the checker, what is none, and a checker that is missing.

Where there is a checker, it is asked too; `build/checker`, or what FORMAL_CHECKER names.
"""

import json
import os
import pathlib
import shutil
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
            b"\xff\n",
        ]:
            with self.subTest(line=line), self.assertRaises(adapter.CheckerFailed):
                adapter.parse_answer(line)

    def test_names(self) -> None:
        line = b"versions 1.0,1.1 leniencies a,b max-header 9\n"
        self.assertEqual(adapter.parse_names(line), adapter.Names(("1.0", "1.1"), ("a", "b"), 9))
        for line in [
            b"versions 1.0\n",
            b"names\n",
            b"\xff\n",
            b"versions 1.0 leniencies a max-header x\n",
            b"versions 1.0 leniencies a max-header 9 more\n",
        ]:
            with self.subTest(line=line), self.assertRaises(adapter.CheckerFailed):
                adapter.parse_names(line)

    def test_texts(self) -> None:
        self.assertEqual(adapter.unicode("\u00e9"), b"\xc3\xa9")
        for text, rule in ("\ud800", "WR-6"), (7, "WR-7"), (None, "WR-7"):
            with self.subTest(text=ascii(text)), self.assertRaises(adapter.kit.Refused) as caught:
                adapter.unicode(text)
            self.assertEqual(caught.exception.category, rule)


class Programs(unittest.TestCase):
    """The adapter as the runner starts it."""

    def run_adapter(
        self, *arguments: object, requests: str = "", folder: pathlib.Path | str | None = None
    ) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, HERE / "adapter.py", *map(str, arguments)]
        return subprocess.run(
            command, input=requests, capture_output=True, text=True, check=False, cwd=folder
        )

    def assert_no_checker(self, done: "subprocess.CompletedProcess[str]", reason: str) -> None:
        """It ended before the hello, and says why and what to do."""
        self.assertEqual((done.returncode, done.stdout), (2, ""), done.stderr)
        self.assertEqual(done.stderr.splitlines()[0], f"error: {reason}")
        self.assertIn(f"Build the checker with {HERE / 'run.sh'} checker, which", done.stderr)
        for trace in "Traceback", "Exception":
            self.assertNotIn(trace, done.stderr)

    def test_a_checker_that_was_not_built(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            checker = pathlib.Path(folder) / "checker"
            done = self.run_adapter("--checker", checker)
        self.assert_no_checker(done, f"{checker}: No such file or directory")

    def test_a_checker_that_is_no_program(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            text, script, noise = (
                pathlib.Path(folder) / name for name in ("text", "script", "noise")
            )
            text.touch()
            script.write_text("#!/none/such\n")
            noise.write_bytes(b"\0")
            for path in script, noise:
                path.chmod(0o755)
            for path, reason in [
                (text, "it is not executable"),
                (folder, "it is a directory"),
                (script, "what it is to be run by does not exist"),
                (noise, "Exec format error"),
            ]:
                with self.subTest(reason=reason):
                    done = self.run_adapter("--checker", path)
                    self.assert_no_checker(done, f"{path}: {reason}")

    def test_a_name_without_a_slash_is_a_path(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            done = self.run_adapter("--checker", "true", folder=folder)
            self.assert_no_checker(done, "true: No such file or directory")
            path = pathlib.Path(folder) / "README.md"
            path.touch()
            done = self.run_adapter("--checker", path.name, folder=folder)
            self.assert_no_checker(done, "README.md: it is not executable")
            path.write_text("#!/bin/sh\necho other\n")
            path.chmod(0o755)
            done = self.run_adapter("--checker", path.name, folder=folder)
        answered = "it answered b'other\\n', so it is not the checker"
        self.assert_no_checker(done, f"README.md: {answered}")

    def test_another_program_is_not_the_checker(self) -> None:
        for program, said in [
            ("true", "it ended with 0 and without an answer"),
            ("false", "it ended with 1 and without an answer"),
            ("cat", "it answered b'names\\n'"),
        ]:
            path = shutil.which(program)
            with self.subTest(program=program):
                done = self.run_adapter("--checker", path)
                self.assert_no_checker(done, f"{path}: {said}, so it is not the checker")

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
        for argument in [
            "--leniencies=none-such",
            "--format-version=9.9",
            "--format-version=all",
            "--format-version=1.3,1.4",
        ]:
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


@unittest.skipUnless(BUILT.exists(), "the checker was not built")
class Requests(unittest.TestCase):
    """What the program says to requests that it cannot understand."""

    def ask(self, requests: bytes, *arguments: str) -> "subprocess.CompletedProcess[bytes]":
        command = [BUILT, *arguments]
        return subprocess.run(command, input=requests, capture_output=True, check=False)

    def assert_wrong(self, request: bytes, message: str) -> None:
        """What came before is answered; this one is told in one line, and the program ends."""
        with self.subTest(request=request):
            done = self.ask(b"check 1.4 - 0 0\n" + request)
            self.assertEqual(done.stdout, b"refused LEN-1\n")
            self.assertEqual(done.stderr.decode(), f"error: {message}\n")
            self.assertEqual(done.returncode, 2)

    def test_nothing_is_asked(self) -> None:
        done = self.ask(b"")
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, b"", b""))

    def test_a_request_that_is_cut_off(self) -> None:
        says = '"check 1.4 - 100 50" says'
        for sent in b"", b"abc", b"x" * 49:
            message = f"the input ended after {len(sent)} of the 50 bytes that {says}"
            self.assert_wrong(b"check 1.4 - 100 50\n" + sent, message)
        # What is left of a line may be another request than the one that was meant.
        for line in "names", "check 1.4 - 100 50", "canonical 0 61 5538 - 00", "canonical 0":
            message = f'the input ended in the middle of the line "{line}"; a line feed ends a'
            self.assert_wrong(line.encode(), message + " request")

    def test_too_few_bytes_of_a_file(self) -> None:
        for size, head, least in [
            (100, b"", 8),
            (100, b"abc", 8),
            (7, b"abc", 7),
            (100, (32).to_bytes(8, "little") + b"{}", 40),
            (40, (32).to_bytes(8, "little"), 40),
            (10**9, (10**8).to_bytes(8, "little"), 10**8 + 8),
        ]:
            line = f"check 1.4 - {size} {len(head)}"
            message = (
                f"COUNT {len(head)} is too few: of this file of {size} bytes the first {least} are"
                f' needed: "{line}"'
            )
            self.assert_wrong(line.encode() + b"\n" + head, message)

    def test_more_bytes_than_the_file_has(self) -> None:
        message = 'COUNT 9 is more than SIZE 8: "check 1.4 - 8 9"'
        self.assert_wrong(b"check 1.4 - 8 9\n" + b"x" * 9, message)

    def test_enough_bytes_of_a_file(self) -> None:
        def prefix(n: int) -> bytes:
            return n.to_bytes(8, "little")

        for size, head, answer in [
            (0, b"", b"refused LEN-1\n"),
            (7, b"x" * 7, b"refused LEN-1\n"),
            # Where N is refused, nothing behind it is looked at.
            (10**9, prefix(10**8 + 1), b"refused LEN-2\n"),
            (10**30, b"\xff" * 8, b"refused LEN-2\n"),
            (39, prefix(32), b"refused LEN-3\n"),
            (10, prefix(2) + b"{}", b"accepted\n"),
            (99, prefix(2) + b"{}", b"refused LAY-5\n"),
            (99, prefix(2) + b"{}x", b"refused LAY-5\n"),
        ]:
            with self.subTest(size=size, head=head):
                done = self.ask(f"check 1.4 - {size} {len(head)}\n".encode() + head)
                self.assertEqual((done.stdout, done.stderr), (answer, b""))
                self.assertEqual(done.returncode, 0)

    def test_tokens_that_are_none(self) -> None:
        digits = "is no number in decimal digits"
        for request, message in [
            ("check 1.4 - x 0", f'SIZE "x" {digits}'),
            ("check 1.4 - -5 0", f'SIZE "-5" {digits}'),
            ("check 1.4 - 0x10 0", f'SIZE "0x10" {digits}'),
            ("check 1.4 - 5 -1", f'COUNT "-1" {digits}'),
            ("check 1.4 - 5 5.0", f'COUNT "5.0" {digits}'),
            (f"check 1.4 - {10**30} {10**30}", f'COUNT "{10**30}" is more than fits into memory'),
            ("canonical x", f'COUNT "x" {digits}'),
            ("canonical -1", f'COUNT "-1" {digits}'),
            ("canonical 0 61 5538 2,-1 00", f'the dimension "-1" {digits}'),
            ("canonical 0 61 5538 2,,1 00", f'the dimension "" {digits}'),
            ("canonical 0 61 5538 2.5 00", f'the dimension "2.5" {digits}'),
            ("canonical 0 616 5538 - 00", 'the name "616" has an odd number of hexadecimal digits'),
            ("canonical 0 61 5g38 - 00", "the dtype \"5g38\": 'g' is no hexadecimal digit"),
            ("canonical 0 61 5538 - 0", 'the bytes "0" has an odd number of hexadecimal digits'),
            ("canonical 1 6 61", 'the key "6" has an odd number of hexadecimal digits'),
            ("canonical 1 61 xy", "the value \"xy\": 'x' is no hexadecimal digit"),
            ("canonical 0 61  - 00", "the dtype is missing between two spaces; what is empty is -"),
            (
                "canonical 0 " + "6" * 99,
                f'the tensor "{"6" * 40}"... is without its four parts, NAME DTYPE SHAPE BYTES',
            ),
            (
                "canonical 2 61 61",
                "canonical has fewer pairs of metadata than its COUNT says: 1 more",
            ),
        ]:
            self.assert_wrong(request.encode() + b"\n", message)

    def test_names_and_requests_that_there_are_not(self) -> None:
        for request, message in [
            (b"check 9.9 - 0 0\n", 'error: no format version "9.9"; there are 1.0, '),
            (b"check 1.4 none-such 0 0\n", 'error: no leniency "none-such"; there are '),
            (b"check 1.4 - 0\n", "error: check takes VERSION LENIENCIES SIZE COUNT: "),
            (b"canonical\n", "error: canonical takes COUNT, "),
            (b"\n", 'error: no request ""; there are names, check and canonical'),
            (b"names \r\n", 'error: no request "names \\r"; there are names, '),
        ]:
            with self.subTest(request=request):
                done = self.ask(request)
                self.assertEqual((done.returncode, done.stdout), (2, b""))
                self.assertEqual(done.stderr.decode()[: len(message)], message)
                self.assertEqual(done.stderr.count(b"\n"), 1)

    def test_answers_that_nobody_takes(self) -> None:
        with open("/dev/full", "wb") as full:
            for arguments in [], ["--help"]:
                done = subprocess.run(
                    [BUILT, *arguments],
                    input=b"names\n",
                    stdout=full,
                    stderr=subprocess.PIPE,
                    check=False,
                )
                self.assertEqual(done.returncode, 2)
                self.assertIn(b"error: cannot read the requests or write the answers", done.stderr)
                self.assertNotIn(b"exception", done.stderr)

    def test_usage(self) -> None:
        done = self.ask(b"", "--help")
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        for words in b"standard input", b"spec/formal/README.md", b"Exit code: 0 the input ended":
            self.assertIn(words, done.stdout)
        other = self.ask(b"names\n", "file.safetensors")
        self.assertEqual((other.returncode, other.stdout), (2, b""))
        self.assertEqual(
            other.stderr,
            done.stdout + b'error: there are no arguments; found "file.safetensors"\n',
        )


if __name__ == "__main__":
    unittest.main()
