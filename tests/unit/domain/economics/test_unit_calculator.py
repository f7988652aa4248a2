"""Unit economics from JSON: the example works as printed, and every mistake is said in Russian."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cube_demper.core.errors import DomainError
from cube_demper.domain.economics.unit_calculator import UNIT
from cube_demper.domain.economics.unit_case import EXAMPLE
from cube_demper.domain.rates import shipped

TABLES = shipped.load()
KEYS = [*EXAMPLE, "tax_percent", "region", "cost_vat_percent"]


def count(**values: Any) -> dict[str, Any]:
    return UNIT.count_json(json.dumps(EXAMPLE | values).encode(), TABLES)


def test_the_example_is_counted_and_its_steps_add_up() -> None:
    told = count()
    assert told["profit"] == "3246.08"
    *steps, profit = told["steps"]
    assert sum(Decimal(step["amount"]) for step in steps) == Decimal(profit["amount"])
    assert {row["code"] for row in told["rows"]} == {"commission", "tax", "delivery"}
    assert all(row["source"] and row["confidence"] for row in told["rows"])
    assert told["cut"]["pieces_needed"] == 41
    assert [it["delivery"] for it in told["compare"]] == ["kazakhstan", "express"]
    json.dumps(told)


def test_without_a_cost_the_profit_is_null_and_said_to_be_missing() -> None:
    told = count(cost=None, cut=None)
    assert (told["profit"], told["break_even"], told["missing"]) == (None, None, ["cost"])


def test_a_step_of_delivery_leaves_a_gap_of_prices() -> None:
    told = count(cost=3000, price=5000, compare=[], cut=None)["wanted"]
    assert [Decimal(it["to"]) for it in told["ranges"][:-1]] == [4999]
    assert told["ranges"][-1] == {"from": told["safe"], "to": None}


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"price": None}, "price: нужно число"),
        ({"price": -5}, "price: сумма не может быть отрицательной"),
        ({"price": 0}, "price: должно быть больше 0"),
        ({"price": 99.5}, "Цена: целое число тенге"),
        ({"price": "1e999999"}, "price: слишком большая сумма"),
        ({"price": True}, "price: нужно число"),
        ({"price": 10**10, "cut": None}, "проверьте нули"),
        ({"cost": "дорого"}, "cost: нужно число"),
        ({"prise": 1}, "prise: неизвестное поле. Может быть, price?"),
        ({"regime": "ooo"}, "regime: допустимо: 'ip_simplified'"),
        ({"on": "вчера"}, "on: нужна дата"),
        ({"on": "2015-01-01"}, "начинается"),
        ({"category": "Смартфоныы"}, "Смартфоны"),
        ({"category": []}, "category: Укажите категорию"),
        ({"category": 5}, "category"),
        ({"weight_kg": None}, "weight_kg: Укажите вес"),
        ({"weight_kg": 0}, "weight_kg: вес в килограммах"),
        ({"returns_percent": 100}, "returns_percent: Процент: от 0 до 99"),
        ({"bonus_percent": "0.001"}, "bonus_percent: Процент: не больше двух знаков"),
        ({"is_vat_payer": "да"}, "is_vat_payer: нужно true"),
        ({"is_vat_payer": True}, "is_vat_payer: На упрощёнке"),
        ({"wanted_margin_percent": 100}, "wanted_margin_percent: должно быть меньше 100"),
        ({"wanted_margin_percent": "1.001"}, "wanted_margin_percent"),
        ({"compare": "city"}, "compare: нужен список"),
        ({"cut": {"new_price": 19000}}, "cut.pieces: поле обязательно"),
        ({"cut": {"new_price": 21000, "pieces": 1}}, "Новая цена должна быть ниже"),
        ({"cost": None}, "cost: чтобы оценить снижение цены"),
        ({"cut": 5}, "cut: нужен объект"),
    ],
)
def test_a_wrong_case_is_told_by_its_field(changed: dict[str, Any], said: str) -> None:
    with pytest.raises(DomainError) as refusal:
        count(**changed)
    assert said in refusal.value.message


words = st.text("1e9-. да", max_size=6)
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | words,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(words, inner, max_size=2),
    max_leaves=4,
)


@given(st.dictionaries(st.sampled_from(KEYS), anything, max_size=3))
@settings(deadline=None)
def test_whatever_the_values_are_it_is_counted_or_refused(values: dict[str, Any]) -> None:
    try:
        told = count(**values)
    except DomainError:
        return
    assert told["steps"][0]["amount"] == told["price"]
