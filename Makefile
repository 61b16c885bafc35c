# make run    the demo office on http://127.0.0.1:8000   (PORT=9000 make run for another port)
# make test   every test that can run here; what is skipped is listed with its reason
# The rest, and what each needs, stands in README.md.

PYTHON ?=
PORT ?= 8000
ARGS ?=
DATABASE := sqlite
PDF :=
BIN := .venv/bin
PO := $(wildcard portal/translations/*/LC_MESSAGES/messages.po)
MO := $(PO:.po=.mo)
UV_VERSION := 0.13.9

$(if $(filter sqlite postgres,$(DATABASE)),,$(error DATABASE is sqlite or postgres, not "$(DATABASE)"))

.DEFAULT_GOAL := help
.PHONY: help install venv run test lint format bench messages migration lock clean

help:
	@sed -n 's/^# \{0,1\}//p' Makefile | head -3

# --- environment: each stamp is renewed only when its lock or setup.cfg changed ---------------------------

.venv/.made:
	@found=; for candidate in $(or $(PYTHON),python3 python3.14 python3.13 python3.12 python3.11); do \
	    if "$$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	        found="$$candidate"; break; fi; done; \
	if [ -z "$$found" ]; then \
	    echo "This needs Python 3.11 or newer, and none was found. Install it, or name one: make run PYTHON=/path/to/python3" >&2; \
	    exit 1; fi; \
	if ! "$$found" -c 'import ensurepip, venv' 2>/dev/null; then \
	    echo "$$found cannot make virtual environments. On Debian or Ubuntu: apt-get install python3-venv" >&2; \
	    exit 1; fi; \
	echo "Making .venv with $$($$found --version)"; \
	"$$found" -m venv .venv
	@touch $@

.venv/.runtime: .venv/.made requirements.lock setup.cfg pyproject.toml
	@echo "Installing requirements.lock"
	@$(BIN)/python -m pip install --disable-pip-version-check --quiet --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --disable-pip-version-check --quiet --no-deps --no-build-isolation -e .
	@touch $@

.venv/.postgres: .venv/.made requirements-postgres.lock setup.cfg pyproject.toml
	@echo "Installing requirements-postgres.lock"
	@$(BIN)/python -m pip install --disable-pip-version-check --quiet --require-hashes -r requirements-postgres.lock
	@$(BIN)/python -m pip install --disable-pip-version-check --quiet --no-deps --no-build-isolation -e .
	@touch .venv/.runtime $@

.venv/.pdf: .venv/.runtime requirements-pdf.lock
	@echo "Installing requirements-pdf.lock"
	@$(BIN)/python -m pip install --disable-pip-version-check --quiet --require-hashes -r requirements-pdf.lock
	@touch $@

.venv/.dev: .venv/.made requirements-dev.lock requirements.lock setup.cfg pyproject.toml
	@echo "Installing requirements-dev.lock"
	@$(BIN)/python -m pip install --disable-pip-version-check --quiet --require-hashes -r requirements-dev.lock
	@$(BIN)/python -m pip install --disable-pip-version-check --quiet --no-deps --no-build-isolation -e .
	@touch .venv/.runtime $@

%.mo: %.po | .venv/.runtime
	@$(BIN)/pybabel --quiet compile -i $< -o $@ -l $(notdir $(patsubst %/LC_MESSAGES/,%,$(dir $<)))

# What production needs: the runtime lock and the compiled translations. DATABASE=postgres takes psycopg along, PDF=1
# what draws papers as PDF.
install: .venv/.$(if $(filter postgres,$(DATABASE)),postgres,runtime) $(if $(PDF),.venv/.pdf) $(MO)

# What a developer needs besides.
venv: .venv/.dev $(MO)

# --- the program -----------------------------------------------------------------------------------------

run: export PORTAL_DEMO = 1
run: export PORTAL_CLOCK ?= 2024-10-21T13:00:00+07:00
run: export PORT := $(PORT)
run: install
	@$(BIN)/portal init
	@$(BIN)/portal demo
	@exec $(BIN)/portal serve

# --- checks ----------------------------------------------------------------------------------------------

# PORTAL_TEST_REQUIRE_ALL=1 turns every skip into a failure. ARGS reach pytest: make test ARGS="-k visits"
# One worker a core, each taking over what another has left. Bytecode is kept even where the machine says not to: each
# worker, and each program that a test starts, would otherwise compile everything again.
test: venv
	@env -u PYTHONDONTWRITEBYTECODE $(BIN)/python -m pytest -q -n auto --dist worksteal $(ARGS)

lint: venv
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: venv
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: venv
	@$(BIN)/python -m tests.bench $(ARGS)

# --- upkeep ----------------------------------------------------------------------------------------------

# The page texts in the source are Indonesian; the en_GB catalogue translates them.
messages: .venv/.dev
	@mkdir -p build portal/translations
	@printf '[python: portal/**.py]\n[jinja2: templates/**.html]\n[jinja2: templates/**.txt]\n' > build/babel.cfg
	@$(BIN)/pybabel --quiet extract -F build/babel.cfg -o build/messages.pot --project=portal --version=0 \
	    --add-location=file --no-wrap -k lazy_gettext -k lazy_ngettext:1,2 -k lazy_pgettext:1c,2 .
	@test -e portal/translations/en_GB/LC_MESSAGES/messages.po || \
	    $(BIN)/pybabel --quiet init -i build/messages.pot -d portal/translations -l en_GB --no-wrap
	@$(BIN)/pybabel --quiet update -i build/messages.pot -d portal/translations -l en_GB \
	    --no-wrap --no-fuzzy-matching --ignore-obsolete
	@$(BIN)/pybabel compile -d portal/translations --statistics

# The migration that the tables ask for: make migration M="what and why". Read what it wrote.
migration: .venv/.dev
	@$(BIN)/python -m migrations "$(M)"

# All locks from setup.cfg, with hashes, for every Python and platform at once. ARGS=--upgrade takes newer releases.
LOCK = env -u UV_INDEX -u UV_DEFAULT_INDEX -u UV_INDEX_URL -u UV_EXTRA_INDEX_URL -u UV_FIND_LINKS build/lock/bin/uv --no-config \
    pip compile --quiet --universal --python-version 3.11 --generate-hashes --custom-compile-command "make lock" $(ARGS)
lock: .venv/.made
	@test -x build/lock/bin/uv || $(BIN)/python -m venv build/lock
	@build/lock/bin/python -m pip install --disable-pip-version-check --quiet uv==$(UV_VERSION)
	@$(LOCK) --extra build -o requirements.lock setup.cfg
	@$(LOCK) --extra build --extra dev -c requirements.lock -o requirements-dev.lock setup.cfg
	@$(LOCK) --extra build --extra postgres -c requirements-dev.lock -o requirements-postgres.lock setup.cfg
	@$(LOCK) --extra build --extra pdf -c requirements-dev.lock -o requirements-pdf.lock setup.cfg
	@rm -rf portal.egg-info

clean:
	rm -rf .venv build *.egg-info .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
