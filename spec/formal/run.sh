#!/usr/bin/env bash
# The machine-checked model: installs the prover where it is missing, checks every proof and what it
# rests on, decides the corpus inside the prover, extracts the checker, and runs it beside the oracle
# and under the harness.
#
# usage: spec/formal/run.sh [all|proofs|checker]
#   proofs   check the proofs and what they rest on
#   checker  build the extracted checker, spec/formal/build/checker
#   all      both, and the corpus in the prover, and the agreement (the default)
#
# Exit code: 0 all holds; 1 something does not, and the message names the rule, the theorem or the
# file; 2 something could not run.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
formal=spec/formal
build=$formal/build
what=${1:-all}

step() { printf -- '-- %s\n' "$*"; }
fail() { printf 'error: %s\n' "$1" >&2; exit "${2:-1}"; }
case $what in
  all | proofs | checker) ;;
  *) fail "there is no part \`$what\`; the parts are all, proofs and checker" 2 ;;
esac

# What Debian calls the prover, the checker of its proofs, and the compiler of what is extracted.
packages="coq ocaml-findlib libzarith-ocaml-dev"
missing() {
  ! command -v coqc >/dev/null || ! command -v coqchk >/dev/null || ! command -v ocamlfind >/dev/null ||
    ! ocamlfind query zarith >/dev/null 2>&1
}
if missing; then
  if command -v apt-get >/dev/null && [ "$(id -u)" -eq 0 ]; then
    step "installing $packages"
    { apt-get update -q && apt-get install -y -q --no-install-recommends $packages; } >/dev/null 2>&1 || true
  fi
  missing && fail "Coq 8.16 or OCaml's zarith is missing; on Debian: apt-get install --no-install-recommends $packages" 2
fi
[ "$what" != all ] || command -v cargo >/dev/null || fail "cargo is missing; install Rust with rustup" 2

# Copies, so that nothing is left beside the sources; a copy that is the same keeps its date.
mkdir -p "$build"
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
  python3 "$formal/told.py" "$formal" "$log" >&2 || true
  exit 1
}

audit() {
  diff -u "$formal/assumptions.txt" "$build/assumptions.txt" ||
    fail "the theorems rest on something else than $formal/assumptions.txt says, or are others"
}
case $what in
  checker)
    step "the extracted checker"
    make_ checker
    exit
    ;;
esac

step "nothing is taken for granted"
if grep -nE '\b(Admitted|admit|Axioms?|Parameters?|Conjecture|Abort)\b' "$formal"/*.v; then
  fail "a proof above is none"
fi
step "the proofs"
rm -f "$build"/Corpus* "$build"/.depend
make_ proofs
if [ "$what" = proofs ]; then
  step "what the theorems rest on"
  make_ assumptions.txt
  audit
  exit
fi

step "what the theorems rest on, the corpus inside the prover, and the extracted checker"
cargo build --quiet --locked -p agree
agree=${CARGO_TARGET_DIR:-target}/debug/agree
"$agree" coq --out "$build"
rm -f "$build/.depend"
make_ assumptions.txt corpus checker
audit

step "model and oracle: the corpus, generated files, small scopes"
"$agree" corpus --checker "$build/checker"
"$agree" generated --count 100000 --checker "$build/checker"
"$agree" exhaustive --checker "$build/checker"

step "the checker under the harness"
cargo build --quiet --locked -p harness
python3 -m unittest discover --quiet --start-directory "$formal"
"${CARGO_TARGET_DIR:-target}/debug/stconform" run --canonical -- python3 "$formal/adapter.py"

step "the seeded faults are those of the list"
python3 "$formal/faults.py" --quick
