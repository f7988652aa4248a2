"""Plots of the product's figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Final

import plotly.graph_objects as go

from cube_demper.core.clock import ALMATY
from cube_demper.core.money import NBSP, TIYN_IN_TENGE
from cube_demper.domain.statistics.schemas import DAILY, ERROR_WORDS, DayRow, ErrorKind, Report
from cube_demper.ui.charts import Colour, add_line, new_figure, paint, wall_time

_PLANS: Final[Mapping[str, Colour]] = {"basic": "rival", "pro": "mine"}
_ERRORS: Final[Mapping[ErrorKind, Colour]] = {
    ErrorKind.SEND: "bad",
    ErrorKind.SIGN_IN: "floor",
    ErrorKind.SYNC: "mine",
    ErrorKind.MESSAGE: "good",
    ErrorKind.PAYMENT: "rival",
}
_WEEKS_FROM: Final = 120
"""Days from which a bar is a week: more bars than that are hairs."""
_NOON: Final = time(12)


def revenue_figure(report: Report) -> go.Figure:
    """Stack the money of each day, or week, by plan; a day of refunds lies below zero."""
    figure = new_figure(bargap=0.25, barmode="relative")
    days = [it.day for it in report.days]
    for plan, colour in _PLANS.items():
        values = [report.revenue.get(day, {}).get(plan, 0) / TIYN_IN_TENGE for day in days]
        _bars(figure, days, values, name=plan.upper(), colour=colour, hover=f"%{{y:,.0f}}{NBSP}₸")
    return _finish(figure, days)


def prices_figure(report: Report) -> go.Figure:
    """Draw how many changes of prices left each day."""
    figure = new_figure(unit="", bargap=0.25)
    days = [it.day for it in report.days]
    _bars(
        figure,
        days,
        [it.changed for it in report.days],
        name="Цены",
        colour="mine",
        hover="%{y:,d}",
    )
    return _whole(_finish(figure, days), [it.changed for it in report.days])


def errors_figure(report: Report) -> go.Figure:
    """Stack the failures of each day by kind."""
    figure = new_figure(unit="", bargap=0.25, barmode="stack")
    days = [it.day for it in report.days]
    for kind in DAILY:
        values = [it.errors.get(kind, 0) for it in report.days]
        _bars(figure, days, values, name=ERROR_WORDS[kind], colour=_ERRORS[kind], hover="%{y:,d}")
    return _whole(_finish(figure, days), [sum(it.errors.values()) for it in report.days])


def mrr_figure(report: Report) -> go.Figure | None:
    """Draw what all plans bring in 30 days, as it stood at each day's end; None while one point is known."""
    known: Sequence[DayRow] = [it for it in report.days if it.mrr is not None]
    if len(known) < 2:
        return None
    figure = new_figure()
    add_line(
        figure,
        [_at(it.day) for it in known],
        [(it.mrr or 0) / TIYN_IN_TENGE for it in known],
        name="MRR",
    )
    figure.update_xaxes(hoverformat="%-d %b")
    figure.update_yaxes(rangemode="tozero", nticks=5)
    return figure


def _bars(
    figure: go.Figure,
    days: Sequence[date],
    values: Sequence[float],
    *,
    name: str,
    colour: Colour,
    hover: str,
) -> None:
    starts, sums = _bins(days, values)
    figure.add_bar(
        x=[wall_time(_at(day)) for day in starts],
        y=sums,
        name=name,
        marker={"color": paint(colour)},
        hovertemplate=hover,
    )


def _bins(days: Sequence[date], values: Sequence[float]) -> tuple[list[date], list[float]]:
    step = 1 if len(days) < _WEEKS_FROM else 7
    starts = range(0, len(days), step)
    return [days[it] for it in starts], [sum(values[it : it + step]) for it in starts]


def _finish(figure: go.Figure, days: Sequence[date]) -> go.Figure:
    figure.update_xaxes(hoverformat="%-d %b" if len(days) < _WEEKS_FROM else "Неделя с %-d %b")
    figure.update_yaxes(nticks=5)
    return figure


def _whole(figure: go.Figure, values: Sequence[int]) -> go.Figure:
    """Mark whole numbers alone: there is no half of a change."""
    step = {"dtick": 1} if max(values, default=0) < 5 else {"nticks": 5}
    figure.update_yaxes(rangemode="tozero", tickformat=",d", **step)
    return figure


def _at(day: date) -> datetime:
    return datetime.combine(day, _NOON, ALMATY)
