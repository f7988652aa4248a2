"""The price floor that keeps a seller's wanted profit. Money in tiyn."""

from __future__ import annotations

from cube_demper.core.money import ceil_to_tenge


def price_leaving_profit(cost_price: int | None, min_profit: int | None) -> int | None:
    """Return the lowest price that leaves `min_profit`, or None when cost or profit is not known.

    Kaspi's commission, delivery and taxes are not subtracted yet (they come with the dated tables of
    economics), so the true floor is higher: this one never lets a price fall below cost plus profit.
    """
    if cost_price is None or min_profit is None:
        return None
    return ceil_to_tenge(cost_price + min_profit)
