# Each of make demo, test, test-contract, check and bench works on a bare clone: only Python 3.11 or
# newer, make and git are needed. The environment is made in .venv from the lock file.

PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin

.PHONY: demo test test-contract check docs lock bench clean

# $(call with_npm,FOLDER,VARIABLE,COMMAND,OPTIONS): run a command; the variable names a folder into which
# was installed what FOLDER/package.json names, where node and npm are there.
define with_npm
@folder=$$(mktemp -d) && trap 'rm -rf "$$folder"' EXIT && \
cp $(1)/package.json $(1)/package-lock.json "$$folder" && \
if command -v node >/dev/null && command -v npm >/dev/null; then \
	(cd "$$folder" && npm ci --silent --ignore-scripts --no-audit --no-fund $(4) \
		--fetch-retries=1 --fetch-timeout=20000) || echo "npm could not install what $(1) names"; \
fi && \
$(2)="$$folder" $(3)
endef

demo: $(VENV)/ready
	$(RUN)/gnomon demo --out out

# With npm and Chromium the review application is driven in a browser too, and people sign in at an
# OpenID provider that was not written here.
SIGN_IN := tests/integrations/servers/test_sign_in.py

test: $(VENV)/ready
	$(call with_npm,tests/web/browser,GNOMON_BROWSER,$(RUN)/python -m pytest)
	$(call with_npm,tests/integrations/servers,GNOMON_CONTRACT,$(RUN)/python -m pytest $(SIGN_IN),--omit=dev)

# Servers on loopback: the contract tenants, and with node and npm some that were not written here.
# What cannot be installed is skipped, and it is said why.
CONTRACT := tests/integrations/servers tests/integrations/aws tests/integrations/test_contracts.py \
	tests/integrations/test_tenant.py tests/integrations/test_tenant_faults.py \
	tests/integrations/test_tenant_scan.py

test-contract: $(VENV)/ready
	$(call with_npm,tests/integrations/servers,GNOMON_CONTRACT,$(RUN)/python -m pytest -rs $(CONTRACT))

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
	$(RUN)/python -m benchmarks.captures
	$(RUN)/python -m benchmarks.inventory
	$(RUN)/python -m benchmarks.web
	$(RUN)/python -m benchmarks.reports

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
	rm -rf $(VENV) out benchmarks/data build dist
