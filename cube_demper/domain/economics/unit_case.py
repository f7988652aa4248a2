"""A case of unit economics as JSON: money in tenge, weight in kilograms, percents as numbers."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, WithJsonSchema

from cube_demper.core.errors import InvalidInput
from cube_demper.domain.calculators.schemas import (
    Case,
    Day,
    Percent,
    PositiveTenge,
    Regime,
    Tenge,
    read_decimal,
    wrong,
)
from cube_demper.domain.economics.conditions import Conditions, Delivery
from cube_demper.domain.economics.solving import Goal
from cube_demper.domain.economics.terms import millionths

EXAMPLE: dict[str, Any] = {
    "price": 20000,
    "cost": 12000,
    "category": ["Телефоны и гаджеты", "Смартфоны"],
    "regime": "ip_simplified",
    "on": "2026-11-27",
    "delivery": "city",
    "weight_kg": 0.5,
    "packaging": 150,
    "returns_percent": 2,
    "wanted_margin_percent": 10,
    "compare": ["kazakhstan", "express"],
    "cut": {"new_price": 19000, "pieces": 30, "stock": 60},
}


def _grams(value: Any) -> int:
    kilograms = read_decimal(value)
    if not 0 < kilograms <= 5_000 or kilograms != round(kilograms, 3):
        raise wrong("вес в килограммах: больше нуля, до 5 000, не точнее грамма")
    return int(kilograms * 1000)


_NUMBER = {"anyOf": [{"type": "number"}, {"type": "string"}], "title": "килограммы"}
Kilograms = Annotated[int, BeforeValidator(_grams), WithJsonSchema(_NUMBER)]
Kind = Annotated[Delivery, Field(strict=False)]
Name = Annotated[str, Field(min_length=1, max_length=200)]


class CutCase(Case):
    """A price cut to weigh."""

    new_price: PositiveTenge = Field(description="новая цена, тенге")
    pieces: int = Field(ge=1, le=10**9, description="сколько штук продаётся сейчас")
    stock: int | None = Field(default=None, ge=0, le=10**9, description="сколько есть на складе")


class UnitCase(Case):
    """One sale. A cost that is left out stays missing: it is never taken for 0."""

    price: PositiveTenge = Field(description="цена, целые тенге")
    cost: Tenge | None = Field(default=None, description="закупка за штуку; без неё нет прибыли")
    regime: Regime = Field(strict=False, description="режим налогов")
    on: Day = Field(description="день, чьи ставки берутся")
    category: Name | list[Name] = Field(
        default_factory=list, description="категория Kaspi: название или путь списком"
    )
    commission_percent: Percent | None = Field(
        default=None, description="своя комиссия Kaspi с НДС вместо категории"
    )
    is_kaspi_pay_on_top: bool = Field(
        default=False, description="прибавить Kaspi Pay сверху; по таблице она уже внутри"
    )
    surcharge_percent: Percent = Field(
        default=Decimal(0), description="доплата Kaspi сверх комиссии, % цены"
    )
    delivery: Kind = Field(default=Delivery.CITY, description="доставка")
    weight_kg: Kilograms | None = Field(default=None, description="вес; не нужен pickup и own")
    own_delivery: Tenge = Field(default=0, description="цена своей доставки, тенге; для own")
    packaging: Tenge = Field(default=0, description="упаковка, тенге на продажу")
    other: Tenge = Field(default=0, description="прочее, тенге на продажу")
    advertising: Tenge = Field(default=0, description="реклама, тенге на продажу")
    advertising_percent: Percent = Field(default=Decimal(0), description="реклама, % цены")
    bonus_percent: Percent = Field(default=Decimal(0), description="бонусы, % цены")
    returns_percent: Percent = Field(default=Decimal(0), description="возвраты, % выданных заказов")
    return_loss_percent: Percent = Field(
        default=Decimal(0), description="сколько закупки теряется на возврате, %"
    )
    region: str | None = Field(
        default=None, max_length=100, description="город или район: ставка маслихата"
    )
    tax_percent: Percent | None = Field(default=None, description="своя ставка налога")
    is_top_rate: bool = Field(default=False, description="доход ИП выше предела: 15 %")
    is_vat_payer: bool = Field(default=False, description="на учёте по НДС; общий режим")
    cost_vat_percent: Percent | None = Field(default=None, description="НДС в счёте поставщика")
    is_cost_deductible: bool = Field(default=True, description="закупка с документами")
    wanted_margin_percent: Annotated[Percent, Field(ge=0, lt=100, decimal_places=2)] | None = Field(
        default=None, description="найти цену для такой маржи"
    )
    wanted_profit: Tenge | None = Field(default=None, description="найти цену для такой прибыли")
    compare: list[Kind] = Field(
        default_factory=list, max_length=5, description="другие виды доставки рядом"
    )
    cut: CutCase | None = Field(default=None, description="окупится ли снижение цены")

    def conditions(self) -> Conditions:
        """Return what the engine takes. Raises InvalidInput, the field named in its text."""
        names = Conditions.__dataclass_fields__.keys() & type(self).model_fields.keys()
        given = {name: getattr(self, name) for name in names}
        path = (self.category,) if isinstance(self.category, str) else tuple(self.category)
        try:
            return Conditions(**given | {"category": path, "weight_g": self.weight_kg})
        except InvalidInput as error:
            field = "weight_kg" if error.field == "weight" else error.field
            raise InvalidInput(f"{field}: {error.message}", field=field) from None

    def goal(self) -> Goal | None:
        """Return what the price is to reach, if anything is wanted."""
        margin, profit = self.wanted_margin_percent, self.wanted_profit
        if margin is None and profit is None:
            return None
        return Goal(profit=profit or 0, margin=millionths(margin or Decimal(0)))
