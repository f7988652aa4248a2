"""How a store's bot stands, as every page says it. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from cube_demper.domain.stores.schemas import StoreBot, StoreStatus
from cube_demper.models.stores import Channel
from cube_demper.ui.format import number

_NEARLY_ALL = 80


@dataclass(frozen=True)
class Spent:
    """How much of Kaspi's limit of changes in 30 minutes a store has used, for `tiles.meter`."""

    words: str
    percent: int
    tone: str


def why_idle(bot: StoreBot) -> str:
    """Return the code of `ui.statuses` of a bot that cannot work; nothing for one that can."""
    if not bot.is_active:
        return "store_off"
    if bot.is_refreshing:
        return "refreshing"
    if bot.needs_reauth or not bot.can_send:
        return "needs_reauth"
    return "" if bot.is_enabled else "stopped"


def spent_of(status: StoreStatus, limit: int) -> Spent:
    """Say it; Kaspi counts no changes of a price list."""
    if status.store.channel is Channel.FEED:
        return Spent("без предела: прайс-лист", 0, "blue")
    percent = round(100 * status.changes_used / limit)
    words = f"{number(status.changes_used)} из {number(limit)}"
    return Spent(words, min(100, percent), "amber" if percent >= _NEARLY_ALL else "blue")
