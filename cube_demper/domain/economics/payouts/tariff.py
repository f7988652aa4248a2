"""What Kaspi should have kept from an order, by the tables of the order's day. Pure.

Where the category or the weight is not known there are several right sums and the answer is an estimate;
where the tables do not know the day there is none.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache

from cube_demper.core.money import TIYN_IN_TENGE, percent_of
from cube_demper.domain.rates.errors import NoRate
from cube_demper.domain.rates.figures import percent_text
from cube_demper.domain.rates.tables import (
    CommissionRow,
    Confidence,
    DeliveryRow,
    Payer,
    Tables,
)

TOLERANCE = TIYN_IN_TENGE
"""A fee may differ by one tenge: Kaspi does not say how it rounds."""
_REMEMBERED = 8_192
_WHOLE = Decimal(100)


@dataclass(frozen=True, slots=True)
class Part:
    """Goods of an order: their sum (tiyn) and category, "" when it is not known."""

    amount: int
    category: str = ""


@dataclass(frozen=True, slots=True)
class Charge:
    """The sums (tiyn) any of which would be right, the figure behind them and where it is from."""

    amounts: tuple[int, ...]
    is_estimate: bool
    figure: str
    source: str

    def nearest(self, actual: int) -> int:
        """Return the right sum that is nearest to the one in the report."""
        return min(self.amounts, key=lambda it: (abs(it - actual), it))

    def fits(self, actual: int) -> bool:
        """Tell whether a sum is one of the right ones, give or take a tenge."""
        return abs(self.nearest(actual) - actual) <= TOLERANCE

    def given_back(self) -> Charge:
        """Return the same with the opposite sign: what a return should give back."""
        amounts = tuple(-it for it in self.amounts)
        return Charge(amounts, self.is_estimate, self.figure, self.source)


class Rater:
    """Answers what is kept from an order; one per version of the tables."""

    def __init__(self, tables: Tables) -> None:
        """`tables`: the dated rows."""
        self._tables = tables
        remember = lru_cache(_REMEMBERED)
        self._row = remember(self._read_row)
        self._rates = remember(self._read_rates)
        self._exact = remember(self._read_exact)
        self._fees = remember(self._read_fees)
        self._vat = remember(self._read_vat)
        self._pay = remember(self._read_pay)

    def commission(self, parts: Sequence[Part], on: date) -> Charge | None:
        """Return the commission with Kaspi Pay in it; None when the tables do not know the day."""
        options = self._rates(on)
        if not options or not parts:
            return None
        rows = [self._row(part.category, on) if part.category else None for part in parts]
        known = [row for row in rows if row is not None]
        is_estimate = len(known) < len(rows) or any(
            row.confidence is not Confidence.HIGH for row in known
        )
        amounts: list[int] = []
        for option in options if len(known) < len(rows) else options[:1]:
            pairs = [(part, row or option) for part, row in zip(parts, rows, strict=True)]
            amounts.append(sum(percent_of(part.amount, row.percent) for part, row in pairs))
            amounts.append(
                sum(percent_of(part.amount, self._exact(row, on)) for part, row in pairs)
            )
        used = known if len(known) == len(rows) else [*known, *options]
        figure = " / ".join(dict.fromkeys(percent_text(row.percent) for row in used))
        return Charge(tuple(dict.fromkeys(amounts)), is_estimate, figure, used[0].source)

    def delivery(
        self, price: int, kinds: Sequence[str], weight_g: int | None, on: date
    ) -> Charge | None:
        """Return Kaspi's delivery (tiyn) of an order that went by one of `kinds`; () is by none of them."""
        if not kinds:
            return Charge((0,), False, "доставляете вы или самовывоз", "")
        fees = [
            it for kind in kinds for it in self._fees(kind, on) if _is_for(it[0], price, weight_g)
        ]
        if not fees:
            return None
        rows, amounts = [row for row, _ in fees], tuple(dict.fromkeys(fee for _, fee in fees))
        low = any(row.confidence is not Confidence.HIGH for row in rows)
        figure = _tenge_range(rows)
        return Charge(amounts, low or len(amounts) > 1, figure, rows[0].source)

    def delivery_told(self, cost: int, on: date) -> Charge:
        """Return the delivery that Kaspi itself named with the order: it does not say whether with VAT."""
        amounts = (cost, percent_of(cost, _WHOLE + self._vat(on)))
        return Charge(amounts, False, "сумма из заказа", "Kaspi, заказ")

    def kaspi_pay(self, price: int, on: date) -> int | None:
        """Return Kaspi Pay's part of a price; None when the tables do not know it."""
        percent = self._pay(on)
        return None if percent is None else percent_of(price, percent)

    def _read_row(self, category: str, on: date) -> CommissionRow | None:
        try:
            return self._tables.commission([category], on)
        except NoRate:
            return None

    def _read_rates(self, on: date) -> tuple[CommissionRow, ...]:
        """Return one row of each rate in force, for goods whose category is not known."""
        rows = {row.percent: row for row in self._tables.commissions if row.is_in_force(on)}
        return tuple(rows[percent] for percent in sorted(rows))

    def _read_exact(self, row: CommissionRow, on: date) -> Decimal:
        """Return the rate that Kaspi's published one was rounded from: VAT is not put on Kaspi Pay."""
        pay = self._pay(on)
        if pay is None or row.percent_without_vat <= pay:
            return row.percent
        return (row.percent_without_vat - pay) * (_WHOLE + self._vat(on)) / _WHOLE + pay

    def _read_pay(self, on: date) -> Decimal | None:
        try:
            return self._tables.fee("kaspi_pay", on).percent
        except NoRate:
            return None

    def _read_vat(self, on: date) -> Decimal:
        try:
            return self._tables.tax("vat", Payer.TOO, on).percent or Decimal(0)
        except NoRate:
            return Decimal(0)

    def _read_fees(self, kind: str, on: date) -> tuple[tuple[DeliveryRow, int], ...]:
        """Return the rows in force, each with what is withheld by it."""
        return tuple(
            (it, it.fee_with_vat)
            for it in self._tables.deliveries
            if it.kind_of == kind and it.is_in_force(on)
        )


def _is_for(row: DeliveryRow, price: int, weight_g: int | None) -> bool:
    if not row.price_from <= price < (row.price_to or price + 1):
        return False
    if weight_g is None:
        return True
    return (row.weight_over_g or 0) < max(weight_g, 1) <= (row.weight_to_g or max(weight_g, 1))


def _tenge_range(rows: Iterable[DeliveryRow]) -> str:
    fees = sorted({row.fee // TIYN_IN_TENGE for row in rows})
    texts = [f"{fee:,}".replace(",", "\u00a0") for fee in fees]
    vat = percent_text(next(iter(rows)).vat_percent)
    span = texts[0] if len(texts) == 1 else f"{texts[0]}–{texts[-1]}"
    return f"{span}\u00a0₸ + НДС {vat}"
