"""The checks of coverage.py, each with a case in which it fails."""

import pathlib
import tempfile
import unittest

import coverage
from coverage import CannotMeasure, Count, Function, Untrue


def function(name, line, *, hits, sides=(1, 1)):
    """A function of one line, with one region and one branch."""
    place = (line, 1, line, 9)
    return Function("a.rs", name, line, line, {place: hits}, {place: sides}, {line: hits})


def part(*names):
    return {"name": "reading", "about": "", "functions": list(names)}


def missed(first, last):
    return {"file": "a.rs", "lines": [first, last], "because": "unreachable"}


TEXTS = {"a.rs": ["one", "two", "three"]}


class Parts(unittest.TestCase):
    def test_each_function_has_one_place(self):
        both = [function("f", 1, hits=1), function("g", 2, hits=0)]
        coverage.assign_parts(both, [part("f", "g")])
        self.assertEqual([each.part for each in both], ["reading", "reading"])
        for parts in ([part("f")], [part("f", "g", "h")], [part("f", "g"), part("g")]):
            with self.assertRaises(Untrue):
                coverage.assign_parts(both, parts)


class Reasons(unittest.TestCase):
    def setUp(self):
        # A side of the branch on line 1 is not reached; on line 2, all is; line 3, never.
        self.functions = [
            function("f", 1, hits=5, sides=(5, 0)),
            function("g", 2, hits=1),
            function("h", 3, hits=0, sides=(0, 0)),
        ]

    def test_a_line_that_is_not_reached_has_a_reason(self):
        found = coverage.match_reasons(self.functions, [missed(1, 1)], TEXTS)
        self.assertEqual([reason[1:4] for reason in found], [(1, 1, "one")])
        with self.assertRaisesRegex(Untrue, "a.rs:1: one"):
            coverage.match_reasons(self.functions, [], TEXTS)

    def test_no_reason_is_left_over(self):
        for claims in ([missed(1, 1), missed(2, 2)], [missed(1, 1), missed(1, 1)]):
            with self.assertRaisesRegex(Untrue, "reached, or has a reason already"):
                coverage.match_reasons(self.functions, claims, TEXTS)


class Measured(unittest.TestCase):
    def test_a_closure_in_no_function_is_not_counted_away(self):
        found = {("a.rs", (1, 1)): ({(1, 1, 1, 4): 1}, {})}
        with self.assertRaises(CannotMeasure):
            coverage.fold(found, TEXTS, {"a.rs": {1: 1}})

    def test_the_crate_is_there_once(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder, "metadata")
            path.write_text('{"packages": []}', encoding="utf-8")
            with self.assertRaises(CannotMeasure):
                coverage.package(path, "safetensors")

    def test_nearly_all_is_not_all(self):
        self.assertEqual(Count(1999, 2000).share(), "99.9 %")
        self.assertEqual(str(Count()), "·")


if __name__ == "__main__":
    unittest.main()
