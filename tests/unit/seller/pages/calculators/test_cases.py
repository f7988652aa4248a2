"""Forms to cases and back, and mistakes to their fields."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any, ClassVar
from uuid import uuid4

import pytest

from cube_demper.domain.calculations.schemas import Good, Start
from cube_demper.domain.calculators.reading import WrongCase, check_case
from cube_demper.domain.calculators.schemas import Regime
from cube_demper.domain.calculators.service import CALCULATORS
from cube_demper.domain.economics.sale_terms import Good as Sold
from cube_demper.domain.economics.sale_terms import SaleTerms
from cube_demper.domain.economics.unit_case import UnitCase
from cube_demper.domain.rates import shipped
from cube_demper.domain.rates.errors import NoRate
from cube_demper.models.calculations import CalculationKind
from cube_demper.seller.calculations.fields import mistakes
from cube_demper.seller.pages.calculator import cases, misses
from cube_demper.seller.pages.calculator.rows import offer_of
from cube_demper.seller.pages.calculator_unit import cases as unit

PENALTY, TAX, DUTY = CalculationKind.PENALTY, CalculationKind.TAX, CalculationKind.DUTY
TABLES = shipped.load()
DELAY = {"debt": "1\u00a0000\u00a0000", "due": "2026-01-15", "until": "2026-03-31", "way": "last"}


def counted(kind: CalculationKind, form: dict[str, Any], payments: tuple[str, ...] = ()) -> Any:
    case = cases.case_of(kind, form, payments)
    return CALCULATORS[kind].count(check_case(CALCULATORS[kind].case, case), TABLES)


def wrong(kind: CalculationKind, form: dict[str, Any], payments: tuple[str, ...] = ()) -> Any:
    case = cases.case_of(kind, form, payments)
    try:
        CALCULATORS[kind].count(check_case(CALCULATORS[kind].case, case), TABLES)
    except WrongCase as refused:
        return mistakes(refused, misses.names_of(kind, case, payments))
    except NoRate as missing:
        return {misses.field_of(kind, case, missing): missing.message}
    return {}


def test_a_form_counts_as_the_terminal_does() -> None:
    form = DELAY | {"paid_on_7": "2026-02-10", "paid_7": "400 000"}
    terminal = {
        "debt": "1000000",
        "due": "2026-01-15",
        "until": "2026-03-31",
        "payments": [{"on": "2026-02-10", "amount": "400000"}],
    }
    expected = CALCULATORS["penalty"].count(
        check_case(CALCULATORS["penalty"].case, terminal), TABLES
    )
    assert counted(PENALTY, form, ("7",)) == expected


def test_mistakes_stand_at_their_fields_in_words() -> None:
    form = DELAY | {"debt": "-5", "paid_on_2": "", "paid_2": "много"}
    found = wrong(PENALTY, form, ("2",))
    assert found["debt"] == "Сумма не может быть отрицательной."
    assert found["paid_on_2"] == "Выберите дату."
    assert found["paid_2"] == "Введите число."
    assert wrong(PENALTY, DELAY | {"until": "2025-01-01"})["until"].startswith("День расчёта")
    assert wrong(PENALTY, {"way": "last"})["debt"] == "Заполните поле."
    paid = DELAY | {"paid_on_1": "2026-02-10", "paid_1": "2000000"}
    assert wrong(PENALTY, paid, ("1",))["form"] == "Оплачено больше долга."


def test_a_day_outside_the_tables_says_until_when_they_reach() -> None:
    assert "заканчивается" in wrong(PENALTY, DELAY | {"until": "2027-06-01"})["until"]
    form = DELAY | {"way": "day", "rate_on": "2027-06-01"}
    assert "заканчивается" in wrong(PENALTY, form)["rate_on"]
    old = {"debt": "1000", "due": "1999-01-01", "until": "2026-01-01"}
    assert "начинается" in wrong(CalculationKind.TAX_PENALTY, old)["due"]
    tax = cases.blank(TAX, "2027-06-30") | {"income": "1000000"}
    assert "заканчивается 31.12.2026" in wrong(TAX, tax)["on"]


def refused(kind: CalculationKind, form: dict[str, Any]) -> tuple[NoRate, str]:
    case = cases.case_of(kind, form, ())
    with pytest.raises(NoRate) as refusal:
        counted(kind, form)
    return refusal.value, misses.field_of(kind, case, refusal.value)


def test_a_day_after_the_tables_is_offered_their_last_day_or_an_assumption() -> None:
    form = DELAY | {"until": "2027-06-01"}
    offer = offer_of(*refused(PENALTY, form))
    assert (offer.field, offer.last) == ("until", "2026-12-06")
    assert offer.earlier == "Посчитать на 06.12.2026"
    known = counted(PENALTY, form | {offer.field: offer.last})
    assert known.rows[0].valid_to.isoformat() == offer.last
    assumed = counted(PENALTY, form | {"assume_last": "on"})
    assert assumed.rows[0].note.startswith("Предположение")
    assert assumed.total > known.total


def test_where_no_date_can_be_brought_back_only_the_assumption_is_offered() -> None:
    parts = DELAY | {"until": "2027-06-01", "way": "parts"}
    offer = offer_of(*refused(PENALTY, parts))
    assert (offer.field, offer.last) == ("", "2026-12-06")
    old = {"debt": "1000", "due": "1999-01-01", "until": "2026-01-01"}
    assert not offer_of(*refused(CalculationKind.TAX_PENALTY, old)).last


def test_a_payer_who_does_not_pay_is_told_at_the_payer() -> None:
    form = {"kind": "tax_notice", "payer": "person", "on": "2026-06-01", "amount": "1000"}
    assert "плательщик" in wrong(DUTY, form)["payer"]


def test_only_what_fits_the_choices_goes_into_the_case() -> None:
    everything = {
        "regime": "too_general", "on": "2026-06-30", "months": "6", "income": "1000",
        "region": "Алматы", "simplified_percent": "3", "workers": "5", "wages": "10",
        "own_income": "5", "has_opvr": True, "purchase_vat": "1",
    }  # fmt: skip
    assert cases.case_of(TAX, everything, ()) == {
        "regime": "too_general", "on": "2026-06-30", "months": 6, "income": "1000", "wages": "10"
    }  # fmt: skip


@pytest.mark.parametrize("kind", [PENALTY, TAX, DUTY, CalculationKind.TAX_PENALTY])
def test_a_kept_case_opens_as_the_form_it_was(kind: CalculationKind) -> None:
    example = dict(CALCULATORS[kind].example)
    values, paid = cases.form_of(example, "2026-11-27")
    rows = {f"paid_on_{at}": it["on"] for at, it in enumerate(paid)}
    rows |= {f"paid_{at}": it["amount"] for at, it in enumerate(paid)}
    ids = tuple(str(at) for at in range(len(paid)))
    again = counted(kind, cases.blank(kind, "2026-11-27") | values | rows, ids)
    first = CALCULATORS[kind].count(check_case(CALCULATORS[kind].case, example), TABLES)
    assert (again.total, again.steps) == (first.total, first.steps)


class TestScenarios:
    FORM: ClassVar[dict[str, Any]] = {
        "A_price": "20 000",
        "A_cost": "",
        "A_category": "Телефоны и гаджеты > Смартфоны",
        "A_regime": "ip_simplified",
        "A_delivery": "city",
        "A_on": "2026-11-27",
        "A_weight_kg": "0,5",
        "A_is_cost_deductible": True,
        "B_price": "1",
    }

    def test_a_blank_cost_is_missing_and_never_zero(self) -> None:
        case = unit.case_of(self.FORM, "A")
        assert "cost" not in case
        assert check_case(UnitCase, case).cost is None

    def test_a_case_goes_back_into_the_form(self) -> None:
        case = unit.case_of(self.FORM | {"A_cost": "12000,50", "A_is_vat_payer": True}, "A")
        assert unit.case_of(unit.fields_of(case, "B"), "B") == case

    def test_a_product_and_its_store_leave_the_profit_of_the_economics_page(self) -> None:
        terms = SaleTerms(
            regime=Regime.TOO_GENERAL,
            is_vat_payer=True,
            cost_vat_percent=Decimal(16),
            commission_percent=Decimal(0),
            packaging=15_050,
            returns_percent=Decimal("2.5"),
            weight_g=1_250,
        )
        good = Good(uuid4(), "Утюг", "", "", 2_000_000, 1_200_050, None)
        begun = unit.blank("2026-11-27") | unit.of_start(
            Start(good, "Утюги", (), terms.weight_g, terms)
        )
        case = check_case(UnitCase, unit.case_of(unit.lettered(begun, "A"), "A"))
        sold = Sold(1_200_050, None, ("Утюги",), 1_250)
        assert case.conditions() == terms.conditions(sold, case.on, TABLES.categories)
        assert (case.price, case.cost) == (2_000_000, 1_200_050)

    def test_what_a_product_does_not_know_is_asked_for(self) -> None:
        good = Good(uuid4(), "Утюг", "", "", 2_000_000, None, None)
        assert unit.missing(Start(good, "Утюги", (), 500, None)).startswith(
            "Укажите сами: закупку."
        )
        assert unit.missing(Start(replace(good, cost=1), "Утюги", (), 500, None)) == ""

    def test_columns_after_a_dropped_one_move_up(self) -> None:
        values = {"A_price": "1", "B_price": "2", "C_price": "3"}
        assert unit.without(values, ["A", "B", "C"], "B") == {"A_price": "1", "B_price": "3"}
