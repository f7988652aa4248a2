"""A report of orders as text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from uuid import UUID

from cube_demper.core.clock import ALMATY
from cube_demper.core.money import NBSP, format_tenge
from cube_demper.domain.orders.analytics_schemas import SalesReport, Slice, Span, Totals
from cube_demper.models.orders import OrderStatus
from cube_demper.ui.format import counted, day, number, percent
from cube_demper.ui.statuses import Tone

_ORDERS = ("заказ", "заказа", "заказов")
_BEFORE = {
    Span.WEEK: "к прошлым 7 дням",
    Span.MONTH: "к прошлым 30 дням",
    Span.QUARTER: "к прошлым 90 дням",
    Span.YEAR: "к прошлому году",
}


@dataclass
class Tile:
    """One number; `change` against the period before, empty where there is nothing to compare.

    `link`: the list of the very orders that are counted.
    """

    value: str = ""
    change: str = ""
    tone: str = "gray"
    note: str = ""
    link: str = ""


@dataclass
class SliceRow:
    """One category or city."""

    name: str
    value: str
    share: float


@dataclass
class ReportView:
    """All that the page shows besides the plots."""

    span: str = "30"
    has_orders: bool = True
    revenue: Tile = field(default_factory=Tile)
    orders: Tile = field(default_factory=Tile)
    average: Tile = field(default_factory=Tile)
    cancelled: Tile = field(default_factory=Tile)
    returned: Tile = field(default_factory=Tile)
    days_title: str = ""
    days_caption: str = ""
    hours_caption: str = ""
    categories: list[SliceRow] = field(default_factory=list)
    cities: list[SliceRow] = field(default_factory=list)


def report_view(report: SalesReport, store_id: UUID | None = None) -> ReportView:
    """Put a report into words. `store_id`: the store that it is narrowed to."""
    link = f"/orders?days={int(report.span)}{f'&store={store_id}' if store_id else ''}"
    now, before = report.totals, report.before
    note = _BEFORE[report.span] if before else ""
    revenue = _growth(now.revenue, before.revenue if before else None)
    orders = _growth(now.orders, before.orders if before else None)
    average = _growth(now.average, before.average if before else None)
    return ReportView(
        span=str(int(report.span)),
        has_orders=now.orders > 0,
        revenue=Tile(format_tenge(now.revenue), *revenue, note or "без отмен и возвратов"),
        orders=Tile(number(now.orders), *orders, note, link),
        average=Tile(_whole_tenge(now.average), *average, note),
        cancelled=_lost(now, before, "cancelled", f"{link}&status={OrderStatus.CANCELLED}"),
        returned=_lost(now, before, "returned", f"{link}&status={OrderStatus.RETURNED}"),
        days_title="Выручка по неделям" if report.is_weekly else "Выручка по дням",
        days_caption=_best_day(report),
        hours_caption=_best_hours(report.hours),
        categories=_rows(report.categories, report.rest_categories, "Без категории"),
        cities=_rows(report.cities, report.rest_cities, "Город не указан"),
    )


def _growth(now: int | None, before: int | None) -> tuple[str, Tone]:
    if not now or not before:
        return "", "gray"
    change = 100 * (now - before) / before
    if abs(change) < 0.5:
        return f"0{NBSP}%", "gray"
    sign = "+" if change > 0 else "−"
    return f"{sign}{percent(abs(change), digits=0)}", "green" if change > 0 else "red"


def _whole_tenge(tiyn: int | None) -> str:
    """Show an average without its tiyn: nobody is paid them."""
    return "—" if tiyn is None else format_tenge(round(tiyn, -2))


def _lost(now: Totals, before: Totals | None, kind: str, link: str) -> Tile:
    """More of these is bad news, so the tone is turned round."""
    count: int = getattr(now, kind)
    sum_: int = getattr(now, f"{kind}_sum")
    share = now.share(count)
    earlier = before.share(getattr(before, kind)) if before else None
    change, tone = "", "gray"
    if share is not None and earlier is not None and abs(share - earlier) >= 0.1:
        sign = "+" if share > earlier else "−"
        change = f"{sign}{number(abs(share - earlier), digits=1)}{NBSP}п.{NBSP}п."
        tone = "red" if share > earlier else "green"
    note = f"{counted(count, *_ORDERS)} на {format_tenge(sum_)}" if count else "ни одного"
    return Tile(percent(share) if share is not None else "—", change, tone, note, link)


def _best_day(report: SalesReport) -> str:
    best = max(report.bins, key=lambda it: it.revenue)
    if not best.revenue:
        return "За это время не осталось ни одного заказа без отмены и возврата."
    when = day(datetime.combine(best.begins, time(12), ALMATY))
    what = f"Лучшая неделя с {when}" if report.is_weekly else f"Лучший день {when}"
    return f"{what}: {format_tenge(best.revenue)}, {counted(best.kept, *_ORDERS)}."


def _best_hours(hours: Sequence[int]) -> str:
    total = sum(hours)
    if not total:
        return ""
    begins = max(range(22), key=lambda hour: sum(hours[hour : hour + 3]))
    share = 100 * sum(hours[begins : begins + 3]) / total
    return (
        f"Чаще всего заказывают с {begins}:00 до {begins + 3}:00: "
        f"{percent(share, digits=0)} заказов. Время Алматы."
    )


def _rows(found: Sequence[Slice], rest: Slice, unnamed: str) -> list[SliceRow]:
    total = sum(it.revenue for it in found) + rest.revenue
    shown = [(it.name or unnamed, it) for it in found]
    if rest.orders:
        shown.append(("Остальные", rest))
    return [
        SliceRow(
            name,
            f"{format_tenge(it.revenue)} · {counted(it.orders, *_ORDERS)}",
            round(100 * it.revenue / total, 1) if total else 0,
        )
        for name, it in shown
    ]
