"""Plots of one sale: where the price goes, and what is left of it by price."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go

from cube_demper.core.money import NBSP, format_tenge
from cube_demper.domain.economics.steps import Step, StepCode
from cube_demper.domain.economics.study import Curve, Study
from cube_demper.ui.charts import Colour, new_figure, paint

_TIYN = 100


@dataclass(frozen=True, slots=True)
class _Bar:
    name: str
    start: int
    end: int
    colour: Colour


def waterfall(study: Study) -> go.Figure:
    """Draw the way from the price to the profit, a bar a step; without a cost it stops before it."""
    bars = _bars(study.calculation.steps)
    figure = new_figure(bargap=0.35, hovermode="closest", margin={"l": 8, "r": 12, "t": 4, "b": 28})
    figure.add_bar(
        orientation="h",
        y=[it.name for it in bars],
        x=[abs(it.end - it.start) / _TIYN for it in bars],
        base=[min(it.start, it.end) / _TIYN for it in bars],
        marker={"color": [paint(it.colour) for it in bars]},
        text=[format_tenge(it.end - it.start) for it in bars],
        textposition="outside",
        textfont={"color": paint("text"), "size": 12},
        cliponaxis=False,
        hoverinfo="skip",
    )
    figure.update_yaxes(
        autorange="reversed", type="category", ticksuffix="", tickformat="", showgrid=False
    )
    low = min(min(it.start, it.end) for it in bars) / _TIYN
    high = max(max(it.start, it.end) for it in bars) / _TIYN
    # The words at the ends of the bars need room of their own.
    _in_tenge(figure, showgrid=True, nticks=4, range=[low, high + (high - low) * 0.3])
    return figure


def waterfall_words(study: Study) -> str:
    """Say what the waterfall shows."""
    done = study.calculation
    if done.profit is None:
        return "Закупка не указана: столбцы показывают, что забирают Kaspi и налоги, прибыли среди них нет."
    taken = sum(-it.amount for it in done.steps if it.amount and it.amount < 0)
    if done.profit >= 0:
        return (
            f"Из {format_tenge(done.price)} расходы забирают {format_tenge(taken)},"
            f" остаётся {format_tenge(done.profit)}."
        )
    return f"Расходы больше цены на {format_tenge(-done.profit)}: продажа в убыток."


def _bars(steps: Sequence[Step]) -> list[_Bar]:
    """Put the cost right before the profit: what Kaspi and the state take stands together."""
    known = [it for it in steps if it.amount is not None]
    late = (StepCode.COST, StepCode.PROFIT)
    ordered = [it for it in known if it.code not in late]
    ordered += [it for code in late for it in known if it.code is code]
    level, bars = 0, []
    for step in ordered:
        amount = step.amount or 0
        if step.code is StepCode.PROFIT:
            bars.append(_Bar(step.name, 0, amount, "good" if amount >= 0 else "bad"))
        elif step.code is StepCode.PRICE:
            bars.append(_Bar(step.name, 0, amount, "mine"))
            level = amount
        elif amount:
            bars.append(_Bar(step.name, level, level + amount, "good" if amount > 0 else "muted"))
            level += amount
    return bars


def sensitivity(study: Study) -> go.Figure:
    """Draw the profit by price, with the sale's own price and the prices that reach goals."""
    figure = new_figure(hovermode="x", margin={"l": 8, "r": 24, "t": 28, "b": 44})
    curve = study.curve
    if curve is None:
        return figure
    figure.add_scatter(
        x=[it / _TIYN for it in curve.prices],
        y=[it / _TIYN for it in curve.profits],
        mode="lines",
        line={"color": paint("mine"), "width": 2},
        hovertemplate=f"прибыль %{{y:,.0f}}{NBSP}₸",
        name="",
    )
    _in_tenge(figure, hoverformat=",.0f", ticksuffix=f"{NBSP}₸", nticks=6)
    figure.add_shape(
        type="line", xref="paper", x0=0, x1=1, y0=0, y1=0,
        line={"color": paint("rival"), "width": 1},
    )  # fmt: skip
    low, high = curve.prices[0], curve.prices[-1]
    for price, name, colour, at in _marks(study, curve):
        if low <= price <= high:
            _mark(figure, price, name, colour, at)
    return figure


def _marks(study: Study, curve: Curve) -> list[tuple[int, str, Colour, float]]:
    marks: list[tuple[int, str, Colour, float]] = [
        (study.calculation.price, "сейчас", "mine_text", 1.0)
    ]
    if curve.break_even is not None:
        marks.append((curve.break_even, "без убытка", "floor_text", 0.92))
    if curve.wanted is not None:
        marks.append((curve.wanted, "желаемое", "good", 0.84))
    return marks


def _mark(figure: go.Figure, price: int, name: str, colour: Colour, at: float) -> None:
    x = price / _TIYN
    figure.add_shape(
        type="line", x0=x, x1=x, yref="paper", y0=0, y1=at,
        line={"color": paint(colour), "width": 1, "dash": "4px,3px"},
    )  # fmt: skip
    figure.add_annotation(
        x=x, y=at, yref="paper", yanchor="bottom", xanchor="center", text=name, showarrow=False,
        font={"color": paint(colour), "size": 12},
    )  # fmt: skip


def sensitivity_words(study: Study) -> str:
    """Say what the curve shows."""
    curve = study.curve
    if curve is None:
        return ""
    parts = []
    if curve.break_even is None:
        parts.append("Ни одна цена не выводит эту продажу в плюс.")
    else:
        parts.append(f"Без убытка — от {format_tenge(curve.break_even)} и выше.")
    if study.case.goal() is not None:
        reached = "не достигается ни при какой цене"
        if curve.wanted is not None:
            reached = f"достигается от {format_tenge(curve.wanted)}"
        parts.append(f"Желаемое {reached}.")
    parts.append("Ступени — там, где доставка дорожает с ценой заказа.")
    return " ".join(parts)


def _in_tenge(figure: go.Figure, **axis: Any) -> None:
    """Make the time axis of the shared look one of sums; an update would keep the times' formats."""
    figure.layout.xaxis.tickformatstops = ()
    figure.update_xaxes(type="linear", tickformat=",.0f", **axis)
