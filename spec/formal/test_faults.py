"""The seeded faults themselves: a fault that is none is not caught, and the list covers the rules.

Run with `python3 -m unittest discover -s spec/formal -p 'test_*.py'`. Needs rustc.
"""
from __future__ import annotations

import contextlib
import io
import re
import shutil
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import faults

ROW = """[[fault]]
id = "{id}"
file = "spec/src/layout.rs"
from = '''{old}'''
to = '''{new}'''
rule = "LAY-5"
wrong = "Nothing."
"""


def run(rows: str, *options: str) -> tuple[int, str]:
    """The exit code and the messages for a list of faults."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "faults.toml"
        place.write_text(rows)
        said = io.StringIO()
        with contextlib.redirect_stderr(said), contextlib.redirect_stdout(said):
            code = faults.main(["--list", str(place), *options])
    return code, said.getvalue()


class Faults(unittest.TestCase):
    def test_a_change_that_changes_nothing_is_not_caught(self) -> None:
        rows = ROW.format(id="oracle/nothing", old="if reached < len {", new="if len > reached {")
        rows += ROW.format(id="oracle/any-end", old="if reached < len {", new="if reached > len {")
        code, said = run(rows)
        self.assertEqual(code, 1)
        self.assertIn("oracle/nothing: no vector catches it", said)
        self.assertNotIn("oracle/any-end", said)

    def test_a_change_that_does_not_build_is_named(self) -> None:
        code, said = run(ROW.format(id="oracle/broken", old="if reached < len {", new="if {"))
        self.assertEqual(code, 2)
        self.assertIn("oracle/broken: does not build", said)

    @unittest.skipUnless(shutil.which("coqc"), "Coq is not installed")
    def test_the_model_is_built_and_judged_too(self) -> None:
        row = ROW.replace("spec/src/layout.rs", "spec/formal/Decide.v")
        end = "| [] => match r with LAY_5 => reached <? len | _ => false end"
        rows = row.format(id="model/nothing", old=end, new=end + " (* the same *)")
        rows += row.format(id="model/any-end", old=end, new=end.replace("reached <? len", "false"))
        code, said = run(rows)
        self.assertEqual(code, 1)
        self.assertIn("model/nothing: no vector catches it", said)
        self.assertNotIn("model/any-end", said)

    def test_a_text_that_is_not_there_is_named(self) -> None:
        code, said = run(ROW.format(id="oracle/gone", old="no such text", new=""), "--quick")
        self.assertEqual(code, 1)
        self.assertIn("oracle/gone: the text to be replaced occurs 0 times in spec/src/layout.rs", said)

    def test_a_text_that_is_there_twice_is_named(self) -> None:
        code, said = run(ROW.format(id="oracle/twice", old="sort_unstable", new=""), "--quick")
        self.assertEqual(code, 1)
        self.assertIn("oracle/twice: the text to be replaced occurs 2 times", said)

    def test_a_table_without_a_row_is_old(self) -> None:
        code, said = run(ROW.format(id="oracle/new", old="if reached < len {", new=""), "--quick")
        self.assertEqual(code, 1)
        self.assertIn("oracle/new: faults.md has no such row", said)

    def test_a_table_with_another_row_is_old(self) -> None:
        listed = faults.load(faults.HERE / "faults.toml")
        with self.assertRaisesRegex(faults.Stale, f"{listed[-1].id}: faults.toml has no such fault"):
            faults.quick(listed[:-1], (faults.HERE / "faults.md").read_text())

    def test_the_table_fits_the_list(self) -> None:
        self.assertEqual(faults.main(["--quick"]), 0)

    def test_every_rule_that_a_file_can_break_has_a_fault_of_the_oracle_and_of_the_model(self) -> None:
        tables = (faults.HERE / "Tables.v").read_text()
        rules = re.findall(r'=> "([A-Z]+-\d+)"', tables)
        self.assertEqual(len(rules), 37)
        listed = faults.load(faults.HERE / "faults.toml")
        for subject in ("oracle", "model"):
            changed = {fault.rule for fault in listed if fault.subject == subject}
            self.assertEqual([rule for rule in rules if rule not in changed], [], subject)


if __name__ == "__main__":
    unittest.main()
