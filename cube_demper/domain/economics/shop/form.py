"""A store's conditions as typed by a person: tenge, kilograms and percents as text. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import TypeVar

from cube_demper.core.errors import InvalidInput
from cube_demper.core.money import NBSP, parse_tenge
from cube_demper.domain.calculators.schemas import Regime
from cube_demper.domain.economics.conditions import NOTHING, Delivery
from cube_demper.domain.economics.sale_terms import SaleTerms

Texts = Mapping[str, object]
Choice = TypeVar("Choice", bound=StrEnum)


def read_terms(data: Texts) -> SaleTerms:
    """Read the form. Raises InvalidInput, naming the field; what the figures allow is checked later."""
    regime = _one_of(Regime, data, "regime", "Выберите режим налогов.")
    is_simplified = regime.is_simplified
    return SaleTerms(
        regime=regime,
        region=(_text(data, "region") or None) if is_simplified else None,
        tax_percent=_percent(data, "tax_percent"),
        is_top_rate=_ticked(data, "is_top_rate"),
        is_vat_payer=_ticked(data, "is_vat_payer"),
        cost_vat_percent=_percent(data, "cost_vat_percent"),
        is_cost_deductible=not _ticked(data, "no_papers"),
        delivery=_one_of(Delivery, data, "delivery", "Выберите, кто доставляет."),
        own_delivery=_tenge(data, "own_delivery"),
        weight_g=read_weight(_text(data, "weight")),
        category=_path(_text(data, "category")),
        commission_percent=_percent(data, "commission_percent"),
        packaging=_tenge(data, "packaging"),
        other=_tenge(data, "other"),
        advertising=_tenge(data, "advertising"),
        advertising_percent=_percent(data, "advertising_percent") or NOTHING,
        bonus_percent=_percent(data, "bonus_percent") or NOTHING,
        returns_percent=_percent(data, "returns_percent") or NOTHING,
        return_loss_percent=_percent(data, "return_loss_percent") or NOTHING,
    )


def read_weight(text: str) -> int | None:
    """Read kilograms («0,5») into grams; blank is not known. Raises InvalidInput."""
    if not text.strip():
        return None
    grams = _number(text, "weight") * 1000
    if grams != grams.to_integral_value() or not 0 < grams <= 5_000_000:
        raise InvalidInput("Вес в килограммах: больше нуля, например 0,5.", field="weight")
    return int(grams)


def _one_of(kind: type[Choice], data: Texts, name: str, ask: str) -> Choice:
    text = _text(data, name)
    if text not in {it.value for it in kind}:
        raise InvalidInput(ask, field=name)
    return kind(text)


def _text(data: Texts, name: str) -> str:
    return str(data.get(name) or "").strip()


def _ticked(data: Texts, name: str) -> bool:
    return data.get(name) in {"on", True, "true"}


def _tenge(data: Texts, name: str) -> int:
    text = _text(data, name)
    return parse_tenge(text, field=name) if text else 0


def _percent(data: Texts, name: str) -> Decimal | None:
    text = _text(data, name).removesuffix("%")
    return _number(text, name) if text.strip() else None


def _number(text: str, name: str) -> Decimal:
    clean = text.replace(NBSP, "").replace(" ", "").replace(",", ".")
    try:
        value = Decimal(clean)
    except InvalidOperation:
        raise InvalidInput("Введите число, например 2,5.", field=name) from None
    if not value.is_finite() or not 0 <= value < 10**7:
        raise InvalidInput("Введите число не меньше нуля.", field=name)
    return value


def _path(text: str) -> tuple[str, ...] | None:
    return tuple(part.strip() for part in text.split(">") if part.strip()) or None
