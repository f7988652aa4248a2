"""One product's calculation, its batches and its figures as text."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time

import plotly.graph_objects as go

from cube_demper.core.clock import ALMATY
from cube_demper.core.money import format_tenge
from cube_demper.domain.economics.costs.schemas import CostView
from cube_demper.domain.economics.profit_floors import GAP_WORDS
from cube_demper.domain.economics.shop.product import ProductEconomics
from cube_demper.domain.economics.steps import Step
from cube_demper.seller.calculations.figures import FigureRow, figure_rows
from cube_demper.seller.pages.economics.rows import cost_text
from cube_demper.seller.profit_hint.words import whole
from cube_demper.ui.charts import add_line, new_figure, paint
from cube_demper.ui.format import counted, day, number, percent


@dataclass
class StepRow:
    """One step from the price to the profit."""

    name: str
    amount: str
    formula: str
    is_total: bool


@dataclass
class BatchRow:
    """One batch."""

    id: str
    what: str
    note: str


@dataclass
class Panel:
    """All that the panel shows of a product."""

    id: str = ""
    name: str = ""
    summary: str = ""
    gap: str = ""
    terms_link: str = ""
    steps: list[StepRow] = field(default_factory=list)
    figures: list[FigureRow] = field(default_factory=list)
    is_sure: bool = True
    category: str = ""
    own_category: str = ""
    weight: str = ""
    cost: str = ""
    method: str = "manual"
    batches: list[BatchRow] = field(default_factory=list)
    left: str = ""
    has_history: bool = False


def panel_of(found: ProductEconomics, costs: CostView) -> Panel:
    """Put a product into words."""
    done = found.done
    return Panel(
        id=str(found.id),
        name=found.name,
        summary=_summary(found),
        gap=GAP_WORDS[found.gap].capitalize() if found.gap else "",
        terms_link=f"/economics/terms?store={found.store_id}",
        steps=[_step(it) for it in done.steps] if done else [],
        figures=figure_rows(done.figures) if done else [],
        is_sure=done is None or done.confidence.is_sure,
        category=" > ".join(found.tariff_category or ()),
        own_category=found.own_category or "",
        weight=number(found.weight_g / 1000, digits=3).rstrip("0").rstrip(",")
        if found.weight_g
        else "",
        cost=cost_text(found.cost),
        method=costs.method.value,
        batches=[
            BatchRow(
                str(it.id),
                f"{number(it.quantity)} шт по {format_tenge(it.unit_cost)}",
                " · ".join(part for part in (_on(it.bought_on), it.note) if part),
            )
            for it in reversed(costs.batches)
        ],
        left=_left(costs),
        has_history=len(found.history) > 1,
    )


def history_figure(found: ProductEconomics, now: datetime) -> go.Figure:
    """Draw the margin at every window price of the last month."""
    figure = new_figure(unit="%")
    if not found.history:
        return figure
    times = [it.at for it in found.history] + [now]
    margins = [float(it.margin or 0) for it in found.history]
    add_line(figure, times, [*margins, margins[-1]], name="Маржа", unit="%")
    if min(margins) < 5:
        figure.add_hline(y=0, line={"color": paint("bad"), "width": 1})
    return figure


def _summary(found: ProductEconomics) -> str:
    done = found.done
    if done is None or done.profit is None:
        return "Прибыль не посчитана" if found.cost is not None else "Себестоимость не указана"
    even = done.break_even.safe if done.break_even else None
    zero = f" · без убытка от {format_tenge(even)}" if even else ""
    return f"Прибыль {whole(done.profit)} · маржа {percent(done.margin)}{zero}"


def _step(step: Step) -> StepRow:
    amount = "не известно" if step.amount is None else whole(step.amount)
    is_total = step.code.value in {"price", "profit"}
    return StepRow(step.name, amount, step.formula, is_total)


def _left(costs: CostView) -> str:
    if not costs.batches:
        return ""
    text = f"На складе по партиям {number(costs.left)} шт на {whole(costs.value)}"
    if costs.is_estimate:
        text = "По партиям всё продано: взята цена последней"
    if costs.short:
        text += f"; {counted(costs.short, 'штука ушла', 'штуки ушли', 'штук ушло')} без партии"
    return text


def _on(on: date | None) -> str:
    if on is None:
        return ""
    moment = datetime.combine(on, time(12), ALMATY)
    return f"{day(moment)} {moment.year}"
