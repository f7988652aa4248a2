"""From the dated tables to the engine's whole numbers, and which rows they came from.

What a table says of a day does not change while a process lives, so rows are remembered; thousands of
goods of one category cost one look-up.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import lru_cache

from cube_demper.core.money import format_tenge
from cube_demper.domain.economics.conditions import Conditions, Delivery
from cube_demper.domain.economics.terms import DeliveryStep, TaxBase, Terms, millionths
from cube_demper.domain.rates.figures import Figure, FigureCode, own_figure, percent_text
from cube_demper.domain.rates.tables import DELIVERY_KINDS, DeliveryRow, Tables

_REMEMBERED = 8_192


@dataclass(frozen=True, slots=True)
class Tariff:
    """Terms of a sale with the figures they were made of."""

    terms: Terms
    figures: tuple[Figure, ...]
    steps: tuple[DeliveryRow, ...]
    """The rows of delivery by price; empty for a delivery of the seller's own."""

    def figures_at(self, *prices: int) -> tuple[Figure, ...]:
        """Return the figures that sales at these prices (tiyn) use, each once."""
        rows = [
            next(it for it in reversed(self.steps) if it.price_from <= price)
            for price in prices
            if self.steps
        ]
        return (*self.figures, *dict.fromkeys(map(_delivery_figure, rows)))


class Tariffs:
    """Answers what a sale is charged under given conditions."""

    def __init__(self, tables: Tables) -> None:
        """`tables`: the dated rows; a changed table needs a new object."""
        self._tables = tables
        remember = lru_cache(_REMEMBERED)
        self._commission = remember(tables.commission)
        self._fee = remember(tables.fee)
        self._tax = remember(tables.tax)
        self._steps = remember(self._read_steps)
        self._weights = remember(self._read_weights)
        self._known = remember(self._read)

    def of(self, conditions: Conditions) -> Tariff:
        """Return the terms. Raises NoRate: a table does not know the day, category or region."""
        return self._known(conditions)

    def _read(self, conditions: Conditions) -> Tariff:
        terms, figures = self._taxes(conditions)
        terms, more = self._commissions(conditions, terms)
        steps = self._delivery_rows(conditions)
        fees = tuple(DeliveryStep(it.price_from, it.fee_with_vat) for it in steps)
        terms = replace(
            terms,
            surcharge=millionths(conditions.surcharge_percent),
            bonus=millionths(conditions.bonus_percent),
            advertising_share=millionths(conditions.advertising_percent),
            advertising=conditions.advertising,
            packaging=conditions.packaging,
            other=conditions.other,
            delivery=fees or (DeliveryStep(0, conditions.own_delivery),),
            delivery_vat=millionths(steps[0].vat_percent) if terms.vat and steps else 0,
            returns=millionths(conditions.returns_percent),
            return_loss=millionths(conditions.return_loss_percent),
        )
        return Tariff(terms, (*more, *figures), steps)

    def _commissions(
        self, conditions: Conditions, terms: Terms
    ) -> tuple[Terms, tuple[Figure, ...]]:
        kaspi_pay = self._fee("kaspi_pay", conditions.on)
        untaxed = kaspi_pay.percent or Decimal(0)
        if conditions.commission_percent is None:
            row = self._commission(conditions.category, conditions.on)
            percent, name = row.percent, f"Комиссия Kaspi: {' / '.join(row.path)}"
            figure = Figure.of(name, percent_text(percent), row, FigureCode.COMMISSION)
        else:
            percent = conditions.commission_percent
            figure = own_figure("Комиссия Kaspi", percent_text(percent), FigureCode.COMMISSION)
        if conditions.is_kaspi_pay_on_top:
            percent += untaxed
        figures = [figure]
        if conditions.is_kaspi_pay_on_top or terms.vat:
            text = percent_text(untaxed)
            figures.append(Figure.of(kaspi_pay.name, text, kaspi_pay, FigureCode.KASPI_PAY))
        total = millionths(percent)
        inside = min(total, millionths(untaxed))
        return replace(terms, commission=total, commission_untaxed=inside), tuple(figures)

    def _taxes(self, conditions: Conditions) -> tuple[Terms, tuple[Figure, ...]]:
        payer, regime = conditions.regime.payer, conditions.regime
        code = "simplified" if regime.is_simplified else "income"
        if conditions.is_top_rate:
            code = "income_top"
        if conditions.tax_percent is None:
            row = self._tax(code, payer, conditions.on, conditions.region)
            percent = row.percent or Decimal(0)
            figures = [Figure.of(row.name, percent_text(percent), row, FigureCode.TAX)]
        else:
            percent = conditions.tax_percent
            figures = [own_figure("Ставка налога", percent_text(percent), FigureCode.TAX)]
        vat = cost_vat = Decimal(0)
        if conditions.is_vat_payer:
            row = self._tax("vat", payer, conditions.on)
            vat, cost_vat = row.percent or vat, conditions.cost_vat_percent or cost_vat
            figures.append(Figure.of(row.name, percent_text(vat), row, FigureCode.VAT))
        terms = Terms(
            tax=millionths(percent),
            tax_base=TaxBase.TURNOVER if code == "simplified" else TaxBase.PROFIT,
            is_cost_deductible=conditions.is_cost_deductible,
            vat=millionths(vat),
            cost_vat=millionths(cost_vat),
        )
        return terms, tuple(figures)

    def _delivery_rows(self, conditions: Conditions) -> tuple[DeliveryRow, ...]:
        if conditions.delivery is Delivery.OWN:
            return ()
        kind, on = conditions.delivery.value, conditions.on
        bounds = self._weights(kind, on)
        at = bisect_left(bounds, conditions.weight_g or 1)
        # Any weight of a bracket stands for all of them.
        weight = bounds[at] if at < len(bounds) else (bounds[-1] if bounds else 0) + 1
        return self._steps(kind, weight, on)

    def _read_weights(self, kind: str, on: date) -> tuple[int, ...]:
        rows = [it for it in self._tables.deliveries if it.kind_of == kind and it.is_in_force(on)]
        return tuple(sorted({it.weight_to_g for it in rows if it.weight_to_g is not None}))

    def _read_steps(self, kind: str, weight_g: int, on: date) -> tuple[DeliveryRow, ...]:
        """Return the rows that hold from each price at which any of them begins."""
        rows = [it for it in self._tables.deliveries if it.kind_of == kind and it.is_in_force(on)]
        starts = sorted({0, *(it.price_from for it in rows)})
        return tuple(
            replace(self._tables.delivery(kind, start, weight_g, on), price_from=start)
            for start in starts
        )


def _delivery_figure(row: DeliveryRow) -> Figure:
    name = DELIVERY_KINDS[row.kind_of].capitalize()
    if row.fee:
        value = f"{format_tenge(row.fee)} + НДС {percent_text(row.vat_percent)}"
        name = f"{name}, заказ от {format_tenge(row.price_from)}"
    else:
        value = format_tenge(0)
    return Figure.of(name, value, row, FigureCode.DELIVERY)
