"""What a price cut must sell to pay for itself. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from cube_demper.core.errors import InvalidInput
from cube_demper.domain.economics.settling import profit_of
from cube_demper.domain.economics.terms import Terms


@dataclass(frozen=True, slots=True)
class PriceCut:
    """A cut of the price, tiyn a sale, and the pieces that earn as much as before.

    `pieces_needed` is None when the new price earns nothing: no volume makes up for it.
    `is_in_stock` is None when the stock is not known, or no volume helps.
    """

    old_profit: int
    new_profit: int
    pieces_before: int
    pieces_needed: int | None
    is_in_stock: bool | None

    @property
    def growth(self) -> Fraction | None:
        """Return by what part of the old volume sales must grow: 1/2 is half as much again."""
        if self.pieces_needed is None:
            return None
        return Fraction(self.pieces_needed - self.pieces_before, self.pieces_before)


def weigh_cut(
    terms: Terms,
    cost: int,
    *,
    old_price: int,
    new_price: int,
    pieces: int,
    stock: int | None = None,
) -> PriceCut:
    """Work out how many pieces must be sold at the new price to earn what `pieces` earn at the old.

    Raises InvalidInput: the price is not lower, nothing is sold, or the old price earns nothing.
    """
    if not 0 < new_price < old_price:
        raise InvalidInput("Новая цена должна быть ниже старой и больше нуля.", field="new_price")
    if pieces < 1:
        raise InvalidInput("Укажите, сколько штук продаёте сейчас: от 1.", field="pieces")
    old_profit = profit_of(terms, old_price, cost)
    new_profit = profit_of(terms, new_price, cost)
    if old_profit <= 0:
        raise InvalidInput("По старой цене прибыли нет, сравнивать не с чем.", field="old_price")
    if new_profit <= 0:
        return PriceCut(old_profit, new_profit, pieces, None, None)
    needed = -(-old_profit * pieces // new_profit)
    is_in_stock = None if stock is None else needed <= stock
    return PriceCut(old_profit, new_profit, pieces, needed, is_in_stock)
