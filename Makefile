PYTHON ?= python3
BIN := .venv/bin
NPM := $(shell command -v npm 2>/dev/null)
SHIPPED := \
  rnn-many_to_one-classroom rnn-many_to_many-classroom \
  cnn_rnn-many_to_one-classroom cnn_rnn-many_to_many-classroom \
  rnn-many_to_one-2016 rnn-many_to_many-2016 \
  cnn_rnn-many_to_one-2016 cnn_rnn-many_to_many-2016 \
  lstm-many_to_one-10_epochs gru-many_to_one-10_epochs \
  cnn_rnn-many_to_one-rows cnn_rnn-many_to_many-rows \
  one_to_one-classroom one_to_many-classroom

# Before pip has its say, which is long where something is missing.
WHERE = @echo "Installing for $$($(PYTHON) --version) on $$(uname -sm). The app needs Python 3.11 or" \
  "newer; training needs Python 3.11 to 3.13, on Linux or on a Mac with Apple silicon."

.PHONY: app audit setup lint test weights

app: .venv/app-installed
	$(BIN)/streamlit run app.py

setup: .venv/dev-installed

.venv/app-installed: requirements.txt
	$(WHERE)
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements.txt
	touch $@

.venv/dev-installed: requirements.txt requirements-cluster.txt requirements-dev.txt
	$(WHERE)
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	$(BIN)/python -m tests.browser
	touch $@ .venv/app-installed

# The JavaScript is checked where there is npm; the app and its tests do without.
node_modules/.installed: package.json
	npm install --silent --no-package-lock --no-audit --no-fund
	touch $@

lint: setup $(if $(NPM),node_modules/.installed)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(if $(NPM),npx biome check)
	$(if $(NPM),npx tsc)

# A training makes way for everything else (nice); the tests that wait for it must not be in its way.
test: lint
	nice -n 19 $(BIN)/python -m pytest --numprocesses 3 --dist loadfile --no-loadscope-reorder

# Asks an advisory service on the network, with a tool kept apart from the app.
audit:
	$(PYTHON) -m venv .venv/audit
	.venv/audit/bin/pip install --quiet --disable-pip-version-check -r requirements-audit.txt
	.venv/audit/bin/pip-audit -r requirements.txt

# Trains every reader that ships, from nothing.
weights: .venv/app-installed
	for preset in $(SHIPPED); do \
	  $(BIN)/python -m mnist_rnn train --preset $$preset --out weights/$$preset.safetensors \
	    || exit; \
	done
