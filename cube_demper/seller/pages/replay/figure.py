"""The plot of a run: how many goods were first for how much of the time, and would have been."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from cube_demper.core.money import NBSP
from cube_demper.domain.replay.schemas import Spread
from cube_demper.ui.charts import Colour, new_figure, paint
from cube_demper.ui.format import counted

_GOODS = ("товар", "товара", "товаров")


def spread_figure(spread: Spread) -> go.Figure:
    """Draw both spreads beside each other, a pair of bars for each tenth of the time."""
    figure = new_figure(barmode="group", bargap=0.25, bargroupgap=0.08)
    width = 100 // Spread.PARTS
    spans = [f"{at}–{at + width}" for at in range(0, 100, width)]
    _bars(figure, spans, spread.real, "было", "rival")
    _bars(figure, spans, spread.tried, "по правилу", "mine")
    figure.update_xaxes(type="category", title={"text": "первое место, % времени", "standoff": 12})
    figure.update_yaxes(rangemode="tozero")
    return figure


def spread_words(spread: Spread) -> str:
    """Say in a sentence what the plot shows: goods that are first most of the time."""
    half = Spread.PARTS // 2
    was, would_be = sum(spread.real[half:]), sum(spread.tried[half:])
    goods = counted(would_be, *_GOODS)
    return (
        f"Больше половины времени первыми были бы {goods}, на деле — {was}."
        " Чем правее столбцы, тем дольше товары стоят первыми."
    )


def _bars(
    figure: go.Figure, spans: Sequence[str], goods: Sequence[int], name: str, colour: Colour
) -> None:
    figure.add_bar(
        x=list(spans),
        y=list(goods),
        name=name,
        marker={"color": paint(colour)},
        hovertemplate=f"%{{y:,.0f}}{NBSP}тов.",
    )
