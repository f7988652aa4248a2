"""A run of a replay as its page shows it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from cube_demper.core.money import MINUS
from cube_demper.domain.replay.schemas import Row, RunView, Sums
from cube_demper.models.trust import ReplayStatus
from cube_demper.seller.pages.product.replay.words import Comparison, price, share, span
from cube_demper.seller.pages.replay.rule import rule_words
from cube_demper.ui.format import NOTHING, counted, number, percent

_DAY = timedelta(days=1)


@dataclass
class Run:
    """The newest run."""

    id: str = ""
    title: str = ""
    progress: str = ""
    percent: int = 0
    is_open: bool = False
    is_over: bool = False
    is_cancelled: bool = False
    recorded: str = ""
    sums: list[Comparison] = field(default_factory=list)


@dataclass
class GoodRow:
    """One product of a run."""

    id: str = ""
    name: str = ""
    link: str = ""
    recorded: str = ""
    first: str = ""
    price: str = ""
    changes: str = ""
    tone: str = "gray"


def run_of(view: RunView, sums: Sums) -> Run:
    """Put a run into words."""
    is_open = view.status in {ReplayStatus.QUEUED, ReplayStatus.RUNNING}
    days = (view.until - view.since) // _DAY
    rule = ", ".join(rule_words(view.rule))
    return Run(
        id=str(view.id),
        title=f"«{view.store_name}»: {rule}, {counted(days, 'день', 'дня', 'дней')}",
        progress=f"{number(view.done)} из {counted(view.total, 'товара', 'товаров', 'товаров')}",
        percent=round(100 * view.done / view.total) if view.total else 100,
        is_open=is_open,
        is_over=view.status == ReplayStatus.DONE,
        is_cancelled=view.status == ReplayStatus.CANCELLED,
        recorded=_recorded(view, sums),
        sums=comparisons(sums) if sums.goods else [],
    )


def comparisons(sums: Sums) -> list[Comparison]:
    """Return the lines of all goods together."""
    change = sums.price_change
    shown = NOTHING
    if change is not None:
        sign = "+" if change > 0 else MINUS if change < 0 else ""
        shown = f"{sign}{percent(abs(change))}"
    return [
        Comparison("Первое место", share(sums.real_first), share(sums.tried_first)),
        Comparison("Средняя цена", NOTHING, shown),
        Comparison("Изменений цен", number(sums.real_changes), number(sums.tried_changes)),
        Comparison("На полу", share(sums.real_floor), share(sums.tried_floor)),
    ]


def _recorded(view: RunView, sums: Sums) -> str:
    if not view.done:
        return ""
    if not sums.goods:
        return "Рынок этих товаров за это время не записан: сравнивать пока не с чем."
    mean = sums.recorded / sums.goods
    whole = (view.until - view.since) // _DAY
    missing = view.done - sums.goods
    words = f"Рынок записан в среднем за {span(mean)} из {whole}"
    if missing:
        words += f", у {counted(missing, 'товара', 'товаров', 'товаров')} не записан вовсе"
    return words + "."


def good_row(row: Row) -> GoodRow:
    """Return one product of a run."""
    real, tried = row.real, row.tried
    gain = (tried.first_share or 0) - (real.first_share or 0)
    is_known = bool(row.recorded)
    return GoodRow(
        id=str(row.product_id),
        name=row.name,
        link=f"/products/{row.product_id}",
        recorded=span(row.recorded) if is_known else "не записан",
        first=f"{share(real.first_share)} → {share(tried.first_share)}" if is_known else NOTHING,
        price=f"{price(real.mean_price)} → {price(tried.mean_price)}" if is_known else NOTHING,
        changes=f"{number(real.changes)} → {number(tried.changes)}" if is_known else NOTHING,
        tone="green" if gain > 0.01 else "amber" if gain < -0.01 else "gray",
    )
