"""Penalties: worked by hand from art. 353 and from the bank's rates, then their laws in general."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cube_demper.core.errors import InvalidInput
from cube_demper.domain.calculators import penalty, tax_penalty
from cube_demper.domain.calculators.reading import read_case
from cube_demper.domain.calculators.result import Result
from cube_demper.domain.calculators.schemas import PenaltyCase, TaxPenaltyCase
from cube_demper.domain.rates import shipped
from cube_demper.domain.rates.errors import NoRate
from cube_demper.domain.rates.rows import Confidence

TABLES = shipped.load()
DAY = timedelta(days=1)


def _penalty(**fields: Any) -> Result:
    return penalty.count(PenaltyCase.model_validate(_written(fields)), TABLES)


def _tax_penalty(**fields: Any) -> Result:
    return tax_penalty.count(TaxPenaltyCase.model_validate(_written(fields)), TABLES)


def _written(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: it.isoformat() if isinstance(it, date) else it for name, it in fields.items()}


def test_year_of_delay_is_the_rate_of_the_debt() -> None:
    # 14.01.2025 + 365 days; the rate of the last day, 18 %, for the whole year that saw 15,25 and 16,5.
    result = _penalty(debt="1000000", due="2025-01-14", until="2026-01-14")
    assert result.total == 18_000_000
    assert [row.value for row in result.rows] == ["18\u00a0%"]
    assert result.norms == ("ГК РК, ст. 353 п. 1–2",)


def test_partial_payment_leaves_the_rest_from_the_next_day() -> None:
    result = _penalty(
        debt="1000000",
        due="2026-01-15",
        until="2026-03-31",
        payments=[{"on": "2026-02-10", "amount": "400000"}],
    )
    # 1 000 000 × 18 % × 26 / 365 = 12 821,92; 600 000 × 18 % × 49 / 365 = 14 498,63
    assert [step.amount for step in result.steps] == [1_282_192, 1_449_863]
    assert result.total == 2_732_055


def test_court_takes_the_rate_of_the_chosen_day_for_the_whole_period() -> None:
    case = {"debt": "365000", "due": "2026-05-31", "until": "2026-08-09"}
    # 70 days, 100 ₸ a percent and a day: June began at 18 %, the claim was made at 17 %.
    assert _penalty(**case, rate_on="2026-07-01").total == 17 * 70 * 1000
    assert _penalty(**case, rate_on="2026-06-01").total == 18 * 70 * 1000
    assert _penalty(**case).total == 1_172_500


def test_out_of_court_each_paid_part_has_the_rate_of_its_day() -> None:
    case = {
        "debt": "730000",
        "due": "2026-05-31",
        "until": "2026-08-09",
        "payments": [{"on": "2026-06-05", "amount": "365000"}],
    }
    result = _penalty(**case, by_parts=True)
    assert [step.amount for step in result.steps] == [18 * 5 * 1000, 1_172_500]
    assert "вне суда" in _penalty(**case).warnings[0]


def test_own_rate_needs_no_table() -> None:
    result = _penalty(debt="365000", due="2001-01-01", until="2001-01-11", rate_percent="14")
    assert (result.total, result.rows[0].source) == (140_000, "Указано вами")


def test_contract_replaces_the_article_and_its_cap_holds() -> None:
    case = {"debt": "1000000", "due": "2026-01-31", "until": "2026-06-30"}
    free = _penalty(**case, contract={"percent_per_day": "0.1"})
    assert free.total == 150 * 100_000
    capped = _penalty(**case, contract={"percent_per_day": "0.1", "cap_percent": "10"})
    assert capped.total == 10_000_000
    assert any("297" in norm for norm in capped.norms)


def test_paid_on_the_last_day_of_the_term_costs_nothing() -> None:
    assert _penalty(debt="1", due="2026-01-15", until="2026-01-15").total == 0
    assert _penalty(debt="1", due="2030-01-15", until="2030-01-15").total == 0  # asks no table
    early = [{"on": "2026-01-10", "amount": "1000"}]
    assert _penalty(debt="1000", due="2026-01-15", until="2026-02-15", payments=early).total == 0


def test_figure_below_high_confidence_says_so() -> None:
    result = _penalty(debt="1000", due="2026-10-01", until="2026-11-27")
    assert result.rows[0].confidence is Confidence.LOW
    assert not result.is_sure
    assert "Базовая ставка" in result.warnings[-1]


@pytest.mark.parametrize("until", [date(2026, 12, 7), date(2027, 3, 1)])
def test_day_outside_the_table_is_refused(until: date) -> None:
    with pytest.raises(NoRate, match=r"06\.12\.2026"):
        _penalty(debt="1000", due="2026-10-01", until=until)
    with pytest.raises(NoRate, match=r"06\.12\.2026"):
        _tax_penalty(debt="1000", due="2026-10-01", until=until)


def test_tax_penalty_goes_by_stretches_of_the_rate() -> None:
    # 365 000 ₸: a percent a day is 10 ₸. 05–07.06 at 18 %, 08.06–26.07 at 17 %, from 27.07 at 16,75 %.
    result = _tax_penalty(debt="365000", due="2026-06-04", until="2026-08-10")
    # × 1,25: 67 500 tiyn, 1 041 250 and 314 062,5, half up.
    assert [step.amount for step in result.steps] == [67_500, 1_041_250, 314_063]
    assert result.total == 1_422_813


def test_tax_penalty_names_both_codes_across_the_new_year() -> None:
    result = _tax_penalty(debt="365000", due="2025-12-30", until="2026-01-02")
    assert len(result.norms) == 2
    assert result.total == 3 * 18 * 1250


DEBTS = st.integers(1, 10**11)
DUES = st.dates(date(2021, 10, 25), date(2026, 11, 1))


@given(DEBTS, DUES, st.integers(0, 400), st.integers(1, 400))
def test_longer_and_bigger_never_costs_less(debt: int, due: date, days: int, more: int) -> None:
    last = date(2026, 12, 6)
    until, later = min(due + days * DAY, last), min(due + (days + more) * DAY, last)
    for count, tail in ((_penalty, {"rate_on": due + DAY}), (_tax_penalty, {})):
        now = count(debt=_tenge(debt), due=due, until=until, **tail).total
        assert now <= count(debt=_tenge(debt), due=due, until=later, **tail).total
        assert now <= count(debt=_tenge(debt + more), due=due, until=until, **tail).total
        assert now >= 0


@given(
    DEBTS,
    DUES,
    st.integers(1, 800),
    st.lists(st.tuples(st.integers(-30, 800), st.integers(1, 10**9)), max_size=5),
)
def test_total_is_the_sum_of_its_stretches_and_is_within_their_rounding(
    debt: int, due: date, days: int, paid: list[tuple[int, int]]
) -> None:
    until = min(due + days * DAY, date(2026, 12, 6))
    payments = _payments(debt, due, until, paid)
    case = {"debt": _tenge(debt), "due": due, "until": until, "payments": payments}
    result = _tax_penalty(**case)
    assert result.total == sum(step.amount for step in result.steps)
    exact, balance = Decimal(0), debt
    for number in range((until - due).days + 1):
        day = due + number * DAY
        if day > due:
            rate = TABLES.base_rate(day).percent * Decimal("1.25")
            exact += Decimal(balance) * rate / 36500
        balance -= sum(int(Decimal(it["amount"]) * 100) for it in payments if _on(it, due) == day)
    assert abs(exact - result.total) <= Decimal(len(result.steps)) / 2 + Decimal("1e-9")


@given(DEBTS, st.integers(1, 1000), st.decimals("0.01", "5", places=2))
def test_contract_cap_holds(debt: int, days: int, rate: Decimal) -> None:
    due = date(2022, 1, 1)
    contract = {"percent_per_day": str(rate), "cap_percent": "10"}
    result = _penalty(debt=_tenge(debt), due=due, until=due + days * DAY, contract=contract)
    assert result.total <= (debt + 5) // 10


def _payments(
    debt: int, due: date, until: date, paid: list[tuple[int, int]]
) -> list[dict[str, str]]:
    left, found = debt, []
    for after, amount in paid:
        on, part = due + after * DAY, min(amount, left)
        if on <= until and part:
            left -= part
            found.append({"on": on.isoformat(), "amount": _tenge(part)})
    return found


def _on(payment: dict[str, str], due: date) -> date:
    return max(date.fromisoformat(payment["on"]), due)


def _tenge(tiyn: int) -> str:
    return str(Decimal(tiyn) / 100)


GOOD = b'{"debt": 1000.5, "due": "2026-01-15", "until": "2026-02-15"}'


def test_case_is_read_in_tiyn() -> None:
    assert read_case(PenaltyCase, GOOD).debt == 100_050


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "Пусто"),
        (b"{", "не JSON: строка 1"),
        (b"\xff\xfe", "UTF-8"),
        (b"[" * 100_000, "не JSON"),
        (b"[1]", "нужен объект"),
        (GOOD.replace(b"1000.5", b"NaN"), "NaN — не число"),
        (GOOD.replace(b"1000.5", b"true"), "debt: нужно число"),
        (GOOD.replace(b"1000.5", b"-1"), "debt: сумма не может быть отрицательной"),
        (GOOD.replace(b"1000.5", b"0"), "debt: должно быть больше 0"),
        (GOOD.replace(b"1000.5", b"1.005"), "debt: не больше двух знаков"),
        (GOOD.replace(b"1000.5", b"1e999999"), "debt: слишком большая"),
        (GOOD.replace(b"1000.5", b'"inf"'), "debt: нужно число"),
        (GOOD.replace(b"1000.5", b'"' + "сто".encode() + b'"'), "debt: нужно число"),
        (GOOD.replace(b"2026-01-15", b"15.01.2026"), "due: нужна дата вида 2026-01-31"),
        (GOOD.replace(b"2026-01-15", b"1891-01-15"), "due: дата вне границ"),
        (GOOD.replace(b"2026-01-15", b"2026-03-15"), "until: день расчёта раньше срока"),
        (GOOD.replace(b"due", b"dye"), "dye: неизвестное поле. Может быть, due?"),
        (GOOD.replace(b'"debt": 1000.5, ', b""), "debt: поле обязательно"),
        (GOOD.replace(b"}", b', "due": "2026-01-16"}'), "due: поле указано дважды"),
        (GOOD.replace(b"}", b', "payments": [{"on": "2026-01-20", "amount": 1001}]}'),
         "payments: оплачено больше долга"),
        (GOOD.replace(b"}", b', "payments": [{"on": "2026-03-20", "amount": 1}]}'),
         "payments: оплата позже дня расчёта"),
        (GOOD.replace(b"}", b', "payments": [{"on": "2026-01-20", "sum": 1}]}'),
         "payments.0.sum: неизвестное поле"),
        (GOOD.replace(b"}", b', "rate_percent": 5, "by_parts": true}'), "выберите что-то одно"),
    ],
)  # fmt: skip
def test_wrong_case_is_told_in_words(content: bytes, words: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        read_case(PenaltyCase, content)
    assert words in refusal.value.message


def test_every_mistake_is_told_at_once() -> None:
    with pytest.raises(InvalidInput) as refusal:
        read_case(PenaltyCase, b'{"debt": "x", "due": 5}')
    assert len(refusal.value.message.splitlines()) == 3


def test_tables_without_a_base_rate_refuse() -> None:
    empty = replace(TABLES, base_rates=())
    with pytest.raises(NoRate, match="в таблицах нет"):
        penalty.count(read_case(PenaltyCase, GOOD), empty)
