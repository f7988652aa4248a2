"""One-time codes of an authenticator (RFC 6238: SHA-1, 6 digits, 30 s) and those for who lost it. Pure."""

from __future__ import annotations

import base64
import hmac
import secrets
from datetime import datetime
from typing import Final

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

STEP_SECONDS: Final = 30
_DIGITS: Final = 6
_SECRET_BYTES: Final = 20
"""160 bits, as RFC 4226 §4 recommends."""
_DRIFT: Final = (0, -1, 1)
"""Steps around now that are taken: a phone's clock may be half a minute off (RFC 6238 §5.2)."""
_RECOVERY_SIGNS: Final = "abcdefghjkmnpqrstuvwxyz23456789"
RECOVERY_CODES: Final = 10


def new_secret() -> str:
    """Return a new key in base32, as authenticators take it."""
    return base64.b32encode(secrets.token_bytes(_SECRET_BYTES)).decode()


def code_at(secret: str, step: int) -> str:
    """Return the code of one step of 30 seconds since 1970."""
    return _totp(secret).generate(step * STEP_SECONDS).decode()


def step_at(now: datetime) -> int:
    """Return the number of the 30 seconds that `now` is in."""
    return int(now.timestamp()) // STEP_SECONDS


def fitting_step(secret: str, code: str, now: datetime, used: int) -> int | None:
    """Return the step that `code` is of, near now and after the last one `used`; None when it is of none."""
    here = step_at(now)
    for step in (here + drift for drift in _DRIFT):
        if step > used and hmac.compare_digest(code_at(secret, step).encode(), code.encode()):
            return step
    return None


def address_of(secret: str, account: str) -> str:
    """Return the address that an authenticator reads out of a QR code."""
    return _totp(secret).get_provisioning_uri(account, "Cube Demper")


def new_recovery_codes() -> list[str]:
    """Return codes like «k3f7-9xqa-mm2d»: 59 bits each, no signs that are taken for one another."""
    return ["-".join(_part() for _ in range(3)) for _ in range(RECOVERY_CODES)]


def tidy(code: str) -> str:
    """Return a typed code without spaces, in small letters."""
    return "".join(code.split()).lower()


def _part() -> str:
    return "".join(secrets.choice(_RECOVERY_SIGNS) for _ in range(4))


def _totp(secret: str) -> TOTP:
    # RFC 6238 with SHA-1 is what every authenticator speaks; as an HMAC it is sound.
    return TOTP(base64.b32decode(secret), _DIGITS, SHA1(), STEP_SECONDS)  # noqa: S303
