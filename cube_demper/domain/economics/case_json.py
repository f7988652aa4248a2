"""A case of `cube calc unit` from JSON. Every mistake is an InvalidInput that names its key."""

from __future__ import annotations

import difflib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any, TypeVar, cast

from cube_demper.core.errors import InvalidInput
from cube_demper.core.money import TIYN_IN_TENGE
from cube_demper.domain.economics.conditions import Conditions, Delivery, Regime
from cube_demper.domain.economics.solving import Goal
from cube_demper.domain.economics.terms import millionths

E = TypeVar("E", bound=StrEnum)
Reader = Callable[[Any], Any]
_MOST = 10**12


@dataclass(frozen=True, slots=True)
class Cut:
    """A price cut to weigh; price in tiyn."""

    new_price: int
    pieces: int
    stock: int | None = None


@dataclass(frozen=True, slots=True)
class UnitCase:
    """What is to be calculated; money in tiyn."""

    conditions: Conditions
    price: int
    cost: int | None
    goal: Goal | None
    compare: tuple[Delivery, ...]
    cut: Cut | None


def read_case(text: str, today: date) -> UnitCase:
    """Read a case; one without a day is of `today`. Raises InvalidInput."""
    try:
        case = json.loads(text, parse_float=Decimal, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise InvalidInput(f"Это не JSON: {error}.") from None
    given = _object(case, _READERS, "")
    for key in ("price", "regime"):
        if given.get(key) is None:
            raise InvalidInput("Обязательное поле.", field=key)
    return UnitCase(
        conditions=_conditions(given, today),
        price=given["price"],
        cost=given.get("cost"),
        goal=_goal(given),
        compare=given.get("compare") or (),
        cut=given.get("cut"),
    )


def _conditions(given: Mapping[str, Any], today: date) -> Conditions:
    known = {key: given[key] for key in _CONDITIONS if given.get(key) is not None}
    known.setdefault("on", today)
    if (weight := given.get("weight_kg")) is not None:
        known["weight_g"] = weight
    try:
        return Conditions(**known)
    except InvalidInput as error:
        field = "weight_kg" if error.field == "weight" else error.field
        raise InvalidInput(error.message, field=field) from None


def _goal(given: Mapping[str, Any]) -> Goal | None:
    margin, profit = given.get("wanted_margin_percent"), given.get("wanted_profit")
    if margin is None and profit is None:
        return None
    if margin is not None and not (0 <= margin < 100 and margin == round(margin, 2)):
        message = "Маржа: от 0 до 99,99 %, не больше двух знаков после запятой."
        raise InvalidInput(message, field="wanted_margin_percent")
    return Goal(profit=profit or 0, margin=millionths(margin or Decimal(0)))


def _object(value: object, readers: Mapping[str, Reader], within: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise InvalidInput("Нужен объект JSON: {…}.", field=within or None)
    found: dict[str, Any] = {}
    for key, raw in value.items():
        name = f"{within}.{key}" if within else key
        if key not in readers:
            near = difflib.get_close_matches(key, readers, 1)
            hint = f" Может быть, «{near[0]}»?" if near else ""
            raise InvalidInput(f"Такого поля нет.{hint}", field=name)
        try:
            found[key] = None if raw is None else readers[key](raw)
        except InvalidInput as error:
            raise InvalidInput(error.message, field=error.field or name) from None
    return found


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} не число")


def _number(value: object) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | Decimal | str):
        raise InvalidInput("Нужно число.")
    try:
        number = Decimal(value)
    except InvalidOperation:
        raise InvalidInput("Нужно число, например 12990 или 12.5.") from None
    if not number.is_finite() or abs(number) >= _MOST:
        raise InvalidInput("Нужно число, не больше триллиона.")
    return number


def _money(value: object) -> int:
    """Read tenge, with tiyn after the point, into tiyn."""
    tiyn = _number(value) * TIYN_IN_TENGE
    if tiyn < 0:
        raise InvalidInput("Сумма не может быть отрицательной.")
    if tiyn >= 10**14:
        raise InvalidInput("Слишком большая сумма.")
    if tiyn != tiyn.to_integral_value():
        raise InvalidInput("Сумма: не больше двух знаков после запятой.")
    return int(tiyn)


def _grams(value: object) -> int:
    grams = _number(value) * 1000
    if not 0 < grams < 10**9 or grams != grams.to_integral_value():
        raise InvalidInput("Вес в килограммах, больше нуля и не точнее грамма.")
    return int(grams)


def _pieces(value: object) -> int:
    number = _number(value)
    if not 0 <= number < 10**9 or number != number.to_integral_value():
        raise InvalidInput("Нужно целое число штук.")
    return int(number)


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise InvalidInput("Нужно true или false.")
    return value


def _text(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise InvalidInput("Нужен текст.")
    return value.strip()


def _day(value: object) -> date:
    try:
        return date.fromisoformat(_text(value))
    except ValueError:
        raise InvalidInput("Нужна дата ГГГГ-ММ-ДД.") from None


def _path(value: object) -> tuple[str, ...]:
    return tuple(map(_text, value)) if isinstance(value, list) else (_text(value),)


def _one_of(kind: type[E]) -> Callable[[object], E]:
    def read(value: object) -> E:
        try:
            return kind(cast("str", value))
        except ValueError:
            raise InvalidInput(f"Одно из: {', '.join(kind)}.") from None

    return read


def _deliveries(value: object) -> tuple[Delivery, ...]:
    if not isinstance(value, list):
        raise InvalidInput("Нужен список видов доставки.")
    return tuple(dict.fromkeys(map(_one_of(Delivery), value)))


def _cut(value: object) -> Cut:
    given = _object(value, {"new_price": _money, "pieces": _pieces, "stock": _pieces}, "cut")
    for key in ("new_price", "pieces"):
        if given.get(key) is None:
            raise InvalidInput("Обязательное поле.", field=f"cut.{key}")
    return Cut(**given)


_CONDITIONS: Mapping[str, Reader] = {
    "on": _day,
    "regime": _one_of(Regime),
    "category": _path,
    "delivery": _one_of(Delivery),
    "region": _text,
    **dict.fromkeys(("own_delivery", "packaging", "other", "advertising"), _money),
    **dict.fromkeys(
        (
            "commission_percent",
            "surcharge_percent",
            "advertising_percent",
            "bonus_percent",
            "returns_percent",
            "return_loss_percent",
            "tax_percent",
            "cost_vat_percent",
        ),
        _number,
    ),
    **dict.fromkeys(
        ("is_kaspi_pay_on_top", "is_top_rate", "is_vat_payer", "is_cost_deductible"), _flag
    ),
}
_READERS: Mapping[str, Reader] = {
    **_CONDITIONS,
    "price": _money,
    "cost": _money,
    "weight_kg": _grams,
    "wanted_margin_percent": _number,
    "wanted_profit": _money,
    "compare": _deliveries,
    "cut": _cut,
}
