"""Taxes and duties: worked from the codes' figures, then their caps and laws in general."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cube_demper.core.errors import InvalidInput
from cube_demper.domain.calculators import duties, taxes
from cube_demper.domain.calculators.reading import read_case
from cube_demper.domain.calculators.result import Result
from cube_demper.domain.calculators.schemas import DutyCase, TaxCase
from cube_demper.domain.rates import shipped
from cube_demper.domain.rates.errors import NoRate

TABLES = shipped.load()
TENGE = 100
SIMPLIFIED = b'{"regime": "ip_simplified", "on": "2026-01-01", "income": 1}'


def _tax(**fields: Any) -> Result:
    return taxes.count(TaxCase.model_validate(fields), TABLES)


def _duty(**fields: Any) -> Result:
    return duties.count(DutyCase.model_validate(fields), TABLES)


def _part(result: Result, code: str) -> int:
    return sum(part.amount for part in result.parts if part.code == code)


@pytest.mark.parametrize(
    ("on", "monthly"),
    [
        ("2023-06-30", 14_350),
        ("2024-06-30", 18_700),
        ("2025-06-30", 20_825),
        ("2026-06-30", 21_675),
    ],
)
def test_least_social_payments_of_an_ip_are_the_published_ones(on: str, monthly: int) -> None:
    result = _tax(regime="ip_simplified", on=on, months=1, income=0)
    codes = ("opv", "opvr", "so", "vosms")
    assert sum(_part(result, code) for code in codes) == monthly * TENGE


def test_social_bases_stay_within_their_bounds() -> None:
    rich = _tax(regime="ip_general", on="2026-06-30", months=1, income=0, own_income=10**9)
    assert _part(rich, "opv") == 425_000 * TENGE
    assert _part(rich, "so") == 29_750 * TENGE
    assert _part(rich, "vosms") == 5_950 * TENGE


@pytest.mark.parametrize(
    ("region", "own", "tenge"),
    [(None, None, 1_200_000), ("Алматы", None, 900_000), ("Конаев", None, 600_000),
     ("Астана", "3.5", 1_050_000)],
)  # fmt: skip
def test_simplified_tax_of_2026(region: str | None, own: str | None, tenge: int) -> None:
    result = _tax(
        regime="ip_simplified",
        on="2026-06-30",
        months=6,
        income=30_000_000,
        region=region,
        simplified_percent=own,
    )
    assert _part(result, "simplified") == tenge * TENGE
    assert _part(result, "social_tax") == 0


def test_simplified_tax_of_2025_is_halved_and_its_social_half_is_less_so() -> None:
    result = _tax(regime="ip_simplified", on="2025-06-30", months=6, income=10_000_000)
    # 3 % = 300 000: 150 000 income tax, 150 000 − 6 × 4 250 social tax.
    assert _part(result, "simplified") == 150_000 * TENGE
    assert _part(result, "social_tax") == 124_500 * TENGE


def test_general_ip_pays_15_percent_over_230_000_mrp() -> None:
    # The limit of 2026 is 994 750 000 ₸.
    result = _tax(regime="ip_general", on="2026-12-31", income=1_200_000_000, expenses=105_250_000)
    assert _part(result, "income") == (99_475_000 + 15_000_000) * TENGE
    assert _part(result, "social_tax") == 8_650 * 12 * TENGE


def test_general_ip_of_2025_takes_so_off_the_social_tax_and_counts_workers() -> None:
    result = _tax(regime="ip_general", on="2025-12-31", income=1000, expenses=2000, workers=2)
    assert _part(result, "income") == 0
    assert _part(result, "social_tax") == (12 * (7_864 - 4_250) + 24 * 3_932) * TENGE
    assert any("Убыток" in it for it in result.warnings)


def test_company_pays_20_percent_of_profit_and_6_of_wages() -> None:
    result = _tax(
        regime="too_general",
        on="2026-12-31",
        income=50_000_000,
        expenses=30_000_000,
        wages=1_000_000,
    )
    assert _part(result, "income") == 4_000_000 * TENGE
    assert _part(result, "social_tax") == 60_000 * TENGE
    assert not [it for it in result.parts if it.code in {"opv", "so"}]


@pytest.mark.parametrize(("on", "out"), [("2025-12-31", 12), ("2026-12-31", 16)])
def test_vat_follows_the_date(on: str, out: int) -> None:
    result = _tax(
        regime="too_general", on=on, income=1_000_000, is_vat_payer=True, purchase_vat=50_000
    )
    assert _part(result, "vat") == (out * 10_000 - 50_000) * TENGE


@pytest.mark.parametrize(
    ("on", "income", "is_over"),
    [
        ("2026-12-31", 43_250_000, False),
        ("2026-12-31", 43_250_001, True),
        ("2025-12-31", 78_640_000, False),
        ("2025-12-31", 78_640_001, True),
    ],
)
def test_vat_threshold_is_told(on: str, income: int, is_over: bool) -> None:
    result = _tax(regime="too_general", on=on, income=income)
    assert any("НДС" in it for it in result.warnings) is is_over


def test_simplified_limit_is_told() -> None:
    over = _tax(regime="too_simplified", on="2026-12-31", income=2_595_000_001)
    assert any("предел режима" in it for it in over.warnings)


@pytest.mark.parametrize(("months", "is_over"), [(6, True), (12, False)])
def test_limit_of_2025_was_for_half_a_year(months: int, is_over: bool) -> None:
    # 24 038 × 3 932 = 94 517 416 ₸ a half.
    result = _tax(regime="ip_simplified", on="2025-12-31", months=months, income=94_517_417)
    assert any("предел режима" in it for it in result.warnings) is is_over


def test_own_simplified_rate_leaves_the_regions_out() -> None:
    result = _tax(
        regime="ip_simplified", on="2026-06-30", income=1, region="Аягоз", simplified_percent="2"
    )
    assert result.is_sure
    assert not [row for row in result.rows if "Аягоз" in row.note]


def test_year_without_indexes_is_refused() -> None:
    with pytest.raises(NoRate, match=r"МРП и МЗП: на 01\.01\.2027 данных нет"):
        _tax(regime="ip_simplified", on="2027-01-01", income=1)


@given(st.integers(0, 10**10), st.integers(0, 10**9), st.sampled_from(["2025-12-31", "2026-12-31"]))
def test_more_income_never_means_less_tax(income: int, more: int, on: str) -> None:
    for regime in ("ip_simplified", "ip_general", "too_simplified", "too_general"):
        less, greater = (_tax(regime=regime, on=on, income=it) for it in (income, income + more))
        assert 0 <= less.total <= greater.total
        assert less.total == sum(part.amount for part in less.parts)


@pytest.mark.parametrize(
    ("payer", "on", "tenge", "duty"),
    [
        ("person", "2026-11-27", 1_000_000, 10_000),
        ("person", "2026-11-27", 10_000_000_000, 43_250_000),
        ("ip", "2026-11-27", 1_000_000, 10_000),
        ("too", "2026-11-27", 1_000_000, 30_000),
        ("too", "2026-11-27", 2_883_333_334, 86_500_000),
        ("too", "2025-06-01", 10_000_000_000, 78_640_000),
        ("person", "2025-06-01", 10_000_000_000, 39_320_000),
        ("person", "2026-11-27", 100, 1),
    ],
)
def test_property_claim(payer: str, on: str, tenge: int, duty: int) -> None:
    assert _duty(kind="property", payer=payer, on=on, amount=tenge).total == duty * TENGE


@pytest.mark.parametrize(
    ("fields", "tiyn"),
    [
        ({"kind": "nonproperty"}, 216_250),
        ({"kind": "special", "payer": "too"}, 216_250),
        ({"kind": "mixed", "amount": 1_000_000}, 1_216_250),
        ({"kind": "order", "amount": 1_000_000}, 500_000),
        ({"kind": "order", "payer": "too", "amount": 10**10}, 4_325_000_000),
        ({"kind": "property", "amount": 1_000_000, "is_cassation": True}, 500_000),
        ({"kind": "authority"}, 129_750),
        ({"kind": "authority", "payer": "too"}, 2_162_500),
        ({"kind": "tax_notice", "payer": "ip", "amount": 10**10}, 216_250_000),
        ({"kind": "tax_notice", "payer": "too", "amount": 1_000_000}, 1_000_000),
        ({"kind": "labour"}, 0),
        ({"kind": "duplicate"}, 2_162_500),
        ({"kind": "copy", "documents": 2, "pages": 10}, 216_250),
        ({"kind": "register_ip"}, 0),
        ({"kind": "register_too", "payer": "too"}, 0),
        ({"kind": "register_too_large", "payer": "too"}, 2_811_250),
    ],
)
def test_duty_of_2026(fields: dict[str, Any], tiyn: int) -> None:
    result = _duty(on="2026-11-27", **fields)
    assert result.total == tiyn
    assert result.norms
    assert result.rows


def test_consumer_pays_after_the_judgment() -> None:
    result = _duty(kind="property", on="2026-11-27", amount=1000, is_consumer=True)
    assert "ГПК РК, ст. 106 ч. 3" in result.norms
    assert any("отсрочена" in it for it in result.warnings)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"kind": "nonproperty", "on": "2025-06-01"}, r"начинается 01\.01\.2026"),
        ({"kind": "labour", "payer": "too", "on": "2026-06-01"}, "такой плательщик"),
        ({"kind": "property", "amount": 10**12, "on": "2027-06-01"}, "МРП и МЗП"),
    ],
)
def test_duty_outside_the_tables_is_refused(fields: dict[str, Any], words: str) -> None:
    with pytest.raises(NoRate, match=words):
        _duty(**fields)


@given(
    st.integers(1, 10**12),
    st.integers(0, 10**10),
    st.sampled_from(["person", "ip", "too"]),
    st.dates(date(2018, 1, 1), date(2026, 12, 31)),
)
def test_duty_grows_with_the_claim_up_to_its_cap(
    amount: int, more: int, payer: str, on: date
) -> None:
    if on < date(2022, 1, 1):  # МРП of those years are not in the tables
        return
    cap = TABLES.index(on).mrp * (20_000 if payer == "too" else 10_000)
    most = 10**12
    case = {"kind": "property", "payer": payer, "on": on.isoformat()}
    now = _duty(**case, amount=amount).total
    assert now <= _duty(**case, amount=min(amount + more, most)).total <= cap


@pytest.mark.parametrize(
    ("case", "content", "words"),
    [
        (DutyCase, b'{"kind": "divorce", "on": "2026-01-01"}', "kind: допустимо: 'property'"),
        (DutyCase, b'{"kind": "property", "on": "2026-01-01"}', "amount: для этой пошлины нужна"),
        (DutyCase, b'{"kind": "copy", "on": "2026-01-01", "amount": 5}', "от суммы не зависит"),
        (DutyCase, b'{"kind": "copy", "on": "2026-01-01", "payer": "any"}', "payer: нужно person"),
        (DutyCase, b'{"kind": "copy", "on": "2026-01-01", "pages": 0}', "pages: должно быть не меньше 1"),
        (TaxCase, b'{"regime": "ip_general", "on": "2026-01-01", "income": 1, "region": "x"}',
         "только для упрощёнки"),
        (TaxCase, SIMPLIFIED.replace(b"}", b', "expenses": 1}'), "расходы не вычитаются"),
        (TaxCase, SIMPLIFIED.replace(b"}", b', "simplified_percent": 7}'), "не больше 6"),
        (TaxCase, SIMPLIFIED.replace(b"}", b', "months": 13}'), "months: должно быть не больше 12"),
        (TaxCase, SIMPLIFIED.replace(b"}", b', "months": 1.5}'), "months: нужно целое число"),
    ],
)  # fmt: skip
def test_wrong_case_is_told_in_words(case: Any, content: bytes, words: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        read_case(case, content)
    assert words in refusal.value.message
