"""Rules of law worked by hand: the sum stands in the comment, the norm in the name or beside it."""

from __future__ import annotations

from typing import Any

from cube_demper.domain.calculators import penalty, tax_penalty, taxes
from cube_demper.domain.calculators.result import Result
from cube_demper.domain.calculators.schemas import PenaltyCase, TaxCase, TaxPenaltyCase
from cube_demper.domain.rates import shipped

TABLES = shipped.load()


def _penalty(**fields: Any) -> Result:
    return penalty.count(PenaltyCase.model_validate(fields), TABLES)


def _tax(**fields: Any) -> Result:
    return taxes.count(TaxCase.model_validate(fields), TABLES)


def test_art_353_counts_366_days_of_a_leap_year_by_365() -> None:
    # The base rate of 31.12.2024 is 15,25 %: 1 000 000 × 15,25 % × 366 / 365 = 152 917,808.
    late = _penalty(debt="1000000", due="2023-12-31", until="2024-12-31")
    assert late.steps[0].name.endswith("366 дн.")
    assert late.total == 15_291_781


def test_art_353_two_partial_payments_on_one_day_are_one() -> None:
    paid = [{"on": "2026-02-10", "amount": it} for it in ("100000", "300000")]
    once = [{"on": "2026-02-10", "amount": "400000"}]
    case = {"debt": "1000000", "due": "2026-01-15", "until": "2026-03-31"}
    assert _penalty(**case, payments=paid).total == _penalty(**case, payments=once).total


def test_a_contract_counts_the_rest_after_a_partial_payment() -> None:
    # 0,1 % a day: 10 days of 1 000 000 are 10 000, 18 days of 600 000 are 10 800.
    result = _penalty(
        debt="1000000",
        due="2026-01-31",
        until="2026-02-28",
        payments=[{"on": "2026-02-10", "amount": "400000"}],
        contract={"percent_per_day": "0.1"},
    )
    assert [it.amount for it in result.steps] == [1_000_000, 1_080_000]


def test_a_tax_paid_in_part_is_late_in_the_rest() -> None:
    # 18 % × 1,25 = 22,5 %: 365 000 for 10 days is 2 250, 182 500 for 5 more is 562,50.
    case = {
        "debt": "365000",
        "due": "2026-02-25",
        "until": "2026-03-12",
        "payments": [{"on": "2026-03-07", "amount": "182500"}],
    }
    result = tax_penalty.count(TaxPenaltyCase.model_validate(case), TABLES)
    assert [it.amount for it in result.steps] == [225_000, 56_250]


def test_who_was_born_before_1975_pays_no_opvr() -> None:
    # 21 675 of 2026 less ОПВР of 2 975 (Social Code, art. 251).
    result = _tax(regime="ip_simplified", on="2026-06-30", months=1, income=0, has_opvr=False)
    assert result.total == 1_870_000


def test_simplified_company_of_2025_and_of_2026() -> None:
    # 3 % of 10 000 000, half of it social tax (Tax Code 2017, art. 687); 4 % from 2026, all of it КПН.
    before, now = (
        _tax(regime="too_simplified", on=on, months=6, income=10_000_000)
        for on in ("2025-12-31", "2026-01-01")
    )
    assert [it.amount for it in before.parts] == [15_000_000, 15_000_000]
    assert [it.amount for it in now.parts] == [40_000_000]


def test_general_ip_of_2025_pays_10_percent_whatever_the_income() -> None:
    # The step of 15 % came with the Tax Code of 2026 (art. 363).
    result = _tax(regime="ip_general", on="2025-12-31", income=1_200_000_000)
    (income,) = [it.amount for it in result.parts if it.code == "income"]
    assert income == 12_000_000_000


def test_vat_of_purchases_over_that_of_sales_is_carried_and_nothing_is_due() -> None:
    result = _tax(
        regime="too_general",
        on="2026-12-31",
        income=1_000_000,
        is_vat_payer=True,
        purchase_vat=200_000,
    )
    (vat,) = [it.amount for it in result.parts if it.code == "vat"]
    assert vat == 0
    assert any("переносится" in it for it in result.warnings)
