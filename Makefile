# Everything a fresh machine needs: `make demo` to look around, `make test` to check the product.
# Both may be repeated; what is there already is kept.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin

.PHONY: help demo test lint format bench bench-model bench-style bench-health hostile faults fuzz clean

help:
	@echo "make demo         install into $(VENV) and show the whole job on a sample mailbox"
	@echo "make test         the same, plus what the tests need, then every check"
	@echo "make lint         formatting, lint and types alone"
	@echo "make format       write the formatting"
	@echo "make bench        measure speed, memory and growth beside other programs, for half an hour (ONLY=first-look COUNT=2000)"
	@echo "make bench-model  measure the text model (DATA=FILE for other labelled mail)"
	@echo "make bench-style  measure what a coach's own labels bring where clients write in a way of their own (LABELS=100)"
	@echo "make bench-health measure the judgement of clients on a scripted year, and its speed"
	@echo "make hostile      read hostile mail: any folder of mail files (CORPUS=DIR), and what is made for it (LIST=1 names faults)"
	@echo "make faults       break network, server, store and service in every way and count what is lost (ROUNDS=3 KILLS=200)"
	@echo "make fuzz         feed the reader, the answers of servers and the configuration with nonsense (SECONDS=120 EXAMPLES=2000)"
	@echo "make clean        remove what the commands above made"

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or newer is needed. If it has another name: make $(MAKECMDGOALS) PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -m venv $(VENV) \
	  || { rm -rf $(VENV); echo "Python's venv module is missing. On Debian or Ubuntu: sudo apt-get install python3-venv"; exit 1; }

$(VENV)/.installed: $(BIN)/python pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/.installed-for-tests: $(BIN)/python pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[test]'
	@touch $@ $(VENV)/.installed

demo: $(VENV)/.installed
	@$(BIN)/client-monitor demo

test: $(VENV)/.installed-for-tests
	@sh tests/servers/install.sh
	$(MAKE) --no-print-directory lint
	$(BIN)/python -m pytest -n 2 --dist loadfile

lint: $(VENV)/.installed-for-tests
	$(BIN)/ruff format --check monitor tests
	$(BIN)/ruff check monitor tests
	$(BIN)/mypy

format: $(VENV)/.installed-for-tests
	$(BIN)/ruff format monitor tests
	$(BIN)/ruff check --fix monitor tests

bench: $(VENV)/.installed-for-tests
	@sh tests/servers/install.sh
	@sh tests/bench/install.sh
	@PYTHONPATH=tests $(BIN)/python -m bench

bench-model: $(VENV)/.installed-for-tests
	@$(BIN)/python -m monitor.classification.benchmark $(DATA)

bench-style: $(VENV)/.installed-for-tests
	@PYTHONPATH=tests $(BIN)/python -m bench.style

bench-health: $(VENV)/.installed-for-tests
	@PYTHONPATH=tests $(BIN)/python -m health.bench

hostile: $(VENV)/.installed-for-tests
	@PYTHONPATH=tests $(BIN)/python -m hostile.bench $(CORPUS)

faults: $(VENV)/.installed-for-tests
	@sh tests/servers/install.sh
	@PYTHONPATH=tests $(BIN)/python -m faults.bench

fuzz: $(VENV)/.installed-for-tests
	EXAMPLES=$${EXAMPLES:-2000} $(BIN)/python -m pytest -q -n 2 --timeout 3600 tests/fuzz
	@PYTHONPATH=tests $(BIN)/python -m fuzz.guided

clean:
	rm -rf $(VENV) dist build .pytest_cache client-monitor-demo.html
