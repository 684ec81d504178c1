# make demo, make test, make check and make bench each work on a bare clone: only Python 3.11 or
# newer, make and git are needed. The environment is made in .venv from the lock file.

PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin

.PHONY: demo test check docs lock bench clean

demo: $(VENV)/ready
	$(RUN)/gnomon demo --out demo

test: $(VENV)/ready
	$(RUN)/python -m pytest

check: $(VENV)/ready
	$(RUN)/ruff format --check .
	$(RUN)/ruff check .
	$(RUN)/mypy
	$(RUN)/lint-imports
	$(RUN)/gnomon signatures check
	$(RUN)/python docs/generate.py --check

docs: $(VENV)/ready
	$(RUN)/python docs/generate.py

bench: $(VENV)/ready
	$(RUN)/python -m pip install --quiet --disable-pip-version-check --editable ".[bench]"
	$(RUN)/python -m benchmarks.run $(BENCH)
	$(RUN)/python -m benchmarks.trees

# Renew the lock file after a change of the dependencies in pyproject.toml.
lock: $(VENV)/ready
	$(RUN)/python -m pip install --quiet "uv>=0.7"
	$(RUN)/uv pip compile --quiet --universal --python-version 3.11 --extra dev --generate-hashes \
		--no-emit-index-url --no-header --upgrade pyproject.toml --output-file requirements-dev.lock

$(VENV)/ready: pyproject.toml requirements-dev.lock
	$(PYTHON) -m venv $(VENV)
	$(RUN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	$(RUN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	touch $@

clean:
	rm -rf $(VENV) demo benchmarks/data build dist
