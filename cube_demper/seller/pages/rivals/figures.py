"""Charts of a rival: its line beside ours, how fast it answers, by which hours it moves."""

from __future__ import annotations

from datetime import datetime

import plotly.graph_objects as go

from cube_demper.core.money import format_tenge, to_tenge
from cube_demper.domain.market.rivals.page_schemas import Duel
from cube_demper.domain.market.rivals.schemas import Profile
from cube_demper.seller.pages.rivals.words import DELAY_LABELS
from cube_demper.ui.charts import Colour, add_line, label_end, new_figure, paint
from cube_demper.ui.format import counted

_Line = tuple[tuple[datetime, int | None], ...]


def duel_figure(duel: Duel) -> go.Figure:
    """Draw the rival's price, ours and the floor as steps."""
    figure = new_figure(margin={"l": 8, "r": 104, "t": 12, "b": 44})
    floor = ((duel.since, duel.floor),)
    lines: tuple[tuple[_Line, str, Colour, bool], ...] = (
        (duel.theirs, "конкурент", "rival", False),
        (floor, "мин. цена", "floor", True),
        (duel.ours, "моя", "mine", False),
    )
    ends: list[tuple[int, str, Colour]] = []
    for points, name, colour, dashed in lines:
        prices = [price for _, price in points]
        if all(price is None for price in prices):
            continue
        add_line(
            figure,
            [*(at for at, _ in points), max(duel.until, points[-1][0])],
            [None if it is None else float(to_tenge(it)) for it in [*prices, prices[-1]]],
            name=name,
            colour=colour,
            dashed=dashed,
            width=2.5 if colour == "mine" else 1.5,
        )
        if prices[-1] is not None:
            ends.append((prices[-1], name, colour))
    _label(figure, ends, duel)
    return figure


def _label(figure: go.Figure, ends: list[tuple[int, str, Colour]], duel: Duel) -> None:
    """Write the last values at the right end, pushed apart where they would cover one another."""
    drawn = [price for _, price in (*duel.ours, *duel.theirs) if price is not None]
    drawn += [duel.floor] if duel.floor else []
    gap = max((max(drawn) - min(drawn)) * 0.11, 1) if drawn else 1
    height: float | None = None
    for price, _, colour in sorted(ends):
        height = float(price) if height is None else max(float(price), height + gap)
        label_end(figure, height / 100, format_tenge(price), colour)


def delay_figure(profile: Profile) -> go.Figure:
    """Draw how many answers came how soon."""
    return _bars(list(DELAY_LABELS), list(profile.delays), "ответов")


def hours_figure(profile: Profile) -> go.Figure:
    """Draw by which hours of Almaty it moves."""
    figure = _bars([f"{hour:02}" for hour in range(24)], list(profile.hours), "изменений")
    figure.update_xaxes(tickvals=["00", "06", "12", "18", "23"])
    return figure


def delay_caption(profile: Profile) -> str:
    """Say what to see in the histogram."""
    everything = sum(profile.delays)
    if not everything:
        return "Пока ни одного ответа на вашу цену."
    soon = sum(profile.delays[:4])
    return (
        f"{counted(soon, 'ответ', 'ответа', 'ответов')} из {everything} — быстрее чем за"
        " 15 минут. Время известно с точностью до проверки."
    )


def hours_caption(profile: Profile) -> str:
    """Say what to see in the hours."""
    night = sum(profile.hours[:6])
    if not profile.moves:
        return "За 30 дней цены не менял."
    if not night:
        return "Ночью, с 0 до 6, цены не меняет."
    return f"Ночью, с 0 до 6: {counted(night, 'изменение', 'изменения', 'изменений')} из {profile.moves}."


def _bars(names: list[str], counts: list[int], unit: str) -> go.Figure:
    figure = new_figure(margin={"l": 8, "r": 8, "t": 8, "b": 32}, bargap=0.25, hovermode="x")
    figure.add_bar(
        x=names,
        y=counts,
        marker={"color": paint("mine"), "line": {"width": 0}},
        hovertemplate=f"%{{x}}: %{{y}} {unit}<extra></extra>",
    )
    figure.update_xaxes(type="category")
    figure.update_yaxes(rangemode="tozero", nticks=4, tickformat=",d")
    return figure
