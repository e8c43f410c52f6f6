# An Sinh. A fresh clone needs Python 3.11 or later, make and git; `make demo` brings the rest.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

SCALE ?= 1
SEED ?= 2024
PORT ?= 8000
CYCLE ?= 2024-09
TEST_WORKERS ?= 2
N ?= 100000
FIRST ?= 0
# What lies below ANSINH_VAR and is ours; a directory somebody chose is not removed itself.
LOCAL_DATA := demo demo.lock embedded.lock log outbox postgres.json sample secrets simulation static
ROOMS := config staff banks beneficiaries payments reconciliation mockbank

PYTHON ?= $(shell for candidate in python3 python3.13 python3.12 python3.11; do \
	$$candidate -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$candidate && break; done)
VENV := .venv
RUN := $(VENV)/bin/python
PIP := $(RUN) -m pip --disable-pip-version-check -qq
PANGO := libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0

# A stamp is named after what it stands for, so that changed requirements are installed and unchanged ones cost nothing.
hash_of = $(shell cat $(1) | cksum | cut -d' ' -f1)
RUN_STAMP := $(VENV)/run-$(call hash_of,requirements.txt).stamp
# Packages An Sinh is measured against, of which some want older versions than it does.
BENCH_VENV := .venv-bench
BENCH_STAMP := $(BENCH_VENV)/bench-$(call hash_of,requirements-bench.txt).stamp
DEV_STAMP := $(VENV)/dev-$(call hash_of,requirements.txt requirements-dev.txt).stamp

.PHONY: help setup demo serve demo-topup demo-post demo-month-end prove bench-intake bench-open-work bench-reconciliation bench-files bench-payments bench-reports test test-slow simulate fault-run lint format stop clean

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup: $(RUN_STAMP) ## the Python environment, and Pango for PDF

demo: setup ## a sample province, paid for a quarter, proved and reported (SCALE=1 SEED=2024)
	$(RUN) manage.py demo --scale $(SCALE) --seed $(SEED)

serve: setup ## the product on the demo's data: API and start page (PORT=8000)
	$(RUN) manage.py serve --port $(PORT)

demo-topup: setup ## while make serve runs: the Treasury's money arrives at the sample bank (MONTH=2024-10 AMOUNT=500.000.000 ACCOUNT=TK-971)
	@ANSINH_DATABASE=ansinh_demo $(RUN) manage.py demo_desk topup $(if $(MONTH),--month $(MONTH)) $(if $(AMOUNT),--amount $(AMOUNT)) $(if $(ACCOUNT),--account $(ACCOUNT))

demo-post: setup ## the post office pays the cash list in FILE=… and writes its result beside it
	@ANSINH_DATABASE=ansinh_demo $(RUN) manage.py demo_desk post $(if $(MONTH),--month $(MONTH)) $(FILE)

demo-month-end: setup ## the bank's days go by to the end of the month (MONTH=2024-10); its statements are written to var/demo/sao-ke
	@ANSINH_DATABASE=ansinh_demo $(RUN) manage.py demo_desk month-end $(if $(MONTH),--month $(MONTH))

prove: setup ## the proof of one cycle of the demo (CYCLE=2024-08)
	@ANSINH_DATABASE=ansinh_demo $(RUN) manage.py prove $(CYCLE)

bench-intake: $(DEV_STAMP) ## reading a registry of 27,000 rows beside openpyxl
	$(RUN) -m benches.intake

bench-open-work: $(DEV_STAMP) ## claiming and moving payments with and without the indexes of open work
	$(RUN) manage.py migrate -v 0
	$(RUN) -m benches.open_work

bench-reconciliation: $(DEV_STAMP) ## reading and matching statements beside their floors (ENTRIES=300000 GROWTH=1000000)
	$(RUN) manage.py migrate -v 0
	$(RUN) -m benches.reconciliation --entries $(if $(ENTRIES),$(ENTRIES),300000) --growth $(if $(GROWTH),$(GROWTH),1000000)

bench-files: $(DEV_STAMP) ## whole cycles through ISO 20022 files, beside the API of the same bank (PEOPLE="10000 100000")
	$(RUN) -m benches.files --people $(if $(PEOPLE),$(PEOPLE),10000 100000)

bench-payments: $(DEV_STAMP) ## the budgets of payments, each beside its floor (PARTS="build send files webhook status" PEOPLE=300000 ROUNDS=5)
	$(RUN) -m benches.payments $(PARTS) --people $(if $(PEOPLE),$(PEOPLE),300000) --rounds $(if $(ROUNDS),$(ROUNDS),5)

bench-reports: $(DEV_STAMP) ## monthly lists, the report and the export to Excel beside plain writers
	$(RUN) -m benches.reports

test: $(DEV_STAMP) ## all tests but the slow ones
	$(RUN) -m pytest -n $(TEST_WORKERS) --dist loadfile -m "not slow"

test-slow: $(DEV_STAMP) ## faults, simulation, fresh clone; no slow test at all is no failure
	@command -v ip >/dev/null || $(MAKE) --no-print-directory ip
	@command -v chromium >/dev/null || $(MAKE) --no-print-directory chromium
	$(RUN) -m pytest -n $(TEST_WORKERS) --dist loadfile -m slow || [ $$? -eq 5 ]

simulate: $(DEV_STAMP) ## many simulated schedules of faults (N=100000 FIRST=0, or FRESH=1 for seeds nobody has played)
	$(RUN) -m tests.simulation --seeds $(N) --first $(FIRST) $(if $(FRESH),--fresh)

fault-run: $(DEV_STAMP) ## real processes under fire: kills, lost answers, a forgetful broker (N=20000)
	$(RUN) -m tests.e2e.fault_run $(if $(filter command line,$(origin N)),$(N),20000)

lint: $(DEV_STAMP) ## style, types, direction of imports
	$(RUN) -m ruff check .
	$(RUN) -m ruff format --check .
	$(RUN) -m mypy $(ROOMS)
	$(VENV)/bin/lint-imports

format: $(DEV_STAMP) ## apply the style
	$(RUN) -m ruff check --fix .
	$(RUN) -m ruff format .

stop: ## end the embedded PostgreSQL and Redis
	@[ ! -x $(RUN) ] || $(RUN) -m config.embedded stop

clean: ## end them and delete all local data, keys and caches; the Python environment stays
	@[ ! -x $(RUN) ] || $(RUN) -m config.embedded remove
	@[ ! -d "$${ANSINH_VAR:-}" ] || (cd "$$ANSINH_VAR" && rm -rf $(LOCAL_DATA))
	@find . -name __pycache__ -not -path './.venv*' -prune -exec rm -rf {} +
	rm -rf var .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache

$(VENV)/bin/pip:
	@[ -n "$(PYTHON)" ] || { echo "Python 3.11 or later is missing: apt-get install python3 python3-venv" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
		echo "Python can't make an environment: apt-get install python3-venv" >&2; exit 1; }

$(RUN_STAMP): requirements.txt | $(VENV)/bin/pip
	@echo "Installing $$(grep -c == requirements.txt) packages of requirements.txt; without a cache it takes some two minutes and says nothing meanwhile ..."
	@$(PIP) install -r requirements.txt
	@$(RUN) -c 'import ctypes, weasyprint; ctypes.CDLL("libharfbuzz-subset.so.0")' 2>/dev/null || $(MAKE) --no-print-directory pango
	@rm -f $(VENV)/run-*.stamp && touch $@

$(DEV_STAMP): requirements-dev.txt $(RUN_STAMP)
	@echo "Installing $$(grep -c == requirements-dev.txt) packages of requirements-dev.txt ..."
	@$(PIP) install -r requirements-dev.txt
	@rm -f $(VENV)/dev-*.stamp && touch $@

$(BENCH_STAMP): requirements-bench.txt $(RUN_STAMP)
	@echo "Installing requirements-bench.txt ..."
	@$(RUN) -m venv $(BENCH_VENV)
	@$(BENCH_VENV)/bin/python -m pip --disable-pip-version-check -qq install -r requirements-bench.txt
	@rm -f $(BENCH_VENV)/bench-*.stamp && touch $@

.PHONY: pango
pango:
	@if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo "Installing Pango ..."; \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends $(PANGO) >/dev/null; \
	else \
		echo "Pango, which draws the PDFs, is missing: sudo apt-get install $(PANGO)" >&2; exit 1; \
	fi
	@$(RUN) -c 'import weasyprint'

.PHONY: chromium
chromium:
	@if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo "Installing Chromium, for the test in a browser ..."; \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends chromium >/dev/null || true; \
	else \
		echo "Without Chromium the test in a browser is skipped: sudo apt-get install chromium" >&2; \
	fi

.PHONY: ip
ip:
	@if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo "Installing iproute2, for the test of two hosts ..."; \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends iproute2 >/dev/null || true; \
	else \
		echo "Without the program ip the test of two hosts is skipped: sudo apt-get install iproute2" >&2; \
	fi

.PHONY: java
java:
	@if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo "Installing Java, for Spark ..."; \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends openjdk-17-jre-headless >/dev/null || true; \
	else \
		echo "Without Java the Spark path is not measured: sudo apt-get install openjdk-17-jre-headless" >&2; \
	fi

.PHONY: bench-matching
bench-matching: $(DEV_STAMP) $(BENCH_STAMP) ## accuracy, time and memory of identity matching, beside Splink, on public data and on Spark
	$(RUN) -m benches.matching
	$(RUN) -m benches.matching --growth
	$(BENCH_VENV)/bin/python -m benches.matching.public.write --out var/bench/public
	$(RUN) -m benches.matching.public
	@command -v java >/dev/null || $(MAKE) --no-print-directory java
	@! command -v java >/dev/null || { $(PIP) install -r requirements-spark.txt && $(RUN) -m benches.matching.spark; }
