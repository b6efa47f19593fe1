"""The second factor: time-based codes (RFC 6238) of an app on the person's own phone."""

import hmac
from datetime import datetime

import pyotp

from handlers.models import Account
from handlers.sealing import Sealer

PURPOSE = "totp"
ISSUER = "Tanya Pimpasa"
STEP_SECONDS = 30
LEEWAY_STEPS = 1
"""A phone's clock may be half a minute off either way."""


def offer(account: Account, *, sealer: Sealer) -> str:
    """Give the secret to put into the app, made where none waits; it counts once typed back."""
    if account.totp_sealed is None:
        account.totp_sealed = sealer.seal(pyotp.random_base32().encode(), purpose=PURPOSE)
    return _secret(account, sealer=sealer)


def address(account: Account, *, sealer: Sealer) -> str:
    """Give the `otpauth://` address that the app reads from a QR picture."""
    totp = pyotp.TOTP(_secret(account, sealer=sealer))
    return totp.provisioning_uri(name=account.login, issuer_name=ISSUER)


def accept(account: Account, code: str, *, sealer: Sealer, now: datetime) -> bool:
    """Tell whether a code is right now; each code is taken once."""
    digits = "".join(letter for letter in code if letter.isdigit())
    totp = pyotp.TOTP(_secret(account, sealer=sealer))
    current = int(now.timestamp()) // STEP_SECONDS
    for step in range(current - LEEWAY_STEPS, current + LEEWAY_STEPS + 1):
        right = totp.at(step * STEP_SECONDS)
        if step > account.totp_step and hmac.compare_digest(right, digits):
            account.totp_step = step
            account.totp_since = account.totp_since or now
            return True
    return False


def remove(account: Account) -> None:
    """Forget an account's second factor."""
    account.totp_sealed = account.totp_since = None
    account.totp_step = 0


def _secret(account: Account, *, sealer: Sealer) -> str:
    assert account.totp_sealed is not None
    return sealer.open(account.totp_sealed, purpose=PURPOSE).decode()
