# Two commands are all a newcomer needs: make run, make test. Both do their own set-up.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: run test check setup-run setup-test fast lock models docs clean bench feel soak-feel soak facts results states

setup-run:
	@$(PYTHON) .setup/prepare.py run

setup-test:
	@$(PYTHON) .setup/prepare.py test

## make run: a desk with demo people on http://127.0.0.1:8000, outside parties stood in for on :8001 (data under var/)
run: setup-run
	@MOTCUA_DEMO=1 $(BIN)/motcua demo
	@MOTCUA_DEMO=1 $(BIN)/motcua standins & standins=$$!; trap 'kill $$standins' EXIT; MOTCUA_DEMO=1 $(BIN)/motcua serve

## make test: everything in tests/, on SQLite, PostgreSQL and Chromium
test: setup-test
	@$(BIN)/pytest -n auto --dist worksteal

## make fast: the unit tests only
fast: setup-run
	@$(BIN)/pytest tests/unit

## make check: style, types, import contracts, structure
check: setup-run
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/pytest tests/architecture
	MOTCUA_HOME=$$(mktemp -d) $(BIN)/motcua catalog check

## make models MODELS=DIR: lint diagrams drawn by other tools; findings are fine, a crash is not
models: setup-run
	$(BIN)/motcua lint $$(find $(MODELS) -name '*.bpmn' -o -name '*.dmn'); test $$? -le 1

## make docs [DOCS="SLUG …"]: pictures of the diagrams that changed and the list of procedures, into docs/catalog
docs: setup-test
	$(BIN)/python -m tests.docs.draw_catalog $(DOCS)

## make soak [ROUNDS=300] [SEED=N]: half an hour and more of killed processes, races and outages; a line of figures each
soak: setup-test
	EVERY=1 $(BIN)/pytest -n auto tests/integration/test_hostile_input.py tests/e2e/test_every_form.py tests/e2e/test_every_page.py tests/e2e/test_working_day.py tests/integration/test_work_screen_outage.py
	$(BIN)/python -m tests.soak.soak_all

## make states: axe on every page in every state, an hour; writes docs/page-states.md
states: setup-test
	$(BIN)/python -m tests.docs.page_states

## make results: pictures of five result documents into docs/catalog/results (needs poppler's pdftoppm)
results: setup-test
	$(BIN)/python -m tests.catalog.results --pictures

## make facts FACTS=DIR: take DIR/procedures.yaml over into tests/data (the machine's Python with PyYAML)
facts:
	$(PYTHON) -m tests.facts.convert $(FACTS)

## make lock: pin all packages anew
lock:
	$(BIN)/pip install -q uv==0.13.9
	$(BIN)/uv pip compile setup.cfg --extra dev --extra s3 --generate-hashes --no-emit-index-url --no-header -q -o requirements.lock

## make bench [BENCH="--cases 500"]: figures of runner, FEEL, signatures, engine, timers and queues on a PostgreSQL of its own, never asserted
bench: setup-test
	$(BIN)/python -m tests.bench.bench_runner
	$(BIN)/python -m tests.bench.bench_feel
	$(BIN)/python -m tests.bench.bench_signing
	$(BIN)/python -m tests.bench.bench_all $(BENCH)

## make feel FEEL=FILE [SHOW=1]: share of a file of FEEL conformance cases that pass; SHOW=1 lists those that fail
feel: setup-run
	$(BIN)/python -m tests.feel_cases $(FEEL) $(if $(SHOW),--show)

## make soak-feel [N=10000] [SEED=7]: made-up expressions against FEEL; hangs, escapes and stray errors fail it
soak-feel: setup-run
	$(BIN)/python -m tests.soak.soak_feel --count $(or $(N),10000) $(if $(SEED),--seed $(SEED))

clean:
	rm -rf .venv web/frontend/node_modules web/static/vendor var
