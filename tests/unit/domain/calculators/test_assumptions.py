"""Days after the last that a table knows: refused with that day, or counted as an assumption."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cube_demper.domain.calculators import duties, penalty, tax_penalty, taxes
from cube_demper.domain.calculators.result import Result
from cube_demper.domain.calculators.schemas import DutyCase, PenaltyCase, TaxCase, TaxPenaltyCase
from cube_demper.domain.rates import shipped
from cube_demper.domain.rates.errors import OutsideTables
from cube_demper.domain.rates.rows import Confidence

TABLES = shipped.load()
RATES_END, INDEXES_END = date(2026, 12, 6), date(2026, 12, 31)
LATE = {"debt": "1000000", "due": "2026-08-15", "until": "2026-12-15"}
ASSUMED = {"assume_last": True}


def _penalty(**fields: Any) -> Result:
    return penalty.count(PenaltyCase.model_validate(fields), TABLES)


def _tax_penalty(**fields: Any) -> Result:
    return tax_penalty.count(TaxPenaltyCase.model_validate(fields), TABLES)


def _tax(**fields: Any) -> Result:
    return taxes.count(TaxCase.model_validate(fields), TABLES)


def _duty(**fields: Any) -> Result:
    return duties.count(DutyCase.model_validate(fields), TABLES)


NEXT_YEAR = {"regime": "ip_simplified", "on": "2027-06-30", "months": 1, "income": 0}
CLAIM = {"kind": "nonproperty", "on": "2027-02-01"}


@pytest.mark.parametrize(
    ("count", "case", "last"),
    [
        (_penalty, LATE, RATES_END),
        (_tax_penalty, LATE, RATES_END),
        (_tax, NEXT_YEAR, INDEXES_END),
        (_duty, CLAIM, INDEXES_END),
    ],
)
def test_a_later_day_is_refused_with_the_last_one_known(
    count: Callable[..., Result], case: dict[str, Any], last: date
) -> None:
    with pytest.raises(OutsideTables, match=f"{last:%d.%m.%Y}") as refusal:
        count(**case)
    assert refusal.value.last == last
    told = count(**case, **ASSUMED)
    assert not told.is_sure
    assert [it for it in told.warnings if "Предположение" in it and f"{last:%d.%m.%Y}" in it]
    (row,) = [it for it in told.rows if it.note.startswith("Предположение")]
    assert (row.confidence, row.valid_from) == (Confidence.LOW, last + timedelta(days=1))


def test_the_last_rate_goes_on() -> None:
    # 1 000 000 × 16,25 % × 122 / 365 = 54 315,068
    assert _penalty(**LATE, **ASSUMED).total == 5_431_507


def test_a_tax_penalty_is_cut_where_the_assumption_begins() -> None:
    case = {"debt": "365000", "due": "2026-12-03", "until": "2026-12-10"}
    # 10 ₸ a percent and a day, × 1,25: 4–6 December is known, 7–10 is assumed.
    assert [it.amount for it in _tax_penalty(**case, **ASSUMED).steps] == [60_938, 81_250]


def test_next_year_takes_the_last_index_and_its_own_rates() -> None:
    # МЗП of 2026, but ОПВР is 4,5 % from 2027 (Social Code, art. 251): 8 500 + 3 825 + 4 250 + 5 950.
    assert _tax(**NEXT_YEAR, **ASSUMED).total == 2_252_500
    assert _duty(**CLAIM, **ASSUMED).total == 216_250


def test_a_day_before_the_table_is_no_matter_of_assuming() -> None:
    with pytest.raises(OutsideTables) as refusal:
        _penalty(debt="1000", due="2010-01-01", until="2010-02-01", **ASSUMED)
    assert (refusal.value.is_before, refusal.value.last) == (True, None)


@given(st.dates(date(2021, 10, 27), RATES_END), st.integers(0, 300))
def test_days_that_are_known_are_counted_as_before(until: date, days: int) -> None:
    case = {
        "debt": "123456.78",
        "due": (max(until - timedelta(days), date(2021, 10, 26))).isoformat(),
        "until": until.isoformat(),
    }
    assert _penalty(**case, **ASSUMED) == _penalty(**case)
    assert _tax_penalty(**case, **ASSUMED) == _tax_penalty(**case)


def test_tables_without_an_end_stay_as_they_are() -> None:
    once = TABLES.prolonged()
    assert once.prolonged().base_rates == once.base_rates
    assert (once.taxes, once.duties) == (TABLES.taxes, TABLES.duties)
