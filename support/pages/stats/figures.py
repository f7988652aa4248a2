"""Plots of support's days. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Final

import plotly.graph_objects as go

from cube_demper.core.clock import ALMATY
from cube_demper.domain.support.schemas import DayStats
from cube_demper.ui.charts import Colour, new_figure, paint, wall_time

_NOON: Final = time(12)
_DAY: Final = timedelta(days=1)


def every_day(days: Sequence[DayStats], since: date, until: date) -> list[DayStats]:
    """Put the days on which nothing came of anything among the others."""
    known = {it.day: it for it in days}
    span = [since + _DAY * number for number in range((until - since).days + 1)]
    return [known.get(day, DayStats(day, 0, 0, 0, 0)) for day in span]


def matters_figure(days: Sequence[DayStats]) -> go.Figure:
    """Draw matters opened and closed, side by side."""
    figure = new_figure(unit="", bargap=0.25, barmode="group")
    _bars(figure, days, [it.opened for it in days], "Открыто", "rival")
    _bars(figure, days, [it.closed for it in days], "Закрыто", "mine")
    return _whole(figure, max((max(it.opened, it.closed) for it in days), default=0))


def answers_figure(days: Sequence[DayStats]) -> go.Figure:
    """Draw first answers, those that came late on top."""
    figure = new_figure(unit="", bargap=0.25, barmode="stack")
    _bars(figure, days, [it.answered - it.late for it in days], "Вовремя", "good")
    _bars(figure, days, [it.late for it in days], "С опозданием", "bad")
    return _whole(figure, max((it.answered for it in days), default=0))


def _bars(
    figure: go.Figure, days: Sequence[DayStats], values: list[int], name: str, colour: Colour
) -> None:
    figure.add_bar(
        x=[wall_time(datetime.combine(it.day, _NOON, ALMATY)) for it in days],
        y=values,
        name=name,
        marker={"color": paint(colour)},
        hovertemplate="%{y:,d}",
    )


def _whole(figure: go.Figure, most: int) -> go.Figure:
    """Mark whole numbers alone: there is no half of a matter."""
    step = {"dtick": 1} if most < 5 else {"nticks": 5}
    figure.update_xaxes(hoverformat="%-d %b")
    figure.update_yaxes(rangemode="tozero", tickformat=",d", **step)
    return figure
