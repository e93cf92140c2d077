#!/bin/sh
# Builds the benchmarks beside the release program and runs them.
set -eu
if [ ! -f bench/run.py ]; then
  echo "There are no benchmarks in this tree yet: bench/run.py does not exist." >&2
  exit 1
fi
cmake --preset release -DHYDRANT_BENCH=ON
cmake --build build/release --target hydrant vtl_bench
/usr/bin/python3 bench/vtl/run.py
exec /usr/bin/python3 bench/run.py
