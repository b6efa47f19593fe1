# Everything that is needed comes with the first call: Python 3.11 and a network are enough.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: run test lint bench lock clean

run: $(READY)
	@DEMO=$${DEMO:-otomatis} $(BIN)/tanya-pimpasa serve

test: $(READY)
	$(BIN)/python -m tests.browser_setup
	models=$$(mktemp -d) && trap 'rm -rf $$models' EXIT && export TEST_MODELS_DIR=$$models && \
		$(BIN)/python -m pytest tests --ignore=tests/e2e && \
		$(BIN)/python -m pytest tests/e2e

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
