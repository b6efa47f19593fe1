"""What the numbers of WhatsApp's errors mean for a delivery: one table, used for both ways in.

An error comes either with the refusal of a request or later, in the status of a message that
was accepted first. Meta reports 131047 and 131026 mostly in the second way.

Sources: Meta, "Error codes", 15 May 2026, developers.facebook.com/documentation/
business-messaging/whatsapp/support/error-codes; Graph API, "Handling errors"; the newer numbers
131057 to 131064 as pywa 4.5 (MIT) lists them.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum
from typing import Any

from handlers.channel import PermanentSendError, SendError, TemporarySendError, WindowClosed


class Verdict(StrEnum):
    """What to do with a delivery. The last two are temporary: an operator mends them."""

    WINDOW = "window-closed"
    TEMPORARY = "temporary"
    PERMANENT = "permanent"
    TEMPLATE = "template"
    """Permanent for every message that needs this template, until an admin mends it."""

    TOKEN = "token"  # noqa: S105 - the name of a verdict
    ACCOUNT = "account"


TABLE: Mapping[int, Verdict] = {
    # More than 24 hours since the person last wrote.
    131047: Verdict.WINDOW,
    # Too fast, or the service is down or overloaded.
    1: Verdict.TEMPORARY,  # unknown, possibly the server
    2: Verdict.TEMPORARY,  # service down or overloaded
    4: Verdict.TEMPORARY,  # the app's call rate
    613: Verdict.TEMPORARY,  # calls to one edge
    80007: Verdict.TEMPORARY,  # the business account's rate
    130429: Verdict.TEMPORARY,  # throughput, 80 messages a second by default
    131000: Verdict.TEMPORARY,  # something went wrong
    131016: Verdict.TEMPORARY,  # service unavailable
    131048: Verdict.TEMPORARY,  # restricted after blocks and spam reports
    131056: Verdict.TEMPORARY,  # too many to one person, see PAIR_PAUSE
    131057: Verdict.TEMPORARY,  # account in maintenance, such as a throughput upgrade
    131064: Verdict.TEMPORARY,  # messaging limit
    133004: Verdict.TEMPORARY,  # server unavailable
    133016: Verdict.TEMPORARY,  # too many registrations
    # The token, or what it may do.
    0: Verdict.TOKEN,
    3: Verdict.TOKEN,
    10: Verdict.TOKEN,
    102: Verdict.TOKEN,
    190: Verdict.TOKEN,
    131005: Verdict.TOKEN,
    # Our own account or number: nothing is wrong with the person's address.
    33: Verdict.ACCOUNT,  # the business number was deleted
    368: Verdict.ACCOUNT,  # restricted for a policy
    131031: Verdict.ACCOUNT,  # locked
    131037: Verdict.ACCOUNT,  # display name not approved
    131042: Verdict.ACCOUNT,  # payment
    131044: Verdict.ACCOUNT,  # payment
    131045: Verdict.ACCOUNT,  # number not registered (certificate)
    133010: Verdict.ACCOUNT,  # number not registered
    # This message will not reach this person, however often it is tried.
    100: Verdict.PERMANENT,  # invalid parameter
    130403: Verdict.PERMANENT,  # forbidden
    130472: Verdict.PERMANENT,  # the person is in an experiment
    130497: Verdict.PERMANENT,  # not allowed to write to this country
    131008: Verdict.PERMANENT,  # a parameter is missing
    131009: Verdict.PERMANENT,  # a parameter's value is wrong
    131021: Verdict.PERMANENT,  # sender and recipient are the same
    131026: Verdict.PERMANENT,  # undeliverable: no WhatsApp, blocked, too old
    131030: Verdict.PERMANENT,  # not on the list of a test number
    131049: Verdict.PERMANENT,  # held back to keep people from too many messages
    131050: Verdict.PERMANENT,  # the person stopped marketing messages
    131051: Verdict.PERMANENT,  # unsupported kind
    131052: Verdict.PERMANENT,  # media could not be fetched
    131053: Verdict.PERMANENT,  # media could not be uploaded
    131062: Verdict.PERMANENT,  # not to a business-scoped user id
    131063: Verdict.PERMANENT,  # marketing templates switched off
    132000: Verdict.TEMPLATE,  # number of template parameters
    132001: Verdict.TEMPLATE,  # no such template in this language
    132005: Verdict.TEMPLATE,  # template text too long
    132007: Verdict.TEMPLATE,  # template breaks a policy
    132008: Verdict.PERMANENT,  # template parameter value
    132012: Verdict.TEMPLATE,  # template parameter format
    132015: Verdict.TEMPLATE,  # template paused
    132016: Verdict.TEMPLATE,  # template disabled
    132018: Verdict.PERMANENT,  # template parameter with line breaks
    135000: Verdict.PERMANENT,  # the request's parameters
    137000: Verdict.PERMANENT,  # identity key does not match
}
PERMISSIONS = range(200, 300)
"""Graph API: every number of this range is a missing permission."""

PAIR_LIMIT = 131056
PAIR_PAUSE = timedelta(seconds=6)
"""Meta, "Throughput": about one message to the same person every six seconds."""

LONGEST_PAUSE = timedelta(hours=1)
"""No header is obeyed for longer."""


def verdict_of(number: int, *, default: Verdict) -> Verdict:
    """Give what an error number means; `default` for one that is not known."""
    if number in PERMISSIONS:
        return Verdict.TOKEN
    return TABLE.get(number, default)


def code_of(number: int, *, default: Verdict = Verdict.TEMPORARY) -> str:
    """Give the stable code of an error: `window-closed`, `token`, or verdict and number."""
    verdict = verdict_of(number, default=default)
    alone = verdict in (Verdict.WINDOW, Verdict.TOKEN)
    return verdict.value if alone else f"{verdict.value}-{number}"


def make_error(
    status: int, body: Any, headers: Mapping[str, str], *, now: datetime | None = None
) -> SendError:
    """Translate a refused request. `body` is the decoded JSON, None where there was none.

    A refusal without Graph's error object comes from something on the way, so it is temporary;
    with a status of 500 and above nobody knows how far the request came.
    """
    pause = retry_after(headers, now=now or datetime.now(UTC))
    error = body.get("error") if isinstance(body, dict) else None
    number = error.get("code") if isinstance(error, dict) else None
    if not isinstance(error, dict) or not isinstance(number, int):
        code = "token" if status == 401 else f"temporary-http-{status}"
        return TemporarySendError(code, retry_after=pause, answer_lost=status >= 500)
    is_final = 400 <= status < 500 and status != 429 and not error.get("is_transient")
    default = Verdict.PERMANENT if is_final else Verdict.TEMPORARY
    verdict = verdict_of(number, default=default)
    code = code_of(number, default=default)
    if verdict == Verdict.WINDOW:
        return WindowClosed(code)
    if verdict in (Verdict.PERMANENT, Verdict.TEMPLATE):
        return PermanentSendError(code)
    if number == PAIR_LIMIT:
        pause = pause or PAIR_PAUSE
    return TemporarySendError(code, retry_after=pause)


def retry_after(headers: Mapping[str, str], *, now: datetime) -> timedelta | None:
    """Read `Retry-After`, seconds or a date; None where it is missing or makes no sense."""
    given = headers.get("retry-after", "").strip()
    if given.isascii() and given.isdigit():
        pause = timedelta(seconds=min(int(given[:9]), 86_400))
    else:
        try:
            until = parsedate_to_datetime(given)
        except ValueError:
            return None
        pause = (until if until.tzinfo else until.replace(tzinfo=UTC)) - now
    return min(max(pause, timedelta(seconds=1)), LONGEST_PAUSE)
