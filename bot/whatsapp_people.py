"""Who wrote: addresses of a person on WhatsApp, with or without a telephone number.

Since 2026 a person may hide the number behind a username; then only the business-scoped user id
is there. It is preferred as address because it is in every message; the number is an alias. With
a new number Meta gives a new business-scoped user id as well, and says so in a system message.

Source: Meta, "Business-scoped user IDs" and "System messages webhook reference", August 2026.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

USER_ID = re.compile(r"[A-Z]{2}\.(?:ENT\.)?[A-Za-z0-9]{1,128}")
PHONE = re.compile(r"[0-9]{5,20}")


@dataclass(frozen=True, slots=True)
class Sender:
    """The address to answer to, and the same person's others."""

    address: str
    aliases: tuple[str, ...] = ()


class ContactBook:
    """The contacts beside the messages of one change, found by any address they have."""

    def __init__(self, contacts: Sequence[Mapping[str, Any]]) -> None:
        """Read every contact once: a change may carry a thousand."""
        self._every = [_addresses(c.get("user_id"), c.get("wa_id")) for c in contacts]
        self._of: dict[str, list[str]] = {}
        for addresses in self._every:
            for address in addresses:
                self._of.setdefault(address, []).extend(addresses)

    def sender_of(self, raw: Mapping[str, Any]) -> Sender | None:
        """Give who sent a message, with what the matching contact adds; None: nobody can tell.

        A message without any sender belongs to the one contact beside it, never to one of several.
        """
        own = _addresses(raw.get("from_user_id"), raw.get("from"))
        if own:
            found = [address for mine in own for address in self._of.get(mine, ())]
        else:
            found = self._every[0] if len(self._every) == 1 else []
        return _sender([*own, *found] or _addresses(raw.get("from_parent_user_id")))


def addresses_of_move(raw: Mapping[str, Any], system: Mapping[str, Any]) -> Sender | None:
    """Give the new address with all others as aliases; None where new or old is missing.

    The old ones come first: the new number may have been somebody else's before.
    """
    new = _addresses(system.get("user_id"), system.get("wa_id"), system.get("new_wa_id"))
    old = _addresses(
        system.get("previous_user_id"),
        system.get("customer"),
        raw.get("from_user_id"),
        raw.get("from"),
    )
    if not new or not set(old) - set(new):
        return None
    first = _sender(new)
    if first is None:
        return None
    others = (*old, *first.aliases)
    return Sender(first.address, tuple(dict.fromkeys(a for a in others if a != first.address)))


def is_user_id(address: str) -> bool:
    """Tell whether an address is a business-scoped user id."""
    return USER_ID.fullmatch(address) is not None


def is_phone(address: str) -> bool:
    """Tell whether an address is a telephone number in international form without `+`."""
    return PHONE.fullmatch(address) is not None


def clean(text: str) -> str:
    """Give a text without what no database or peer can hold: NUL and halves of characters."""
    return text.replace("\0", "").encode("utf-8", "ignore").decode("utf-8")


def _addresses(*values: Any) -> list[str]:
    """Keep what has the shape of an address, whatever field it came in."""
    texts = (value.strip().removeprefix("+") for value in values if isinstance(value, str))
    return [text for text in texts if is_user_id(text) or is_phone(text)]


def _sender(addresses: Iterable[str]) -> Sender | None:
    unique = list(dict.fromkeys(addresses))
    ordered = sorted(unique, key=is_user_id, reverse=True)
    return Sender(ordered[0], tuple(ordered[1:])) if ordered else None
