"""Stretches of a delay: days with one balance. Pure; sums in tiyn, both ends of a stretch included."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from cube_demper.domain.calculators.schemas import Delay, Payment

YEAR_DAYS = 365
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days from `first` to `last` with one balance."""

    first: date
    last: date
    balance: int

    @property
    def days(self) -> int:
        """How many days, both ends included."""
        return (self.last - self.first).days + 1

    def __str__(self) -> str:
        return f"{self.first:%d.%m.%Y}–{self.last:%d.%m.%Y}"


def stretches(delay: Delay) -> list[Stretch]:
    """Cut the delay at payments: a paid part still counts on its day, from the next one it does not."""
    paid: dict[date, int] = defaultdict(int)
    for it in delay.payments:
        paid[max(it.on, delay.due)] += it.amount
    found, first, balance = [], delay.due + DAY, delay.debt
    for last in [*sorted(paid), delay.until]:
        if first <= last and balance:
            found.append(Stretch(first, last, balance))
        balance -= paid.pop(last, 0)
        first = max(first, last + DAY)
    return found


def parts(delay: Delay) -> list[Payment]:
    """Return each paid part with its day; what is not paid counts until the last day."""
    paid = [*delay.payments]
    rest = delay.debt - sum(it.amount for it in paid)
    return [*paid, Payment.model_construct(on=delay.until, amount=rest)] if rest else paid


def cut_at(stretch: Stretch, firsts: Iterable[date]) -> Iterator[Stretch]:
    """Cut a stretch before each of these days."""
    first = stretch.first
    for day in sorted(it for it in set(firsts) if stretch.first < it <= stretch.last):
        yield Stretch(first, day - DAY, stretch.balance)
        first = day
    yield Stretch(first, stretch.last, stretch.balance)


def yearly(balance: int, percent: Decimal, days: int) -> int:
    """Return balance × percent / 100 × days / 365, half up to a tiyn."""
    exact = Decimal(balance) * percent * days / (100 * YEAR_DAYS)
    return int(exact.quantize(Decimal(1), ROUND_HALF_UP))
