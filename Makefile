# make run      the product with its demo, on services of its own; Ctrl-C stops it
# make test     the whole test-suite
# make lint     every linter
# make torture  large oracles and fault injections (TORTURE=bounded: a sample)
# make bench    the budgets, as ratios
# make setup    the environment alone
# make lock     new lock files after a change of requirements*.in
#
# PORT moves the address, DATA_DIR the data.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := run
# The distribution's build of the same version, where it can make environments: one that was built
# without profiling, as pyenv does, takes half as long again for everything.
OF_DISTRIBUTION = /usr/bin/python$(shell python3 -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null)
PYTHON ?= $(shell $(OF_DISTRIBUTION) -c 'import ensurepip, venv' 2>/dev/null && echo $(OF_DISTRIBUTION) || echo python3)
PY := .venv/bin/python
CHROMIUM := tests/ensure_chromium.sh

# A stamp bears the digest of what it installed: nothing to do until a lock file changes.
RUN_LOCKS := requirements.txt requirements-embedded.txt
DEV_LOCKS := $(RUN_LOCKS) requirements-dev.txt
digest = $(shell cat $(1) | sha256sum | cut -c1-16)
RUN_STAMP := .venv/run-$(call digest,$(RUN_LOCKS))
DEV_STAMP := .venv/dev-$(call digest,$(DEV_LOCKS))
# Debian's pip warns of how it will build packages one day: nothing that the reader could act on.
# Byte code is written when a module is first used: a third of the time saved. Elsewhere than in a
# container's image: without it each of the suite's hundred processes would compile all of Django.
unexport PYTHONDONTWRITEBYTECODE
PIP_INSTALL := $(PY) -W ignore -m pip --disable-pip-version-check install --quiet \
	--no-compile --no-deps --require-hashes

# Translations are compiled by Babel: msgfmt is not on every machine.
PO := $(wildcard locale/*/LC_MESSAGES/*.po)
MO := $(PO:.po=.mo)
HTML_CHECKER := tests/node_modules/vnu-jar/build/dist/vnu.jar

.PHONY: setup setup-dev run test lint torture bench lock messages

setup: $(RUN_STAMP) messages

setup-dev: $(RUN_STAMP) $(DEV_STAMP) messages

.venv/made:
	@command -v $(PYTHON) >/dev/null || { echo "$(PYTHON) is missing: install Python 3.11 or later (Debian: apt install python3 python3-venv)." >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "$(PYTHON) is too old: Technopark needs Python 3.11 or later; name one with PYTHON=…" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "$(PYTHON) cannot make environments (Debian: apt install python3-venv)." >&2; exit 1; }
	@$(PY) -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear .venv
	@touch $@

$(RUN_STAMP): | .venv/made
	@echo "Installing what Technopark runs on (once) …"
	@$(PIP_INSTALL) $(RUN_LOCKS:%=-r %)
	@rm -f .venv/run-*
	@touch $@

$(DEV_STAMP): | $(RUN_STAMP)
	@echo "Installing the development tools (once) …"
	@$(PIP_INSTALL) -r requirements-dev.txt
	@rm -f .venv/dev-*
	@touch $@

messages: $(MO)

%.mo: %.po | $(RUN_STAMP)
	@$(PY) -m babel.messages.frontend --quiet compile --input-file $< --output-file $@

# The supervisor ends with make, however make ends.
run: setup
	@exec $(PY) -m technopark.embedded.supervisor --parent $$PPID

# A file's tests share rows; the files begin in the order that tests/conftest.py gives them.
BY_FILE := --dist loadfile --no-loadscope-reorder

test: setup-dev
	@$(CHROMIUM)
	@$(PY) -m pytest -n 2 $(BY_FILE) -m "not torture" $(ARGS)

lint: setup-dev
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy .
	.venv/bin/lint-imports
	$(PY) -m djlint templates --check --lint --quiet
	$(PY) manage.py makemigrations --check --dry-run

# The HTML checker: a jar that npm's registry carries, run by Java.
$(HTML_CHECKER): tests/package-lock.json
	@command -v npm >/dev/null && command -v java >/dev/null || { echo "The HTML checker needs npm and Java 11 or later (Debian: apt install npm default-jre-headless)." >&2; exit 1; }
	@npm ci --prefix tests --ignore-scripts --no-audit --no-fund --silent
	@touch $@

torture: setup-dev $(HTML_CHECKER)
	@$(CHROMIUM)
	@TORTURE=$(or $(TORTURE),full) $(PY) -m pytest -n 2 $(BY_FILE) -m torture $(ARGS)

bench: setup-dev
	@$(PY) -m benchmarks $(ARGS)

COMPILE := $(PY) -m uv pip compile --quiet --generate-hashes --no-emit-index-url \
	--no-emit-find-links --python-version 3.11 --custom-compile-command "make lock"
lock: setup-dev
	$(COMPILE) requirements.in --output-file requirements.txt
	$(COMPILE) requirements-embedded.in --output-file requirements-embedded.txt
	$(COMPILE) requirements-dev.in --output-file requirements-dev.txt
