"""Mail addresses of officers: what one plain address looks like."""

import re

MAX_ADDRESS = 254
MAX_LOCAL = 64
"""Longest address (RFC 5321, 4.5.3.1.3 with erratum 1690) and longest part before the @."""

ADDRESS = re.compile(
    r"[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*"
    r"@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?",
    re.ASCII | re.IGNORECASE,
)


def is_mail_address(text: str) -> bool:
    """Tell whether a text is one plain mail address, written without any special letters."""
    local = text.rpartition("@")[0]
    fits = len(text) <= MAX_ADDRESS and len(local) <= MAX_LOCAL
    return fits and ADDRESS.fullmatch(text) is not None
