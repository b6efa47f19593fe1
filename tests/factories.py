"""Objects with defaults for tests."""

import itertools
from datetime import UTC, datetime
from typing import Any

from handlers.messages import InboundMessage

_numbers = itertools.count(1)
NOON = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)


def make_inbound(text: str = "brp biaya paspor", **fields: Any) -> InboundMessage:
    """Give an inbound text message; every field can be set."""
    given: dict[str, Any] = {
        "channel": "web",
        "external_id": f"m{next(_numbers)}",
        "sender": "warga-1",
        "sent_at": NOON,
        "text": text,
    }
    return InboundMessage(**(given | fields))
