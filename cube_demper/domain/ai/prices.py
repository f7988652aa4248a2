"""What a million tokens cost, by day. Source: INTEGRATIONS.md C.2 (read in autumn 2026).

Thoughts are paid as what is written. A model that is not listed has a price that we do not know, and a
call to it has no cost rather than a guessed one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from cube_demper.domain.ai.model import Usage


@dataclass(frozen=True, slots=True)
class Price:
    """Dollars for a million tokens, which are millionths of a dollar for one."""

    since: date
    read: float
    written: float


PRICES: Final[dict[str, tuple[Price, ...]]] = {
    "gemini-3.5-flash-lite": (Price(date(2026, 7, 21), 0.3, 2.5),),
    "gemini-4-argon": (Price(date(2026, 1, 1), 2, 10), Price(date(2026, 12, 1), 4, 20)),
    "gemini-4-carbon": (Price(date(2026, 11, 10), 2, 10), Price(date(2026, 12, 1), 4, 20)),
}


def cost_of(model: str, usage: Usage, day: date) -> int | None:
    """Return the cost of a call in millionths of a dollar, rounded up; None where no price is known."""
    in_force = [it for it in PRICES.get(model, ()) if it.since <= day]
    if not in_force:
        return None
    price = in_force[-1]
    cost = usage.prompt * price.read + (usage.reply + usage.thoughts) * price.written
    return -int(-cost // 1)
