"""Tests of the golden files and of `make.py` that install nothing.

    python3 -m unittest discover --start-directory corpus/golden
"""

import contextlib
import hashlib
import io
import json
import shutil
import tempfile
import unittest
from pathlib import Path

import make
import models

INDEX = json.loads((make.HERE / "golden.json").read_text("utf-8"))
FILES = make.stored_files(make.HERE)
WRITERS = {(writer.name, writer.version): writer for writer in make.WRITERS}


def wrote(by, row):
    """Who wrote which model, by an element of `written_by`."""
    return by["writer"], by["version"], by.get("model", row["model"])


def written_again():
    """What the writers would have written, if they wrote today what is stored."""
    calls = {
        wrote(by, row): (FILES[row["path"]], by["command"])
        for row in INDEX["files"]
        for by in row["written_by"]
    }
    for writer in make.WRITERS:
        for model, _ in writer.handed():
            if writer.key(model.name) in calls:
                yield (writer, model, *calls[writer.key(model.name)])


def left_out_again():
    """The models left out, as golden.json has them."""
    by_name = {model.name: model for model in models.MODELS}
    for row in INDEX["left_out"]:
        yield WRITERS[row["writer"], row["version"]], by_name[row["model"]], row["reason"]


def fresh_content(written, stored):
    """The files and golden.json that `make.py` makes of what was written."""
    files, rows, _ = make.settle(written, stored)
    return {**files, "golden.json": make.render(rows, left_out_again())}


class Folder(unittest.TestCase):
    """A copy of the golden files that a test may change."""

    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="golden-test-"))
        self.addCleanup(shutil.rmtree, self.folder)
        stored = {**FILES, "golden.json": (make.HERE / "golden.json").read_bytes()}
        for path, data in stored.items():
            (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / path).write_bytes(data)

    def check(self, written):
        """The exit code of `make.py --check` over this folder, and what it says is wrong."""
        errors = io.StringIO()
        fresh = fresh_content(written, make.stored_by_writer(self.folder))
        with contextlib.redirect_stderr(errors):
            code = make.conclude(self.folder, fresh, check=True)
        return code, errors.getvalue()

    def doctor(self, path):
        """Changes the last byte of a file."""
        data = (self.folder / path).read_bytes()
        (self.folder / path).write_bytes(data[:-1] + bytes([data[-1] ^ 1]))

    def test_the_stored_files_pass(self):
        self.assertEqual(self.check(written_again()), (0, ""))

    def test_a_doctored_byte_fails(self):
        self.doctor("safetensors/0.0.1/one-tensor.safetensors")
        code, errors = self.check(written_again())
        self.assertEqual(code, 1)
        self.assertIn("safetensors/0.0.1/one-tensor.safetensors: is not what", errors)

    def test_a_doctored_byte_fails_in_a_file_of_random_order(self):
        self.doctor("safetensors/0.0.1/order.safetensors")
        code, errors = self.check(written_again())
        self.assertEqual(code, 1)
        self.assertIn("safetensors/0.0.1/order.safetensors: is not what", errors)

    def test_a_doctored_expectation_fails(self):
        index = self.folder / "golden.json"
        index.write_bytes(index.read_bytes().replace(b"META-3", b"META-2"))
        code, errors = self.check(written_again())
        self.assertEqual(code, 1)
        self.assertIn("golden.json: is not what", errors)

    def test_a_missing_and_a_surplus_file_fail(self):
        one = self.folder / "safetensors/0.0.1/one-tensor.safetensors"
        one.rename(one.with_name("another.safetensors"))
        code, errors = self.check(written_again())
        self.assertEqual(code, 1)
        self.assertIn("another.safetensors: no writer writes it", errors)
        self.assertIn("one-tensor.safetensors: is not there", errors)

    def test_another_random_order_is_the_same_file(self):
        def shuffled(written):
            for writer, model, data, call in written:
                if model.name == "metadata-keys" and writer.version == "0.8.0":
                    length = int.from_bytes(data[:8], "little")
                    header = json.loads(data[8 : 8 + length])
                    metadata = header["__metadata__"]
                    header["__metadata__"] = dict(reversed(metadata.items()))
                    text = json.dumps(header, separators=(",", ":")).encode().ljust(length)
                    data = data[:8] + text + data[8 + length :]
                yield writer, model, data, call

        self.assertNotEqual(list(shuffled(written_again())), list(written_again()))
        self.assertEqual(self.check(shuffled(written_again())), (0, ""))


class WrongContent(unittest.TestCase):
    """A file that does not hold the model is no golden file."""

    def refused(self, change):
        writer, model, data, call = next(written_again())
        with self.assertRaises(make.Failure):
            make.settle([(writer, model, change(data), call)], {})

    def test_another_byte_is_refused(self):
        self.refused(lambda data: data[:-1] + b"?")

    def test_a_byte_too_many_is_refused(self):
        self.refused(lambda data: data + b"?")

    def test_another_name_is_refused(self):
        self.refused(lambda data: data.replace(b'"w"', b'"v"'))

    def test_a_second_member_of_one_name_is_refused(self):
        with self.assertRaises(ValueError):
            make.members((2 + 13).to_bytes(8, "little") + b'{"a":{},"a":{}}')


class Index(unittest.TestCase):
    """golden.json, held against the folder and against itself."""

    def test_it_lists_the_files_and_no_other(self):
        self.assertEqual({row["path"] for row in INDEX["files"]}, FILES.keys())
        for row in INDEX["files"]:
            data = FILES[row["path"]]
            self.assertEqual(row["size"], len(data))
            self.assertEqual(row["sha256"], hashlib.sha256(data).hexdigest())

    def test_a_twin_is_valid_and_by_the_same_writer(self):
        rows = {row["path"]: row for row in INDEX["files"]}
        for row in INDEX["files"]:
            if row["expect"] == "accept":
                self.assertNotIn("twin", row)
                continue
            twin = rows[row["twin"]]
            self.assertEqual(twin["expect"], "accept")
            first = row["written_by"][0]
            writers = {(by["writer"], by["version"]) for by in twin["written_by"]}
            self.assertIn((first["writer"], first["version"]), writers)

    def test_every_writer_has_every_model_or_says_why_not(self):
        said = {(row["writer"], row["version"], row["model"]) for row in INDEX["left_out"]}
        for row in INDEX["files"]:
            said |= {wrote(by, row) for by in row["written_by"]}
        handed = {w.key(model.name) for w in make.WRITERS for model, _ in w.handed()}
        self.assertEqual(said, handed)

    def test_every_dtype_was_written_by_somebody(self):
        found = {
            tensor["dtype"]
            for row in INDEX["files"]
            for tensor in row.get("reading", {}).get("tensors", [])
        }
        self.assertEqual(found, models.DTYPES.keys())


if __name__ == "__main__":
    unittest.main()
