#!/bin/sh
# Builds the toy into the folder OUT, without network:
#
#   build.sh OUT      leaves OUT/toy
set -eu

out=$(mkdir -p "$1" && cd "$1" && pwd)
cd "$(dirname "$0")"
GOFLAGS=-mod=mod GOPROXY=off go build -o "$out/toy" ./toy
