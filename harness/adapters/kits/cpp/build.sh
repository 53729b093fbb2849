#!/bin/sh
# Builds the adapter of the toy reader: `build.sh OUT` leaves OUT/toy.
set -eu
here=$(dirname "$0")
out=${1:?usage: build.sh OUT}
mkdir -p "$out"
"${CXX:-c++}" -std=c++17 -Wall -Wextra -Wpedantic -Werror -O2 -o "$out/toy" "$here/toy.cc"
