# Trede. `make help` says what there is; every target makes what it needs first.
.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
PY := .venv/bin/python
PIP := .venv/bin/pip --disable-pip-version-check --quiet install --require-hashes
export PYTHON

# The measurements and the long tests run on SQLite, or on a throw-away server with DATABASE=postgresql.
ifeq ($(DATABASE),postgresql)
ON_DATABASE := $(PY) -m tests.postgres
MEASURE_WITH := .venv/.dev
else
ON_DATABASE :=
MEASURE_WITH := .venv/.base node_modules/.done
endif

# One worker per core; a module stays with its worker, because its tests share what they set up.
PYTEST := .venv/bin/pytest -q -n auto --dist loadscope --no-loadscope-reorder

# Nothing outside the checkout is read or written by the checks that only look at the code.
LOOK := DATABASE_URL=sqlite://:memory: TREDE_DATA_DIR=$(CURDIR)/var/lint $(PY) manage.py
LOOK_AS_PRODUCTION := TREDE_ENV=production SECRET_KEY=$$($(PY) -c 'import secrets; print(secrets.token_urlsafe(64))') \
	ALLOWED_HOSTS=trede.example TREDE_ORIGIN=https://trede.example \
	DEFAULT_FROM_EMAIL=trede@trede.example EMAIL_URL=smtp://localhost:25 AUTHORITY_NAME=Body AUTHORITY_ADDRESS=Town \
	AUTHORITY_PHONE=0 AUTHORITY_EMAIL=desk@trede.example AUTHORITY_WEBSITE=https://trede.example $(LOOK)
NOT_OURS := -i node_modules -i .venv -i var -i tests -i bench -i scripts

.PHONY: help setup dev run test lint format lock bench soak messages clean

help:  ## Say what there is
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

# --- What has to be there: each stamp is made anew when what it was made from is newer -------------------------------------

.venv/.base: requirements/base.txt scripts/venv.sh
	@scripts/venv.sh
	@echo "Installing what the product runs on ..."
	@$(PIP) -r requirements/base.txt
	@touch $@

.venv/.dev: .venv/.base requirements/dev.txt requirements/schemas.txt
	@echo "Installing what testing and linting need ..."
	@$(PIP) -r requirements/dev.txt
	@$(PIP) --no-deps -r requirements/schemas.txt
	@touch $@

node_modules/.done: package-lock.json scripts/npm.sh scripts/assets.py | .venv/.base
	@echo "Installing the style sheets and letters ..."
	@scripts/npm.sh
	@touch $@

var/assets/.done: node_modules/.done scripts/assets.py
	@$(PY) scripts/assets.py
	@touch $@

.venv/.letters: .venv/.base
	@$(PY) -c "import weasyprint" 2>/dev/null || scripts/system.sh "" libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0
	@touch $@

setup: .venv/.base .venv/.letters var/assets/.done  ## Install everything that running needs
	@$(PY) scripts/messages.py

dev: setup .venv/.dev  ## Install everything that testing and linting need
	@scripts/system.sh chromium chromium
	@scripts/system.sh msgfmt gettext

# --- What one does -----------------------------------------------------------------------------------------------------------

run: setup  ## Serve on http://127.0.0.1:8000 (PORT=) with reference and demo data
	@$(PY) scripts/prepare.py
	@exec .venv/bin/gunicorn

test: dev  ## Test everything: the database part on PostgreSQL, then the whole suite on SQLite with a browser
	$(PY) -m tests.postgres $(PYTEST) -m "database and not soak"
	$(PYTEST)

lint: dev  ## Check style, templates, layers, migrations, settings and translations
	.venv/bin/ruff check --quiet .
	.venv/bin/ruff format --check --quiet .
	.venv/bin/djlint templates --lint --quiet
	.venv/bin/lint-imports --no-logo
	$(LOOK) makemigrations --check --dry-run
	$(LOOK) check --fail-level WARNING
	$(LOOK_AS_PRODUCTION) check --deploy --fail-level WARNING
	$(PY) scripts/messages.py --check

format: dev  ## Put the code in the house's form
	.venv/bin/ruff check --fix --quiet .
	.venv/bin/ruff format --quiet .

messages: dev  ## Collect the texts of the pages into locale/ and compile them
	$(LOOK) makemessages -l nl --no-location --no-obsolete $(NOT_OURS)
	$(PY) scripts/messages.py

lock: dev  ## Lock the requirements after a change of requirements/*.in (UPGRADE=1: newer versions)
	scripts/lock.sh $(if $(UPGRADE),--upgrade)

bench: setup $(MEASURE_WITH)  ## Measure (NAME=, QUICK=1, DATABASE=sqlite|postgresql); the last line is JSON
	@$(ON_DATABASE) $(PY) -m bench bench $(NAME)

soak: dev  ## Test at length (NAME=, QUICK=1, DATABASE=sqlite|postgresql); the last line is JSON
	@$(ON_DATABASE) $(PY) -m bench soak $(NAME)

clean:  ## Remove what was installed and built; the data in var/ stays
	rm -rf .venv node_modules var/assets var/lint var/static .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
	find locale -name '*.mo' -delete
