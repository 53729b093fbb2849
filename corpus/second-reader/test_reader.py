#!/usr/bin/env python3
"""Tests of the second reader: the examples of the text, each stage, and comparisons that fail."""

import contextlib
import hashlib
import io
import itertools
import json
import re
import tempfile
import time
import unittest
from pathlib import Path

import agree
import answers
import demands
import index
import layout
import values
from reader import Accepted, Refused, examine
from tables import DTYPES, FILE_RULES, LENIENCIES

TEXT = (Path(__file__).resolve().parents[2] / "spec" / "safetensors.md").read_text("utf-8")

ENTRY = '{"dtype":"U8","shape":[4],"data_offsets":[0,4]}'


def file(header: str | bytes, buffer: bytes = b"") -> bytes:
    """A file with this header text and data buffer."""
    header = header if isinstance(header, bytes) else header.encode()
    return len(header).to_bytes(8, "little") + header + buffer


def entry(dtype: str = '"U8"', shape: str = "[4]", offsets: str = "[0,4]") -> str:
    """The JSON of an entry."""
    return f'{{"dtype":{dtype},"shape":{shape},"data_offsets":{offsets}}}'


def quoted(text: str, form: str = "%s") -> str:
    """A string as JSON, put into a form."""
    return form % json.dumps(text)


class Reader(unittest.TestCase):
    """Shared assertions."""

    def refuses(
        self, rules: str, header: str | bytes, *leniencies: str, buffer: bytes = b""
    ) -> None:
        with self.subTest(header=header[:80], leniencies=leniencies):
            answer = examine(file(header, buffer), leniencies=frozenset(leniencies))
            self.assertEqual(answer, Refused(tuple(rules.split())))

    def accepts(self, header: str | bytes, *leniencies: str, buffer: bytes = b"") -> dict:
        answer = examine(file(header, buffer), leniencies=frozenset(leniencies))
        self.assertIsInstance(answer, Accepted, f"{header[:80]!r}: {answer}")
        return answer.reading


class TheText(Reader):
    """What this reader has in tables, and what the text shows as an example, are the same."""

    def generated(self, name: str) -> list[list[str]]:
        table = TEXT.split(f"<!-- generated: {name} -->")[1].split("<!-- end generated -->")[0]
        rows = [row.strip("|").split("|") for row in table.strip().splitlines()[2:]]
        return [[cell.strip(" `") for cell in row] for row in rows]

    def test_the_dtypes_are_those_of_the_table(self) -> None:
        rows = {row[0]: (int(row[1]), row[5]) for row in self.generated("dtypes")}
        self.assertEqual(rows, {name: tuple(dtype) for name, dtype in DTYPES.items()})

    def test_the_leniencies_are_those_of_the_table(self) -> None:
        self.assertEqual({row[0]: row[1] for row in self.generated("leniencies")}, LENIENCIES)

    def test_the_rules_stand_in_the_order_of_the_text(self) -> None:
        blocks = r"^#### ([A-Z]+-[0-9]+)\n\n\*\*(\w+)\*\* · (\w+) ·"
        rules = re.findall(blocks, TEXT, re.MULTILINE)
        chosen = [rule for rule, level, subject in rules if (level, subject) == ("MUST", "file")]
        self.assertEqual(tuple(chosen), FILE_RULES)
        chosen = [rule for rule, level, subject in rules if (level, subject) == ("MUST", "index")]
        self.assertEqual(tuple(chosen), index.MUST_RULES)
        chosen = [rule for rule, level, subject in rules if (level, subject) == ("SHOULD", "index")]
        self.assertEqual(tuple(chosen), index.SHOULD_RULES)

    def test_every_dump_of_the_text_is_judged_as_it_says(self) -> None:
        dumps = re.findall(r"^```hexdump (\S+)\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)
        self.assertGreater(len(dumps), 3)
        for verdict, dump in dumps:
            data = bytes.fromhex("".join(line[8:].split("|")[0] for line in dump.splitlines()))
            answer = examine(data)
            if verdict == "valid":
                self.assertIsInstance(answer, Accepted)
            else:
                self.assertEqual(answer, Refused((verdict,)))


class Framing(Reader):
    def test_the_first_broken_rule_ends_the_judgement(self) -> None:
        for data, rule in [
            (b"", "LEN-1"),
            (bytes(7), "LEN-1"),
            (b"\xff" * 8, "LEN-2"),
            ((100_000_001).to_bytes(8, "little"), "LEN-2"),
            ((100_000_000).to_bytes(8, "little"), "LEN-3"),
            ((3).to_bytes(8, "little") + b"{}", "LEN-3"),
            (bytes(8), "TXT-1"),
        ]:
            with self.subTest(data=data):
                self.assertEqual(examine(data), Refused((rule,)))

    def test_a_version_or_a_leniency_that_the_text_does_not_have_is_an_error(self) -> None:
        with self.assertRaises(ValueError):
            examine(b"", "1.5")
        with self.assertRaises(ValueError):
            examine(b"", leniencies=frozenset({"nul-padding"}))


class HeaderText(Reader):
    def test_the_first_byte_and_the_encoding(self) -> None:
        self.refuses("TXT-1", " {}")
        self.refuses("TXT-1", "\ufeff{}")
        self.refuses("TXT-1", "[]")
        self.refuses("TXT-1 TXT-2", b"\xff{}")
        self.refuses("TXT-1 TXT-2", b" {\xff}")
        self.refuses("TXT-1 JSON-1", "  ")
        self.refuses("TXT-1 JSON-1", " []")
        self.refuses("TXT-1 PAD-1", "\t{}\t")
        for bad in [b"\xc0\xaf", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\x80", b"\xe2\x82"]:
            self.refuses("TXT-2", b'{"__metadata__":{"k":"' + bad + b'"}}')

    def test_a_fault_of_the_grammar_belongs_to_one_rule(self) -> None:
        for rule, value in [
            ("JSON-1", "tru"),
            ("JSON-1", "nullx"),
            ("JSON-1", "[1,]"),
            ("JSON-1", "[1 2]"),
            ("JSON-1", "{,}"),
            ("JSON-1", "{1:2}"),
            ("JSON-1", "[}"),
            ("JSON-1", "1 +2"),
            ("JSON-1", "0x10"),
            ("JSON-1", "NaN"),
            ("JSON-1", "'a'"),
            ("JSON-1", "/**/1"),
            ("JSON-2", '"\n"'),
            ("JSON-2", '"\0"'),
            ("JSON-3", '"\\q"'),
            ("JSON-1", "{01:2}"),
            ("JSON-3", '"\\u12g4"'),
            ("JSON-3", '"\\u12\n"'),
            ("JSON-3", '"\\\n"'),
            ("JSON-4", '"\\ud800"'),
            ("JSON-4", '"\\ud800\\u0061"'),
            ("JSON-4", '"\\udc00\\ud800"'),
            ("JSON-4", '"\\ud800\\q"'),
            ("JSON-4", '"\\ud800\n"'),
            ("JSON-4", '"\\ud800\\ud"'),
            ("JSON-5", "01"),
            ("JSON-5", "-"),
            ("JSON-5", "1."),
            ("JSON-5", ".5"),
            ("JSON-5", "+1"),
            ("JSON-5", "1e"),
            ("JSON-5", "1-2"),
            ("JSON-5", "-Infinity"),
        ]:
            self.refuses(rule, f'{{"a":{value}}}')
            # No fault of the structure is counted, not even one before the place.
            self.refuses(rule, f'{{"a":1,"a":2,"b":{value}}}', "unknown-fields")

    def test_a_text_that_ends_too_early(self) -> None:
        for rule, header in [
            ("JSON-1", "{"),
            ("JSON-1", '{"a"'),
            ("JSON-1", '{"a":1'),
            ("JSON-1", '{"a'),
            ("JSON-1", '{"a\\'),
            ("JSON-3", '{"a\\u00'),
            ("JSON-4", '{"a\\ud800'),
            ("JSON-4", '{"a\\ud800\\'),
            ("JSON-5", '{"a":-'),
        ]:
            self.refuses(rule, header)

    def test_only_spaces_follow_the_object(self) -> None:
        self.accepts("{}   ")
        for padding in ["\t", " \n", "\r ", "\0", "{}", ",", "\u00a0"]:
            self.refuses("PAD-1", "{}" + padding)
        self.refuses("PAD-1 META-2", '{"__metadata__":1}\n')
        self.accepts("{} \t\r\n", "trailing-whitespace")
        self.refuses("PAD-1", "{}\f", "trailing-whitespace")

    def test_whitespace_before_the_object_under_its_leniency(self) -> None:
        self.accepts(" \t\r\n{}", "leading-whitespace")
        self.refuses("JSON-1", "  ", "leading-whitespace")
        self.refuses("JSON-1", " []", "leading-whitespace")
        self.refuses("TXT-1", "\f{}", "leading-whitespace")
        self.refuses("TXT-1", "", "leading-whitespace")

    def test_depth_and_length_take_linear_time_and_no_stack(self) -> None:
        begun = time.monotonic()
        deep = "[" * 1_000_000 + "]" * 1_000_000
        reading = self.accepts(
            f'{{"a":{ENTRY[:-1]},"x":{deep}}}}}', "unknown-fields", buffer=bytes(4)
        )
        self.assertEqual(len(reading["tensors"]), 1)
        self.refuses("JSON-1", '{"a":' + "[" * 1_000_000)
        self.refuses("JSON-1", '{"a":' + '{"a":' * 200_000)
        self.refuses(
            "INT-3", f'{{"a":{entry(shape="[" + "9" * 1_000_000 + "]")}}}', buffer=bytes(4)
        )
        wide = "[" + "18446744073709551615," * 100_000 + "1]"
        self.refuses("SIZE-1", f'{{"a":{entry(shape=wide, offsets="[0,0]")}}}')
        self.refuses("JSON-1", '{"' + "\\u0061" * 200_000)
        self.assertLess(time.monotonic() - begun, 60)


class Structure(Reader):
    def test_names(self) -> None:
        b = entry(shape="[0]", offsets="[0,0]")
        self.refuses("NAME-1", f'{{"a":{b},"\\u0061":{b}}}')
        self.accepts(f'{{"\\u00e9":{b},"e\\u0301":{b},"":{b},"__METADATA__":{b}}}')
        # No layout is judged, since it is not known which of the two counts.
        self.refuses("NAME-1", f'{{"a":{ENTRY},"a":{b}}}', buffer=bytes(9))
        self.refuses("NAME-1 ENT-1", '{"a":1,"a":2}')

    def test_the_last_of_equal_names_counts_under_its_leniency(self) -> None:
        lenient = "duplicate-last-wins"
        other = entry(quoted("I8"), offsets="[0,9]")
        reading = self.accepts(f'{{"a":{other},"a":{ENTRY}}}', lenient, buffer=b"abcd")
        self.assertEqual(reading["tensors"][0]["dtype"], "U8")
        self.refuses("SIZE-3", f'{{"a":{ENTRY},"a":{other}}}', lenient, buffer=bytes(9))
        self.refuses("DT-2", f'{{"a":{entry(quoted("F9"))},"a":{ENTRY}}}', lenient, buffer=b"abcd")
        self.refuses("OFF-2", f'{{"a":{entry(offsets="[]")},"a":{ENTRY}}}', lenient, buffer=b"abcd")

    def test_metadata(self) -> None:
        self.assertEqual(self.accepts('{"__metadata__":{}}'), self.accepts("{}"))
        reading = self.accepts('{"\\u005f_metadata__":{"k":"\\ud83d\\ude00"}}')
        self.assertEqual(reading["metadata"], {"k": "\U0001f600"})
        self.refuses("META-1", '{"__metadata__":{},"__metadata__":{"k":1}}')
        for value in ["null", "1", '"x"', "[]", "true"]:
            self.refuses("META-2", f'{{"__metadata__":{value}}}')
        self.refuses("META-3", '{"__metadata__":{"k":{"k":1,"k":2}}}')
        self.refuses("META-4", '{"__metadata__":{"k":"1","\\u006b":"2"}}')
        self.refuses("META-3", f'{{"__metadata__":{ENTRY}}}')

    def test_metadata_under_leniencies(self) -> None:
        self.assertEqual(self.accepts('{"__metadata__":null}', "null-metadata")["metadata"], {})
        self.refuses("META-1", '{"__metadata__":null,"__metadata__":null}', "null-metadata")
        self.refuses("META-2", '{"__metadata__":0}', "null-metadata")
        lenient = "duplicate-metadata-last-wins"
        twice = self.accepts('{"__metadata__":{"k":"1","k":"2"}}', lenient)
        self.assertEqual(twice["metadata"], {"k": "2"})
        self.refuses("META-3", '{"__metadata__":{"k":1,"k":"2"}}', lenient)
        self.refuses("META-1", '{"__metadata__":{},"__metadata__":{}}', *LENIENCIES)

    def test_entries(self) -> None:
        for value in ["null", "1", '"x"', "[]", '["U8",[0],[0,0]]']:
            self.refuses("ENT-1", f'{{"a":{value}}}')
        self.refuses("ENT-2", '{"a":{}}')
        self.refuses("ENT-2 ENT-4", '{"a":{"dtype":"U8","shape":[0],"offsets":[0,0]}}')
        self.refuses("ENT-3", f'{{"a":{ENTRY[:-1]},"dtype":7}}}}', buffer=bytes(4))
        self.refuses("ENT-4", f'{{"a":{ENTRY[:-1]},"x":{{"y":1,"y":[-1]}}}}}}', buffer=bytes(4))

    def test_entries_under_leniencies(self) -> None:
        row = '{"a":["U8",[4],[0,4]]}'
        self.assertEqual(
            self.accepts(row, "sequence-entry", buffer=b"abcd"),
            self.accepts(f'{{"a":{ENTRY}}}', buffer=b"abcd"),
        )
        self.refuses("ENT-1", '{"a":["U8",[4],[0,4],0]}', "sequence-entry")
        mapped = '{"a":[{"U8":null},[4],[0,4]]}'
        self.refuses("DT-1", mapped, "sequence-entry", buffer=b"abcd")
        self.refuses("ENT-1", mapped, "enum-map-dtype", buffer=b"abcd")
        self.accepts(mapped, "sequence-entry", "enum-map-dtype", buffer=b"abcd")
        twice = f'{{"a":{ENTRY[:-1]},"x":1,"x":1e999}}}}'
        self.accepts(twice, "unknown-fields", buffer=bytes(4))
        self.refuses("ENT-3", f'{{"a":{ENTRY[:-1]},"shape":[4]}}}}', *LENIENCIES, buffer=bytes(4))

    def test_dtypes(self) -> None:
        for value in ["null", "1", "[]", '{"U8":null}']:
            self.refuses("DT-1", f'{{"a":{entry(value)}}}', buffer=bytes(4))
        for value in ["u8", "U8 ", "", "F8"]:
            self.refuses("DT-2", f'{{"a":{entry(quoted(value))}}}', buffer=bytes(4))
        lenient = "enum-map-dtype"
        self.accepts(f'{{"a":{entry(quoted("U8", "{%s:null}"))}}}', lenient, buffer=bytes(4))
        for value in ["{}", '{"U8":[]}', '{"U8":null,"U8":null}', '["U8"]']:
            self.refuses("DT-1", f'{{"a":{entry(value)}}}', lenient, buffer=bytes(4))
        self.refuses(
            "DT-2", f'{{"a":{entry(quoted("U9", "{%s:null}"))}}}', lenient, buffer=bytes(4)
        )

    def test_each_version_has_its_vocabulary(self) -> None:
        for name, dtype in DTYPES.items():
            data = file(f'{{"a":{entry(quoted(name), "[0]", "[0,0]")}}}')
            for version in ["1.0", "1.1", "1.2", "1.3", "1.4"]:
                answer = examine(data, version)
                if version >= dtype.since:
                    self.assertIsInstance(answer, Accepted)
                else:
                    self.assertEqual(answer, Refused(("DT-2",)))

    def test_shapes_and_offsets(self) -> None:
        for value in ["4", "null", "{}", '"4"']:
            self.refuses("SHP-1", f'{{"a":{entry(shape=value)}}}', buffer=bytes(4))
            self.refuses("OFF-1", f'{{"a":{entry(offsets=value)}}}')
        for value in ["[]", "[0]", "[0,4,4]"]:
            self.refuses("OFF-2", f'{{"a":{entry(offsets=value)}}}')
        self.refuses(
            "OFF-2 INT-1 INT-2 INT-3", f'{{"a":{entry(offsets="[null,-0,18446744073709551616]")}}}'
        )
        for rule, number in [
            ("INT-1", "true"), ("INT-1", '"4"'), ("INT-1", "[]"), ("INT-2", "-0"),
            ("INT-2", "-4"), ("INT-2", "4.0"), ("INT-2", "4e0"), ("INT-3", "18446744073709551616"),
        ]:  # fmt: skip
            self.refuses(rule, f'{{"a":{entry(shape=f"[{number}]")}}}', buffer=bytes(4))
            self.refuses(rule, f'{{"a":{entry(offsets=f"[0,{number}]")}}}', buffer=bytes(4))


class Sizes(Reader):
    def test_sizes(self) -> None:
        self.refuses("OFF-3", f'{{"a":{entry(offsets="[4,0]")}}}', buffer=bytes(4))
        self.refuses("SIZE-3", f'{{"a":{entry(shape="[3]")}}}', buffer=bytes(4))
        self.refuses("SIZE-2", f'{{"a":{entry(quoted("F4"), "[]", "[0,1]")}}}', buffer=bytes(1))
        self.accepts(f'{{"a":{entry(quoted("F6_E2M3"), "[2,2]", "[0,3]")}}}', buffer=bytes(3))
        for shape in [
            "[0,4294967296,4294967296]",
            "[4294967296,4294967296,0]",
            "[2305843009213693952,0]",
        ]:
            header = f'{{"a":{entry(shape=shape, offsets="[0,0]")}}}'
            self.refuses("SIZE-1", header)
            self.accepts(header, "zero-absorbs-overflow")
            self.refuses(
                "SIZE-3", header.replace("[0,0]", "[0,1]"), "zero-absorbs-overflow", buffer=b"a"
            )
        header = f'{{"a":{entry(shape="[0,2305843009213693951]", offsets="[0,0]")}}}'
        self.assertEqual(self.accepts(header)["tensors"][0]["shape"], [0, "2305843009213693951"])
        self.refuses(
            "SIZE-1 LAY-1",
            f'{{"a":{entry(shape="[2305843009213693952]")}}}',
            "zero-absorbs-overflow",
        )


class Layout(unittest.TestCase):
    def test_each_rule(self) -> None:
        for rules, ranges, length in [
            ("", [], 0),
            ("LAY-5", [], 1),
            ("", [(0, 3), (3, 3), (3, 5), (0, 0), (5, 5)], 5),
            ("LAY-1", [(0, 4)], 3),
            ("LAY-1", [(0, 8), (4, 8)], 4),
            ("LAY-1 LAY-2", [(0, 8), (3, 8)], 4),
            ("LAY-1", [(0, 4), (8, 9)], 4),
            ("LAY-2", [(0, 4), (3, 5)], 5),
            ("LAY-2", [(0, 4), (0, 4)], 4),
            ("LAY-3", [(0, 4), (2, 2)], 4),
            ("LAY-4", [(1, 4)], 4),
            ("LAY-4", [(0, 2), (3, 4)], 4),
            ("LAY-4", [(4, 4)], 4),
            ("LAY-4 LAY-5", [(4, 4)], 5),
            ("LAY-5", [(0, 4)], 5),
        ]:
            with self.subTest(ranges=ranges, length=length):
                self.assertEqual(layout.judge(ranges, length), set(rules.split()))

    def test_the_five_rules_are_the_chain_and_are_what_their_sentences_say(self) -> None:
        places = [(b, e) for b in range(4) for e in range(b, 4)]
        for count in range(4):
            for ranges in itertools.combinations_with_replacement(places, count):
                for length in range(5):
                    broken = layout.judge(ranges, length)
                    self.assertEqual(broken, by_the_byte(ranges, length), (ranges, length))
                    self.assertEqual(not broken, tile(ranges, length), (ranges, length))


def by_the_byte(ranges: tuple, length: int) -> set[str]:
    """LAY-1 to LAY-5 without any cleverness."""
    greatest = max((end for _, end in ranges), default=0)
    owners = [sum(begin <= byte < end for begin, end in ranges) for byte in range(length)]
    pairs = itertools.permutations(ranges, 2)
    return {
        rule
        for rule, broken in {
            "LAY-1": greatest > length,
            "LAY-2": any(count > 1 for count in owners),
            "LAY-3": any(p == q and b < p < e for (p, q), (b, e) in pairs),
            "LAY-4": 0 in owners[:greatest],
            "LAY-5": length > greatest,
        }.items()
        if broken
    }


def tile(ranges: tuple, length: int) -> bool:
    """The chain of section 13.1."""
    reached = 0
    for begin, end in sorted(ranges):
        if begin != reached:
            return False
        reached = end
    return reached == length


class Reading(Reader):
    def test_the_reading_has_the_form_of_the_manifest(self) -> None:
        header = (
            '{"b":{"data_offsets":[2,3],"shape":[],"dtype":"U8"},"__metadata__":{"k":"v"},'
            '"a":{"dtype":"I\\u0038","shape":[2,1],"data_offsets":[0,2]}}  '
        )
        self.assertEqual(
            self.accepts(header, buffer=b"xyz"),
            {
                "tensors": [
                    {
                        "name": "a",
                        "dtype": "I8",
                        "shape": [2, 1],
                        "sha256": hashlib.sha256(b"xy").hexdigest(),
                    },
                    {
                        "name": "b",
                        "dtype": "U8",
                        "shape": [],
                        "sha256": hashlib.sha256(b"z").hexdigest(),
                    },
                ],
                "metadata": {"k": "v"},
            },
        )

    def test_a_file_of_several_faults_is_judged_as_far_as_section_4_says(self) -> None:
        four = bytes(4)
        for rules, header in [
            ("TXT-1 JSON-1", " 01"),
            ("JSON-1", "{01:1}"),
            ("ENT-3 DT-1", f'{{"a":{{"dtype":7,{ENTRY[1:]}}}'),
            ("OFF-2 INT-1", f'{{"a":{entry(offsets="[0,4,null]")}}}'),
            ("INT-2", f'{{"a":{entry(shape="[1e30]")}}}'),
            ("NAME-1 ENT-1", '{"a":1,"a":2}'),
            ("NAME-1 SIZE-3", f'{{"a":{entry(shape="[3]")},"a":{ENTRY}}}'),
            ("META-3 META-4", f'{{"__metadata__":{{"k":1,"k":"1"}},"a":{ENTRY}}}'),
        ]:
            self.refuses(rules, header, buffer=four)
        twice = '{"a":%s,"a":' + ENTRY + "}"
        self.accepts(twice % entry(offsets="[9,1]"), "duplicate-last-wins", buffer=four)
        for rule, first in [
            ("OFF-2", entry(offsets="[9]")),
            ("OFF-1", entry(offsets="9")),
            ("ENT-1", "9"),
        ]:
            self.refuses(rule, twice % first, "duplicate-last-wins", buffer=four)
        self.refuses(
            "META-3",
            '{"__metadata__":{"k":1,"k":"1"}}',
            "duplicate-metadata-last-wins",
        )

    def test_faults_of_several_stages_are_all_named_in_order(self) -> None:
        self.refuses(
            "DT-2 INT-2", '{"a":{"dtype":"F33","shape":[-1],"data_offsets":[0,4]}}', buffer=bytes(4)
        )
        self.refuses(
            "TXT-1 PAD-1 META-3 ENT-4 SIZE-3 LAY-4 LAY-5",
            f' {{"__metadata__":{{"k":1}},"a":{entry(offsets="[1,4]")[:-1]},"x":0}}}}\0',
            buffer=bytes(5),
        )


class Values(unittest.TestCase):
    def values(self, dtype: str, data: str) -> list:
        return list(values.decode(dtype, bytes.fromhex(data)))

    def test_the_worked_examples_of_the_text(self) -> None:
        self.assertEqual(self.values("F4", "215f"), ["0.5", "1.0", "-6.0", "3.0"])
        self.assertEqual(self.values("F6_E2M3", "81f8a9"), ["0.125", "-0.25", "7.5", "-1.25"])
        four = ["0.0", "0.5", "1.0", "1.5", "2.0", "3.0", "4.0", "6.0"]
        self.assertEqual(
            self.values("F4", "1032547698badcfe"), four + ["-" + text for text in four]
        )

    def test_the_greatest_values_of_the_text(self) -> None:
        for dtype, code, greatest in [
            ("F8_E4M3", "7e", "448.0"), ("F8_E4M3FNUZ", "7f", "240.0"),
            ("F8_E5M2FNUZ", "7f", "57344.0"), ("F8_E5M2", "7b", "57344.0"),
            ("F16", "ff7b", "65504.0"), ("BF16", "7f7f", "3.3895313892515355e+38"),
            ("F32", "ffff7f7f", "3.4028234663852886e+38"),
            ("F64", "ffffffffffffef7f", "1.7976931348623157e+308"),
            ("F8_E8M0", "fe", "1.7014118346046923e+38"),
        ]:  # fmt: skip
            self.assertEqual(self.values(dtype, code), [greatest])
        self.assertEqual(self.values("F6_E2M3", "ffffff"), ["-7.5"] * 4)
        self.assertEqual(self.values("F6_E3M2", "ffffff"), ["-28.0"] * 4)

    def test_integers_and_booleans(self) -> None:
        self.assertEqual(self.values("BOOL", "000102ff"), ["0", "1", "2", "255"])
        self.assertEqual(self.values("I8", "7f80ff"), ["127", "-128", "-1"])
        self.assertEqual(self.values("U16", "0102"), ["513"])
        self.assertEqual(self.values("I64", "00000000000000 80".replace(" ", "")), [str(-(2**63))])
        self.assertEqual(self.values("U64", "ff" * 8), [str(2**64 - 1)])

    def test_what_is_no_number(self) -> None:
        self.assertEqual(self.values("F8_E4M3", "7fff80"), ["nan", "nan", "-0.0"])
        self.assertEqual(self.values("F8_E5M2", "7cfc7d80"), ["inf", "-inf", "nan", "-0.0"])
        self.assertEqual(self.values("F8_E4M3FNUZ", "8000"), ["nan", "0.0"])
        self.assertEqual(self.values("F8_E5M2FNUZ", "8001"), ["nan", "7.62939453125e-06"])
        self.assertEqual(self.values("F8_E8M0", "00ff7f"), ["5.877471754111438e-39", "nan", "1.0"])
        self.assertEqual(self.values("F32", "0000807f000080ff0000c07f"), ["inf", "-inf", "nan"])
        self.assertEqual(self.values("F64", "0100000000000000"), ["5e-324"])

    def test_complex_numbers(self) -> None:
        self.assertEqual(self.values("C64", "0000803f000000c0"), [("1.0", "-2.0")])

    def test_bytes_that_are_no_whole_elements_are_an_error(self) -> None:
        for dtype in ["F32", "F6_E3M2", "C64"]:
            with self.assertRaises(ValueError):
                self.values(dtype, "0000")


class Index(unittest.TestCase):
    FIRST, SECOND = "m-00001-of-00002.safetensors", "m-00002-of-00002.safetensors"

    def setUp(self) -> None:
        held = tempfile.TemporaryDirectory()
        self.addCleanup(held.cleanup)
        self.folder = Path(held.name) / "model"
        self.folder.mkdir()
        self.shard(self.FIRST, "a")
        self.shard(self.SECOND, "b")

    def shard(self, path: str, *names: str) -> None:
        members = [
            f"{json.dumps(name)}:{entry(offsets=f'[{4 * k},{4 * k + 4}]')}"
            for k, name in enumerate(names)
        ]
        target = self.folder / path
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(file("{" + ",".join(members) + "}", bytes(4 * len(names))))

    def judged(
        self, broken: str, advice: str, text: str | bytes | None = None, **weights: str
    ) -> dict | None:
        if text is None:
            text = json.dumps({"metadata": {"total_size": 4 * len(weights)}, "weight_map": weights})
        data = text if isinstance(text, bytes) else text.encode()
        (self.folder / "m.safetensors.index.json").write_bytes(data)
        report = index.examine(self.folder, "m.safetensors.index.json")
        self.assertEqual(report[:2], (tuple(broken.split()), tuple(advice.split())))
        self.assertEqual(report.reading is None, bool(broken))
        return report.reading

    def test_a_sound_model(self) -> None:
        reading = self.judged("", "", b=self.SECOND, a=self.FIRST)
        expected = examine((self.folder / self.FIRST).read_bytes()).reading["tensors"]
        self.assertEqual(reading["tensors"][:1], expected)
        self.assertEqual([tensor["name"] for tensor in reading["tensors"]], ["a", "b"])
        self.assertEqual(reading["metadata"], {})

    def test_the_text_of_an_index(self) -> None:
        for text in [
            b"",
            b"[]",
            b"{",
            b'{"a":1,"\\u0061":2}',
            b'{"x":[{"y":1,"y":1}]}',
            b"{}x",
            b"\xff",
            b'\xef\xbb\xbf{"weight_map":{}}',
            b'{"a":"\\ud800"}',
        ]:
            with self.subTest(text=text):
                self.judged("IDX-1", "", text)
        self.judged("IDX-3", "", " {} \n")
        self.judged("IDX-3", "", '{"weight_map":[]}')
        self.judged("", "IDX-2 IDX-4 IDX-14", '{"weight_map":{}}' + " " * 10_000_000)

    def test_values_of_the_map(self) -> None:
        for weights, broken in [
            ({"a": self.FIRST, "b": {}}, "IDX-3"),
            ({"a": self.FIRST, "b": self.SECOND, "__metadata__": "../x"}, "IDX-13"),
            ({"a": self.FIRST, "b": self.SECOND, "__metadata__": {}}, "IDX-13"),
            ({"a": self.FIRST, "b": 1, "c": "../x"}, "IDX-3 IDX-5"),
        ]:
            with self.subTest(weights=weights):
                self.judged(broken, "", json.dumps({"metadata": {}, "weight_map": weights}))

    def test_names_of_shards(self) -> None:
        for name in [
            "/x.safetensors",
            "\\x.safetensors",
            "\\\\host\\x.safetensors",
            "C:x.safetensors",
            "./c:x.safetensors",
            "a\\C:/x.safetensors",
            "a/../x.safetensors",
            "..\\x.safetensors",
            "x\0.safetensors",
            "x.SAFETENSORS",
            "x.bin",
            "",
        ]:
            with self.subTest(name=name):
                self.judged("IDX-5", "", a=name)
                self.judged("IDX-5 IDX-7", "", a=name, b="none.safetensors")
        for name in [".../x.safetensors", "ab:x.safetensors", "x.safetensors/y.safetensors"]:
            with self.subTest(name=name):
                self.judged("IDX-7", "", a=name)
        self.shard("sub/x.safetensors", "a")
        for name in ["sub/x.safetensors", "sub\\x.safetensors", "./sub//x.safetensors"]:
            with self.subTest(name=name):
                self.judged("", "IDX-6 IDX-16", a=name)
        self.judged("", "IDX-6 IDX-16", a=f"./{self.FIRST}", b=self.SECOND)
        self.shard("-00001-of-00001.safetensors", "a")
        self.judged("", "", a="-00001-of-00001.safetensors")

    def test_two_spellings_of_one_path(self) -> None:
        self.shard(self.FIRST, "a", "b")
        self.judged("IDX-12", "", a=self.FIRST, b=f"./{self.FIRST}")

    def test_shards(self) -> None:
        self.judged("IDX-7", "", a=self.FIRST, b="m-00003-of-00003.safetensors")
        self.judged("IDX-7", "", a=self.FIRST, b="x" * 300 + ".safetensors")
        self.judged("IDX-10", "", a=self.SECOND, b=self.FIRST)
        self.judged("IDX-10", "", c=self.FIRST, b=self.SECOND)
        self.judged("IDX-5 IDX-7 IDX-10", "", c=self.FIRST, b="x.safetensors", a="x")
        self.shard(self.SECOND, "b", "c")
        self.judged("", "IDX-11", a=self.FIRST, b=self.SECOND)
        self.shard(self.SECOND, "b", "a")
        self.judged("IDX-12", "", a=self.FIRST, b=self.SECOND)
        (self.folder / self.SECOND).write_bytes(b"")
        self.judged("IDX-9", "", a=self.FIRST, b=self.SECOND)

    def test_a_link_that_leads_out(self) -> None:
        inside, outside = self.folder / self.SECOND, self.folder.parent / "outside.safetensors"
        inside.rename(outside)
        inside.symlink_to(outside)
        self.judged("", "IDX-8", a=self.FIRST, b=self.SECOND)

    def test_what_else_stands_beside(self) -> None:
        self.shard("m-00003-of-00003.safetensors", "c")
        self.judged("", "IDX-17", a=self.FIRST, b=self.SECOND)
        (self.folder / "m.safetensors").touch()
        self.judged("", "IDX-17 IDX-18", a=self.FIRST, b=self.SECOND)
        (self.folder / "m.safetensors.index.json").rename(self.folder / "m.safetensors.index")
        report = index.examine(self.folder, "m.safetensors.index")
        self.assertEqual(report[:2], ((), ("IDX-17",)))

    def test_what_stands_beside_shards_in_a_directory_below(self) -> None:
        self.shard("sub/m-00001-of-00001.safetensors", "a")
        self.judged("", "IDX-6", a="sub/m-00001-of-00001.safetensors")
        self.judged("", "IDX-6", a=".//sub/m-00001-of-00001.safetensors")
        self.shard("sub/m-00002-of-00002.safetensors", "b")
        self.judged("", "IDX-6 IDX-17", a="sub/m-00001-of-00001.safetensors")

    def test_the_total_size(self) -> None:
        weights = {"a": self.FIRST, "b": self.SECOND}
        for total in [7, "8", 8.0, None, 10**4000]:
            self.judged(
                "", "IDX-15", json.dumps({"metadata": {"total_size": total}, "weight_map": weights})
            )


class Agree(unittest.TestCase):
    """The comparison notices what is wrong, and says when it has compared nothing."""

    def run_main(self, *arguments: str, lines: str = "") -> tuple[int, str]:
        out = io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
            previous = agree.sys.stdin
            agree.sys.stdin = io.TextIOWrapper(io.BytesIO(lines.encode()))
            try:
                code = agree.main(list(arguments))
            finally:
                agree.sys.stdin = previous
        return code, out.getvalue()

    def compare(self, vectors: list[dict], **files: bytes) -> tuple[int, str]:
        """Compares a corpus of these rows, with stored files beside its manifest."""
        manifest = {
            "format": "safetensors-conformance-corpus",
            "format_version": 1,
            "versions": ["1.4"],
            "vectors": vectors,
        }
        with tempfile.TemporaryDirectory() as folder:
            for name, data in files.items():
                (Path(folder) / name).write_bytes(data)
            path = Path(folder) / "manifest.json"
            path.write_text(json.dumps(manifest))
            return self.run_main("corpus", str(path), "--largest", "5000")

    def row(self, name: str, data: bytes, **members: object) -> dict:
        """A row about these bytes."""
        return {
            "id": name,
            "content": {"pieces": [{"hex": data.hex()}]},
            "size": len(data),
            "sha256": hashlib.sha256(data).hexdigest(),
        } | members

    def valid(self, name: str, data: bytes, **members: object) -> dict:
        """A row that expects what this reader reads."""
        read = examine(data).reading
        demanded = demands.demands(data, read)
        limits = {"limits": found} if (found := demands.limits(demanded)) else {}
        expected = {"expect": {"1.4": "accept"}, "reading": read, "demands": demanded}
        return self.row(name, data, **expected, **limits) | members

    def twin(self) -> dict:
        return self.valid("padding/space", file(f'{{"a":{ENTRY}}} ', bytes(4)))

    def corpus(self, **changes: object) -> tuple[int, str]:
        data = file(f'{{"a":{ENTRY}}}\n', bytes(4))
        reading = examine(data, leniencies=frozenset({"trailing-whitespace"})).reading
        zeros = {"repeat": {"hex": "00", "count": 4}}
        vector = self.row("padding/line-feed", data) | {
            "content": {"pieces": [{"hex": data[:-4].hex()}, zeros]},
            "twin": "padding/space",
            "expect": {"1.4": {"reject": "PAD-1"}},
            "lenient": [{"leniency": "trailing-whitespace", "reading": reading}],
        }
        return self.compare([vector | changes, self.twin()])

    def agrees(self, vectors: list[dict], counts: str, **files: bytes) -> None:
        code, out = self.compare(vectors, **files)
        self.assertEqual(code, 0, out)
        self.assertIn(counts, out)

    def disagrees(self, vectors: list[dict], message: str, **files: bytes) -> None:
        with self.subTest(message=message, vectors=vectors):
            code, out = self.compare(vectors, **files)
            self.assertEqual(code, 1, out)
            self.assertIn(f"disagreement: {message}", out)

    def test_a_corpus_that_agrees(self) -> None:
        code, out = self.corpus()
        self.assertEqual(code, 0, out)
        self.assertIn("compared 21 (accepted 12, refused 9)", out)
        self.assertIn("checked: demands 1, limits 1, twin 2;", out)

    def test_doctored_rows_of_the_manifest(self) -> None:
        other = {"tensors": [], "metadata": {}}
        lenient = {"leniency": "trailing-whitespace", "reading": self.twin()["reading"]}
        for changes in [
            {"expect": {"1.4": {"reject": "PAD-2"}}},
            {"expect": {"1.4": {"reject": "TXT-1"}}},
            {"expect": {"1.4": "accept"}, "reading": other},
            {"lenient": []},
            {"lenient": [{"leniency": "unknown-fields", "reading": other}]},
            {"lenient": [{"leniency": "trailing-whitespace", "reading": other}]},
            {"lenient": [lenient, {"leniency": "unknown-fields", "reading": other}]},
            {"reading": other},
            {"sha256": "0" * 64},
            {"size": 3},
        ]:
            with self.subTest(changes=changes):
                code, out = self.corpus(**changes)
                self.assertEqual(code, 1, out)
                self.assertIn("disagreement: padding/line-feed", out)

    def test_doctored_twins(self) -> None:
        for twin in [None, "padding/none", "padding/line-feed"]:
            with self.subTest(twin=twin):
                code, out = self.corpus(twin=twin)
                self.assertEqual(code, 1, out)
                self.assertIn("disagreement: twin of padding/line-feed", out)
        sound = self.twin()
        self.disagrees([sound | {"twin": "padding/space"}], "twin of padding/space")

    def test_doctored_demands(self) -> None:
        shape = entry('"F4"', "[2,1,1,1,1]", "[0,1]")
        data = file(f'{{"\\u0000{"é" * 150}":{shape}}}', b"x")
        sound = self.valid("shapes/all", data)
        stated = sound["demands"]
        self.assertEqual(
            stated,
            {
                "header-length": len(data) - 9,
                "rank": 5,
                "word-size": 4,
                "name-length": 301,
                "nul-in-name": True,
                "dtype": ["F4"],
                "f4-odd-last-dim": True,
            },
        )
        listed = ["dtype", "f4-odd-last-dim", "name-length", "nul-in-name", "rank"]
        self.assertEqual(sound["limits"], listed)
        self.agrees([sound | {"limits": listed[::-1]}], "demands 1, limits 1")
        for name in stated:
            doctored = sound | {"demands": stated | {name: 3}}
            self.disagrees([doctored], "demands of shapes/all")
        self.disagrees([sound | {"limits": listed[1:]}], "limits of shapes/all")
        self.disagrees([sound | {"limits": [*listed, "word-size"]}], "limits of shapes/all")

    def test_doctored_pieces(self) -> None:
        def members(*names: str) -> str:
            each = entry(shape="[0]", offsets="[0,0]")
            return "{" + ",".join(f'"{name}":{each}' for name in names) + "}"

        data = file(members("t08", "t09", "t10"))
        header = data[8:].decode()
        first = header[: header.index(",\"t09")]
        middle = first[first.index(":") :]
        parts = [',"t', {"plus": 9, "digits": 2}, f'"{middle}']
        start, end = {"hex": (data[:8] + first.encode()).hex()}, {"hex": "7d"}

        def rows(*pieces: dict) -> list[dict]:
            return [self.valid("layout/series", data, content={"pieces": list(pieces)})]

        self.agrees(rows(start, {"series": {"parts": parts, "count": 2}}, end), "compared 11 ")
        once, number = {"parts": parts, "count": 1}, {"plus": 8, "digits": 2}
        for series in [
            once,
            {"parts": parts, "count": 3},
            {"parts": [parts[0], number, parts[2]], "count": 2},
            {"parts": [parts[0], {"plus": 9, "digits": 3}, parts[2]], "count": 2},
        ]:
            self.disagrees(rows(start, {"series": series}, end), "layout/series")
        for piece in [{"fill": {"byte": 0, "count": 1}}, {"hex": "00", "repeat": {}}, {}]:
            self.assertEqual(self.compare(rows(start, piece, end))[0], 2)

    def test_doctored_digests_of_long_readings(self) -> None:
        data = file(f'{{"é\\n":{ENTRY}}}', bytes(4))
        text = (
            '{"tensors":[{"name":"é\\n","dtype":"U8","shape":[4],"sha256":"'
            + hashlib.sha256(bytes(4)).hexdigest()
            + '"}],"metadata":{}}'
        )
        bulk = {"tensor_count": 1, "sha256": hashlib.sha256(text.encode()).hexdigest()}
        self.agrees([self.valid("layout/many", data, reading=bulk)], "compared 11 ")
        for change in [{"tensor_count": 2}, {"sha256": "0" * 64}]:
            self.disagrees([self.valid("layout/many", data, reading=bulk | change)], "layout/many")

    def test_doctored_values(self) -> None:
        header = (
            f'{{"a b":{entry(chr(34) + "F16" + chr(34), "[4]", "[0,8]")},'
            f'"c":{entry(chr(34) + "C64" + chr(34), "[1]", "[8,16]")},'
            f'"i":{entry(chr(34) + "I8" + chr(34), "[2]", "[16,18]")}}}'
        )
        data = file(header, bytes.fromhex("003c 0080 017e 007c 0000803f 000000c0 ff07"))
        lines = ['# "a b" F16 4', "1", "-0", "nan", "inf"]
        lines += ['# "c" C64 1', "1 -2", '# "i" I8 2', "-1", "7"]

        def rows(changed: list[str], **members: object) -> tuple[list[dict], bytes]:
            text = "".join(f"{line}\n" for line in changed).encode()
            source = {"path": "values.txt", "sha256": hashlib.sha256(text).hexdigest()} | members
            return [self.valid("values/some", data, values=source)], text

        for at, other in [(1, "1.0"), (1, "1e0"), (6, "1.0 -2.0")]:
            vectors, text = rows([*lines[:at], other, *lines[at + 1 :]])
            self.agrees(vectors, "values 10", **{"values.txt": text})
        for at, other in [
            (0, '# "a b" F16 5'),
            (0, '# "a b" BF16 4'),
            (0, '# "ab" F16 4'),
            (1, "1.0000000000000002"),
            (1, "1_0"),
            (1, " 1"),
            (2, "0"),
            (3, "inf"),
            (4, "1e999"),
            (4, "-inf"),
            (6, "-2 1"),
            (6, "1"),
            (6, "1 -2 0"),
            (8, "255"),
            (9, "7.0"),
        ]:
            vectors, text = rows([*lines[:at], other, *lines[at + 1 :]])
            self.disagrees(vectors, "values of values/some", **{"values.txt": text})
        for changed in [lines[:-1], [*lines, "7"], []]:
            vectors, text = rows(changed)
            self.disagrees(vectors, "values of values/some", **{"values.txt": text})
        vectors, text = rows(lines, sha256="0" * 64)
        self.disagrees(vectors, "values/some", **{"values.txt": text})
        self.assertEqual(self.compare(vectors)[0], 2)

    def model(self, **changes: object) -> list[dict]:
        shard = file(f'{{"a":{ENTRY}}}', bytes(4))
        weights = json.dumps({"weight_map": {"a": "m.safetensors"}}).encode()

        def placed(path: str, data: bytes) -> dict:
            row = self.row("", data)
            pieces = row["content"]["pieces"]
            return {"path": path, "pieces": pieces, "sha256": row["sha256"], "size": row["size"]}

        vector = {
            "id": "sharded/linked",
            "operation": "read-index",
            "index": "in/m.json",
            "content": {
                "folder": [
                    {"path": "in/m.safetensors", "link": "../out"},
                    placed("in/m.json", weights),
                    placed("out", shard),
                ]
            },
            "expect": {"1.4": "accept"},
            "reading": examine(shard).reading,
            "advises": ["IDX-16", "IDX-8", "IDX-14"],
        }
        return [vector | changes]

    def test_doctored_models(self) -> None:
        self.agrees(self.model(), "compared 1 (accepted 1); checked: twin 1;")
        for changes in [
            {"advises": ["IDX-8", "IDX-14"]},
            {"advises": ["IDX-8", "IDX-14", "IDX-16", "IDX-6"]},
            {"advises": []},
            {"reading": {"tensors": [], "metadata": {}}},
            {"expect": {"1.4": {"reject": "IDX-7"}}},
            {"index": "in/none.json"},
        ]:
            self.disagrees(self.model(**changes), "sharded/linked")
        for at, change in [(0, {"link": "../none"}), (1, {"size": 1}), (2, {"path": "elsewhere"})]:
            vectors = self.model()
            vectors[0]["content"]["folder"][at] |= change
            self.disagrees(vectors, "sharded/linked")

    def test_an_entry_of_a_model_that_the_system_does_not_take(self) -> None:
        vectors = self.model()
        vectors[0]["content"]["folder"].append(
            {"path": "x" * 5000, "pieces": [], "size": 0, "sha256": hashlib.sha256().hexdigest()}
        )
        code, out = self.compare(vectors)
        self.assertEqual(code, 0, out)
        self.assertIn("left out, paths that this system does not take: 1 sharded/linked:", out)
        vectors[0]["content"]["folder"][-1]["path"] = "in/../../x"
        self.assertEqual(self.compare(vectors)[0], 2)

    def test_a_corpus_that_cannot_be_compared(self) -> None:
        code, out = self.compare([self.twin() | {"size": 5001}])
        self.assertEqual(code, 2, out)
        self.assertIn("left out, larger than the bound: 1 padding/space", out)
        self.assertEqual(self.run_main("corpus", "/nonexistent/manifest.json")[0], 2)
        self.assertEqual(self.corpus(content={"path": "vectors/none.safetensors"})[0], 2)
        self.assertEqual(self.corpus(content={})[0], 2)
        self.assertEqual(self.corpus(operation="read-index")[0], 2)
        code, out = self.compare([self.twin() | {"expect": {}}])
        self.assertEqual(code, 2, out)
        self.assertIn("disagreement: padding/space in 1.4", out)

    def line(self, **changes: object) -> str:
        row = {
            "file": file(f'{{"a":{ENTRY}}}\n').hex(),
            "version": "1.4",
            "leniencies": [],
            "refused": ["PAD-1", "LAY-1"],
        }
        return json.dumps(
            {key: value for key, value in (row | changes).items() if value is not None}
        )

    def test_a_stream_that_agrees(self) -> None:
        code, out = self.run_main("stream", lines=self.line() + "\n\n" + self.line() + "\n")
        self.assertEqual(code, 0, out)
        self.assertIn("compared 2 (refused 2); rules: LAY-1 2, PAD-1 2; disagreements 0", out)

    def test_doctored_lines_of_a_stream(self) -> None:
        for changes in [
            {"refused": ["LAY-1", "PAD-1"]},
            {"refused": ["PAD-1"]},
            {"refused": []},
            {"refused": None, "accepted": {"tensors": [], "metadata": {}}},
            {"leniencies": ["trailing-whitespace"]},
        ]:
            with self.subTest(changes=changes):
                code, out = self.run_main("stream", lines=self.line() + "\n" + self.line(**changes))
                self.assertEqual(code, 1, out)
                self.assertIn("disagreement: line 2", out)
                self.assertIn(file(f'{{"a":{ENTRY}}}\n').hex(), out)

    def test_a_stream_that_cannot_be_compared(self) -> None:
        self.assertEqual(self.run_main("stream")[0], 2)
        for line in [
            "x",
            "{}",
            self.line(version="2.0"),
            self.line(leniencies=["x"]),
            self.line(accepted={}),
            self.line(file="0"),
            self.line(extra=1),
            "[]",
            "{" + self.line()[1:-1] + "," + self.line()[1:],
        ]:
            code, out = self.run_main("stream", lines=self.line() + "\n" + line)
            self.assertEqual(code, 2, out)
            self.assertIn("line 2 is not in the form of the stream", out)

    def test_values_that_python_holds_for_equal_are_told_apart(self) -> None:
        data = file(f'{{"a":{entry(shape="[1]", offsets="[0,1]")}}}', b"x")
        for shape in [[1.0], [True], ["1"]]:
            reading = examine(data).reading
            reading["tensors"][0]["shape"] = shape
            line = self.line(file=data.hex(), refused=None, accepted=reading)
            self.assertEqual(self.run_main("stream", lines=line)[0], 1)

    def test_a_reader_that_crashes_disagrees(self) -> None:
        previous, answers.examine = answers.examine, lambda *_: 1 // 0
        try:
            code, out = self.run_main("stream", lines=self.line())
        finally:
            answers.examine = previous
        self.assertEqual(code, 1, out)
        self.assertIn("crashed: ZeroDivisionError", out)


if __name__ == "__main__":
    unittest.main()
