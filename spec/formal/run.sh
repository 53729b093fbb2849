#!/usr/bin/env bash
# The machine-checked model: installs the prover where it is missing, checks every proof and what it
# rests on, decides the corpus inside the prover, extracts the checker, and runs it beside the oracle
# and under the harness.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
formal=spec/formal
build=$formal/build

usage() {
  cat <<'TEXT'
usage: spec/formal/run.sh [all|proofs|checker]
  proofs   check the proofs and what they rest on
  checker  build the extracted checker, spec/formal/build/checker
  all      both, and the corpus in the prover, and the agreement (the default)

The programs that compare are built with cargo, unless AGREE and STCONFORM name them.

Exit code: 0 all holds; 1 something does not, and the message names the rule, the theorem or the
file; 2 something could not run, and the message says what is missing.
TEXT
}
step() { printf -- '-- %s\n' "$*"; }
fail() { printf 'error: %s\n' "$1" >&2; exit "${2:-1}"; }
[ $# -le 1 ] || fail "one part at most; see $formal/run.sh --help" 2
what=${1:-all}
case $what in
  all | proofs | checker) ;;
  -h | --help) usage; exit ;;
  *) fail "there is no part \`$what\`; the parts are all, proofs and checker" 2 ;;
esac

# What Debian calls the prover, the checker of its proofs, and the compiler of what is extracted.
packages="coq ocaml-findlib libzarith-ocaml-dev make"
missing() {
  for program in coqc coqchk ocamlfind make; do
    command -v $program >/dev/null || { echo "$program"; return; }
  done
  ocamlfind query zarith >/dev/null 2>&1 || echo "OCaml's zarith"
}
if [ -n "$(missing)" ] && command -v apt-get >/dev/null && [ "$(id -u)" -eq 0 ]; then
  step "installing $packages"
  { apt-get update -q && apt-get install -y -q --no-install-recommends $packages; } >/dev/null 2>&1 || true
fi
[ -z "$(missing)" ] || fail "$(missing) is missing; on Debian: apt-get install --no-install-recommends $packages" 2
command -v python3 >/dev/null || fail "python3 is missing" 2
agree=${AGREE:-} stconform=${STCONFORM:-}
if [ "$what" = all ] && [ -z "$agree" -o -z "$stconform" ]; then
  command -v cargo >/dev/null || fail "cargo is missing; install Rust with rustup" 2
fi

# Copies, so that nothing is left beside the sources; a copy that is the same keeps its date.
mkdir -p "$build" && [ -w "$build" ] || fail "$build cannot be written; remove it" 2
for file in "$formal"/*.v "$formal"/main.ml "$formal"/Makefile; do
  cmp -s "$file" "$build/${file##*/}" || cp "$file" "$build/"
done
for file in "$build"/*.v; do
  case ${file##*/} in Corpus* | Assumptions.v) continue ;; esac
  [ -e "$formal/${file##*/}" ] || rm -f "$file" "${file}o"
done
# Lists are as long as header texts, and recursion follows them.
ulimit -s unlimited 2>/dev/null || ulimit -s "$(ulimit -H -s)"
log=$build/log.txt
make_() {
  make -C "$build" --no-print-directory -j2 -s "$@" >"$log" 2>&1 && return
  cat "$log" >&2
  if grep -qE 'bad magic number|input_value|premature end|corrupted' "$log"; then
    fail "a file in $build is damaged, perhaps of a run that was killed; remove that folder" 2
  fi
  python3 "$formal/told.py" "$formal" "$log" >&2 || true
  exit 1
}
audit() {
  diff -u "$formal/assumptions.txt" "$build/assumptions.txt" ||
    fail "the theorems are not those of $formal/assumptions.txt, or rest on something else; if that is meant: cp $build/assumptions.txt $formal/"
}

if [ "$what" = checker ]; then
  step "the extracted checker"
  make_ checker
  echo "built: $build/checker"
  exit
fi

step "nothing is taken for granted, and every rule is there"
if grep -nE '\b(Admitted|admit|Axioms?|Parameters?|Conjecture|Abort)\b|bypass_check|Unset (Guard|Positivity|Universe)' \
  "$formal"/*.v; then
  fail "a proof above is none"
fi
rules=$(sed -n '/^Inductive rule/,/\.$/s/^| \([A-Z0-9_]*\).*/\1/p' "$formal/Tables.v")
for rule in $rules; do
  grep -qE "^ *\|.*\b$rule\b.*=>" "$formal/Format.v" ||
    fail "${rule//_/-}: Format.v has no branch for it, so no file would break it"
  grep -qhE "^ *(Lemma|Theorem) ${rule}_decided\b" "$formal"/*.v ||
    fail "${rule//_/-}: no lemma ${rule}_decided says that what Decide.v does is what Format.v says"
done
twice=$(sed -nE 's/^(Definition|Fixpoint|Inductive|Record|with) ([a-z_0-9]+).*/\2/p' \
  "$formal/Tables.v" "$formal/Format.v" "$formal/Decide.v" | sort | uniq -d)
[ -z "$twice" ] || fail "Tables.v, Format.v and Decide.v define one name twice: $twice"
[ "$(wc -l <"$formal/Format.v")" -le 300 ] || fail "Format.v has more than the 300 lines that a person is asked to read"
step "the proofs"
rm -f "$build"/Corpus* "$build"/.depend
make_ proofs
if [ "$what" = proofs ]; then
  step "what the theorems rest on"
  make_ assumptions.txt
  audit
  echo "all proofs hold"
  exit
fi

step "what the theorems rest on, the corpus inside the prover, and the extracted checker"
if [ -z "$agree" ] || [ -z "$stconform" ]; then
  cargo build --quiet --locked -p agree -p harness || fail "the programs that compare do not build" 2
fi
# Where cargo builds is its own business: it runs what it has built.
agree() { if [ -n "$agree" ]; then "$agree" "$@"; else cargo run --quiet --locked -p agree -- "$@"; fi; }
stconform() {
  if [ -n "$stconform" ]; then "$stconform" "$@"; else cargo run --quiet --locked -p harness -- "$@"; fi
}
agree coq --out "$build"
count=$(ls "$build"/Corpus_*.v | wc -l)
[ "$count" -ge 15 ] || fail "the corpus makes $count files for the prover, and has more areas than that" 2
rm -f "$build/.depend"
make_ assumptions.txt corpus checker
audit

step "model and oracle: the corpus, generated files, small scopes"
agree corpus --checker "$build/checker"
agree generated --count 100000 --checker "$build/checker"
agree exhaustive --checker "$build/checker"

step "the checker under the harness"
python3 -m unittest discover --quiet --start-directory "$formal"
stconform run --canonical -- python3 "$formal/adapter.py"

step "the seeded faults are those of the list"
python3 "$formal/faults.py" --quick
echo "all holds"
