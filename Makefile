# The commands that people type. Each is a few lines over the presets of CMakePresets.json and the
# programs in tools/; docs/building.md says what they need and what they leave behind.
MAKEFLAGS += --no-print-directory
SHELL := /bin/sh
PYTHON := /usr/bin/python3
UP ?=
SEEDS ?= 1..2000
SECONDS ?= 60
BASE ?= HEAD

.DEFAULT_GOAL := help
.PHONY: help run build test check sim oracle fuzz bench lint format clean

help: ## show this list
	@sed -n 's/^\([a-z]*\):.* ## \(.*\)/  make \1@\2/p' Makefile | tr '@' '\t' | expand -t 15
	@echo 'Packages that are missing are listed, then installed.'

run: build ## build, then bring the example up here (UP=flags); Ctrl-C stops it
	@exec $(PYTHON) tools/foreground.py build/hydrant up examples/clickstream.yaml $(UP)

build: ## the optimised program alone: build/hydrant
	@tools/install.sh build
	@tools/build.sh

test: ## build and run every test; the last line counts them
	@tools/install.sh test
	@exec $(PYTHON) tools/run_tests.py release asan

check: ## test, and the unit tests again under the thread sanitizer and under clang
	@tools/install.sh test
	@exec $(PYTHON) tools/run_tests.py release asan tsan clang

sim: ## one simulated run for each seed: make sim SEEDS=1..100000
	@tools/install.sh test
	@exec $(PYTHON) tools/run_tests.py release --only sim --seeds $(SEEDS)

oracle: SEEDS = 1..100
oracle: ## templates held against Apache Velocity 1.7: make oracle SEEDS=1..100
	@tools/install.sh test
	@exec $(PYTHON) tools/run_tests.py release --only '^release: oracle' --seeds $(SEEDS)

fuzz: ## search for new inputs, SECONDS=60 for each target
	@tools/install.sh test
	@exec $(PYTHON) tools/run_fuzzers.py --seconds $(SECONDS)

bench: build ## the benchmarks and their yardsticks, side by side
	@tools/install.sh bench
	@exec tools/bench.sh

lint: ## formatting and clang-tidy on what differs from BASE=HEAD (or on the last commit)
	@tools/install.sh lint
	@exec $(PYTHON) tools/lint.py --base $(BASE)

format: ## lay out the same files with clang-format
	@tools/install.sh lint
	@exec $(PYTHON) tools/lint.py --base $(BASE) --fix

clean: ## remove everything that was built (the data directory stays)
	@rm -rf build
