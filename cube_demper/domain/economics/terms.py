"""What one sale is charged, as whole numbers: the engine's own input. Pure.

Money is tiyn, a share is a millionth part (12.5 % is 125,000), so nothing here is ever a float.
"""

from __future__ import annotations

import itertools
from bisect import bisect_right
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

WHOLE = 1_000_000
"""All of a sum, in millionths."""


class TaxBase(StrEnum):
    """What the income tax is a share of."""

    TURNOVER = "turnover"
    PROFIT = "profit"


@dataclass(frozen=True, slots=True)
class DeliveryStep:
    """From this price (tiyn) on, up to the next step, delivery costs the seller this much with VAT."""

    price_from: int
    fee: int


@dataclass(frozen=True, slots=True)
class Terms:
    """Everything that a price is charged with, besides the price and the cost themselves.

    `commission` is all that Kaspi keeps, VAT in it; `commission_untaxed` is the part of it that
    bears none (Kaspi Pay). `delivery` begins at 0 and rises in `price_from`. Sums are per kept
    sale; `returns` is the share of delivered orders that come back, `return_loss` the share of the
    cost that such a return loses. `vat` is 0 for who does not pay it; `delivery_vat` and `cost_vat`
    are the rates inside those two sums that may be set off.
    """

    commission: int = 0
    commission_untaxed: int = 0
    surcharge: int = 0
    bonus: int = 0
    advertising_share: int = 0
    advertising: int = 0
    packaging: int = 0
    other: int = 0
    delivery: tuple[DeliveryStep, ...] = (DeliveryStep(0, 0),)
    returns: int = 0
    return_loss: int = 0
    vat: int = 0
    delivery_vat: int = 0
    cost_vat: int = 0
    tax: int = 0
    tax_base: TaxBase = TaxBase.TURNOVER
    is_cost_deductible: bool = True
    _starts: tuple[int, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Keep where steps begin, for the search. Raises ValueError for steps out of order."""
        starts = tuple(step.price_from for step in self.delivery)
        if not starts or starts[0] != 0 or any(a >= b for a, b in itertools.pairwise(starts)):
            raise ValueError("delivery steps begin at 0 and rise")
        object.__setattr__(self, "_starts", starts)

    def delivery_fee(self, price: int) -> int:
        """Return what delivery of an order of this price costs, tiyn with VAT."""
        return self.delivery[bisect_right(self._starts, price) - 1].fee


def millionths(percent: Decimal) -> int:
    """Turn a percentage into millionths. Raises ValueError for more than four decimals."""
    exact = percent * (WHOLE // 100)
    if exact != exact.to_integral_value():
        raise ValueError(f"{percent} % has more than four decimals")
    return int(exact)


def share(amount: int, part: int) -> int:
    """Return a share of a sum that is not negative, rounded half up to a tiyn."""
    return (2 * amount * part + WHOLE) // (2 * WHOLE)


def within(amount: int, rate: int) -> int:
    """Return the VAT that a sum contains (16 of 116), rounded half up to a tiyn."""
    whole = WHOLE + rate
    return (2 * amount * rate + whole) // (2 * whole)
