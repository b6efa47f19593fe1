# Everything that is needed comes with the first call: Python 3.11 and a network are enough.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: run test lint bench lock clean

run: $(READY)
	@DEMO=$${DEMO:-otomatis} $(BIN)/tanya-pimpasa serve

# Two runs side by side, since most machines have two cores; the second one is shown at the end.
test: $(READY)
	$(BIN)/python -m tests.browser_setup
	shared=$$(mktemp -d) && export TEST_MODELS_DIR=$$shared/models && \
		trap 'kill $$side 2>/dev/null; rm -rf $$shared' EXIT && \
		$(BIN)/python -m tests.models_setup && \
		{ $(BIN)/python -m pytest tests/api tests/bot > $$shared/side.log 2>&1 & side=$$!; } && \
		{ $(BIN)/python -m pytest tests --ignore=tests/api --ignore=tests/bot --ignore=tests/e2e && \
		$(BIN)/python -m pytest tests/e2e; told=$$?; } ; \
		wait $$side || told=$$?; cat $$shared/side.log; exit $$told

lint: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

bench: $(READY)
	$(BIN)/python -m bench $(if $(EVAL),--eval $(EVAL))

lock: $(READY)
	$(BIN)/uv pip compile --quiet --generate-hashes --no-emit-index-url --no-header --extra dev \
		pyproject.toml -o requirements.txt

clean:
	rm -rf $(VENV)

$(READY): requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Perlu Python 3.11 atau lebih baru; atur dengan: make PYTHON=python3.11"; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements.txt
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .
	@touch $@
