#!/usr/bin/env bash
# Fuzzes one target on the stable compiler: fuzz/run.sh TARGET [SECONDS]
#
# The flags are those of cargo-fuzz without a sanitizer: coverage counters for libFuzzer, and the
# checks of a debug build. `--target` keeps them away from build scripts and macros.
set -euo pipefail

if [ $# -lt 1 ] || [ $# -gt 2 ] || [ ! -f "$(dirname "$0")/fuzz_targets/$1.rs" ]; then
    echo "usage: $0 TARGET [SECONDS]; targets:" >&2
    ls "$(dirname "$0")/fuzz_targets" | sed 's/\.rs$//; s/^/  /' >&2
    exit 2
fi
target=$1
seconds=${2:-60}
cd "$(dirname "$0")/.."

host=$(rustc -vV | sed -n 's/^host: //p')
build=${CARGO_TARGET_DIR:-target}/fuzz
RUSTFLAGS="--cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
 -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
 -Cllvm-args=-sanitizer-coverage-trace-compares -Cllvm-args=-sanitizer-coverage-stack-depth \
 -Cdebug-assertions -Coverflow-checks -Ccodegen-units=1" \
    cargo build --release -p fuzz --bin "$target" --target "$host" --target-dir "$build"

# libFuzzer writes into the first folder, which is ignored by git; the others are only read.
found=fuzz/finds/$target
mkdir -p "$found/inputs" "$found/crashes"
seeds=("fuzz/regressions/$target")
if [ "$target" = raw ] && [ -d corpus/vectors ]; then
    seeds+=(corpus/vectors)
fi
options=(-max_total_time="$seconds" -max_len=4096 -timeout=10 -rss_limit_mb=2048)
if [ "$target" = raw ]; then
    options+=(-dict=fuzz/header.dict)
fi
exec "$build/$host/release/$target" "${options[@]}" -artifact_prefix="$found/crashes/" \
    "$found/inputs" "${seeds[@]}"
