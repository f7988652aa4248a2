"""The plot of places: how many goods stood first, second or third, and lower."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from cube_demper.domain.overview.schemas import PlacePoint, Places
from cube_demper.ui.charts import Colour, label_end, new_figure, paint, wall_time
from cube_demper.ui.format import counted, number

_LAYERS: tuple[tuple[str, str, Colour, str], ...] = (
    ("lower", "ниже", "muted", "rgba(185,187,198,0.22)"),
    ("second_third", "на 2–3-м", "mine", "rgba(61,99,221,0.14)"),
    ("first", "первых", "good", "rgba(42,154,102,0.20)"),
)


def places_figure(places: Places) -> go.Figure:
    """Draw the three groups on top of one another; where nobody counted, nothing is drawn."""
    figure = new_figure(unit="", margin={"l": 8, "r": 104, "t": 12, "b": 44})
    for stretch in _stretches(places):
        _add_layers(figure, stretch)
    figure.update_yaxes(rangemode="tozero", nticks=5, tickformat=",d")
    if places.points:
        _label(figure, places.points[-1])
    return figure


def _add_layers(figure: go.Figure, points: Sequence[PlacePoint]) -> None:
    """Draw one unbroken stretch: a fill would bridge a hole in the middle."""
    heights = {
        "first": [it.first for it in points],
        "second_third": [it.first + it.second_third for it in points],
        "lower": [it.known for it in points],
    }
    for name, words, colour, fill in _LAYERS:
        figure.add_scatter(
            x=[wall_time(it.at) for it in points],
            y=heights[name],
            customdata=[getattr(it, name) for it in points],
            name=words,
            mode="lines" if len(points) > 1 else "markers",
            line={"color": paint(colour), "width": 1.5},
            marker={"color": paint(colour), "size": 6},
            fill="tozeroy",
            fillcolor=fill,
            hovertemplate="%{customdata}",
        )


def caption(places: Places) -> str:
    """Say what to see in the plot, from its own numbers."""
    if places.is_empty:
        return "Места считаются каждые полчаса, пока бот работает. Первая точка появится скоро."
    first, last = places.points[0], places.points[-1]
    if len(places.points) < 2:
        return f"Пока одна точка: {counted(last.first, 'товар', 'товара', 'товаров')} на 1-м месте."
    difference = last.first - first.first
    if difference:
        word = "больше" if difference > 0 else "меньше"
        sentence = f"Первых мест на {number(abs(difference))} {word}, чем в начале графика"
    else:
        sentence = "Первых мест столько же, сколько в начале графика"
    if len(_stretches(places)) > 1:
        sentence += ". Там, где линии нет, бот не работал"
    return sentence + "."


def _stretches(places: Places) -> list[list[PlacePoint]]:
    """Cut the points where counts are missing, so that a line does not pretend."""
    found: list[list[PlacePoint]] = []
    for point in places.points:
        if found and point.at - found[-1][-1].at <= 2 * places.step:
            found[-1].append(point)
        else:
            found.append([point])
    return found


def _label(figure: go.Figure, last: PlacePoint) -> None:
    """Write the last counts at the right end, pushed apart where they would cover one another."""
    gap = max(last.known * 0.08, 0.5)
    height = float(last.first)
    label_end(figure, height, f"{number(last.first)} первых", "good")
    for count, words, colour in (
        (last.second_third, "на 2–3-м", "mine"),
        (last.lower, "ниже", "text"),
    ):
        height = max(height + gap, height + count)
        label_end(figure, height, f"{number(count)} {words}", colour)  # type: ignore[arg-type]
