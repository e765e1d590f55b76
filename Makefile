# Thin on purpose: every line below can be typed by hand in an activated environment.
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
# The lock. `make test LOCK=` installs the newest versions instead (use a fresh VENV).
LOCK ?= constraints.txt
# `make book REPLICATIONS_TIER=laptop` runs the chapters at another tier.
export REPLICATIONS_TIER ?= smoke
# One thread for each program. The tensors of the chapters are small: with more, idle threads wait
# for each other by spinning, and beside three busy programs a chapter takes ten times as long.
export OMP_NUM_THREADS ?= 1
NOTEBOOKS = $(wildcard book/*.ipynb)
# Tests run in so many processes, of 2 to 6 GB each; a file stays in one, as its fixtures are made
# once for all its tests. `make test JOBS=0` runs them one after the other, as for a debugger.
JOBS ?= 2
SIDE_BY_SIDE = -n $(JOBS) --dist loadfile

.PHONY: help env book lab test unit notebooks lint bench lock clean

help:
	@echo "make book       install into $(VENV), run every chapter, leave the book in _build/html"
	@echo "make lab        install into $(VENV), open the chapters in JupyterLab"
	@echo "make test       install into $(VENV), lint, unit tests, every notebook"
	@echo "make unit       only the unit tests"
	@echo "make notebooks  only the notebooks"
	@echo "make lint       only the lint"
	@echo "make bench      training throughput beside the field's own implementations"
	@echo "make lock       renew constraints.txt with the newest versions"
	@echo "make clean      remove the book, the execution cache and $(VENV)"
	@echo "PYTHON=python3.12 picks the interpreter (3.11 to 3.13)."

env: $(VENV)/.installed
ifneq ($(origin PYTHON),file)
	@$(PYTHON) tools/check_python.py --same-as $(BIN)/python
endif

$(VENV)/.installed: pyproject.toml $(LOCK)
	@$(PYTHON) tools/check_python.py
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install $(if $(LOCK),-c $(LOCK)) -e ".[book,test]"
	@# So that the first command that somebody types need not read all recipes.
	-@$(BIN)/replicate list >/dev/null
	@touch $@

$(VENV)/.lab: $(VENV)/.installed
	$(BIN)/python -m pip install $(if $(LOCK),-c $(LOCK)) -e ".[book,test,lab]"
	@touch $@

book: env
	@$(BIN)/python tools/build_book.py --check "tests/book"

lab: env $(VENV)/.lab
	$(BIN)/jupyter-lab book

test: lint unit notebooks

unit: env
	$(BIN)/python -m pytest -q $(SIDE_BY_SIDE) tests

notebooks: env
	$(if $(NOTEBOOKS),$(BIN)/python -m pytest -q $(SIDE_BY_SIDE) --nbmake --nbmake-timeout=600 --timeout=900 $(NOTEBOOKS))

lint: env
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

bench: env
	$(BIN)/python -m benchmarks

lock:
	$(PYTHON) tools/renew_lock.py

clean:
	rm -rf _build $(VENV) .pytest_cache .ruff_cache replications.egg-info
