"""The steps from a price to its profit, each with its formula in words. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from cube_demper.core.money import NBSP, format_tenge
from cube_demper.domain.economics.conditions import Conditions, Delivery
from cube_demper.domain.economics.settling import Settlement
from cube_demper.domain.economics.terms import WHOLE, TaxBase, Terms
from cube_demper.domain.rates.figures import Figure, FigureCode, percent_text


class StepCode(StrEnum):
    """The steps, in the order in which a price goes away."""

    PRICE = "price"
    COST = "cost"
    COMMISSION = "commission"
    SURCHARGE = "surcharge"
    DELIVERY = "delivery"
    PACKAGING = "packaging"
    ADVERTISING = "advertising"
    BONUS = "bonus"
    RETURNS = "returns"
    OTHER = "other"
    VAT_OUT = "vat_out"
    VAT_IN = "vat_in"
    TAX = "tax"
    PROFIT = "profit"


@dataclass(frozen=True, slots=True)
class Step:
    """One bar of the waterfall: what it adds to the profit (tiyn), None where the cost is missing."""

    code: StepCode
    name: str
    amount: int | None
    formula: str = ""
    figures: tuple[FigureCode, ...] = ()


_ALWAYS = frozenset(
    {StepCode.PRICE, StepCode.COST, StepCode.COMMISSION, StepCode.TAX, StepCode.PROFIT}
)
_NO_COST = "себестоимость не указана"


def steps_of(
    conditions: Conditions,
    terms: Terms,
    sale: Settlement,
    figures: Sequence[Figure],
    *,
    has_cost: bool,
) -> tuple[Step, ...]:
    """Return the steps that take anything, always with price, cost, commission, tax and profit."""
    words = _Words(conditions, terms, sale)
    known = {figure.code for figure in figures}
    unknown = set() if has_cost else _needing_cost(terms)
    steps = []
    for code, (name, used, formula) in _STEPS.items():
        amount = _amount(code, sale)
        if amount == 0 and code not in _ALWAYS:
            continue
        is_missing = code in unknown
        steps.append(
            Step(
                code,
                name,
                None if is_missing else amount,
                _NO_COST if is_missing else formula(words),
                tuple(it for it in used if it in known),
            )
        )
    return tuple(steps)


def _needing_cost(terms: Terms) -> set[StepCode]:
    """Return the steps that cannot be told without the cost."""
    codes = {StepCode.COST, StepCode.PROFIT}
    if terms.tax_base is TaxBase.PROFIT:
        codes.add(StepCode.TAX)
    if terms.cost_vat:
        codes.add(StepCode.VAT_IN)
    if terms.returns and terms.return_loss:
        codes.add(StepCode.RETURNS)
    return codes


def _amount(code: StepCode, sale: Settlement) -> int:
    amount: int = getattr(sale, code.value)
    return amount if code in (StepCode.PRICE, StepCode.VAT_IN, StepCode.PROFIT) else -amount


@dataclass(frozen=True, slots=True)
class _Words:
    """Formulas of the steps, in the words of the calculator."""

    conditions: Conditions
    terms: Terms
    sale: Settlement

    def percent_of_price(self, part: int) -> str:
        return f"{_percent(part)} от {format_tenge(self.sale.price)}"

    @property
    def commission(self) -> str:
        text = self.percent_of_price(self.terms.commission)
        return f"{text}, Kaspi Pay внутри" if self.terms.commission_untaxed else text

    @property
    def delivery(self) -> str:
        kind = _DELIVERIES[self.conditions.delivery]
        return f"{kind}, с НДС" if self.conditions.delivery is not Delivery.OWN else kind

    @property
    def advertising(self) -> str:
        parts = [format_tenge(self.terms.advertising)] if self.terms.advertising else []
        if self.terms.advertising_share:
            parts.append(self.percent_of_price(self.terms.advertising_share))
        return " + ".join(parts)

    @property
    def returns(self) -> str:
        loss = "доставка и упаковка"
        if self.terms.return_loss:
            loss += f", {_percent(self.terms.return_loss)} закупки"
        rate = _percent(self.terms.returns)
        return f"{loss} × {rate} / (100{NBSP}% − {rate})"

    @property
    def vat_out(self) -> str:
        return f"{format_tenge(self.sale.price)} {_inside(self.terms.vat)}"

    @property
    def vat_in(self) -> str:
        return "НДС в комиссии, доставке" + (" и закупке" if self.terms.cost_vat else "")

    @property
    def tax(self) -> str:
        if self.terms.tax_base is TaxBase.TURNOVER:
            return self.percent_of_price(self.terms.tax) + ", с оборота"
        if not self.sale.taxable:
            return "прибыли нет, налога нет"
        rest = "" if self.terms.is_cost_deductible else ", закупка без документов не вычтена"
        return f"{_percent(self.terms.tax)} от {format_tenge(self.sale.taxable)}{rest}"


_DELIVERIES = {
    Delivery.CITY: "Kaspi Доставка по городу",
    Delivery.KAZAKHSTAN: "Kaspi Доставка по Казахстану",
    Delivery.EXPRESS: "Kaspi Доставка Express",
    Delivery.PICKUP: "самовывоз",
    Delivery.OWN: "своя доставка",
}
_Formula = Callable[[_Words], str]
_STEPS: dict[StepCode, tuple[str, tuple[FigureCode, ...], _Formula]] = {
    StepCode.PRICE: ("Цена", (), lambda _: ""),
    StepCode.COST: ("Закупка", (), lambda _: ""),
    StepCode.COMMISSION: (
        "Комиссия Kaspi",
        (FigureCode.COMMISSION, FigureCode.KASPI_PAY),
        lambda it: it.commission,
    ),
    StepCode.SURCHARGE: (
        "Доплата Kaspi",
        (),
        lambda it: it.percent_of_price(it.terms.surcharge),
    ),
    StepCode.DELIVERY: ("Доставка", (FigureCode.DELIVERY,), lambda it: it.delivery),
    StepCode.PACKAGING: ("Упаковка", (), lambda _: ""),
    StepCode.ADVERTISING: ("Реклама", (), lambda it: it.advertising),
    StepCode.BONUS: ("Бонусы", (), lambda it: it.percent_of_price(it.terms.bonus)),
    StepCode.RETURNS: ("Возвраты", (FigureCode.DELIVERY,), lambda it: it.returns),
    StepCode.OTHER: ("Прочее", (), lambda _: ""),
    StepCode.VAT_OUT: ("НДС с продажи", (FigureCode.VAT,), lambda it: it.vat_out),
    StepCode.VAT_IN: ("НДС к зачёту", (FigureCode.VAT,), lambda it: it.vat_in),
    StepCode.TAX: ("Налог", (FigureCode.TAX,), lambda it: it.tax),
    StepCode.PROFIT: ("Прибыль", (), lambda _: ""),
}


def _percent(part: int) -> str:
    return percent_text(Decimal(part) * 100 / WHOLE)


def _inside(rate: int) -> str:
    percent = (Decimal(rate) * 100 / WHOLE).normalize()
    return f"× {percent:f}/{100 + percent:f}".replace(".", ",")
