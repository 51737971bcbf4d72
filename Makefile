# radcite: every task of the project is one word. `make` alone lists them.
#
#   PYTHON=python3.12       the Python that makes .venv (3.11 or newer; found by itself otherwise)
#   TORCH_INDEX=<address>   a package index that holds a CPU build of torch (smaller download)
#   TESTS="tests/test_x.py -k name"   what `make test` hands to pytest after its checks
#   PROCESSES=0             tests in one process (2 otherwise: the browser tests run beside the others)

SHELL := /bin/bash
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

VENV := .venv
BIN := $(VENV)/bin
CODE := app evals ingest rag
TESTS ?=
PROCESSES ?= 2

# Installing is done once for each content of these two files.
PINS := $(shell cat pyproject.toml constraints.txt | cksum | tr -dc '0-9')
BASE_STAMP := $(VENV)/.radcite-$(PINS)
DEV_STAMP := $(VENV)/.radcite-dev-$(PINS)

# Installs must leave compiled bytecode behind, or every start is slow, whatever the caller's setting.
# Warnings about how setuptools makes an editable install are not the reader's business.
PIP := env -u PYTHONDONTWRITEBYTECODE PYTHONWARNINGS=ignore $(BIN)/python -m pip --disable-pip-version-check
INSTALL := $(PIP) install --quiet --compile --constraint constraints.txt

.PHONY: help
help:  ## this list
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: app
app: install  ## install, build the passage index, open the browser app
	@$(BIN)/radcite ingest
	@$(BIN)/radcite app

.PHONY: install
install: $(BASE_STAMP)  ## prepare .venv with everything the program needs
	@env -u PYTHONDONTWRITEBYTECODE $(BIN)/python -m compileall -q $(CODE)

.PHONY: install-dev
install-dev: install $(DEV_STAMP)

$(BIN)/python:
	@python="$(PYTHON)"; \
	if [ -z "$$python" ]; then \
	  for candidate in python3.11 python3.12 python3.13 python3.14 python3; do \
	    if $$candidate -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	      python=$$candidate; break; \
	    fi; \
	  done; \
	fi; \
	if [ -z "$$python" ]; then \
	  echo "radcite needs Python 3.11 or newer; found: $$(python3 --version 2>&1 || echo none)." >&2; \
	  echo "Install one, or name it: make $(MAKECMDGOALS) PYTHON=/path/to/python3.12" >&2; exit 1; \
	fi; \
	if ! "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	  echo "radcite needs Python 3.11 or newer; $$python is $$("$$python" --version 2>&1 || true)." >&2; exit 1; \
	fi; \
	if ! "$$python" -c 'import ensurepip, venv' 2>/dev/null; then \
	  echo "$$python cannot make environments: install its venv package (Debian: apt install python3-venv)." >&2; exit 1; \
	fi; \
	echo "Making $(VENV) with $$("$$python" --version) ..."; \
	"$$python" -m venv $(VENV)

# pip first: older ones search for minutes where a current one resolves at once. torch next, so that
# the build found for it (CPU where there is one) is kept by everything that asks for torch later.
$(BASE_STAMP): | $(BIN)/python
	@echo "Installing radcite into $(VENV) (a few minutes the first time) ..."
	@$(PIP) install --quiet --upgrade "pip>=25" "setuptools>=77"
	@$(INSTALL) $(if $(TORCH_INDEX),--index-url $(TORCH_INDEX)) torch
	@$(INSTALL) --no-build-isolation --editable .
	@rm -f $(VENV)/.radcite-*; touch $@

$(DEV_STAMP): | $(BASE_STAMP)
	@echo "Installing the tools of development into $(VENV) ..."
	@$(INSTALL) --no-build-isolation --editable '.[dev,evals]'
	@touch $@

.PHONY: test
test: lint types  ## lint, types and all tests that need no language model server
	@$(BIN)/python -m pytest --numprocesses $(PROCESSES) --dist loadgroup --no-loadscope-reorder $(TESTS)

.PHONY: lint
lint: install-dev  ## ruff: rules and formatting
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check

.PHONY: format
format: install-dev  ## put the code into the one format, mend what can be mended
	@$(BIN)/ruff check --fix
	@$(BIN)/ruff format

.PHONY: types
types: install-dev  ## mypy: strict on rag/, checked bodies elsewhere
	@$(BIN)/mypy

.PHONY: llm
llm: install  ## set up and start a small language model server on this machine's CPU
	@$(BIN)/python -m app.local_llm start

.PHONY: llm-stop
llm-stop:  ## end that server
	@$(BIN)/python -m app.local_llm stop

.PHONY: test-llm
test-llm: install-dev  ## the tests with that server; sets it up first (2.5 GB)
	@$(BIN)/python -m app.local_llm setup
	@$(BIN)/python -m pytest -m llm $(TESTS)

.PHONY: screenshot
screenshot: install-dev  ## take the README's picture anew from the real page
	@$(BIN)/python -m pytest -q tests/browser -k answered_beside_its_evidence
	@mkdir -p docs && cp ci-output/ask-1280-dark.png docs/ask.png

.PHONY: bench
bench: install-dev  ## measure times, document reading, ranking and all task suites; a report at the end
	@$(BIN)/python -m evals.bench_all

.PHONY: clean
clean:  ## remove .venv and everything that was built (not the index in RADCITE_HOME)
	@rm -rf $(VENV) .venv-llm models .radcite build dist ci-output *.egg-info \
	  .pytest_cache .mypy_cache .ruff_cache .hypothesis
	@find $(CODE) tests -name __pycache__ -type d -prune -exec rm -rf {} +
