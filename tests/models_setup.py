"""Trains the models that all test runs of one `make test` share: `python -m tests.models_setup`."""

import os
from pathlib import Path

from bot.training import ensure_models


def main() -> None:
    """Train into TEST_MODELS_DIR what is not there yet."""
    ensure_models(Path(os.environ["TEST_MODELS_DIR"]))


if __name__ == "__main__":
    main()
