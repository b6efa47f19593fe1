"""The one place that asks what time it is."""

from datetime import UTC, datetime


def utc_now() -> datetime:
    """Give the time now, aware, in UTC."""
    return datetime.now(UTC)
