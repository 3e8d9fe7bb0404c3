# `make` lists what there is. The environment .venv is made when it is needed; a second call starts at once.

SHELL := bash
PY := .venv/bin/python
RUN_READY := .venv/.installed-run
TEST_READY := .venv/.installed-test
INSTALLED_FROM := pyproject.toml $(wildcard requirements/*.txt) scripts/setup.sh scripts/system-packages.sh

# What to open or analyse, and any further options: make run SOURCE=clip.mp4 ARGS="--detector haar"
SOURCE ?=
ARGS ?=

# macOS and Windows always have a display; on Linux a variable names it.
HEADLESS := $(if $(filter Linux,$(shell uname -s)),$(if $(DISPLAY)$(WAYLAND_DISPLAY),,yes))

# Keep TensorFlow's and MediaPipe's start-up messages out of the tests' report.
QUIET := TF_CPP_MIN_LOG_LEVEL=$${TF_CPP_MIN_LOG_LEVEL:-3} GLOG_minloglevel=$${GLOG_minloglevel:-2}
OFFSCREEN := QT_QPA_PLATFORM=$${QT_QPA_PLATFORM:-offscreen}

# A process for each core, at most four; a module's tests stay together. One process: make test ARGS="-n 0".
PARALLEL := -n auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder

.DEFAULT_GOAL := help
.PHONY: help setup run test fuzz soak recordings archive lint format coverage lock app bench screenshots translations model cluster-demo doctor clean

help: ## this list
	@echo "Mimik: apparent facial expressions, live. The two commands to know are 'make run' and 'make test'."
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 22

setup: $(TEST_READY) ## make the environment with everything to train and test

run: $(RUN_READY) ## the window; without a display, analyse the demo clip into results/ (SOURCE=... ARGS=...)
ifeq ($(HEADLESS),yes)
	@echo "There is no display: analysing $(or $(SOURCE),the demo clip) instead."
	@$(PY) -m app analyze "$(or $(SOURCE),demo)" --out results --video $(ARGS)
else
	@$(PY) -m app $(if $(SOURCE),"$(SOURCE)") $(ARGS)
endif

test: $(TEST_READY) ## all tests, without showing anything (ARGS="-k tracker")
	$(QUIET) $(OFFSCREEN) $(PY) -m pytest $(PARALLEL) $(ARGS)

fuzz: $(TEST_READY) ## 500 films made at random, some damaged, against plain decoding (SEED=0)
	$(QUIET) $(OFFSCREEN) MIMIK_FUZZ=500 MIMIK_FUZZ_SEED=$(or $(SEED),0) $(PY) -m pytest -q tests/app/sources/test_fuzz.py $(ARGS)

lint: $(TEST_READY) ## style, format and types
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy

format: $(TEST_READY) ## put the code in order
	$(PY) -m ruff format .
	$(PY) -m ruff check --fix .

lock: $(TEST_READY) ## pin every dependency with its hashes (ARGS=--upgrade for the newest versions)
	@bash scripts/lock.sh $(ARGS)

app: $(RUN_READY) ## a folder with a program that needs no Python, into dist/mimik
	@bash scripts/app.sh

coverage: $(TEST_READY) ## all tests, and which lines of app, models and training they ran
	$(QUIET) $(OFFSCREEN) $(PY) -m pytest $(PARALLEL) --cov --cov-report=term:skip-covered $(ARGS)

bench: $(RUN_READY) ## how fast it is here, into docs/benchmarks.md (SOURCE=... ARGS=--without-peer)
	@$(OFFSCREEN) $(PY) scripts/benchmarks.py $(if $(SOURCE),"$(SOURCE)") $(ARGS)

screenshots: $(RUN_READY) ## the window's states into results/screenshots (ARGS="film error")
	@$(OFFSCREEN) PYTHONPATH=. $(PY) scripts/screenshots.py $(ARGS)

model: $(TEST_READY) ## make the app's network with its teachers in a given time (ARGS="--data fer2013.csv --minutes 10")
	@$(PY) -m training build $(ARGS)

translations: $(RUN_READY) ## collect the window's texts and build the translations from app/ui/translations/*.ts
	@PYTHONPATH=. $(PY) scripts/translations.py

soak: $(TEST_READY) ## an hour of film with `--video`: sound in step at the end, memory flat (ARGS="--minutes 10")
	@$(PY) scripts/soak.py $(ARGS)

recordings: $(TEST_READY) ## recordings killed at ten moments, ten minutes of camera, 5,000 sessions (ARGS="--minutes 1")
	$(QUIET) $(OFFSCREEN) MIMIK_KILLS=10 $(PY) -m pytest -q tests/app/commands/test_record_killed.py
	@PYTHONPATH=. $(PY) scripts/sessions.py
	@$(PY) scripts/recordings.py $(ARGS)

archive: $(TEST_READY) ## 200 made films by two processes, killed at ten random moments (ARGS="--films 40 --speed")
	@$(PY) scripts/archive_trial.py $(ARGS)

cluster-demo: $(TEST_READY) ## a Dask scheduler and two workers here, for `analyze --cluster` (ARGS="--port 8786")
	@$(PY) scripts/cluster_demo.py $(ARGS)

doctor: $(RUN_READY) ## what works on this machine and what does not
	@$(PY) -m app doctor $(ARGS)

clean: ## remove the environment, caches and results
	rm -rf .venv build dist results .coverage* .pytest_cache .ruff_cache .mypy_cache .hypothesis *.egg-info
	find app assets models scripts tests training -name __pycache__ -type d -prune -exec rm -rf {} +

$(RUN_READY): $(INSTALLED_FROM)
	@bash scripts/setup.sh run

$(TEST_READY): $(INSTALLED_FROM)
	@bash scripts/setup.sh test
