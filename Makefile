# Thin on purpose: every line below can be typed by hand in an activated environment.
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
# The lock. `make test LOCK=` installs the newest versions instead (use a fresh VENV).
LOCK ?= constraints.txt
# `make book REPLICATIONS_TIER=laptop` runs the chapters at another tier.
export REPLICATIONS_TIER = smoke
NOTEBOOKS = $(wildcard book/*.ipynb)

.PHONY: help env book test lint bench lock clean

help:
	@echo "make book    install into $(VENV), run every chapter, leave the book in _build/html"
	@echo "make test    install into $(VENV), lint, unit tests, every notebook"
	@echo "make lint    only the lint"
	@echo "make bench   training throughput beside the field's own implementations"
	@echo "make lock    renew constraints.txt with the newest versions"
	@echo "make clean   remove the book, the execution cache and $(VENV)"
	@echo "PYTHON=python3.12 picks the interpreter (3.11 to 3.13)."

env: $(VENV)/.installed

$(VENV)/.installed: pyproject.toml $(LOCK)
	@$(PYTHON) -c 'import sys; sys.exit(0 if (3, 11) <= sys.version_info < (3, 14) else "Python 3.11 to 3.13 is needed, $(PYTHON) is " + sys.version.split()[0] + ". Name another one: make PYTHON=python3.12")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install $(if $(LOCK),-c $(LOCK)) -e ".[book,test]"
	@touch $@

book: env
	@$(BIN)/python tools/build_book.py --check "tests/book"

test: lint
	$(BIN)/python -m pytest -q tests
	$(if $(NOTEBOOKS),$(BIN)/python -m pytest -q --nbmake --nbmake-timeout=600 --timeout=900 $(NOTEBOOKS))

lint: env
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

bench: env
	$(BIN)/python -m benchmarks

lock:
	$(PYTHON) tools/renew_lock.py

clean:
	rm -rf _build $(VENV) .pytest_cache .ruff_cache replications.egg-info
