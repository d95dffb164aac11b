PYTHON ?= python3
BIN := .venv/bin

.PHONY: app setup setup-dev lint test weights benchmark

app: setup
	$(BIN)/streamlit run app.py

setup: .venv/app-installed

setup-dev: .venv/dev-installed

.venv/app-installed: requirements.txt
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements.txt
	touch $@

.venv/dev-installed: requirements.txt requirements-dev.txt
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	$(BIN)/python -m tests.browser
	touch $@ .venv/app-installed

lint: setup-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

test: lint
	$(BIN)/python -m pytest
