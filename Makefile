# What a person or CI runs. `make setup` needs Python 3.11 or newer with its venv module, git and make, and nothing else.
# Without a change to pyproject.toml or requirements.lock it does nothing and needs no network.

PYTHONS ?= python3.13 python3.12 python3.11 python3
BIN := .venv/bin
READY := .venv/.ready

.PHONY: setup demo test check bench lock clean fuzz fuzz-code denied docs

setup: $(READY)

$(READY): pyproject.toml requirements.lock
	@if ! $(BIN)/python -c 'import pip' 2>/dev/null; then \
	    found= old=; \
	    for name in $(PYTHONS); do \
	        $$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue; \
	        if $$name -c 'import ensurepip, venv' 2>/dev/null; then found=$$name; break; fi; \
	        old=$${old:-$$name}; \
	    done; \
	    if [ -z "$$found" ] && [ -n "$$old" ]; then \
	        echo "make: \`$$old\` cannot make virtual environments: its modules venv and ensurepip are missing" >&2; \
	        echo "  try: apt-get install python3-venv" >&2; exit 2; \
	    elif [ -z "$$found" ]; then \
	        echo "make: no Python 3.11 or newer found: looked for $(PYTHONS)" >&2; \
	        echo "  try: apt-get install python3 python3-venv, or make setup PYTHONS=/path/to/python" >&2; exit 2; \
	    fi; \
	    rm -rf .venv && $$found -m venv .venv; \
	fi
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

demo: $(READY)
	@$(BIN)/reach from sg-a to rds --snapshot demo

test: $(READY)
	$(BIN)/python -m pytest -n auto --dist worksteal

check: $(READY)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/python -m pytest --quiet tests/packaging/test_limits.py

# The rows that show each explanation code, and what documents show of the program; look at the difference.
docs: $(READY)
	REACH_WRITE_DOCS=1 $(BIN)/python -m pytest --quiet tests/semantics
	REACH_WRITE_DOCS=1 $(BIN)/python -m pytest --quiet tests/docs

fuzz: setup ## many more random networks than `make test` tries
	REACH_FUZZ_NETWORKS=$${REACH_FUZZ_NETWORKS:-20000} .venv/bin/python -m pytest -n 2 tests/differential

fuzz-code: $(READY) ## many more mutated plans, states and templates than `make test` tries
	REACH_FUZZ_CODE=$${REACH_FUZZ_CODE:-10000} $(BIN)/python -m pytest -n 2 tests/iac/test_fuzz*.py

denied: $(READY) ## each row of the truth table again, with each call denied that it needs: some minutes
	$(BIN)/python -m pytest -n0 --quiet -p tests.collect.denied tests/semantics

bench: $(READY)
	$(BIN)/python -m benchmarks.cold_start
	$(BIN)/python -m benchmarks.scale --json build/benchmarks/scale.json
	$(BIN)/python -m benchmarks.peers --json build/benchmarks/peers.json

# One lock for every Python and platform, and the part of it that running the program needs, for action.yml. Pins stay as they are; `make lock UPGRADE=--upgrade` takes the newest of all.
lock: $(READY)
	$(BIN)/uv pip compile pyproject.toml --all-extras --group dev --universal --python-version 3.11 --generate-hashes \
	    --no-emit-index-url --no-emit-find-links --custom-compile-command 'make lock' --quiet $(UPGRADE) --output-file requirements.lock
	$(BIN)/uv pip compile pyproject.toml --constraint requirements.lock --universal --python-version 3.11 --generate-hashes \
	    --no-emit-index-url --no-emit-find-links --custom-compile-command 'make lock' --quiet --output-file requirements-run.lock

clean:
	rm -rf .venv dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find analyzer/ models/ tests/ -name __pycache__ -type d -prune -exec rm -rf {} +
