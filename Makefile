# Everything happens in .venv; nothing needs activating. `make help` lists the targets.
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3; do command -v $$p >/dev/null && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
READY := .venv/.ready
AXE := tools/browser/node_modules/axe-core/axe.min.js
SCHEMAS := tools/schemas/node_modules/.package-lock.json
SHARED := $(or $(JIAOKAN_SHARED),../shared)

unexport PYTHONDONTWRITEBYTECODE  # modules are compiled when they are first needed, and once: a tenth of what is installed ever is

.DEFAULT_GOAL := help
.PHONY: help native report rule-pages browser chromium schemas screenshot bench-page test fuzz lint score bench bench-encodings bench-restore bench-language bench-duplicates bench-subjects bench-inputs bench-scan bench-start clean-text clean-fixes tables train fit-doubt package clean

help:  ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 18

$(READY): pyproject.toml setup.py $(wildcard audit/native/*.[ch] audit/native/*.pyi)
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed"; exit 1; }
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile --upgrade pip
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile -e '.[dev]'
	@$(BIN)/python -m compileall -q audit rules  # as an installed package is; where Python may not do it itself, a start takes twice as long
	@$(BIN)/jiaokan check README.md --no-cache --fail-on never >/dev/null  # as above: what every start needs of other packages
	@touch $(READY)

native:  ## build the compiled kernels in place, after a change in audit/native/
	@$(BIN)/python setup.py --quiet build_ext --inplace

report: $(READY)  ## write the graded reports of seeds/ to reports/ and print them
	@$(BIN)/python tools/write_reports.py
	@cat reports/seeds.txt

rule-pages: $(READY)  ## write docs/rules/ anew from the rules, in English and Chinese
	@$(BIN)/python tools/write_rule_pages.py

test: $(READY)  ## run the tests
	@$(BIN)/python -m pytest --numprocesses auto --dist worksteal

browser: $(READY) chromium $(AXE)  ## install what the browser tests need: Chromium and fonts (Debian, as root), axe-core

chromium:
	@command -v chromium >/dev/null || command -v google-chrome >/dev/null || \
		{ apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-noto-cjk >/dev/null; }

schemas: $(SCHEMAS)  ## install the published schemas that the report formats are held to

$(SCHEMAS): tools/schemas/package.json
	@npm install --prefix tools/schemas --no-package-lock --no-audit --no-fund --ignore-scripts --silent
	@touch $(SCHEMAS)

$(AXE): tools/browser/package.json
	@npm install --prefix tools/browser --no-package-lock --no-audit --no-fund --silent
	@touch $(AXE)

screenshot: report browser  ## take the picture of the report for the README
	@$(BIN)/python tools/screenshot.py

bench-page: $(READY)  ## how fast large reports open and scroll: make bench-page PAGES="a.html b.html"
	@$(BIN)/python tools/bench_page.py $(PAGES)

lint: $(READY)  ## style, format and types
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

fuzz: $(READY)  ## the properties on examples drawn anew, and more of them
	@$(BIN)/python -m pytest -n auto --hypothesis-profile=fuzz -m hypothesis

score: $(READY)  ## precision and recall per kind against hand labels
	@$(BIN)/python tools/score.py $(SHARED)

bench: $(READY)  ## speed and memory beside ftfy and autocorrect, in one run
	@$(BIN)/python tools/bench.py $(SHARED)

bench-encodings: $(READY)  ## right decodings beside chardet and charset-normalizer, in one run
	@$(BIN)/python tools/bench_encodings.py $(SHARED)
	@$(BIN)/python tools/bench_encodings.py --all-k $(SHARED)

clean-fixes: $(READY)  ## characters of clean prose that the safe repairs would change; must be none
	@$(BIN)/python tools/clean_fixes.py $(SHARED)

bench-restore: $(READY)  ## recall, exactness and harm of repairs beside ftfy, in one run
	@$(BIN)/python tools/bench_restore.py $(SHARED)/corpus
	@$(BIN)/python tools/bench_sentences.py $(SHARED)/corpus
	@$(BIN)/python tools/bench_shift.py $(SHARED)/corpus

bench-language: $(READY)  ## speed of the language model with and without kernels; its perplexity on genres left out, with and without adaptation (some minutes)
	@$(BIN)/python tools/bench_language.py $(SHARED)/corpus
	@JIAOKAN_NATIVE=0 $(BIN)/python tools/bench_language.py $(SHARED)/corpus
	@$(BIN)/python tools/train_language.py --corpus $(SHARED)/corpus --heldout

bench-duplicates: $(READY)  ## near-duplicates found beside datasketch and text-dedup, in one run
	@$(BIN)/python tools/bench_duplicates.py $(SHARED)

bench-subjects: $(READY)  ## foreign entries told from the others in planted collections, foreign passages from their entries
	@$(BIN)/python tools/bench_subjects.py $(SHARED)
	@$(BIN)/python tools/bench_passages.py $(SHARED)

bench-inputs: $(READY)  ## how fast each format is read, beside plain text of the same content
	@$(BIN)/python tools/bench_inputs.py $(SHARED)/corpus

bench-scan: $(READY)  ## entries a second, memory and disk of a scan; ENTRIES="1000 10000" WORKERS="1 2"
	@$(BIN)/python tools/bench_scan.py $(SHARED) --entries $(or $(ENTRIES),1000 10000) --workers $(or $(WORKERS),1 2)

bench-start: $(READY)  ## what a start costs, and a run that is known
	@$(BIN)/python tools/bench_start.py $(SHARED)

clean-text: $(READY)  ## false alarms per 100,000 characters of clean prose, per genre
	@$(BIN)/python tools/false_alarms.py $(SHARED)

tables: $(READY)  ## build the script and confusion tables anew
	@$(BIN)/python tools/build_tables.py $(SHARED)/corpus

train: $(READY)  ## train the language model anew from plain text
	@$(BIN)/python tools/train_language.py --corpus $(SHARED)/corpus

fit-doubt: $(READY)  ## fit anew from when on a byte shift's repair is exact
	@$(BIN)/python tools/fit_shift_doubt.py $(SHARED)/corpus

package: $(READY)  ## build wheel and sdist, and test the wheel with the source away
	@$(BIN)/python tools/test_wheel.py

clean:  ## remove what the targets made
	@rm -rf .venv build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
