# Lapor Anonim. `make help` lists what can be done; every target installs what it needs first.
# Settings come from the environment or the command line, e.g. `make run PORT=9000 DATA_DIR=/tmp/lapor`.

.DEFAULT_GOAL := help
SHELL := /bin/sh
PY := .venv/bin/python
export LC_ALL := C.UTF-8

# Tests wait a third of their time, for a browser or a process of their own. Of 870 seconds three workers left two cores
# idle a fifth: two workers more than there are cores.
WORKERS ?= $(shell expr $$(getconf _NPROCESSORS_ONLN) + 2)
# A worker that dies ends the run: xdist would give its whole file to the next one, which dies of the same test.
workers = -n $(WORKERS) --dist loadfile --no-loadscope-reorder --max-worker-restart 0

say = @printf '%s\n' "== $(1)"
# Tests that call make are no part of the make that runs them.
pytest_all = MAKEFLAGS= $(PY) -m pytest $(workers) $(if $(WHOLE)$(COVERAGE),,-m "not long") --durations=20 --durations-min=5
demo_office = DATA_DIR="$${DATA_DIR:-build/demo}" && export DATA_DIR && $(PY) -m infra.demo && exec $(PY) -m functions.local

.PHONY: help
help: ## List all targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-20s %s\n", $$1, $$2 }' Makefile

.PHONY: demo
demo: ## See it at work: an invented year of a regency, then as `make run` (PORT, DATA_DIR; build/demo if not set)
	@sh infra/bootstrap.sh run
	@$(demo_office)

.PHONY: run
run: ## Try it on this machine: portal, doors and courier on 127.0.0.1 (PORT, DATA_DIR, STORE; DEMO=1 as `make demo`)
	@sh infra/bootstrap.sh run
	@if [ -n "$(DEMO)" ]; then $(demo_office); elif [ "$(STORE)" = dynamodb ]; then exec sh infra/run-dynamodb.sh; else exec $(PY) -m functions.local; fi

.PHONY: serve
serve: ## A small office: the same, with mail really sent and no /dev pages (MAIL=smtp SMTP_HOST=..., PUBLIC_URL=https://...)
	@sh infra/bootstrap.sh run
	@exec $(PY) -m functions.local serve

.PHONY: quick
quick: ## A look in under a minute: lint, types, and the tests that a small change needs
	@sh infra/bootstrap.sh test
	@$(PY) -m tests.quick

.PHONY: test
test: ## Before a change is handed in: lint and types, then the tests (WHOLE=1: also the long ones, as CI)
	@sh infra/bootstrap.sh test
	@$(MAKE) --no-print-directory -j4 lint types engines compiled
	@$(MAKE) --no-print-directory -j1 tests

# Each of hundreds of processes would compile the same source again, and pytest its plugins.
tests compiled test-deep test-cloud: export PYTHONDONTWRITEBYTECODE =

.PHONY: engines
engines: ## What tests need in an environment of its own: the served AWS engine, frictionless
	@sh infra/bootstrap.sh test
	$(call say,served AWS engine)
	@$(PY) tests/engines/ministack.py --install
	$(call say,frictionless)
	@$(PY) tests/site/frictionless.py --install

# On a fresh clone workers wait until one of them has compiled all tests, which can be done while others lint.
.PHONY: compiled
compiled: ## The tests, compiled once (else the first worker does it, and the others wait)
	@[ -d tests/walls/__pycache__ ] || $(PY) -m pytest --collect-only -q >/dev/null || :

.PHONY: tests
tests: engines ## Only the tests, on every core and two more (WORKERS=; WHOLE=1; COVERAGE=1 is WHOLE, and holds lines to the floor)
	$(call say,tests)
ifdef COVERAGE
	@rm -f .coverage .coverage.*
	@COVERAGE_PROCESS_START="$(CURDIR)/pyproject.toml" COVERAGE_FILE="$(CURDIR)/.coverage" \
	COVERAGE_CORE=$$($(PY) -c 'import sys; print("sysmon" if hasattr(sys, "monitoring") else "ctrace")') $(pytest_all)
	$(call say,coverage)
	@$(PY) -m coverage combine --quiet
	@$(PY) -m coverage report
else
	@$(pytest_all)
endif

.PHONY: test-deep
test-deep: ## What is too long for every day, in parts (PART=long, words, doors, years, pages, simulation, cloud, days, pythons, siege)
	@sh infra/bootstrap.sh test
	$(call say,served AWS engine)
	@$(PY) tests/engines/ministack.py --install
	@MAKEFLAGS= $(PY) -m tests.deep $(if $(FRESH),--fresh) $(PART)

.PHONY: fuzz
fuzz: ## Hostile inputs at every door and reader, going on where it stopped (MINUTES=10)
	@sh infra/bootstrap.sh test
	@$(PY) -m tests.fuzz $(or $(MINUTES),10)

.PHONY: lint
lint: ## Style, the floors of the house, the licence of every file: ruff, import-linter, reuse
	@sh infra/bootstrap.sh test
	$(call say,ruff)
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	$(call say,import-linter)
	@.venv/bin/lint-imports
	$(call say,reuse)
	@.venv/bin/reuse lint --quiet || .venv/bin/reuse lint

.PHONY: types
types: ## Types: mypy, strict
	@sh infra/bootstrap.sh test
	$(call say,mypy)
	@.venv/bin/mypy

.PHONY: fmt
fmt: ## Put the code into shape and mend what ruff can mend
	@sh infra/bootstrap.sh test
	@.venv/bin/ruff check --fix-only .
	@.venv/bin/ruff format .

.PHONY: languages
languages: ## Compile every catalogue of texts: a lapor.po in functions/web/translations/CODE/LC_MESSAGES adds its language
	@sh infra/bootstrap.sh test
	@for po in functions/web/translations/*/LC_MESSAGES/lapor.po; do .venv/bin/pybabel -q compile -i "$$po" -o "$${po%.po}.mo" || exit; done

.PHONY: lock
lock: ## Write the locks anew after a change of requirements.txt or tests/requirements.txt (UPGRADE=yes: newest of what they need)
	@sh infra/bootstrap.sh test
	@UPGRADE=$(UPGRADE) sh infra/lock.sh

.PHONY: sbom
sbom: ## What is shipped, as CycloneDX, into build/sbom.json: the same bytes from the same locks
	@sh infra/bootstrap.sh test
	@$(PY) infra/sbom.py build/sbom.json

.PHONY: release
release: ## What a release ships, its hashes and their signature, into build/release (ENV, KEY=an SSH key)
	@[ -n "$(ENV)" ] && [ -n "$(KEY)" ] || { printf '%s\n' "say for which environment and by which key: ENV=uji KEY=~/.ssh/id_ed25519" >&2; exit 2; }
	@sh infra/bootstrap.sh test
	@$(PY) -m infra.release sign $(ENV) --key $(KEY)

.PHONY: verify-release
verify-release: ## Whether this source makes what was signed, by somebody who may (ENV, SIGNERS=OpenSSH's allowed signers)
	@[ -n "$(ENV)" ] && [ -n "$(SIGNERS)" ] || { printf '%s\n' "say for which environment and whose signatures: ENV=uji SIGNERS=FILE" >&2; exit 2; }
	@sh infra/bootstrap.sh test
	@$(PY) -m infra.release verify $(ENV) --signers $(SIGNERS)

.PHONY: test-dynamodb-local
test-dynamodb-local: ## The storage tests on Amazon's DynamoDB Local (opt-in: its licence; needs Java 17, unshare)
	@sh infra/bootstrap.sh test
	@LAPOR_DYNAMODB_LOCAL=1 $(PY) -m pytest tests/storage

# In the cloud (docs/operations.md). ENV names a file of infra/parameters: produksi, uji, or emulated for this machine.

need_env = @[ -n "$(ENV)" ] || { printf '%s\n' "say which environment, e.g. make $@ ENV=uji" >&2; exit 2; }
cloud = @$(PY) -m infra.deploy

.PHONY: build
build: ## The functions' packages, the same bytes from the same source (ENV)
	$(need_env)
	@sh infra/bootstrap.sh deploy
	$(cloud) build $(ENV)

.PHONY: plan
plan: ## What `make deploy` would do; changes nothing (ENV)
	$(need_env)
	@sh infra/bootstrap.sh deploy
	$(cloud) plan $(ENV)

.PHONY: deploy
deploy: ## Make or update everything on AWS; safe to repeat (ENV; PLAN=hash: only that plan)
	$(need_env)
	@sh infra/bootstrap.sh deploy
	$(cloud) deploy $(ENV) $(if $(PLAN),--plan $(PLAN))

.PHONY: smoke
smoke: ## Does everything answer? Writes nothing (ENV)
	$(need_env)
	@sh infra/bootstrap.sh deploy
	$(cloud) smoke $(ENV)

.PHONY: status
status: ## How stacks, functions, backups, alarms and letters stand (ENV)
	$(need_env)
	@sh infra/bootstrap.sh deploy
	$(cloud) status $(ENV)

.PHONY: drift
drift: ## What was changed by hand since the last deployment (ENV)
	$(need_env)
	@sh infra/bootstrap.sh deploy
	$(cloud) drift $(ENV)

.PHONY: nights
nights: ## The backups that can be restored (ENV)
	$(need_env)
	@sh infra/bootstrap.sh deploy
	$(cloud) nights $(ENV)

.PHONY: backup
backup: ## Table, files and keys into the environment's own bucket, for 35 days (ENV)
	$(need_env)
	@sh infra/bootstrap.sh deploy
	$(cloud) backup $(ENV)

.PHONY: restore
restore: ## A backup back into an empty environment (ENV, NIGHT=2026-11-27 or a name, else the newest; UNSIGNED=yes)
	$(need_env)
	@sh infra/bootstrap.sh deploy
	$(cloud) restore $(ENV) $(if $(or $(NIGHT),$(FROM)),--from $(or $(NIGHT),$(FROM))) $(if $(UNSIGNED),--unsigned)

.PHONY: publish
publish: ## The portal with the newest edition of the barometer; uploads only what changed (ENV)
	$(need_env)
	@sh infra/bootstrap.sh deploy
	$(cloud) portal $(ENV)

.PHONY: rotate-keys
rotate-keys: ## New keys, open cases wrapped to them, the old ones destroyed; goes on where it stopped (ENV, PURPOSE, INSTANCE, FRESH=1)
	$(need_env)
	@[ -n "$(PURPOSE)" ] || { printf '%s\n' "say which keys: PURPOSE=desk, identity, courier or links" >&2; exit 2; }
	@sh infra/bootstrap.sh deploy
	$(cloud) rotate-keys $(ENV) --purpose $(PURPOSE) $(if $(INSTANCE),--instance $(INSTANCE)) $(if $(FRESH),--fresh)

.PHONY: ops
ops: ## One of the commands of functions.cli on the cloud's store (ENV, DO='officers list')
	$(need_env)
	@sh infra/bootstrap.sh deploy
	$(cloud) ops $(ENV) $(DO)

.PHONY: destroy
destroy: ## Take everything away but backups; asks before (ENV, CONFIRM=name for scripts)
	$(need_env)
	@sh infra/bootstrap.sh deploy
	$(cloud) destroy $(ENV) $(if $(CONFIRM),--confirm $(CONFIRM))

.PHONY: emulator
emulator: ## An AWS emulator on this machine, in the foreground, for ENV=emulated (NEW=yes: letters as in a new account)
	@sh infra/bootstrap.sh test
	@exec $(PY) tests/engines/ministack.py --port 4566 --rights $(if $(NEW),--new-account)

.PHONY: emulated-portal
emulated-portal: ## What `make deploy ENV=emulated` made, for a browser on this machine, in the foreground; its mails at /dev/outbox (ENV)
	@sh infra/bootstrap.sh test
	@exec $(PY) -m tests.cloud $(ENV)

.PHONY: test-cloud
test-cloud: ## The deployment itself, on an AWS emulator (WHOLE=1: also the long tests, as CI does after `make test`)
	@sh infra/bootstrap.sh test
	$(call say,served AWS engine)
	@$(PY) tests/engines/ministack.py --install
	$(call say,checkov)
	@$(PY) tests/cloud/checkov.py --install
	@$(PY) tests/cloud/parliament.py --install
	@$(PY) tests/cloud/simulated.py --install
	$(call say,tests of the cloud)
	@$(pytest_all) tests/cloud -o faulthandler_timeout=900

.PHONY: screenshots
screenshots: ## Pictures of every page below screenshots/: phone and desktop, light and dark
	@sh infra/bootstrap.sh test
	@$(PY) infra/screenshots.py

.PHONY: bench
bench: ## What each act costs beside the least it could cost, into docs/performance.md (N=500 turns, CASES=100000; on a quiet machine)
	@sh infra/bootstrap.sh test
	$(call say,served AWS engine)
	@$(PY) tests/engines/ministack.py --install
	@$(PY) -m tests.bench.speed $(or $(N),500) $(or $(CASES),100000)

.PHONY: bench-peers
bench-peers: ## What a report costs Hush Line and us, in one run, into docs/performance.md (HUSHLINE=clone, else from GitHub; needs PostgreSQL)
	@sh infra/bootstrap.sh test
	@$(PY) -m tests.bench.peers $(HUSHLINE)

.PHONY: model
model: ## Every tree of up to five agencies and every history: no accused reads, none waits for nobody (AGENCIES=4 in two minutes)
	@sh infra/bootstrap.sh test
	@$(PY) -m tests.casework.model $(or $(AGENCIES),5)

.PHONY: mutation
mutation: ## Break the code on purpose, going on where it stopped: which tests see it? (MINUTES=, FILES="functions/casework/access.py …")
	@sh infra/bootstrap.sh test
	@$(PY) -m tests.mutation $(if $(MINUTES),--minutes $(MINUTES)) $(FILES)

.PHONY: evidence
evidence: ## What model, simulation, kill loops, fuzzer and mutants last told, into docs/evidence.md
	@sh infra/bootstrap.sh test
	@$(PY) -m tests.evidence

.PHONY: bench-nation
bench-nation: ## What 700 governments' cases cost clock, rotation and outbox (SIZES="20000 200000"; 2000000 takes hours and 5 GB)
	@sh infra/bootstrap.sh test
	@$(PY) -m tests.bench.nation_load $(or $(SIZES),20000 200000)

.PHONY: bench-reach
bench-reach: ## What a report costs on a weak line (2G, 3G), into docs/reach.md; as root over real loss, else throttled
	@sh infra/bootstrap.sh test
	@$(PY) -m tests.bench.reach

.PHONY: clean
clean: ## Remove what can be made again (.venv, build, caches); never the data
	@rm -rf .venv .venv-ministack .venv-frictionless build screenshots .coverage .coverage.* .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
