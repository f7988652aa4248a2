"""The dated tables and their one question: which row is in force on this day.

The caller gives the day; nothing here reads a clock, a file or a database. Where two rows are in force the
later one wins, so a new row needs no change of the old one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property
from typing import TypeVar

from cube_demper.domain.rates import commissions
from cube_demper.domain.rates.categories import Categories, normalized
from cube_demper.domain.rates.errors import NoRate, OutsideTables
from cube_demper.domain.rates.rows import (
    BaseRateRow,
    CommissionRow,
    Confidence,
    Dated,
    DeliveryRow,
    DutyRow,
    FeeRow,
    IndexRow,
    Payer,
    Row,
    TaxRow,
)

__all__ = [
    "BaseRateRow",
    "CommissionRow",
    "Confidence",
    "Dated",
    "DeliveryRow",
    "DutyRow",
    "FeeRow",
    "IndexRow",
    "Payer",
    "Row",
    "Tables",
    "TaxRow",
]

DELIVERY_KINDS = {
    "city": "доставка по городу",
    "kazakhstan": "доставка по Казахстану",
    "express": "Express-доставка",
    "pickup": "самовывоз",
}
R = TypeVar("R", bound=Dated)


@dataclass(frozen=True)
class Tables:
    """All rows that are known. Every lookup raises NoRate, in words, when none is in force."""

    commissions: tuple[CommissionRow, ...] = ()
    deliveries: tuple[DeliveryRow, ...] = ()
    fees: tuple[FeeRow, ...] = ()
    taxes: tuple[TaxRow, ...] = ()
    base_rates: tuple[BaseRateRow, ...] = ()
    indexes: tuple[IndexRow, ...] = ()
    duties: tuple[DutyRow, ...] = ()
    category_paths: tuple[tuple[str, ...], ...] = field(default=(), repr=False)

    @cached_property
    def categories(self) -> Categories:
        """The tree of categories, those that only a commission names included."""
        return Categories([*self.category_paths, *(row.path for row in self.commissions)])

    def commission(self, path: Sequence[str], on: date) -> CommissionRow:
        """Return the commission of a category: its path from the top, a part of it or its last name.

        A top category stands for its usual rate, less surely where parts of it have another; a category
        of several rates, or an unknown one, raises NoRate with the names to choose from in `options`.
        """
        return commissions.rate_of(path, self.commissions_on(on), self.categories)

    def commissions_on(self, on: date) -> tuple[CommissionRow, ...]:
        """Return the commissions in force. Raises OutsideTables when there is none."""
        in_force = tuple(row for row in self.commissions if row.is_in_force(on))
        if not in_force:
            raise _outside("Комиссия Kaspi", self.commissions, on)
        return in_force

    def delivery(self, kind: str, price: int, weight_g: int | None, on: date) -> DeliveryRow:
        """Return the fee for a delivery kind by price (tiyn) and weight (grams; None: not known)."""
        if kind not in DELIVERY_KINDS:
            raise NoRate(f"Нет вида доставки «{kind}».", options=[*DELIVERY_KINDS])
        of_kind = [row for row in self.deliveries if row.kind_of == kind]
        name = f"Тариф «{DELIVERY_KINDS[kind]}»"
        in_force = [row for row in of_kind if row.is_in_force(on)]
        if not in_force:
            raise _outside(name, of_kind, on)
        steps = [it for it in in_force if it.price_from <= price < (it.price_to or price + 1)]
        if weight_g is None and any(row.needs_weight for row in steps):
            raise NoRate(f"{name} для этой цены зависит от веса: укажите вес товара.")
        return _newest(name, [it for it in steps if _bears(it, weight_g)], on)

    def fee(self, code: str, on: date) -> FeeRow:
        """Return another fee of Kaspi.

        Codes: kaspi_pay, smart_pos_gold, smart_pos_other, own_delivery_buyer_max.
        """
        rows = [row for row in self.fees if row.code == code]
        return _newest(f"Плата «{code}»", rows, on)

    def tax(self, code: str, payer: Payer, on: date, region: str | None = None) -> TaxRow:
        """Return a tax or a social payment.

        Codes: simplified, income, income_top, vat, vat_reduced, social, social_self, social_worker, opv,
        opvr, so, vosms, late. A region without a row of its own takes the country's, less surely.
        """
        rows = [it for it in self.taxes if it.code == code and it.payer in (payer, Payer.ANY)]
        name = f"Ставка «{rows[0].name}»" if rows else f"Ставка налога «{code}» ({payer})"
        if region and any(row.region for row in rows):
            wanted = normalized(region)
            own = [row for row in rows if row.region and normalized(row.region) == wanted]
            if any(row.is_in_force(on) for row in own):
                return _newest(name, own, on)
            country = _newest(name, [row for row in rows if not row.region], on)
            return commissions.less_sure(
                country, f"Ставки для «{region}» в таблице нет, взята общая: проверьте маслихат."
            )
        return _newest(name, [row for row in rows if not row.region], on)

    def base_rate(self, on: date) -> BaseRateRow:
        """Return the base rate of the National Bank."""
        return _newest("Базовая ставка", self.base_rates, on)

    def index(self, on: date) -> IndexRow:
        """Return МРП and МЗП."""
        return _newest("МРП и МЗП", self.indexes, on)

    def prolonged(self) -> Tables:
        """Return tables whose base rate and МРП go on after their last day as they were: an assumption.

        Such a row is of low confidence and says so in its note. Other tables have no known end.
        """
        return replace(
            self, base_rates=_prolonged(self.base_rates), indexes=_prolonged(self.indexes)
        )

    def duty(self, code: str, payer: Payer, on: date) -> DutyRow:
        """Return a state duty by its code and payer."""
        of_code = [it for it in self.duties if it.code == code]
        rows = [it for it in of_code if it.payer in (payer, Payer.ANY)]
        name = f"Госпошлина «{of_code[0].name}»" if of_code else f"Госпошлина «{code}»"
        if of_code and not rows:
            raise NoRate(f"{name}: такой плательщик её не платит.")
        return _newest(name, rows, on)


def last_day(rows: Iterable[Dated]) -> date | None:
    """Return the last day that a table knows, None when it has no end (or no rows)."""
    last = max((row.valid_to or date.max for row in rows), default=date.max)
    return None if last == date.max else last


def _prolonged(rows: tuple[R, ...]) -> tuple[R, ...]:
    last = last_day(rows)
    if last is None:
        return rows
    assumed = replace(
        _newest("", rows, last),
        valid_from=last + timedelta(days=1),
        valid_to=None,
        confidence=Confidence.LOW,
        note=f"Предположение: в таблице есть данные по {last:%d.%m.%Y}, дальше взяты последние известные",
    )
    return (*rows, assumed)


def _bears(row: DeliveryRow, weight_g: int | None) -> bool:
    """Whether the weight is within the row's bounds; nothing weighs less than a gram."""
    if weight_g is None:
        return True
    grams = max(weight_g, 1)
    return (row.weight_over_g or 0) < grams <= (row.weight_to_g or grams)


def _newest(name: str, rows: Iterable[R], on: date) -> R:
    """Return the row in force that began last. Raises NoRate."""
    known = list(rows)
    in_force = [row for row in known if row.is_in_force(on)]
    if not in_force:
        raise _outside(name, known, on)
    return max(in_force, key=lambda row: row.valid_from or date.min)


def _outside(name: str, rows: Sequence[Dated], on: date) -> NoRate:
    """Say how far the table reaches."""
    if not rows:
        return NoRate(f"{name}: в таблицах нет.")
    first = min(row.valid_from or date.min for row in rows)
    last = max(row.valid_to or date.max for row in rows)
    missing = f"{name}: на {on:%d.%m.%Y} данных нет"
    if on < first:
        text = f"{missing}, таблица начинается {first:%d.%m.%Y}."
        return OutsideTables(text, is_before=True)
    if on > last:
        return OutsideTables(f"{missing}, таблица заканчивается {last:%d.%m.%Y}.", last=last)
    return OutsideTables(f"{missing}.")
