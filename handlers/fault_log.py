"""Logging what failed: where and on which row, never with a word of a message."""

import logging
import traceback

log = logging.getLogger(__name__)


def log_error(what: str, id: object, error: Exception) -> None:
    """Log where something failed, without the error's own words: they may hold a message."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f"{frames[-1].filename}:{frames[-1].lineno}" if frames else "?"
    log.error("%s %s failed: %s at %s", what, id, type(error).__name__, where)
