# The commands that the README names; .ci/run calls the same ones.
PYTHON ?= python3
BIN := .venv/bin
HOST ?= 127.0.0.1
PORT ?= 8000

.PHONY: run test test-cluster lint api-fuzz bench bench-1m clean

run: .venv/installed
	@$(BIN)/searchapp reindex corpus --index index
	@$(BIN)/searchapp serve --index index --host $(HOST) --port $(PORT)

test: .venv/developed lint
	$(BIN)/pytest -n 2

# The tests that need a real cluster: three nodes of OpenSearch on loopback, from their archive on Maven Central.
CLUSTER ?= /tmp/searchapp-cluster
test-cluster: .venv/developed
	tests/opensearch-cluster.sh start $(CLUSTER) 3
	SEARCHAPP_TEST_EXAMPLES=7 SEARCHAPP_TEST_CLUSTER=$(CLUSTER) \
	SEARCHAPP_TEST_OPENSEARCH=http://127.0.0.1:9201,http://127.0.0.1:9202,http://127.0.0.1:9203 \
	$(BIN)/pytest tests/test_opensearch_contract.py tests/test_opensearch_index.py tests/test_opensearch_faults.py; \
	status=$$?; tests/opensearch-cluster.sh stop $(CLUSTER); exit $$status

lint: .venv/developed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# Search and indexing beside peers; ARTICLES is a JSONL file of your own.
bench: .venv/developed
	$(BIN)/pip install -q --disable-pip-version-check -e '.[bench]'
	$(BIN)/python benchmarks/speed.py --articles 100000 --peers ours,new,whole,tantivy,sqlite
	$(BIN)/python benchmarks/speed.py --articles 20000 --peers ours,new,tantivy,whoosh

# 2,300 calls of the API as its OpenAPI document describes it, and as it does not.
api-fuzz: .venv/developed
	SEARCHAPP_TEST_API_CALLS=230 $(BIN)/pytest tests/test_api_contract.py

# A million articles on a kept index: about fifteen minutes the first time.
bench-1m: .venv/developed
	$(BIN)/pip install -q --disable-pip-version-check -e '.[bench]'
	$(BIN)/python benchmarks/speed.py --articles 1000000 --syllables 250 --per-kind 4 --peers ours,tantivy --folder .bench/million

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
