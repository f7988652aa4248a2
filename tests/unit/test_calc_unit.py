"""`cube calc unit`: its example works as printed, and every mistake is said in Russian, with exit code 2."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st

from cube_demper.calc_unit import EXAMPLE
from cube_demper.cli import cli
from cube_demper.core.errors import InvalidInput
from cube_demper.domain.economics.case_json import read_case


def run(case: str | bytes) -> Result:
    return CliRunner().invoke(cli, ["calc", "unit"], input=case)


def changed(**values: Any) -> str:
    return json.dumps(json.loads(EXAMPLE) | values)


def test_the_example_of_the_help_works() -> None:
    assert all(line.strip() in run_help() for line in EXAMPLE.splitlines())
    ran = run(EXAMPLE)
    assert ran.exit_code == 0, ran.stderr
    told = json.loads(ran.stdout)
    assert told["profit"] == "3246.08"
    assert sum(float(it["amount"]) for it in told["steps"][:-1]) == pytest.approx(3246.08)
    assert {it["code"] for it in told["rows"]} == {"commission", "tax", "delivery"}
    assert all(it["source"] and it["confidence"] for it in told["rows"])
    assert told["cut"]["pieces_needed"] == 41
    assert [it["delivery"] for it in told["compare"]] == ["kazakhstan", "express"]


def run_help() -> str:
    return CliRunner().invoke(cli, ["calc", "unit", "--help"]).stdout


def test_without_a_cost_the_profit_is_null_and_said_to_be_missing() -> None:
    told = json.loads(run(changed(cost=None, cut=None)).stdout)
    assert (told["profit"], told["break_even"], told["missing"]) == (None, None, ["cost"])


@pytest.mark.parametrize(
    ("case", "said"),
    [
        ("{", "Это не JSON"),
        ("[" * 100_000, "Это не JSON"),
        ("[]", "Нужен объект"),
        (b"\xff\xfe{}", "UTF-8"),
        ('{"price": NaN, "regime": "too"}', "NaN не число"),
        (changed(price=None), "price: Обязательное поле"),
        (changed(price=-5), "price: Сумма не может быть отрицательной"),
        (changed(price=99.5), "price: Цена: целое число"),
        (changed(price="1e999999"), "price: Нужно число"),
        (changed(price=True), "price: Нужно число"),
        (changed(cost="дорого"), "cost: Нужно число"),
        (changed(prise=1), "«price»"),
        (changed(regime="ooo"), "regime: Одно из: ip_simplified"),
        (changed(on="вчера"), "on: Нужна дата"),
        (changed(on="2015-01-01"), "начинается"),
        (changed(category="Смартфоныы"), "Смартфоны"),
        (changed(category=None), "category: Укажите категорию"),
        (changed(weight_kg=None), "weight_kg: Укажите вес"),
        (changed(weight_kg=0), "weight_kg: Вес в килограммах"),
        (changed(returns_percent=100), "returns_percent: Процент: от 0 до 99"),
        (changed(is_vat_payer="да"), "is_vat_payer: Нужно true"),
        (changed(is_vat_payer=True), "is_vat_payer: На упрощёнке"),
        (changed(wanted_margin_percent=100), "wanted_margin_percent: Маржа"),
        (changed(compare="city"), "compare: Нужен список"),
        (changed(cut={"new_price": 19000}), "cut.pieces: Обязательное поле"),
        (changed(cut={"new_price": 21000, "pieces": 1}), "new_price: Новая цена"),
        (changed(cost=None), "cost: Чтобы оценить"),
        (changed(cut=5), "cut: Нужен объект"),
    ],
)
def test_a_wrong_case_is_told_and_ends_with_2(case: str | bytes, said: str) -> None:
    ran = run(case)
    assert ran.exit_code == 2
    assert said in ran.stderr
    assert not ran.stdout


KEYS = [*json.loads(EXAMPLE), "tax_percent", "region"]
words = st.text("1e9-. да", max_size=6)
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | words,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(words, inner, max_size=2),
    max_leaves=4,
)


@given(st.dictionaries(st.sampled_from(KEYS), anything, max_size=3))
@settings(deadline=None)
def test_whatever_the_values_are_it_is_read_or_refused(values: dict[str, Any]) -> None:
    try:
        case = read_case(changed(**values), date(2026, 11, 27))
    except InvalidInput:
        return
    assert case.price >= 0
