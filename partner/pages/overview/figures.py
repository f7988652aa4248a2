"""Plots of a partner's figures."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import plotly.graph_objects as go

from cube_demper.core.money import NBSP, TIYN_IN_TENGE
from cube_demper.domain.partners.schemas import DayFigures, Report
from cube_demper.ui.charts import Colour, new_figure, paint, wall_time

_NOON = timedelta(hours=12)
_WEEKS_FROM = 120
"""Days from which a bar is a week: more bars than that are hairs."""


def clicks_figure(report: Report) -> go.Figure:
    """Draw the clicks of each day, or week."""
    figure = new_figure(unit="", bargap=0.25)
    bins = _bins(report)
    _bars(figure, bins, [it.clicks for it in bins], "Переходы", "rival")
    figure.update_xaxes(hoverformat=_when(report))
    _whole(figure, max(it.clicks for it in bins))
    return figure


def people_figure(report: Report) -> go.Figure:
    """Draw sign-ups and payments side by side: there are far fewer of them than clicks."""
    figure = new_figure(unit="", bargap=0.25, barmode="group")
    bins = _bins(report)
    _bars(figure, bins, [it.sign_ups for it in bins], "Регистрации", "mine")
    _bars(figure, bins, [it.payments for it in bins], "Оплаты", "good")
    figure.update_xaxes(hoverformat=_when(report))
    _whole(figure, max(max(it.sign_ups, it.payments) for it in bins))
    return figure


def _whole(figure: go.Figure, most: int) -> None:
    """Mark whole numbers alone: there is no half of a person."""
    step = {"dtick": 1} if most < 5 else {"nticks": 5}
    figure.update_yaxes(rangemode="tozero", tickformat=",d", **step)


def earnings_figure(report: Report) -> go.Figure:
    """Draw what each day earned; a day of refunds lies below zero."""
    figure = new_figure(hovermode="x", bargap=0.25)
    bins = _bins(report)
    figure.add_bar(
        x=[wall_time(it.day + _NOON) for it in bins],
        y=[it.earned / TIYN_IN_TENGE for it in bins],
        marker={"color": [paint("bad" if it.earned < 0 else "good") for it in bins]},
        hovertemplate=f"%{{y:,.0f}}{NBSP}₸<extra></extra>",
    )
    figure.update_xaxes(hoverformat=_when(report))
    figure.update_yaxes(nticks=5)
    return figure


def _bars(
    figure: go.Figure, bins: Sequence[DayFigures], values: list[int], name: str, colour: Colour
) -> None:
    figure.add_bar(
        x=[wall_time(it.day + _NOON) for it in bins],
        y=values,
        name=name,
        marker={"color": paint(colour)},
        hovertemplate="%{y:,d}",
    )


def _bins(report: Report) -> Sequence[DayFigures]:
    if len(report.days) < _WEEKS_FROM:
        return report.days
    weeks = [report.days[start : start + 7] for start in range(0, len(report.days), 7)]
    return [Report(tuple(week), week[0], {}).total for week in weeks]


def _when(report: Report) -> str:
    return "%-d %b" if len(report.days) < _WEEKS_FROM else "Неделя с %-d %b"
