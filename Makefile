# The commands that the README names; .ci/run calls the same ones.
PYTHON ?= python3
BIN := .venv/bin
HOST ?= 127.0.0.1
PORT ?= 8000

.PHONY: run test lint bench clean

run: .venv/installed
	@$(BIN)/searchapp reindex corpus --index index
	@$(BIN)/searchapp serve --index index --host $(HOST) --port $(PORT)

test: .venv/developed lint
	$(BIN)/pytest -n 2

lint: .venv/developed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: .venv/developed
	$(BIN)/pip install -q -e '.[bench]'
	$(BIN)/python benchmarks/citations.py

.venv/installed: pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/pip install -q --disable-pip-version-check -e .
	@touch $@

.venv/developed: pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/pip install -q --disable-pip-version-check -e '.[dev]'
	@touch $@ .venv/installed

clean:
	rm -rf .venv index/[0-9]* index/CURRENT
