"""The plot of a replay: our real price, the replayed one, the cheapest rival, the floor."""

from __future__ import annotations

from datetime import datetime

import plotly.graph_objects as go

from cube_demper.core.money import to_tenge
from cube_demper.domain.catalog.view_schemas import Step
from cube_demper.domain.replay.schemas import Outcome
from cube_demper.ui.charts import Colour, add_line, new_figure

MOST_STEPS = 600
"""As many as the plot has pixels; the rest could not be seen."""


def replay_figure(outcome: Outcome) -> go.Figure:
    """Draw the four lines; a stretch that nobody recorded is a gap."""
    figure = new_figure()
    lines = outcome.lines
    _line(figure, lines.rival, outcome.until, "лучший конкурент", "rival")
    if lines.floor is not None and lines.tried:
        floor = (Step(lines.tried[0].at, lines.floor),)
        _line(figure, floor, outcome.until, "пол", "floor", dashed=True)
    _line(figure, lines.real, outcome.until, "было", "strong")
    _line(figure, lines.tried, outcome.until, "по правилу", "mine", width=2.5)
    return figure


def _line(
    figure: go.Figure,
    steps: tuple[Step, ...],
    until: datetime,
    name: str,
    colour: Colour,
    *,
    width: float = 1.5,
    dashed: bool = False,
) -> None:
    if not steps:
        return
    shown = thinned(steps)
    last = Step(max(until, shown[-1].at), shown[-1].price)
    points = [*shown, last]
    add_line(
        figure,
        [it.at for it in points],
        [None if it.price is None else float(to_tenge(it.price)) for it in points],
        name=name,
        colour=colour,
        dashed=dashed,
        width=width,
    )


def thinned(steps: tuple[Step, ...]) -> list[Step]:
    """Keep every gap and the lowest and highest of each stretch when there are too many to be seen."""
    if len(steps) <= MOST_STEPS:
        return list(steps)
    size = -(-2 * len(steps) // MOST_STEPS)
    kept: list[Step] = []
    for start in range(0, len(steps), size):
        stretch = steps[start : start + size]
        known = [it for it in stretch if it.price is not None]
        ends = {min(known, key=_price), max(known, key=_price)} if known else set[Step]()
        gaps = {it for it in stretch if it.price is None}
        kept += sorted({stretch[0], *ends, *gaps}, key=lambda it: it.at)
    return kept


def _price(step: Step) -> int:
    return step.price or 0
