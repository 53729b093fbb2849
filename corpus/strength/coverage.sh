#!/usr/bin/env bash
# Measures how much of the `safetensors` crate the stored vectors reach, and writes coverage.md.
#
#   corpus/strength/coverage.sh            write coverage.md
#   corpus/strength/coverage.sh --check    fail if coverage.md is not what is measured
#
# Exit codes: 0, written, or the same; 1, coverage.md differs, or coverage.toml says what is not
# true; 2, nothing was measured.
#
# Needs rustup and Python 3.11 or later. It installs the toolchain below with llvm-tools, since what
# counts as a region or a branch is up to the compiler: another one finds other numbers in the same
# code. The build lies in target/coverage, apart from all others.
set -euo pipefail

rust=1.95.0
crate=safetensors

cannot() {
  printf 'coverage.sh: %s\n' "$*" >&2
  exit 2
}

case "$#:${1-}" in
  0: | 1:--check) ;;
  *) cannot "usage: corpus/strength/coverage.sh [--check]" ;;
esac
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cd "$here/../.."
command -v rustup >/dev/null || cannot "rustup is missing; install it, since other compilers find other numbers"
python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || cannot "install Python 3.11 or later"

python3 -B "$here/test_coverage.py" 2>/dev/null ||
  cannot "coverage.py fails its own tests: python3 $here/test_coverage.py"

# What the caller builds with must not reach this build.
unset RUSTFLAGS CARGO_ENCODED_RUSTFLAGS CARGO_BUILD_RUSTFLAGS CARGO_BUILD_TARGET RUSTC_WRAPPER RUSTC_WORKSPACE_WRAPPER
export RUSTUP_TOOLCHAIN=$rust
target=${CARGO_TARGET_DIR:-target}/coverage
mkdir -p "$target"

# Where the tools of that toolchain lie, if it is installed.
tools_of() {
  local host
  host=$(rustc -vV 2>/dev/null | sed -n 's/^host: //p') && [ -n "$host" ] &&
    printf '%s/lib/rustlib/%s/bin' "$(rustc --print sysroot)" "$host"
}
if ! [ -x "$(tools_of)/llvm-cov" ]; then
  rustup toolchain install "$rust" --profile minimal --component llvm-tools --no-self-update >"$target/install.log" 2>&1 ||
    { cat "$target/install.log" >&2; cannot "Rust $rust with llvm-tools could not be installed"; }
fi
tools=$(tools_of)
[ -x "$tools/llvm-cov" ] || cannot "Rust $rust has no llvm-tools for this machine"
host=$(rustc -vV | sed -n 's/^host: //p')

# Only the crate and the harness are instrumented. The harness is because the closures and generics
# of the crate that it calls are compiled in it. Neither is optimised: what is folded away or inlined
# into nothing is not counted. Numbers wrap on overflow, as in the releases that are measured
# elsewhere.
# RUSTC_BOOTSTRAP lets this stable toolchain take two options that are not stable: branch coverage
# of rustc, and flags for single packages of cargo.
settings=(
  --config 'profile.release.lto="off"'
  --config profile.release.codegen-units=16
  --config profile.release.opt-level=1
)
for package in "$crate" harness; do
  settings+=(
    --config "profile.release.package.$package.opt-level=0"
    --config "profile.release.package.$package.rustflags=['-Cinstrument-coverage','-Zcoverage-options=branch']"
  )
done
RUSTC_BOOTSTRAP=1 cargo build --quiet --release --locked --bin stconform --target-dir "$target" \
  -Z profile-rustflags "${settings[@]}" 2>"$target/build.log" ||
  { cat "$target/build.log" >&2; cannot "the instrumented build failed"; }
stconform=$target/release/stconform

# The reader and the runner are one process here, so that there is one profile, of the reader.
rm -rf "$target/profile"
mkdir "$target/profile"
status=0
LLVM_PROFILE_FILE=$target/profile/%p.profraw \
  "$stconform" run --impl "$crate" --in-process >"$target/run.log" || status=$?
# 1 is an answer of the reader that the rules do not allow; what it reaches is measured all the same.
[ "$status" -le 1 ] || cannot "the run ended with exit code $status"

"$tools/llvm-profdata" merge -sparse -o "$target/profile/all.profdata" "$target"/profile/*.profraw ||
  cannot "the run left no profile that can be read"
for format in text lcov; do
  "$tools/llvm-cov" export -format="$format" -instr-profile="$target/profile/all.profdata" "$stconform" \
    >"$target/profile/$format" || cannot "llvm-cov could not read the profile"
done
cargo metadata --locked --filter-platform "$host" --format-version 1 >"$target/profile/metadata" ||
  cannot "cargo does not tell where the crate lies"

exec python3 -B "$here/coverage.py" "$@" --rust "$rust" --crate "$crate" "$target/profile"
