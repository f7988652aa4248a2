"""Which prices leave what the seller wants: break-even, a profit, a margin. Pure and exact.

Delivery is charged by steps of the price, so dearer is not always better: 4 999 ₸ may leave a profit
where 5 000 ₸ loses money. Therefore the answer is a list of ranges; `lowest` is the cheapest price
that reaches the goal and `safe` the one above which none misses it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from cube_demper.core.money import TIYN_IN_TENGE
from cube_demper.domain.economics.settling import profit_of
from cube_demper.domain.economics.terms import WHOLE, TaxBase, Terms

MOST_PRICE = 100_000_000 * TIYN_IN_TENGE
"""Tiyn. No price above is looked for: nothing on Kaspi costs a hundred million tenge."""
LEAST_LEFT = Fraction(1, 10_000)
"""When less than 0.01 % of each further tenge is left, no price is found: only rounding would reach it."""
_NOISE = 20
"""Tiyn. Twice what the roundings of one settlement can move it together (ten sums, half a tiyn each,
and the tax on them): beyond it a price reaches or misses the goal whatever the roundings do."""

Surplus = Callable[[int], int]
"""How far a price (tiyn) is over the goal, tiyn; negative: under it."""


@dataclass(frozen=True, slots=True)
class Goal:
    """What a sale is to leave: at least `profit` tiyn and at least `margin` millionths of the price."""

    profit: int = 0
    margin: int = 0

    def surplus(self, price: int, profit: int) -> int:
        """Return how far this profit at this price is over the goal, tiyn."""
        wanted = -(-price * self.margin // WHOLE)
        return profit - max(self.profit, wanted)


BREAK_EVEN = Goal()


@dataclass(frozen=True, slots=True)
class PriceRange:
    """Prices that all reach the goal, whole tenge in tiyn; `upto` None: every dearer one does too."""

    from_: int
    upto: int | None


@dataclass(frozen=True, slots=True)
class Reach:
    """Prices of whole tenge that reach a goal; `lowest` is None when none does."""

    lowest: int | None
    ranges: tuple[PriceRange, ...] = ()

    @property
    def safe(self) -> int | None:
        """Return the price from which on every price reaches the goal: what a bot's floor may be."""
        last = self.ranges[-1] if self.ranges else None
        return last.from_ if last and last.upto is None else None


def prices_reaching(terms: Terms, cost: int, goal: Goal = BREAK_EVEN) -> Reach:
    """Find the prices at which a sale of goods bought for `cost` tiyn reaches the goal."""
    left = left_of_a_tenge(terms) - Fraction(goal.margin, WHOLE)
    if left < LEAST_LEFT:
        return Reach(None)

    def surplus(price: int) -> int:
        return goal.surplus(price, profit_of(terms, price, cost))

    found = [_within_step(surplus, low, high, float(left)) for low, high in _steps(terms)]
    lowest = next((low for low, _ in found if low is not None), None)
    return Reach(lowest, tuple(_joined([steady for _, steady in found])))


def left_of_a_tenge(terms: Terms) -> Fraction:
    """Return what of one more tenge of the price stays with the seller, while there is a profit."""
    shares = terms.commission + terms.surcharge + terms.bonus + terms.advertising_share
    taxed = terms.commission - terms.commission_untaxed
    # 1 − shares − VAT of (the price less the taxed commission), over WHOLE × (WHOLE + VAT)
    left = (WHOLE - shares) * (WHOLE + terms.vat) - terms.vat * (WHOLE - taxed)
    whole = WHOLE * (WHOLE + terms.vat)
    if terms.tax_base is TaxBase.TURNOVER:
        return Fraction(left - terms.tax * (WHOLE + terms.vat), whole)
    return Fraction(left * (WHOLE - terms.tax), whole * WHOLE)


def _steps(terms: Terms) -> Iterator[tuple[int, int]]:
    """Yield the first and last whole tenge of each step of delivery."""
    starts = [-(-step.price_from // TIYN_IN_TENGE) * TIYN_IN_TENGE for step in terms.delivery]
    for low, next_low in zip(starts, [*starts[1:], MOST_PRICE + TIYN_IN_TENGE], strict=True):
        if (first := max(low, TIYN_IN_TENGE)) < next_low:
            yield first, next_low - TIYN_IN_TENGE


def _within_step(
    surplus: Surplus, low: int, high: int, left: float
) -> tuple[int | None, PriceRange | None]:
    """Find the lowest price of one step that reaches the goal, and where all up to its end do."""
    if surplus(high) < -_NOISE:
        return None, None
    edge = low if surplus(low) >= 0 else _crossing(surplus, low, high, left)
    lowest = None
    price = edge
    while price >= low and (over := surplus(price)) >= -_NOISE:
        if over >= 0:
            lowest = price
        price -= TIYN_IN_TENGE
    steady = price = edge
    while price <= high and (over := surplus(price)) <= _NOISE:
        if over < 0:
            steady = price + TIYN_IN_TENGE
        price += TIYN_IN_TENGE
    if steady > high:
        return lowest, None
    return lowest, PriceRange(steady, None if high == MOST_PRICE else high)


def _crossing(surplus: Surplus, low: int, high: int, left: float) -> int:
    """Return a price that reaches the goal beside one that does not; `high` if none reaches it.

    Each tenge leaves at least `left`, and exactly that where there is a profit: the search begins
    between two guesses made of it, each of which is used only if it holds.
    """
    guess = low + _whole((_NOISE - surplus(low)) / left) + TIYN_IN_TENGE
    if guess < high and surplus(guess) >= 0:
        high = guess
    near = high - _whole((_NOISE + surplus(high)) / left) - TIYN_IN_TENGE
    if near > low and surplus(near) < 0:
        low = near
    while high - low > TIYN_IN_TENGE:
        middle = (low + high) // (2 * TIYN_IN_TENGE) * TIYN_IN_TENGE
        if surplus(middle) >= 0:
            high = middle
        else:
            low = middle
    return high


def _whole(tiyn: float) -> int:
    return int(tiyn) // TIYN_IN_TENGE * TIYN_IN_TENGE


def _joined(found: list[PriceRange | None]) -> Iterator[PriceRange]:
    """Join ranges that touch: the next step of delivery leaves enough from its first tenge on."""
    current: PriceRange | None = None
    for it in filter(None, found):
        if current and current.upto is not None and current.upto + TIYN_IN_TENGE == it.from_:
            current = PriceRange(current.from_, it.upto)
            continue
        if current:
            yield current
        current = it
    if current:
        yield current
