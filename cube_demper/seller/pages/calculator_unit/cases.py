"""Scenarios of the form: fields «A_price», «B_price»… to cases of `cube calc unit` and back. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from cube_demper.core.errors import InvalidInput
from cube_demper.core.money import floor_to_tenge, to_tenge
from cube_demper.domain.calculations.schemas import Start
from cube_demper.domain.calculations.unit_papers import LETTERS
from cube_demper.domain.economics.sale_terms import SaleTerms
from cube_demper.domain.rates.errors import NoRate, OutsideTables
from cube_demper.seller.calculations.fields import Form, given, sentence, texts, ticked

Case = dict[str, Any]
NUMBERS = (
    "price", "cost", "weight_kg", "wanted_margin_percent", "wanted_profit", "own_delivery",
    "packaging", "other", "advertising", "advertising_percent", "bonus_percent", "returns_percent",
    "return_loss_percent", "commission_percent", "surcharge_percent", "tax_percent",
    "cost_vat_percent",
)  # fmt: skip
TEXTS = ("regime", "delivery", "on", "region")
BOXES = ("is_kaspi_pay_on_top", "is_top_rate", "is_vat_payer")
MAIN = frozenset(
    {"price", "cost", "category", "weight_kg", "regime", "delivery", "on", "wanted_margin_percent"}
)
"""Fields that are always in sight; the others are under «Ещё условия»."""
_SUMS = ("own_delivery", "packaging", "other", "advertising")
_SHARES = ("advertising_percent", "bonus_percent", "returns_percent", "return_loss_percent")
_RATES = ("commission_percent", "tax_percent", "cost_vat_percent")
"""Those where 0 says something else than a blank."""
_BETWEEN = re.compile(r"\s*[>/]\s*")


def blank(today: str) -> dict[str, str]:
    """Return the fields that a new scenario begins with."""
    return {
        "regime": "ip_simplified",
        "delivery": "city",
        "on": today,
        "is_cost_deductible": "on",
    }


def case_of(form: Form, letter: str) -> Case:
    """Return the case of one scenario."""
    own = {name[2:]: value for name, value in form.items() if name.startswith(f"{letter}_")}
    case: Case = {**given(own, NUMBERS), **texts(own, TEXTS)}
    path = [it for it in _BETWEEN.split(str(own.get("category") or "").strip()) if it]
    if path:
        case["category"] = path
    case |= {name: True for name in BOXES if ticked(own, name)}
    if not ticked(own, "is_cost_deductible"):
        case["is_cost_deductible"] = False
    return case


def fields_of(case: Mapping[str, Any], letter: str) -> dict[str, str]:
    """Return the form's fields of a case."""
    values = {
        name: "on" if value is True else "" if value is False else _text(value)
        for name, value in case.items()
    }
    values.setdefault("is_cost_deductible", "on")
    return lettered(values, letter)


def lettered(values: Mapping[str, str], letter: str) -> dict[str, str]:
    """Name fields for a scenario."""
    return {f"{letter}_{name}": value for name, value in values.items()}


def scenario_values(values: Mapping[str, str], letter: str) -> dict[str, str]:
    """Return the fields of one scenario without its letter."""
    return {name[2:]: it for name, it in values.items() if name.startswith(f"{letter}_")}


def without(values: Mapping[str, str], letters: Sequence[str], dropped: str) -> dict[str, str]:
    """Take a scenario away; those after it move up."""
    rest = [scenario_values(values, it) for it in letters if it != dropped]
    kept: dict[str, str] = {}
    for letter, fields in zip(LETTERS, rest, strict=False):
        kept |= lettered(fields, letter)
    return kept


def of_start(start: Start) -> dict[str, str]:
    """Return what a product and its store's conditions fill in; what they do not know stays."""
    good = start.good
    values = {
        "price": "" if good.price is None else _text(to_tenge(floor_to_tenge(good.price))),
        "cost": "" if good.cost is None else _text(to_tenge(good.cost)),
        "category": start.category,
        "weight_kg": "" if start.weight_g is None else _number(Decimal(start.weight_g) / 1000),
    }
    filled = {name: text for name, text in values.items() if text or name == "cost"}
    return filled if start.terms is None else _of_terms(start.terms) | filled


def _of_terms(terms: SaleTerms) -> dict[str, str]:
    """Return the conditions of a store as the form's fields; each of them, blank ones too."""
    sums = {name: getattr(terms, name) for name in _SUMS}
    shares = {name: getattr(terms, name) or None for name in _SHARES}
    shares |= {name: getattr(terms, name) for name in _RATES}
    boxes = {name: getattr(terms, name) for name in ("is_vat_payer", "is_top_rate")}
    return {
        "regime": terms.regime.value,
        "delivery": terms.delivery.value,
        "region": terms.region or "",
        **{name: _number(to_tenge(it)) if it else "" for name, it in sums.items()},
        **{name: "" if it is None else _number(it) for name, it in shares.items()},
        **{name: "on" if it else "" for name, it in boxes.items()},
        "is_cost_deductible": "on" if terms.is_cost_deductible else "",
    }


def missing(start: Start) -> str:
    """Say what is still not known, so that nobody takes a blank for a zero; «» when all is."""
    lacking = []
    if start.weight_g is None:
        lacking.append("вес")
    if not start.category:
        lacking.append("категорию в тарифах Kaspi")
    if start.good.cost is None:
        lacking.append("закупку")
    if start.good.price is None:
        lacking.append("цену")
    return f"Укажите сами: {', '.join(lacking)}. В карточке товара этого нет." if lacking else ""


def refusal(error: InvalidInput | NoRate) -> tuple[str, str]:
    """Return the field of a scenario that an error is about, and the words for it."""
    if isinstance(error, OutsideTables):
        return "on", error.message
    if isinstance(error, NoRate):
        return "category", error.message
    name = error.field or "price"
    field = "weight_kg" if name == "weight" else name
    return field, sentence(error.message.removeprefix(f"{name}: ").removeprefix(f"{field}: "))


def _number(value: Decimal) -> str:
    return f"{value.normalize():f}".replace(".", ",")


def _text(value: Any) -> str:
    if isinstance(value, list | tuple):
        return " > ".join(str(it) for it in value)
    text = str(value)
    return text.removesuffix(".0").replace(".", ",") if re.fullmatch(r"\d+\.\d+", text) else text
