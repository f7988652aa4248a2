"""Reading a pasted token and telling whose it is. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import timedelta

from cube_demper.core.errors import InvalidInput
from cube_demper.domain.orders.schemas import Belongs

LOOK_BACK = timedelta(days=13)
"""How far back a token is tried: Kaspi refuses windows of more than 14 days (KASPI.md §4.1)."""
KEEPS_TRYING = timedelta(hours=24)
"""While Kaspi does not answer, a token waits so long; then its seller is asked to begin anew."""
_TOKEN = re.compile(r"[\w+/=.~-]{16,256}", re.ASCII)
_SHOWN = 4


def read_token(text: str) -> str:
    """Return a pasted token without the spaces and line breaks around it. Raises InvalidInput."""
    token = "".join(text.split())
    if not token:
        raise InvalidInput("Вставьте токен из кабинета Kaspi", field="token")
    if not _TOKEN.fullmatch(token):
        raise InvalidInput(
            "Это не похоже на токен: он состоит из латинских букв и цифр, без пробелов",
            field="token",
        )
    return token


def tail_of(token: str) -> str:
    """Return all that is ever shown of a token."""
    return token[-_SHOWN:]


def belongs(seen: Iterable[str], merchant_id: str, own_points: Iterable[str]) -> Belongs:
    """Tell whose orders were seen by the shop in the ids of their points (`30000001_PP1`).

    Old shops have a word there instead of their number (KASPI.md §2): a word accuses nobody.
    """
    own = {merchant_id, *(_shop(point) for point in own_points)}
    shops = {_shop(point) for point in seen} - {""}
    if shops & own:
        return Belongs.OURS
    return Belongs.OTHERS if any(shop.isdigit() for shop in shops) else Belongs.UNKNOWN


def _shop(point: str) -> str:
    return point.rpartition("_")[0]
