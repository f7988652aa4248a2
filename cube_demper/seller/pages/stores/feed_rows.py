"""What a store's card says of its price list, as text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from cube_demper.core.russian import plural
from cube_demper.domain.feed.rules import UNPULLED_AFTER
from cube_demper.domain.feed.schemas import FeedBrief
from cube_demper.ui.format import counted, iso

_GOODS = ("товар", "товара", "товаров")
_PRICES = ("новая цена", "новые цены", "новых цен")
_UNUSED = "Адрес есть, но цены уходят через кабинет: файл не отдаётся."


@dataclass
class FeedLine:
    """A price list in a line and a remark. `tone` colours the remark: gray, green, amber or red."""

    is_there: bool = False
    is_used: bool = False
    taken_at: str = ""
    words: str = ""
    tone: str = "gray"


def feed_line(feed: FeedBrief | None, now: datetime) -> FeedLine:
    """Put a price list into words; an empty line for a store that has none."""
    if feed is None:
        return FeedLine()
    words, tone = _state(feed, now) if feed.is_used else (_UNUSED, "gray")
    return FeedLine(
        is_there=True,
        is_used=feed.is_used,
        taken_at=iso(feed.published_at),
        words=words,
        tone=tone,
    )


def _state(feed: FeedBrief, now: datetime) -> tuple[str, str]:
    if feed.refusal is not None:
        return f"Не отдаётся. {feed.refusal.text}", "red"
    if feed.published_at is None:
        return "Kaspi ещё не забирал файл: впишите его адрес в кабинете Kaspi.", "amber"
    verb = plural(feed.waiting, "ждёт", "ждут", "ждут")
    waiting = f"{verb} {counted(feed.waiting, *_PRICES)}" if feed.waiting else ""
    if waiting and now - feed.published_at > UNPULLED_AFTER:
        return f"Kaspi давно не забирал файл, {waiting}. Проверьте адрес в кабинете.", "amber"
    goods = f"В последнем файле {counted(feed.offers, *_GOODS)}"
    return (f"{goods}, следующего {waiting}." if waiting else f"{goods}."), "green"
