# Two commands are all a newcomer needs: `make demo` and `make test`. Both make .venv on their own, with pip alone.

PYTHON ?= python3
BIN := .venv/bin
PYTEST_ARGS ?=
JUDGE_ARGS ?=
# As pip does for what it installs: where PYTHONDONTWRITEBYTECODE is set, every start would compile the source again.
BYTE_CODE = $(BIN)/python -m compileall -q src
RULEBOOK := src/pgfpmlint/registry/data/rulebook.json

.PHONY: demo test lint types contracts docs linkcheck pytest judge rules proofs bench clean

demo: .venv/installed $(RULEBOOK)
	@echo '$$ cd examples/webshop && pgfpmlint check'
	@cd examples/webshop && ../../$(BIN)/pgfpmlint check; code=$$?; \
		echo "exit code $$code: the example has faults on purpose, and a linter that finds some answers 1"; \
		test $$code -eq 1

test: lint types contracts docs pytest

lint: .venv/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: .venv/dev
	$(BIN)/mypy

contracts: .venv/dev
	$(BIN)/lint-imports

# The site, in build/docs. Its pages about rules and symptoms are made from rules/; every warning is an error, among them
# references that lead nowhere.
docs: .venv/dev $(RULEBOOK)
	$(BIN)/python -m sphinx -j 2 -q -W --keep-going -n -d build/doctrees docs build/docs

# Whether other sites still have the pages that we point to; not a part of the tests, for the network is no judge.
linkcheck: .venv/dev $(RULEBOOK)
	$(BIN)/python -m sphinx -q -b linkcheck -d build/doctrees docs build/linkcheck

# -n 2: most of the time goes into waiting for real servers; a group of tests that share one stays on one worker.
pytest: .venv/dev $(RULEBOOK)
	$(BIN)/python -m pytest -n 2 --dist loadgroup -rs $(PYTEST_ARGS)

# Every version of the servers that can be had, on tens of thousands of files that are made for the purpose; as root,
# because the servers run caged. JUDGE_ARGS="--inputs 2000 --only php-fpm" makes it short.
judge: .venv/dev $(RULEBOOK)
	.ci/servers
	.ci/more-servers
	cd tests && PYTHONPATH=../src ../$(BIN)/python -m servers.judge $(JUDGE_ARGS)

rules: $(RULEBOOK)

# pip compiles the rule book as well, when it installs; this keeps up with edits after that.
$(RULEBOOK): $(shell find rules src/pgfpmlint/checks -name '*.yaml' -o -name '*.py') $(wildcard src/pgfpmlint/registry/*.py) | .venv/installed
	$(BIN)/python -c 'from pathlib import Path; from pgfpmlint.registry.compile import compile_rule_book; \
		compile_rule_book(Path("rules"), Path("$(dir $@)"))'

# docs/proofs.md: which rules were seen to be right on real servers.
proofs: .venv/installed
	$(BIN)/python tools/list_proofs.py

bench: .venv/installed $(RULEBOOK)
	$(BIN)/python tools/bench_startup.py
	$(BIN)/python tools/bench_fleet.py

clean:
	rm -rf .venv dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10))' \
		|| { echo 'pgfpmlint needs Python 3.10 or newer; type: make PYTHON=/path/to/python3.11 demo'; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null \
		|| { echo 'This Python cannot make virtual environments; Debian keeps that part in a package of its own.'; \
		     echo 'Type: sudo apt-get install python3-venv'; exit 1; }
	$(PYTHON) -m venv .venv

.venv/installed: .venv/bin/python pyproject.toml hatch_build.py
	$(BIN)/python -m pip install --quiet --editable .
	@$(BYTE_CODE)
	@touch $@

.venv/dev: .venv/bin/python pyproject.toml hatch_build.py
	$(BIN)/python -m pip install --quiet --editable '.[dev]'
	@$(BYTE_CODE)
	@touch $@ .venv/installed
