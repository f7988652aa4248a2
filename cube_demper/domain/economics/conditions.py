"""Under what a seller sells: everything of a calculation but the price and the cost. Pure.

Money in tiyn, percentages as Decimals with at most two decimals, weight in grams.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from cube_demper.core.errors import InvalidInput
from cube_demper.domain.calculators.schemas import Regime

MOST_MONEY = 100_000_000 * 100
"""Tiyn: a hundred million tenge, for one sale."""
MOST_WEIGHT = 5_000_000
"""Grams: five tonnes."""
NOTHING = Decimal(0)


class Delivery(StrEnum):
    """Who brings the goods: Kaspi in three ways, the buyer, or the seller at a cost of their own."""

    CITY = "city"
    KAZAKHSTAN = "kazakhstan"
    EXPRESS = "express"
    PICKUP = "pickup"
    OWN = "own"


BY_WEIGHT = frozenset({Delivery.CITY, Delivery.KAZAKHSTAN, Delivery.EXPRESS})


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """What the seller tells; the rest comes from the tables of the day `on`.

    `commission_percent` and `tax_percent` replace the tables' figures. Sums are per sale.
    `returns_percent` is of delivered orders, `return_loss_percent` of the cost of what comes back.
    `cost_vat_percent`: the VAT that the supplier's invoice shows, None without one.
    `is_top_rate`: the year's income is past the limit where the sole trader's higher rate begins.
    """

    on: date
    regime: Regime
    category: tuple[str, ...] = ()
    commission_percent: Decimal | None = None
    is_kaspi_pay_on_top: bool = False
    surcharge_percent: Decimal = NOTHING
    delivery: Delivery = Delivery.CITY
    weight_g: int | None = None
    own_delivery: int = 0
    packaging: int = 0
    other: int = 0
    advertising: int = 0
    advertising_percent: Decimal = NOTHING
    bonus_percent: Decimal = NOTHING
    returns_percent: Decimal = NOTHING
    return_loss_percent: Decimal = NOTHING
    region: str | None = None
    tax_percent: Decimal | None = None
    is_top_rate: bool = False
    is_vat_payer: bool = False
    cost_vat_percent: Decimal | None = None
    is_cost_deductible: bool = True

    def __post_init__(self) -> None:
        """Raise InvalidInput, naming the field, for what cannot be."""
        for name in ("own_delivery", "packaging", "other", "advertising"):
            check_money(getattr(self, name), name)
        for name, most in _PERCENTAGES.items():
            _check_percent(getattr(self, name), name, most)
        if not self.category and self.commission_percent is None:
            raise InvalidInput("Укажите категорию или свою комиссию.", field="category")
        if self.weight_g is not None and not 0 < self.weight_g <= MOST_WEIGHT:
            raise InvalidInput("Вес: больше нуля и не больше 5 тонн.", field="weight")
        if self.delivery in BY_WEIGHT and self.weight_g is None:
            raise InvalidInput("Укажите вес: от него зависит цена доставки.", field="weight")
        self._check_taxes()

    def _check_taxes(self) -> None:
        if self.regime.is_simplified:
            if self.is_vat_payer:
                raise InvalidInput(
                    "На упрощёнке НДС не платят: выберите общий режим.", field="is_vat_payer"
                )
            if self.tax_percent is not None and not 1 <= self.tax_percent <= 6:
                raise InvalidInput("Ставка упрощёнки: от 1 до 6 %.", field="tax_percent")
        elif self.region is not None:
            raise InvalidInput("Регион меняет только ставку упрощёнки.", field="region")
        if self.is_top_rate and self.regime is not Regime.IP_GENERAL:
            raise InvalidInput(
                "Повышенная ставка бывает только у ИП на общем режиме.", field="is_top_rate"
            )
        if self.cost_vat_percent is not None and not self.is_cost_deductible:
            raise InvalidInput(
                "Закупка без документов не даёт НДС к зачёту.", field="cost_vat_percent"
            )


_PERCENTAGES = {
    "commission_percent": 100,
    "surcharge_percent": 100,
    "advertising_percent": 100,
    "bonus_percent": 100,
    "returns_percent": 99,
    "return_loss_percent": 100,
    "tax_percent": 50,
    "cost_vat_percent": 50,
}


def check_money(amount: int, field: str) -> None:
    """Raise InvalidInput for a sum that no sale has."""
    if amount < 0:
        raise InvalidInput("Сумма не может быть отрицательной.", field=field)
    if amount > MOST_MONEY:
        raise InvalidInput("Сумма больше 100 млн ₸: проверьте нули.", field=field)


def check_price(price: int) -> None:
    """Raise InvalidInput for a price that is not a positive number of whole tenge."""
    check_money(price, "price")
    if price <= 0 or price % 100:
        raise InvalidInput("Цена: целое число тенге больше нуля.", field="price")


def _check_percent(percent: Decimal | None, field: str, most: int) -> None:
    if percent is None:
        return
    if not percent.is_finite() or not 0 <= percent <= most:
        raise InvalidInput(f"Процент: от 0 до {most}.", field=field)
    if percent != round(percent, 2):
        raise InvalidInput("Процент: не больше двух знаков после запятой.", field=field)
