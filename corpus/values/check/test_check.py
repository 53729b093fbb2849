"""The check fails where it has to: a corpus of one file, right and then doctored."""

import contextlib
import hashlib
import io
import json
import pathlib
import tempfile
import unittest

import check

# Two tensors: 1, -0, NaN and infinity of F16 after the codes 1, 2, 3 and 4 of F6_E2M3.
HEADER = (
    b'{"w":{"dtype":"F16","shape":[4],"data_offsets":[3,11]},'
    b'"a":{"dtype":"F6_E2M3","shape":[4],"data_offsets":[0,3]}}'
)
DATA = b"\x81\x30\x10" + b"\x00\x3c\x00\x80\x01\x7e\x00\x7c"
FILE = len(HEADER).to_bytes(8, "little") + HEADER + DATA
LINES = ['# "a" F6_E2M3 4', "0.125", "0.25", "0.375", "0.5", '# "w" F16 4', "1", "-0", "nan", "inf"]


def outcome(lines, *, digest=None, valued=True, without=None, manifest=None):
    """The exit code of the check on this corpus, and what it prints."""
    text = "".join(f"{line}\n" for line in lines).encode()
    values = {"path": "v.txt", "sha256": digest or hashlib.sha256(text).hexdigest()}
    row = {"id": "a/b", "content": {"path": "f.safetensors"}, **({"values": values} if valued else {})}
    if manifest is None:
        manifest = json.dumps({"vectors": [row]})
    files = {"manifest.json": manifest.encode(), "f.safetensors": FILE, "v.txt": text}
    with tempfile.TemporaryDirectory() as folder:
        for name in files.keys() - {without}:
            (pathlib.Path(folder) / name).write_bytes(files[name])
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
            return check.main([folder]), printed.getvalue()


class Check(unittest.TestCase):
    def test_right_values_pass_and_are_counted(self):
        code, printed = outcome(LINES)
        self.assertEqual(code, 0, printed)
        self.assertIn("F16                4", printed)
        self.assertIn("all                8", printed)

    def test_other_spellings_of_a_float_are_the_same(self):
        spelled = ["1.0" if line == "1" else line for line in LINES]
        self.assertEqual(outcome(spelled)[0], 0)

    def test_every_doctored_line_is_noticed(self):
        for place, wrong in enumerate(
            ['# "b" F6_E2M3 4', "0.25", "0.1250000001", "", "nan", '# "w" F16 5', "-1", "0", "-nan", "-inf"]
        ):
            lines = LINES.copy()
            self.assertNotEqual(lines[place], wrong)
            lines[place] = wrong
            code, printed = outcome(lines)
            self.assertEqual(code, 1, f"{wrong}: {printed}")
            self.assertIn("a/b: ", printed)

    def test_a_line_too_few_or_too_many_is_noticed(self):
        self.assertEqual(outcome(LINES[:-1])[0], 1)
        self.assertEqual(outcome([*LINES, "1"])[0], 1)
        self.assertEqual(outcome([])[0], 1)

    def test_another_digest_is_noticed(self):
        self.assertEqual(outcome(LINES, digest="0" * 64)[0], 1)

    def test_nothing_compared_is_no_success(self):
        self.assertEqual(outcome(LINES, valued=False)[0], 2)

    def test_what_is_missing_is_named(self):
        for name in ["manifest.json", "f.safetensors", "v.txt"]:
            code, printed = outcome(LINES, without=name)
            self.assertEqual(code, 2)
            self.assertIn(name, printed)

    def test_what_is_no_manifest_is_named(self):
        for manifest in ["", "[]", "{}"]:
            code, printed = outcome(LINES, manifest=manifest)
            self.assertEqual(code, 2)
            self.assertIn("is no manifest", printed)

    def test_integers_and_complex_numbers_are_compared_exactly(self):
        self.assertFalse(check.same(2**53 + 1, str(2**53)))
        self.assertTrue(check.same(2**64 - 1, "18446744073709551615"))
        self.assertTrue(check.same(complex(1, -0.0), "1 -0"))
        self.assertFalse(check.same(complex(1, -0.0), "1 0"))
        self.assertFalse(check.same(complex(1, 2), "2 1"))
        with self.assertRaises(check.CannotRun):
            check.decode("F33", b"")


if __name__ == "__main__":
    unittest.main()
