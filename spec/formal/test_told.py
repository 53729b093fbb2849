"""The build of the model names the rule when its definition is changed."""

import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

import told

FORMAL = pathlib.Path(__file__).parent


class Told(unittest.TestCase):
    """What is said of an error of coqc."""

    SOURCE = "Lemma SIZE_2_decided v : v = v.\nProof.\n  lia.\nQed.\nTheorem all_of_them : True.\n"

    def test_a_lemma_about_a_rule_names_the_rule(self) -> None:
        self.assertEqual(
            told.told(self.SOURCE, "Sizes.v", 3),
            "error: SIZE-2: the proof of `SIZE_2_decided` fails (Sizes.v, line 3): what Format.v says of "
            "SIZE-2 and what Decide.v does are no longer the same",
        )

    def test_another_claim_is_named_itself(self) -> None:
        said = "error: Sizes.v, line 5: the proof of `all_of_them` fails; "
        self.assertTrue(told.told(self.SOURCE, "Sizes.v", 5).startswith(said))

    def test_a_definition_is_named_by_its_line(self) -> None:
        said = "error: Sizes.v, line 1: this definition does not compile"
        self.assertEqual(told.told("Definition x := y.\n", "Sizes.v", 1), said)
        behind = "Lemma one : 1 = 1.\nProof. reflexivity. Qed.\nDefinition x := y.\n"
        self.assertEqual(told.told(behind, "Sizes.v", 3), said.replace("line 1", "line 3"))

    def test_a_vector_that_fails_in_the_prover_names_its_rule(self) -> None:
        log = """Unable to unify "[]" with
 "[{| vector := "truncation/after-first-tensor";
      format_version := V1_0;
      under := [];
      expected := Decide.Refused LAY_5;
      found := Decide.Refused LAY_1 |};
   {| vector := "layout/one-tensor"; format_version := V1_4; under := []; expected :=
      Accepted (Reading [] [Tensor [97] [85; 56] [4] 0 4]); found := Refused SIZE_3 |}]"."""
        self.assertEqual(
            told.failures(log),
            [
                "error: LAY-5: truncation/after-first-tensor in version 1.0: LAY-5 is expected, and the "
                "model says LAY-1",
                "error: SIZE-3: layout/one-tensor in version 1.4: accept is expected, and the model says "
                "SIZE-3",
            ],
        )

    def test_a_log_without_an_error_is_no_answer(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            log = pathlib.Path(folder, "log.txt")
            log.write_text("make: *** No rule to make target\n", encoding="utf-8")
            ended = subprocess.run([sys.executable, FORMAL / "told.py", FORMAL, log], capture_output=True)
        self.assertEqual((ended.returncode, ended.stdout), (1, b""))


@unittest.skipUnless(shutil.which("coqc"), "Coq is not installed")
class Planted(unittest.TestCase):
    """A rule that is changed in one place alone stops the build, under its id."""

    def failure(self, file: str, old: str, new: str, target: str) -> str:
        """What is told when a text of a file of the model is replaced, and a target is built."""
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            for source in [*FORMAL.glob("*.v"), FORMAL / "Makefile"]:
                shutil.copy(source, folder)
            text = (folder / file).read_text(encoding="utf-8")
            self.assertEqual(text.count(old), 1, f"`{old}` in {file}")
            (folder / file).write_text(text.replace(old, new), encoding="utf-8")
            ended = subprocess.run(
                ["make", "-C", name, "-s", "-j2", target], capture_output=True, text=True, check=False
            )
            self.assertNotEqual(ended.returncode, 0, "the changed model was built")
            log = folder / "log.txt"
            log.write_text(ended.stdout + ended.stderr, encoding="utf-8")
            said = subprocess.run(
                [sys.executable, FORMAL / "told.py", folder, log], capture_output=True, text=True, check=True
            )
        return said.stdout

    def test_in_the_definition(self) -> None:
        said = self.failure("Format.v", "| LAY_5 => 0 < len /\\", "| LAY_5 => 1 < len /\\", "Layout.vo")
        self.assertTrue(said.startswith("error: LAY-5: "), said)

    def test_in_the_decision(self) -> None:
        said = self.failure("Decide.v", "| LAY_1 => len <? p_end p", "| LAY_1 => len <=? p_end p", "Layout.vo")
        self.assertTrue(said.startswith("error: LAY-1: "), said)


if __name__ == "__main__":
    unittest.main()
