# Everything runs in .venv, which `make install` makes from the locked versions in requirements.txt.
# Only Python >= 3.11, make and a package index are needed.

PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.installed
# Many tests wait for a server: two for each processor.
WORKERS = $(shell $(PYTHON) -c 'import os; print(min(2 * (os.cpu_count() or 1), 16))')

.PHONY: install install-javascript demo run test test-javascript check format lint types bench fuzz lock sources-table clean \
	bed-wordpress bed-probe bed-since bed-readers bed-serve bed-generators bed-faults bed-edits bed-outage bed-pages bed-feeds \
	pictures

install: $(STAMP)

$(STAMP): requirements.txt pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --requirement requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	touch $(STAMP)

demo: install
	$(BIN)/orebro demo

run: install
	$(BIN)/orebro run

test: install
	$(BIN)/python -m pytest --numprocesses $(WORKERS) --dist worksteal

check: install format lint types test

format: install
	$(BIN)/ruff format --check .

lint: install
	$(BIN)/ruff check .

types: install
	$(BIN)/mypy

install-javascript: install
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --requirement requirements-javascript.txt

test-javascript: install-javascript
	$(BIN)/python -m pytest tests/test_browser.py tests/test_rendering.py

bench: install
	$(BIN)/python -m benchmarks

bed-wordpress: install
	tests/beds/wordpress.sh

bed-probe: install
	tests/beds/wordpress.sh probe

bed-since: install
	tests/beds/wordpress.sh since

bed-readers: install
	tests/beds/readers.sh

bed-serve: install
	tests/beds/readers.sh serve

bed-faults: install
	tests/beds/faults.sh

bed-edits: install
	$(BIN)/python -m tests.beds.edits

bed-generators: install
	tests/beds/generators.sh

bed-outage: install
	OREBRO=$(BIN)/orebro $(BIN)/python -m tests.beds.outage

bed-feeds: install
	OREBRO=$(BIN)/orebro $(BIN)/python -m tests.beds.feeds

bed-pages: install-javascript
	OREBRO=$(BIN)/orebro $(BIN)/python -m tests.beds.pages

fuzz: install
	$(BIN)/python -m pytest --numprocesses auto --hypothesis-profile fuzz -m hypothesis

lock: install
	$(BIN)/uv pip compile --quiet --universal --extra dev --extra serve --no-header --output-file requirements.txt pyproject.toml
	$(BIN)/uv pip compile --quiet --universal --extra javascript --no-header --no-annotate \
		--constraint requirements.txt --output-file requirements-javascript.txt pyproject.toml

pictures: install-javascript
	$(BIN)/python -m docs.pictures

sources-table:
	$(PYTHON) docs/sources_table.py

clean:
	rm -rf .venv build public *.egg-info
