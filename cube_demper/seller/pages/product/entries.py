"""The log of decisions as the page shows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from cube_demper.core.money import format_tenge
from cube_demper.domain.catalog.view_schemas import LogEntry
from cube_demper.models import PriceStatus
from cube_demper.ui.format import duration, moment

_NOTES = {
    PriceStatus.QUEUED: "Ждёт отправки в Kaspi",
    PriceStatus.SENDING: "Отправляем в Kaspi",
    PriceStatus.SENT: "Kaspi принял, ждём цену на витрине",
    PriceStatus.UNKNOWN: "Ответа Kaspi не было: проверяем по витрине",
    PriceStatus.REFUSED: "Kaspi не принял цену",
    PriceStatus.SUPERSEDED: "Не отправлено: решение устарело",
    PriceStatus.SUGGESTED: "Совет: без вашего разрешения не отправляем",
}
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


def entry_view(entry: LogEntry, now: datetime, cities: dict[str, str]) -> EntryView:
    """Put a decision into an entry; the city is named only where the store has several."""
    has_prices = entry.new_price is not None and entry.old_price is not None
    city = cities.get(entry.city_id, "") if len(cities) > 1 else ""
    note = entry.note or _outcome(entry)
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
        return "Kaspi не принял цену"
    if entry.status == PriceStatus.SUPERSEDED:
        return "Не отправили"
    return entry.headline


def _outcome(entry: LogEntry) -> str:
    if entry.status == PriceStatus.CONFIRMED and entry.sent_at and entry.confirmed_at:
        return f"На витрине через {duration(entry.confirmed_at - entry.sent_at)} после отправки"
    return _NOTES.get(PriceStatus(entry.status), "")


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
