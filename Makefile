# Two commands matter: `make run` and `make test`. Everything they need goes into .venv/, nothing outside the checkout.

VENV := .venv
BIN := $(VENV)/bin
UV_VERSION := 0.13.9
UV := $(BIN)/uv
# --no-emit-index-url and --no-header: a lock names packages and hashes, never the host they came from.
COMPILE := $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header
INSTALL := $(UV) pip install --quiet --python $(BIN)/python --compile-bytecode
RUN_READY := $(VENV)/.ready-to-run
TEST_READY := $(VENV)/.ready-to-test
ROOMS := engine plans models services notifications wiring tasks flows runtime simulation web cli

ARGS ?=
SEEDS ?= 200

.DEFAULT_GOAL := help
.PHONY: help setup run test lint typecheck bench bundle lock docs guide simulate clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

setup: $(RUN_READY) ## Make .venv/ with the locked dependencies (a few seconds; instant the second time)

run: $(RUN_READY) ## Start everything with the demonstration; prints addresses and sign-ins; Ctrl-C stops it (ARGS="--port 9000")
	@exec $(BIN)/dondoc up $(ARGS)

test: lint typecheck ## Everything: lint, types, import directions, all tests (ARGS="-k name" for some)
	@exec $(BIN)/pytest -n auto --maxprocesses 8 $(ARGS)

lint: $(TEST_READY) ## Rules of style and the one direction of imports
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --check --quiet . || { echo "Run: $(BIN)/ruff format"; exit 1; }
	@told=$$($(BIN)/lint-imports --no-logo) || { echo "$$told"; exit 1; }

typecheck: $(TEST_READY) ## mypy --strict
	@$(BIN)/mypy

bench: $(TEST_READY) ## Measure beside a floor taken in the same run
	@exec $(BIN)/python -m benchmarks $(ARGS)

bundle: $(RUN_READY) ## Make build/dondoc-….tar.gz, which installs on a machine without a network (docs/operations.md)
	@$(BIN)/python -m bundling $(ARGS)

simulate: $(RUN_READY) ## Replay the whole plan with many seeds and check the invariants after each day (SEEDS=200)
	@exec $(BIN)/dondoc simulate --seeds $(SEEDS) $(ARGS)

guide: $(TEST_READY) ## Take the pictures of the users' guide (docs/huong-dan) again from a fresh demonstration
	@$(BIN)/python -m tests.browser.guide

docs: $(RUN_READY) ## Write the generated pages again (docs/settings.md, docs/cli.md, docs/transitions.md, docs/notices.md)
	@$(BIN)/python -m wiring.settings_docs > docs/settings.md
	@$(BIN)/python -m cli.reference > docs/cli.md
	@$(BIN)/python -m cli.transition_docs > docs/transitions.md
	@$(BIN)/python -m notifications.notice_docs > docs/notices.md

lock: $(UV) ## Resolve requirements*.in into the hashed locks (ARGS=--upgrade for newer versions)
	@$(COMPILE) $(ARGS) requirements.in -o requirements.lock
	@$(COMPILE) $(ARGS) requirements-dev.in -o requirements-dev.lock

clean: ## Remove .venv/ and every cache; data/ stays
	@rm -rf $(VENV) build *.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	@find $(ROOMS) tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +

# uv installs the lock in seconds where pip takes minutes. The environment itself is the standard library's venv.
$(UV):
	@python=; for candidate in $${PYTHON:-} python3 python3.14 python3.13 python3.12 python3.11 python; do \
	  if $$candidate -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then python=$$candidate; break; fi; done; \
	if [ -z "$$python" ]; then \
	  echo "Đôn Đốc needs Python 3.11 or newer; found: $$(python3 --version 2>&1 || true)."; \
	  echo "Install it, or name it: make $(firstword $(MAKECMDGOALS)) PYTHON=/path/to/python3.11"; exit 1; fi; \
	echo "Making $(VENV) with $$($$python --version)"; \
	$$python -m venv $(VENV) && $(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

# Prefect imported without bytecode takes twice as long: everything is compiled once, here.
$(RUN_READY): $(UV) requirements.lock pyproject.toml
	@echo "Installing the locked dependencies"
	@$(INSTALL) --require-hashes -r requirements.lock
	@$(INSTALL) --no-deps --no-build-isolation --editable .
	@$(BIN)/python -m compileall -q $(ROOMS)
	@touch $@

$(TEST_READY): $(RUN_READY) requirements-dev.lock
	@echo "Installing what the tests need"
	@$(INSTALL) --require-hashes -r requirements-dev.lock
	@touch $@
