"""The log of decisions as the page shows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from cube_demper.core.money import format_tenge
from cube_demper.domain.catalog.view_schemas import LogEntry
from cube_demper.domain.pricing.forecast import QueuePlace
from cube_demper.models.pricing import PriceStatus
from cube_demper.seller.pages.product.proof import proof_words
from cube_demper.ui.format import moment

_MOVES = frozenset({PriceStatus.SENT, PriceStatus.CONFIRMED})
_FLOORS = ("below_floor_hold", "below_floor_to_floor", "at_floor", "raised_to_floor")
_TROUBLES = ("floor_over_cap", "bounds_missing", "not_on_sale", "price_unknown", "suspicious_fall")


@dataclass
class EntryView:
    """One entry of the log."""

    id: str
    city_id: str
    time: str
    code: str
    title: str
    value: str
    text: str
    note: str
    suggestion: str
    needs_consent: bool


def entry_view(
    entry: LogEntry, now: datetime, cities: dict[str, str], queue: QueuePlace | None = None
) -> EntryView:
    """Put a decision into an entry; the city is named only where the store has several.

    `queue`: where the product stands in its store's queue, when its change must wait.
    """
    has_prices = entry.new_price is not None and entry.old_price is not None
    city = cities.get(entry.city_id, "") if len(cities) > 1 else ""
    note = proof_words(entry, now, queue)
    return EntryView(
        id=str(entry.id),
        city_id=entry.city_id,
        time=moment(entry.at, now=now),
        code=_code(entry),
        title=_title(entry),
        value=f"{format_tenge(entry.old_price)} → {format_tenge(entry.new_price)}"
        if has_prices and entry.status != PriceStatus.HELD
        else "",
        text=entry.text,
        note=" · ".join(part for part in (city, note) if part),
        suggestion=format_tenge(entry.new_price) if entry.status == PriceStatus.SUGGESTED else "",
        needs_consent=entry.needs_consent,
    )


def _title(entry: LogEntry) -> str:
    if entry.status in _MOVES and entry.new_price and entry.old_price:
        return "Снизили цену" if entry.new_price < entry.old_price else "Подняли цену"
    if entry.status == PriceStatus.REFUSED:
        return "Kaspi не показал цену" if entry.unseen_at else "Kaspi не принял цену"
    if entry.status == PriceStatus.SUPERSEDED:
        return "Не отправили"
    return entry.headline


def _code(entry: LogEntry) -> str:
    if entry.status == PriceStatus.REFUSED or entry.reason in _TROUBLES:
        return "trouble"
    if entry.reason in _FLOORS:
        return "floor"
    if entry.status == PriceStatus.HELD:
        return "hold"
    if entry.new_price is None or entry.old_price is None:
        return "wait"
    return "down" if entry.new_price < entry.old_price else "up"
