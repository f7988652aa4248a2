"""Plotly with one look. Figures are drawn in the light colours; the browser swaps them in dark mode."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal

import plotly.graph_objects as go
import reflex as rx

from cube_demper.core.clock import ALMATY
from cube_demper.ui.actions import Text
from cube_demper.ui.browser import library

Colour = Literal[
    "mine", "mine_text", "rival", "floor", "floor_text", "good", "bad", "muted", "text", "strong",
    "grid", "card",
]  # fmt: skip
# Name -> (light, dark). All differ in light, so that the browser can find them by value.
COLOURS: dict[Colour, tuple[str, str]] = {
    "mine": ("#3d63dd", "#6e8bf7"),
    "rival": ("#8b8d98", "#8a8d96"),
    "floor": ("#d98d00", "#f0b429"),
    "floor_text": ("#8f5200", "#ffca16"),
    "mine_text": ("#3451b2", "#9eb1ff"),
    "good": ("#2a9a66", "#3dd68c"),
    "bad": ("#ce2c31", "#ff9592"),
    "muted": ("#b9bbc6", "#5a6169"),
    "text": ("#60646c", "#b0b4ba"),
    "strong": ("#1c2024", "#edeef0"),
    "grid": ("#e8e8ec", "#272a2d"),
    "card": ("#ffffff", "#18191b"),
}
# A thin line may be paler than words: these are the words' colours (AA on the card).
_WORDS: dict[Colour, Colour] = {"mine": "mine_text", "floor": "floor_text", "rival": "text"}
_TO_DARK = dict(COLOURS.values())
_DAY_MS = 86_400_000
_TIME_TICKS = [
    {"dtickrange": [None, _DAY_MS - 1], "value": "%H:%M\n%-d %b"},
    {"dtickrange": [_DAY_MS, "M1"], "value": "%-d %b"},
    {"dtickrange": ["M1", None], "value": "%b\n%Y"},
]
_FONT = "Inter Variable, system-ui, sans-serif"
_CONFIG = {"displayModeBar": False, "responsive": True, "scrollZoom": False, "doubleClick": False}


def paint(colour: Colour) -> str:
    """Return a colour for a figure of one's own; the browser swaps it in dark mode."""
    return COLOURS[colour][0]


def wall_time(when: datetime) -> str:
    """Return a moment for a time axis: Plotly knows no time zones, so Almaty's wall clock."""
    return when.astimezone(ALMATY).strftime("%Y-%m-%d %H:%M:%S")


def new_figure(*, unit: str = "₸", **layout: Any) -> go.Figure:
    """Make an empty figure with the shared look; `layout` changes it."""
    axis = {
        "showline": False,
        "zeroline": False,
        "fixedrange": True,
        "tickangle": 0,
        "ticklabelstandoff": 8,
        "tickfont": {"size": 12, "color": paint("text")},
        "gridcolor": paint("grid"),
    }
    figure = go.Figure()
    figure.update_layout(
        template=go.layout.Template(),
        font={"family": _FONT, "size": 12, "color": paint("text")},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        margin={"l": 8, "r": 24, "t": 12, "b": 44},
        separators=",\u00a0",
        hovermode="x unified",
        hoverlabel={
            "font": {"family": _FONT, "size": 13, "color": paint("strong")},
            "bgcolor": paint("card"),
        },
        showlegend=False,
        dragmode=False,
        xaxis={
            **axis,
            "showgrid": False,
            "hoverformat": "%-d %b, %H:%M",
            "tickformatstops": _TIME_TICKS,
        },
        yaxis={
            **axis,
            "automargin": True,
            "tickformat": ",.0f",
            "ticksuffix": f"\u00a0{unit}" if unit == "%" else "",
        },
    )
    figure.update_layout(**layout)
    return figure


def add_line(
    figure: go.Figure,
    times: Sequence[datetime],
    values: Sequence[float | None],
    *,
    name: str,
    colour: Colour = "mine",
    dashed: bool = False,
    steps: bool = True,
    unit: str = "₸",
    width: float = 2,
) -> go.Figure:
    """Add one line; prices change in `steps`. None leaves a gap."""
    figure.add_scatter(
        x=[wall_time(when) for when in times],
        y=list(values),
        name=name,
        mode="lines",
        line={
            "color": paint(colour),
            "width": width,
            "shape": "hv" if steps else "linear",
            "dash": "4px,3px" if dashed else "solid",
        },
        hovertemplate=f"%{{y:,.0f}}\u00a0{unit}",
        connectgaps=False,
    )
    return figure


def label_end(figure: go.Figure, value: float, text: str, colour: Colour) -> go.Figure:
    """Write a line's name at its right end, outside the plot (give the figure a right margin)."""
    figure.add_annotation(
        x=1, xref="paper", xanchor="left", xshift=8, y=value, yanchor="middle", text=text,
        showarrow=False, font={"color": paint(_WORDS.get(colour, colour)), "size": 12}, align="left",
    )  # fmt: skip
    return figure


class _Chart(rx.Component):
    # `plotly.js-basic-dist-min` (scatter and bar: a third of Plotly) comes from rxconfig's list.
    library = library("chart")
    tag = "Chart"

    figure: rx.Var[go.Figure | None]
    dark: rx.Var[bool]
    palette: rx.Var[dict[str, str]]
    config: rx.Var[dict[str, Any]]
    label: rx.Var[str]


def chart(
    figure: rx.Var[go.Figure | None], *, label: Text, caption: Text | None = None, height: int = 260
) -> rx.Component:
    """Draw a figure made by `new_figure`; its height is fixed, so that nothing jumps.

    Args:
        figure: a Var of a state; its default is None: a figure is copied for every tab that opens.
        label: what is drawn, for screen readers.
        caption: the sentence under the chart that says what to see in it.
        height: px.
    """
    return rx.el.figure(
        rx.el.div(
            _Chart.create(
                figure=figure,
                dark=rx.style.resolved_color_mode == "dark",
                palette=_TO_DARK,
                config=_CONFIG,
                label=label,
            ),
            class_name="k-chart",
            style={"height": f"{height}px"},
        ),
        rx.el.figcaption(caption) if caption is not None else rx.fragment(),
        class_name="k-figure",
    )


def legend(*items: tuple[Text, Colour, bool]) -> rx.Component:
    """Name the lines above a chart: (words, colour, dashed)."""
    return rx.el.div(
        *(
            rx.el.span(
                rx.el.span(
                    class_name="k-swatch dashed" if dashed else "k-swatch",
                    custom_attrs={"data-colour": colour},
                ),
                words,
            )
            for words, colour, dashed in items
        ),
        class_name="k-legend",
    )
