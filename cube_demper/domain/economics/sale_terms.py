"""Under what a store sells, as its seller told once; with a good's own category and weight, `Conditions`."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from cube_demper.domain.calculators.schemas import Regime
from cube_demper.domain.economics.conditions import NOTHING, Conditions, Delivery
from cube_demper.domain.rates.categories import Categories, Path
from cube_demper.domain.rates.figures import Figure


class Good(NamedTuple):
    """What a calculation needs to know of a product; money in tiyn, weight in grams.

    `category` is Kaspi's own word for it, `tariff_category` the path of the tariffs that the seller chose.
    """

    cost: int | None = None
    category: str | None = None
    tariff_category: Path | None = None
    weight_g: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SaleTerms:
    """A store's conditions; names and units are those of `Conditions`.

    `category` and `weight_g` stand in for goods whose own are not known; `categories` leads from a
    good's own category to that of the tariffs. `agreed`: keys of the figures below high confidence
    that the seller agreed to.
    """

    regime: Regime
    region: str | None = None
    tax_percent: Decimal | None = None
    is_top_rate: bool = False
    is_vat_payer: bool = False
    cost_vat_percent: Decimal | None = None
    is_cost_deductible: bool = True
    delivery: Delivery = Delivery.CITY
    own_delivery: int = 0
    weight_g: int | None = None
    category: Path | None = None
    categories: tuple[tuple[str, Path], ...] = field(default=(), compare=True)
    commission_percent: Decimal | None = None
    packaging: int = 0
    other: int = 0
    advertising: int = 0
    advertising_percent: Decimal = NOTHING
    bonus_percent: Decimal = NOTHING
    returns_percent: Decimal = NOTHING
    return_loss_percent: Decimal = NOTHING
    agreed: frozenset[str] = frozenset()

    def conditions(self, good: Good, on: date, known: Categories) -> Conditions:
        """Return the conditions of a good's sale on a day.

        Raises InvalidInput, `field` naming what is missing: the category or the weight.
        """
        given = {name: getattr(self, name) for name in _SHARED}
        path = self.category_of(good, known) or ()
        weight = good.weight_g or self.weight_g
        return Conditions(on=on, category=path, weight_g=weight, **given)

    def category_of(self, good: Good, known: Categories) -> Path | None:
        """Return a good's category in the tariffs: chosen for it, for its kind, by its name, the usual."""
        if good.tariff_category:
            return good.tariff_category
        if good.category:
            mapped = dict(self.categories).get(good.category)
            if mapped:
                return mapped
            if known.find((good.category,)):
                return (good.category,)
        return self.category


_SHARED = ({it.name for it in fields(Conditions)} & {it.name for it in fields(SaleTerms)}) - {
    "category",
    "weight_g",
}


def figure_key(figure: Figure) -> str:
    """Return what tells a figure from another, and from itself once it changes."""
    begins = figure.valid_from.isoformat() if figure.valid_from else ""
    return f"{figure.code}|{figure.name}|{figure.value}|{begins}"
