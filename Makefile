# The commands that the README names; .ci/run calls the same ones.
PYTHON ?= python3
BIN := .venv/bin
HOST ?= 127.0.0.1
PORT ?= 8000

.PHONY: run test reference release vite test-cluster parity coverage lint matrix api-fuzz fuzz bench relevance relevance-meaning bench-1m load soak ocr audit clean

run: .venv/installed
	@$(BIN)/searchapp reindex corpus --index index
	@$(BIN)/searchapp serve --index index --host $(HOST) --port $(PORT)

test: .venv/developed lint
	$(BIN)/pytest -n 2

# The tests that need a real cluster: three nodes of OpenSearch on loopback, from their archive on Maven Central.
CLUSTER ?= /tmp/searchapp-cluster
test-cluster: .venv/developed
	tests/opensearch-cluster.sh start $(CLUSTER) 3
	SEARCHAPP_TEST_EXAMPLES=3 SEARCHAPP_TEST_CLUSTER=$(CLUSTER) \
	SEARCHAPP_TEST_OPENSEARCH=http://127.0.0.1:9201,http://127.0.0.1:9202,http://127.0.0.1:9203 \
	$(BIN)/pytest tests/engines/test_opensearch_contract.py tests/engines/test_opensearch_parity.py tests/engines/test_opensearch_index.py \
	  tests/engines/test_migrate.py tests/engines/test_opensearch_faults.py; \
	status=$$?; tests/opensearch-cluster.sh stop $(CLUSTER); exit $$status

# Whether the cluster ranks as the embedded engine does, on the whole codification beside the project (or ARTICLES of
# your own): about ten minutes on two cores.
ARTICLES ?= ../shared/data/retrieval/phapdien/corpus.jsonl.gz
parity: .venv/developed
	tests/opensearch-cluster.sh start $(CLUSTER) 3
	$(BIN)/python benchmarks/parity.py $(ARTICLES) --shards 3; \
	status=$$?; tests/opensearch-cluster.sh stop $(CLUSTER); exit $$status

# The page of commands and settings, from the code.
reference: .venv/developed
	$(BIN)/python docs/reference.py > docs/reference.md
	SEARCHAPP_LANG=en $(BIN)/python docs/man.py

# The examples for React and Vue, built by Vite on this machine's Node and opened in Chromium; npm fetches Vite once.
VITE ?= /tmp/searchapp-vite
vite: .venv/developed
	mkdir -p $(VITE) && cp -r examples/react examples/vue $(VITE)
	cd packages/tim-kiem && npm pack --offline --silent --pack-destination $(VITE)
	for one in react vue; do (cd $(VITE)/$$one && npm install --no-audit --no-fund ../searchapp-tim-kiem-*.tgz) || exit 1; done
	SEARCHAPP_TEST_VITE=$(VITE) $(BIN)/pytest tests/browser/test_vite_examples.py

# What a release is made of, into dist/: wheel, source, list of parts, checksums, signed with KEY where it is given.
KEY ?=
release: .venv/developed
	$(BIN)/python deploy/release.py --out dist $(if $(KEY),--key $(KEY))

# The share of lines that the tests run in their own process, with a floor. It costs half the time of the tests again, so
# it is no part of `make test`; what browsers, servers and a cluster run is not counted.
coverage: .venv/developed
	$(BIN)/pytest -n 2 --cov=searchapp --cov-report=term:skip-covered --cov-fail-under=91 \
	  --ignore=tests/browser --ignore=tests/reliability

# The tests under every interpreter of MATRIX that is here, each in an environment of its own.
MATRIX ?= python3.11 python3.12 python3.13 python3.14
matrix:
	@for python in $(MATRIX); do \
	  command -v $$python >/dev/null || { echo "$$python: not here"; continue; }; \
	  $$python -m venv .matrix/$$python && .matrix/$$python/bin/pip install -q --disable-pip-version-check -e '.[dev]' && \
	  .matrix/$$python/bin/pytest -n 2 -q || exit 1; \
	  echo "$$python on $$(uname -m): passed"; \
	done

lint: .venv/developed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# Search and indexing beside peers, on generated articles.
bench: .venv/developed
	$(BIN)/pip install -q --disable-pip-version-check -e '.[bench]'
	$(BIN)/python benchmarks/speed.py --articles 100000 --peers ours,new,whole,tantivy,sqlite
	$(BIN)/python benchmarks/speed.py --articles 20000 --peers ours,new,tantivy,whoosh

# Ranking beside peers on the judged queries beside the project: about an hour the first time.
relevance: .venv/developed
	$(BIN)/pip install -q --disable-pip-version-check -e '.[bench]'
	$(BIN)/python benchmarks/relevance.py ../shared/data
	$(BIN)/python benchmarks/sets.py ../shared/data
	$(BIN)/python benchmarks/lay.py ../shared/data

# The same order with the extra `meaning` beside ours: the vectors of 62,000 articles take two hours once.
relevance-meaning: .venv/developed
	$(BIN)/pip install -q --disable-pip-version-check -e '.[bench,meaning]'
	$(BIN)/python benchmarks/relevance.py ../shared/data --peers ours,meaning --tasks codification,XQuAD

# 2,300 calls of the API as its OpenAPI document describes it, and as it does not.
api-fuzz: .venv/developed
	SEARCHAPP_TEST_API_CALLS=230 $(BIN)/pytest tests/web/test_api_contract.py

# What the server holds with 60,000 articles, quiet and while it is reindexed: 1, 8 and 32 clients, a minute each.
load: .venv/developed
	$(BIN)/python benchmarks/load.py

# The long versions of the reliability tests with their figures, then half an hour of eight clients while it is reindexed,
# and a thousand publishes under one reader: about an hour and a half on two cores.
soak: .venv/developed
	SEARCHAPP_TEST_SOAK=1 $(BIN)/pytest -n 2 tests/reliability
	SEARCHAPP_TEST_COST=30 $(BIN)/pytest tests/web/test_cost.py
	$(BIN)/python benchmarks/load.py --articles 10000 --clients 8 --seconds 1800 --only reindex
	SEARCHAPP_TEST_PUBLISHES=1000 $(BIN)/pytest tests/ingest/test_upgrade.py
	SEARCHAPP_TEST_MAILS=1000 $(BIN)/pytest tests/visitors/test_alerts.py -k halfway

# A million articles on a kept index: about fifteen minutes the first time.
bench-1m: .venv/developed
	$(BIN)/pip install -q --disable-pip-version-check -e '.[bench]'
	$(BIN)/python benchmarks/speed.py --articles 1000000 --syllables 250 --per-kind 4 --peers ours,tantivy --folder .bench/million

# How well scans are read: all gazette pages beside the project at three resolutions, clean and damaged: two hours.
ocr: .venv/developed
	$(BIN)/python benchmarks/ocr.py ../shared/data --dpi 150 200 300

# Known holes in what the lock file installs: asks PyPI's service, and fails where that does not know a package.
audit: .venv/developed
	$(BIN)/pip install -q --disable-pip-version-check pip-audit
	$(BIN)/pip-audit --strict --disable-pip --require-hashes --requirement requirements.lock

.venv/installed: pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/pip install -q --disable-pip-version-check -e .
	@touch $@

.venv/developed: pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/pip install -q --disable-pip-version-check -e '.[dev]'
	@touch $@ .venv/installed

# Each fuzzer for so many seconds; what it finds becomes a case in tests/cases/.
FUZZ_SECONDS ?= 120
fuzz: .venv/developed
	SEARCHAPP_TEST_BOUNDARIES=9000 $(BIN)/pytest tests/web/test_boundaries.py
	$(BIN)/pip install -q --disable-pip-version-check -e '.[fuzz]'
	for target in parser citations normaliser readers; do \
	  $(BIN)/python fuzz/text.py $$target -max_total_time=$(FUZZ_SECONDS) || exit 1; done

clean:
	rm -rf .venv index/[0-9]* index/CURRENT
