"""Log lines hold identifiers only: no text, no name, no number."""

import logging
import re

LONG_NUMBER = re.compile(r"\d{9,}")


class Masked(logging.Formatter):
    """Masks anything that could be a phone number, should one ever reach a log line."""

    def format(self, record: logging.LogRecord) -> str:
        """Give the whole line masked, with the traceback that may follow the message."""
        return LONG_NUMBER.sub("[angka]", super().format(record))


def configure(level: str) -> None:
    """Write log lines to stderr from `level` on."""
    handler = logging.StreamHandler()
    handler.setFormatter(Masked("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    # Clients log whole addresses with tokens and phone numbers in them.
    for name in ("httpx", "httpcore", "telegram", "uvicorn.access"):
        logging.getLogger(name).setLevel(logging.WARNING)
