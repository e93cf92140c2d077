#!/bin/sh
# Builds the release binary alone and leaves build/hydrant, a link to it.
set -eu
if [ ! -f src/app/main.cc ]; then
  echo "There is no program to build yet: src/app/main.cc does not exist in this tree." >&2
  echo "'make test' builds and tests the rooms that do." >&2
  exit 1
fi
[ -f build/release/build.ninja ] || cmake --preset release
cmake --build build/release --target hydrant
ln -sfn release/src/app/hydrant build/hydrant
