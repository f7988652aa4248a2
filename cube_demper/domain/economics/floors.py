"""Floors suggested by a wanted margin: «мин. цена при марже 10 %». Pure; nothing is written by itself."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from cube_demper.domain.economics.conditions import Conditions, check_money
from cube_demper.domain.economics.solving import Goal, prices_reaching
from cube_demper.domain.economics.tariffs import Tariffs
from cube_demper.domain.rates.figures import Figure, least_sure


class NoFloor(StrEnum):
    """Why no floor is suggested."""

    COST_MISSING = "cost_missing"
    UNREACHABLE = "unreachable"


@dataclass(frozen=True, slots=True)
class Floor:
    """A suggested floor, whole tenge in tiyn, beside the one that holds.

    `price` is safe: every dearer price reaches the goal too. `cheaper` is a lower price that also does,
    below a step of delivery; a bot that may stop anywhere above it would lose money on the way.
    A floor made of a figure that is not sure needs the seller's word first (DESIGN §6).
    """

    price: int
    cheaper: int | None
    now: int | None
    is_over_cap: bool
    figures: tuple[Figure, ...]

    @property
    def is_sure(self) -> bool:
        """Tell whether every figure behind it is."""
        return least_sure(self.figures).is_sure

    @property
    def change(self) -> int | None:
        """Return by how much the floor would move, tiyn; None where there is none now."""
        return None if self.now is None else self.price - self.now


def suggest_floor(
    conditions: Conditions,
    cost: int | None,
    goal: Goal,
    tariffs: Tariffs,
    *,
    min_price: int | None = None,
    max_price: int | None = None,
) -> Floor | NoFloor:
    """Suggest the lowest safe price that reaches the goal; bounds are those that hold now, tiyn.

    A missing cost suggests nothing. Raises InvalidInput, NoRate.
    """
    if cost is None:
        return NoFloor.COST_MISSING
    check_money(cost, "cost")
    tariff = tariffs.of(conditions)
    reach = prices_reaching(tariff.terms, cost, goal)
    if reach.safe is None:
        return NoFloor.UNREACHABLE
    return Floor(
        price=reach.safe,
        cheaper=reach.lowest if reach.lowest != reach.safe else None,
        now=min_price,
        is_over_cap=max_price is not None and reach.safe > max_price,
        figures=tariff.figures_at(reach.safe),
    )
