"""What a price war cost, from what was seen while it lasted. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from cube_demper.core.money import NBSP, floor_to_tenge, format_tenge
from cube_demper.domain.pricing.guards import WAR_REST
from cube_demper.domain.pricing.wars.schemas import WarFigures, WarStep, WarSum, WarWeek

MOST_STEPS = 300
"""Two hours of looks every half a minute; a longer war keeps its beginning and its newest steps."""
LONGEST_REST = timedelta(hours=24)


def with_step(steps: tuple[WarStep, ...], step: WarStep) -> tuple[WarStep, ...]:
    """Add what a look saw, when it is newer and says something new."""
    if not steps:
        return (step,)
    last = steps[-1]
    if step.at <= last.at or (step.own, step.rival, step.floor) == (
        last.own,
        last.rival,
        last.floor,
    ):
        return steps
    if len(steps) >= MOST_STEPS:
        steps = (steps[0], *steps[2:])
    return (*steps, step)


def figures_of(
    start_price: int,
    rest_price: int,
    steps: Sequence[WarStep],
    *,
    called_at: datetime,
    until: datetime,
    units: int | None = None,
) -> WarFigures:
    """Work out what a war cost up to `until`.

    A price that was not seen stood where it was seen last; a price above that of the beginning gave
    nothing away. `units`: sold meanwhile, when orders are known.
    """
    began = steps[0].at if steps else until
    lowest, weight, given, price = start_price, 0.0, 0.0, start_price
    for step, end in _stretches(steps, until):
        price = price if step.own is None else step.own
        stood = (end - step.at).total_seconds()
        lowest = min(lowest, price)
        weight += stood
        given += stood * max(0, start_price - price)
    per_sale = round(given / weight) if weight else max(0, start_price - price)
    per_sale = floor_to_tenge(per_sale)  # an average of prices is no more exact than they are
    return WarFigures(
        per_sale=per_sale,
        lowest=lowest,
        lasted=max(until - began, timedelta()),
        spared=_spared(rest_price, steps, called_at, until),
        total=None if units is None else per_sale * units,
    )


def _stretches(steps: Sequence[WarStep], until: datetime) -> Iterable[tuple[WarStep, datetime]]:
    ends = [step.at for step in steps[1:]] + [until]
    return (
        (step, min(end, until)) for step, end in zip(steps, ends, strict=False) if step.at < until
    )


def _spared(
    rest_price: int, steps: Sequence[WarStep], called_at: datetime, until: datetime
) -> int | None:
    """Return how far under the rest price the rival was seen after the guard had stopped us."""
    seen = [
        step.rival for step in steps if step.rival is not None and called_at <= step.at <= until
    ]
    return max(0, rest_price - min(seen)) if seen else None


def week_of(wars: Sequence[WarSum], now: datetime) -> WarWeek:
    """Add wars up; a long one weighs more in what a sale cost."""
    lasted = [(min(war.ends_at, now) - war.began_at).total_seconds() for war in wars]
    given = sum(seconds * war.cost for seconds, war in zip(lasted, wars, strict=True))
    return WarWeek(
        wars=len(wars),
        goods=len({war.product_id for war in wars}),
        on_now=len({war.product_id for war in wars if war.ends_at > now}),
        per_sale=floor_to_tenge(round(given / sum(lasted))) if sum(lasted) > 0 else 0,
    )


def longer_rest(ends_at: datetime, now: datetime) -> datetime | None:
    """Return the end of a rest prolonged by its own length; None when it would pass a day from now."""
    until = max(ends_at, now) + WAR_REST
    return until if until - now <= LONGEST_REST else None


def cost_words(figures: WarFigures, *, is_on: bool) -> str:
    """Say what the war cost in a sentence."""
    if figures.total is not None:
        verb = "уже принесли" if is_on else "принесли"
        return f"Продажи за время войны {verb} на {format_tenge(figures.total)} меньше."
    if not figures.per_sale:
        return "На цене продаж война почти не сказалась: меньше чем на 1\u00a0₸ в среднем."
    verb = "стоит" if is_on else "стоила"
    return f"Каждая продажа за время войны {verb} на {format_tenge(figures.per_sale)} меньше."


def spared_words(figures: WarFigures, rest_price: int) -> str:
    """Say what the guard saved, when the rival went on falling."""
    if not figures.spared:
        return ""
    lowest = format_tenge(rest_price - figures.spared)
    return (
        f"Конкурент дошёл до {lowest}: без паузы бот пошёл бы за ним ещё"
        f" на {format_tenge(figures.spared)} ниже."
    )


def share_below(figures: WarFigures, start_price: int) -> str:
    """Show the lowest point as a share of the price at the beginning: «−12,5 %»."""
    tenths = round((start_price - figures.lowest) * 1000 / start_price) if start_price else 0
    whole, tenth = divmod(tenths, 10)
    return f"−{whole}{f',{tenth}' if tenth else ''}{NBSP}%" if tenths else f"0{NBSP}%"
