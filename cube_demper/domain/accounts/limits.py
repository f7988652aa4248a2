"""How often one may try: by person, by address, by both; the numbers and the one way to spend them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from cube_demper.core.ids import token_hash
from cube_demper.domain.accounts.errors import TooManyAttempts
from cube_demper.domain.accounts.ports import Attempts
from cube_demper.domain.accounts.schemas import Visitor


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `count` tries in `window`."""

    count: int
    window: timedelta


_QUARTER = timedelta(minutes=15)
_HOUR = timedelta(hours=1)

# The pair is strict, so a stranger cannot lock a seller out from elsewhere; the e-mail alone is
# loose, against guessing from many addresses; the address alone, against guessing many e-mails.
SIGN_IN = {"pair": Limit(5, _QUARTER), "email": Limit(30, _HOUR), "ip": Limit(40, _QUARTER)}
REGISTER = {"email": Limit(3, _HOUR), "ip": Limit(20, _HOUR)}
PROMO_CODE = {"ip": Limit(60, _HOUR)}
LETTER = {"email": Limit(3, _HOUR), "ip": Limit(20, _HOUR)}
SECOND = {"pair": Limit(5, _QUARTER), "email": Limit(20, _HOUR)}
PASSWORD = {"email": Limit(10, _HOUR)}


async def spend(
    attempts: Attempts,
    action: str,
    limits: dict[str, Limit],
    *,
    email: str,
    visitor: Visitor,
    now: datetime,
) -> None:
    """Count one try of `action` everywhere it counts. Raises TooManyAttempts with the wait."""
    for kind, limit in limits.items():
        wait = await attempts.hit(
            _key(action, kind, email, visitor), limit.count, limit.window, now
        )
        if wait is not None:
            raise TooManyAttempts(wait)


async def forgive(attempts: Attempts, action: str, *, email: str, visitor: Visitor) -> None:
    """Forget the tries of this person from this address: they got it right."""
    await attempts.forget(_key(action, "pair", email, visitor))


def _key(action: str, kind: str, email: str, visitor: Visitor) -> str:
    """Name a counter without keeping the e-mail itself in Redis."""
    who = {"pair": f"{email.lower()} {visitor.ip}", "email": email.lower(), "ip": visitor.ip}[kind]
    return f"attempts:{action}:{kind}:{token_hash(who).hex()[:32]}"
