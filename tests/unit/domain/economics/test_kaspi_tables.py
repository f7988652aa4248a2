"""Whole sales by Kaspi's printed tables, and prices found: every figure worked by hand from them."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from cube_demper.domain.calculators.schemas import Regime
from cube_demper.domain.economics.calculation import calculate
from cube_demper.domain.economics.conditions import Conditions, Delivery
from cube_demper.domain.economics.solving import Goal
from cube_demper.domain.economics.steps import StepCode
from cube_demper.domain.economics.tariffs import Tariffs
from cube_demper.domain.rates import shipped

TABLES = shipped.load()
TARIFFS = Tariffs(TABLES)
KASPI_DELIVERY = Path("/work/shared/data/kaspi_delivery.csv")
SALE = Conditions(
    on=date(2026, 11, 27),
    regime=Regime.IP_SIMPLIFIED,
    category=("Бытовая техника",),
    weight_g=3_000,
)
KINDS = ("city", "kazakhstan", "express")
BY_WEIGHT = {
    # «Стоимость Kaspi Доставки» from 01.01.2026 (guide, q2288): an order from 10 000 ₸, without VAT.
    5_000: (1_099, 1_299, 1_699),
    15_000: (1_349, 1_699, 1_849),
    30_000: (2_299, 3_599, 3_149),
    60_000: (2_899, 5_649, 3_599),
    100_000: (4_149, 8_549, 5_599),
    5_000_000: (6_449, 11_999, 8_449),
}
BY_PRICE = {
    # The same page: cheaper orders pay by price, whatever they weigh.
    999: (49, 49, 49),
    1_000: (149, 149, 149),
    2_999: (149, 149, 149),
    3_000: (199, 199, 199),
    4_999: (199, 199, 199),
    5_000: (699, 799, 799),
    9_999: (699, 799, 799),
}
EXPRESS_2025 = [
    # From 03.02.2025 (guide, q2953), VAT of 12 %.
    (4_999, 1_000, 0),
    (5_000, 60_000, 799),
    (14_999, 1_000, 799),
    (15_000, 5_000, 1_499),
    (15_000, 15_000, 1_499),
    (15_000, 50_000, 2_999),
    (15_000, 50_001, 5_599),
]


@pytest.mark.parametrize("weight", BY_WEIGHT)
def test_a_dear_order_pays_by_weight(weight: int) -> None:
    found = (TABLES.delivery(kind, 1_000_000, weight, SALE.on).fee for kind in KINDS)
    assert tuple(found) == tuple(tenge * 100 for tenge in BY_WEIGHT[weight])


@pytest.mark.parametrize("price", BY_PRICE)
@pytest.mark.parametrize("weight", [1, 100_001])
def test_a_cheap_order_pays_by_price(price: int, weight: int) -> None:
    found = (TABLES.delivery(kind, price * 100, weight, SALE.on).fee for kind in KINDS)
    assert tuple(found) == tuple(tenge * 100 for tenge in BY_PRICE[price])


@pytest.mark.parametrize(("price", "weight", "fee"), EXPRESS_2025)
def test_express_of_2025(price: int, weight: int, fee: int) -> None:
    row = TABLES.delivery("express", price * 100, weight, date(2025, 6, 1))
    assert (row.fee, row.vat_percent) == (fee * 100, Decimal(12))


@pytest.mark.skipif(not KASPI_DELIVERY.exists(), reason="Kaspi's table is not on this machine")
def test_every_line_of_the_table_of_delivery() -> None:
    with KASPI_DELIVERY.open(encoding="utf-8") as file:
        lines = [it for it in csv.DictReader(file) if it["payer"] == "seller"]
    lines = [
        it for it in lines if it["service"] in KINDS and it["price_from_kzt"]
    ]  # tyres have no price
    assert len(lines) > 30
    for it in lines:
        grams = int(Decimal(it["weight_over_kg"] or 0) * 1000) + 1
        price = int(Decimal(it["price_from_kzt"]) * 100)
        row = TABLES.delivery(it["service"], price, grams, date.fromisoformat(it["valid_from"]))
        assert (row.fee, row.vat_percent) == (
            int(Decimal(it["fee_kzt_no_vat"]) * 100),
            Decimal(it["vat_pct"]),
        ), it


def test_every_expense_of_a_sale_is_taken_once() -> None:
    """Commission 12.5 + 2 %, delivery 1 099 × 1.16, 4 % of tax; the rest as the seller tells it.

    20 000 − 12 000 − 2 900 − 1 274.84 − 150 − 100 − (200 + 600) − 200 − 800 = 1 775.16
    """
    told = replace(
        SALE,
        surcharge_percent=Decimal(2),
        packaging=15_000,
        other=10_000,
        advertising=20_000,
        advertising_percent=Decimal(3),
        bonus_percent=Decimal(1),
    )
    assert calculate(told, 2_000_000, 1_200_000, TARIFFS).profit == 177_516


def test_break_even_and_the_price_for_a_margin() -> None:
    """Picked up by the buyer a sale leaves 100 − 12.5 − 4 = 83.5 % of its price, or 73.5 % for 10 %.

    12 000 / 0.835 = 14 371.26 and 12 000 / 0.735 = 16 326.53, up to whole tenge.
    """
    pickup = replace(SALE, delivery=Delivery.PICKUP)
    done = calculate(pickup, 2_000_000, 1_200_000, TARIFFS, goal=Goal(margin=100_000))
    assert done.break_even
    assert done.wanted
    assert (done.break_even.safe, done.wanted.safe) == (1_437_200, 1_632_700)


def test_the_price_for_a_margin_pays_for_its_delivery() -> None:
    """(12 000 + 1 274.84) / 0.735 = 18 061.01 → 18 062; / 0.835 = 15 898.01 → 15 899."""
    done = calculate(SALE, 2_000_000, 1_200_000, TARIFFS, goal=Goal(margin=100_000))
    assert done.break_even
    assert done.wanted
    assert (done.break_even.safe, done.wanted.safe) == (1_589_900, 1_806_200)


def test_a_cost_that_was_told_for_a_wanted_profit() -> None:
    """(12 000 + 3 000) / 0.835 = 17 964.07 → 17 965."""
    pickup = replace(SALE, delivery=Delivery.PICKUP)
    done = calculate(pickup, 2_000_000, 1_200_000, TARIFFS, goal=Goal(profit=300_000))
    assert done.wanted
    assert done.wanted.safe == 1_796_500
    at = {it.code: it.amount for it in done.steps}
    assert at[StepCode.PROFIT] == 2_000_000 - 1_200_000 - 250_000 - 80_000
