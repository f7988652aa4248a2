"""Reports, differences and lines in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from cube_demper.core.money import floor_to_tenge, format_tenge
from cube_demper.domain.economics.payouts.schemas import (
    BUSY,
    DifferenceView,
    LineView,
    ReportView,
    Sums,
)
from cube_demper.domain.economics.payouts.words import NAMES, story_of
from cube_demper.models.payouts import PayoutOperation, PayoutStatus
from cube_demper.ui.format import counted, moment, number, signed_tenge

_OPERATIONS = {
    PayoutOperation.PURCHASE: "Покупка",
    PayoutOperation.RETURN: "Возврат",
    PayoutOperation.OTHER: "Прочее",
}


@dataclass
class Current:
    """The report that is open."""

    id: str = ""
    title: str = ""
    file_name: str = ""
    store: str = ""
    status: str = ""
    note: str = ""
    is_busy: bool = False
    is_ready: bool = False
    is_refused: bool = False
    is_cancelled: bool = False
    asks_columns: bool = False
    progress: str = ""
    percent: int = 0
    gross: str = ""
    kept: str = ""
    kept_of: str = ""
    net: str = ""
    short: str = ""
    over: str = ""
    is_short: bool = False
    fine: int = 0
    open: int = 0
    resolved: int = 0
    matched: str = ""
    deletion: str = ""


@dataclass
class ReportLine:
    """One report of the list."""

    id: str = ""
    name: str = ""
    store: str = ""
    period: str = ""
    lines: str = ""
    result: str = ""
    short: str = ""
    word: str = ""
    tone: str = "gray"


@dataclass
class KindLine:
    """A kind of difference: a choice of the filter, and a bar of what is open of it."""

    value: str = ""
    label: str = ""
    name: str = ""
    open: int = 0
    amount: str = ""
    percent: int = 0
    tone: str = "gray"
    href: str = ""


@dataclass
class DifferenceLine:
    """One line of the list: a difference, or a line of the report that is as expected."""

    id: str = ""
    order: str = ""
    where: str = ""
    name: str = ""
    tone: str = "gray"
    story: str = ""
    ours: str = ""
    theirs: str = ""
    amount: str = ""
    amount_tone: str = "gray"
    is_estimate: bool = False


@dataclass
class Panel:
    """A difference in full."""

    id: str = ""
    title: str = ""
    name: str = ""
    tone: str = "gray"
    story: str = ""
    is_resolved: bool = False
    note: str = ""
    sums: list[tuple[str, str]] = field(default_factory=list)
    cells: list[tuple[str, str]] = field(default_factory=list)


def current_of(view: ReportView, sums: Sums, now: datetime) -> Current:
    """Return the open report."""
    count = sum(it.count for it in view.kinds)
    return Current(
        id=str(view.id),
        title=_period(view.period) if view.period else "Отчёт о выплатах",
        file_name=view.file_name,
        store=view.store_name,
        status=view.status.value,
        note=view.note,
        is_busy=view.status in BUSY,
        is_ready=view.status is PayoutStatus.READY,
        is_refused=view.status is PayoutStatus.REFUSED,
        is_cancelled=view.status is PayoutStatus.CANCELLED,
        asks_columns=view.status is PayoutStatus.COLUMNS,
        progress=_progress(view),
        percent=min(100, 100 * view.done // view.total) if view.total else 0,
        gross=_whole(sums.gross),
        kept=_whole(sums.commission + sums.delivery + sums.bonus),
        kept_of=f"комиссия {format_tenge(sums.commission)}, доставка {format_tenge(sums.delivery)}",
        net=_whole(sums.net),
        short=_whole(view.short),
        over=f"лишнего у вас {format_tenge(view.over)}" if view.over else "лишнего у вас нет",
        is_short=view.short > 0,
        fine=sums.fine,
        open=view.open,
        resolved=count - view.open,
        matched=moment(view.matched_at, now=now),
        deletion=(
            f"Удалим {counted(view.total, 'строку', 'строки', 'строк')} отчёта и"
            f" {counted(count, 'различие', 'различия', 'различий')} с вашими заметками. Заказы и"
            " другие отчёты останутся. Файл можно будет загрузить снова."
        ),
    )


def kinds_of(view: ReportView) -> list[KindLine]:
    """Return the kinds that the report has, those with most money in what is open first."""
    sums = {it.kind: it.short + it.over for it in view.kinds}
    most = max(sums.values(), default=0) or 1
    return [
        KindLine(
            value=it.kind.value,
            label=f"{NAMES[it.kind]} · {it.count}",
            name=NAMES[it.kind],
            open=it.open,
            amount=f"{number(it.open)} · {signed_tenge(it.over - it.short)}",
            percent=-(-100 * sums[it.kind] // most),
            tone="red" if it.short >= it.over else "amber",
            href=f"/reconciliation?id={view.id}&kind={it.kind.value}",
        )
        for it in sorted(view.kinds, key=lambda it: -sums[it.kind])
    ]


def report_line(view: ReportView, now: datetime) -> ReportLine:
    """Return a report of the list."""
    word, tone = _standing(view)
    return ReportLine(
        id=str(view.id),
        name=view.file_name,
        store=view.store_name,
        period=_period(view.period) if view.period else moment(view.created_at, now=now),
        lines=number(view.total) if view.total else "—",
        result=view.note if view.status is PayoutStatus.REFUSED else "",
        short=format_tenge(view.short) if view.status is PayoutStatus.READY else "—",
        word=word,
        tone=tone,
    )


def difference_line(it: DifferenceView) -> DifferenceLine:
    """Return a difference of the list."""
    return DifferenceLine(
        id=str(it.id),
        order=it.order_code or "без номера",
        where=f"строка {it.number}" if it.number else "нет в отчёте",
        name=NAMES[it.kind],
        tone=_tone(it),
        story=it.note if it.resolved_at and it.note else story_of(it),
        ours=format_tenge(it.ours),
        theirs=format_tenge(it.theirs),
        amount=signed_tenge(-it.amount) if it.amount else "—",
        amount_tone="red" if it.amount > 0 else "gray",
        is_estimate=it.is_estimate,
    )


def fine_line(it: LineView) -> DifferenceLine:
    """Return a line that is as expected: ours beside theirs are the fees."""
    ours = [it.expected_commission, it.expected_delivery]
    return DifferenceLine(
        id=f"line-{it.number}",
        order=it.order_code,
        where=f"строка {it.number}",
        name="Сошлось",
        tone="green",
        story=(
            f"{_OPERATIONS[it.operation]} {_day(it.operated_on)} на {format_tenge(it.gross)}:"
            f" комиссия {format_tenge(it.commission)}, доставка {format_tenge(it.delivery)}."
        ),
        ours=format_tenge(sum(sum_ for sum_ in ours if sum_ is not None)),
        theirs=format_tenge(it.commission + (it.delivery if ours[1] is not None else 0)),
        amount="0\u00a0₸",
        is_estimate=it.is_estimate,
    )


def panel_of(it: DifferenceView, line: LineView | None) -> Panel:
    """Return a difference in full, with its line of the file."""
    return Panel(
        id=str(it.id),
        title=f"Заказ {it.order_code}" if it.order_code else NAMES[it.kind],
        name=NAMES[it.kind],
        tone=_tone(it),
        story=story_of(it),
        is_resolved=it.resolved_at is not None,
        note=it.note,
        sums=_sums(it, line),
        cells=list(line.cells) if line else [],
    )


def _sums(it: DifferenceView, line: LineView | None) -> list[tuple[str, str]]:
    about = " (оценка)" if it.is_estimate else ""
    pairs = [
        (f"Должно быть{about}", format_tenge(it.ours)),
        ("В отчёте", format_tenge(it.theirs)),
        ("Разница для вас", signed_tenge(-it.amount)),
    ]
    if line is not None and (line.expected_commission or line.expected_delivery):
        pairs += [
            ("Комиссия: у нас", format_tenge(line.expected_commission)),
            ("Комиссия: в отчёте", format_tenge(line.commission)),
            ("Доставка: у нас", format_tenge(line.expected_delivery)),
            ("Доставка: в отчёте", format_tenge(line.delivery)),
        ]
    return pairs


def _tone(it: DifferenceView) -> str:
    if it.resolved_at is not None:
        return "gray"
    if it.amount > 0:
        return "red"
    return "amber" if it.amount < 0 else "blue"


def _standing(view: ReportView) -> tuple[str, str]:
    if view.status is PayoutStatus.READY:
        if not view.open:
            return "Всё разобрано" if view.kinds else "Сошлось", "green"
        return counted(view.open, "различие", "различия", "различий"), "amber"
    return {
        PayoutStatus.READING: ("Читаем", "blue"),
        PayoutStatus.MATCHING: ("Сверяем", "blue"),
        PayoutStatus.COLUMNS: ("Укажите столбцы", "amber"),
        PayoutStatus.REFUSED: ("Не подошёл", "red"),
        PayoutStatus.CANCELLED: ("Отменена", "gray"),
    }[view.status]


def _progress(view: ReportView) -> str:
    if not view.total:
        return "Открываем файл…"
    doing = "Читаем" if view.status is PayoutStatus.READING else "Сверяем"
    return f"{doing}: {number(view.done)} из {counted(view.total, 'строки', 'строк', 'строк')}"


def _whole(tiyn: int) -> str:
    """Write a sum of a tile, which is read at a glance: the file has its tiyn."""
    return format_tenge(floor_to_tenge(tiyn))


def _period(period: Sequence[date]) -> str:
    first, last = period
    return f"{_day(first)} — {_day(last)}"


def _day(day: date | None) -> str:
    return f"{day:%d.%m.%Y}" if day else "без даты"
