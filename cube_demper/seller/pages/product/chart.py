"""The chart of prices: our window price, the cheapest rival, the floor; and the sentence under it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise

import plotly.graph_objects as go

from cube_demper.core.money import format_tenge, to_tenge
from cube_demper.domain.catalog.view_schemas import PriceSeries, Step
from cube_demper.ui.charts import Colour, add_line, label_end, new_figure, paint, wall_time
from cube_demper.ui.format import counted, duration, percent

_MOST_ZONES = 30


def price_figure(series: PriceSeries) -> go.Figure:
    """Draw the three lines as steps up to now; where a rival is below the floor, shade."""
    figure = new_figure(margin={"l": 8, "r": 132, "t": 12, "b": 44})
    for start, end in below_floor(series)[:_MOST_ZONES]:
        figure.add_vrect(
            x0=wall_time(start),
            x1=wall_time(end),
            fillcolor=paint("floor"),
            opacity=0.1,
            line_width=0,
        )
    _line(figure, series.rival, series, "конкурент", "rival", width=1.5)
    _line(figure, series.floor, series, "мин. цена", "floor", dashed=True, width=1.5)
    _line(figure, series.own, series, "моя", "mine", width=2.5)
    _labels(figure, series)
    return figure


def caption(series: PriceSeries) -> str:
    """Say what to see in the chart, from its own numbers."""
    if series.is_empty:
        return "За это время бот ещё не смотрел цены этого товара."
    prices = [step.price for step in series.own if step.price is not None]
    changes = len(prices) - 1
    if changes < 1:
        sentence = "Ваша цена не менялась"
    else:
        times = counted(changes, "раз", "раза", "раз")
        lowest, highest = format_tenge(min(prices)), format_tenge(max(prices))
        sentence = f"Ваша цена менялась {times}: от {lowest} до {highest}"
    ahead = _share_not_dearer(series)
    if ahead is not None:
        sentence += f". {percent(ahead * 100, digits=0)} времени дешевле вас никого не было"
    below = sum((end - start for start, end in below_floor(series)), timedelta())
    if below:
        sentence += f". Конкурент стоял ниже вашей мин. цены {duration(below)}"
    return sentence + "."


def below_floor(series: PriceSeries) -> list[tuple[datetime, datetime]]:
    """Return the stretches in which the cheapest rival stood under the floor."""
    found: list[tuple[datetime, datetime]] = []
    for start, end, rival, floor in _together(series.rival, series.floor, series.until):
        if rival is None or floor is None or rival >= floor:
            continue
        if found and found[-1][1] == start:
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return found


def _share_not_dearer(series: PriceSeries) -> float | None:
    known = ahead = timedelta()
    for start, end, own, rival in _together(series.own, series.rival, series.until):
        if own is None or rival is None:
            continue
        known += end - start
        if own <= rival:
            ahead += end - start
    return ahead / known if known else None


def _together(
    one: tuple[Step, ...], two: tuple[Step, ...], until: datetime
) -> Iterator[tuple[datetime, datetime, int | None, int | None]]:
    """Cut time where either line changes; yield each stretch with both values."""
    moments = sorted({step.at for step in (*one, *two)} | {until})
    first = second = 0
    for start, end in pairwise(moments):
        while first < len(one) and one[first].at <= start:
            first += 1
        while second < len(two) and two[second].at <= start:
            second += 1
        yield (
            start,
            end,
            one[first - 1].price if first else None,
            two[second - 1].price if second else None,
        )


def _line(
    figure: go.Figure,
    steps: tuple[Step, ...],
    series: PriceSeries,
    name: str,
    colour: Colour,
    *,
    dashed: bool = False,
    width: float,
) -> None:
    if not steps:
        return
    last = Step(max(series.until, steps[-1].at), steps[-1].price)
    shown = [*steps, last]
    add_line(
        figure,
        [step.at for step in shown],
        [None if step.price is None else float(to_tenge(step.price)) for step in shown],
        name=name,
        colour=colour,
        dashed=dashed,
        width=width,
    )


def _labels(figure: go.Figure, series: PriceSeries) -> None:
    """Write the last values at the right end, pushed apart where they would cover one another."""
    ends: list[tuple[int, str, Colour]] = []
    lines: tuple[tuple[tuple[Step, ...], str, Colour], ...] = (
        (series.own, "вы", "mine"),
        (series.rival, "конкурент", "rival"),
        (series.floor, "мин.", "floor"),
    )
    for steps, word, colour in lines:
        if steps and (price := steps[-1].price) is not None:
            ends.append((price, word, colour))
    drawn = [it.price for it in (*series.own, *series.rival, *series.floor) if it.price is not None]
    gap = max((max(drawn) - min(drawn)) * 0.09, 1) if drawn else 1
    height: float | None = None
    for price, word, colour in sorted(ends):
        height = float(price) if height is None else max(float(price), height + gap)
        label_end(figure, height / 100, f"{format_tenge(price)} {word}", colour)
