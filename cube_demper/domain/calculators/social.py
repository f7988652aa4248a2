"""Social payments of an ИП for himself, by month: ОПВ, ОПВР, СО and ВОСМС. Sums in tiyn."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from cube_demper.core.money import format_tenge, percent_of
from cube_demper.domain.calculators.result import Sheet
from cube_demper.domain.calculators.schemas import TaxCase
from cube_demper.domain.rates.errors import NoRate
from cube_demper.domain.rates.figures import percent_text
from cube_demper.domain.rates.rows import IndexRow, Payer, TaxRow
from cube_demper.domain.rates.tables import Tables

OPVR_SINCE = date(2024, 1, 1)
"""ОПВР did not exist before (Social Code, art. 251)."""


def own_payments(sheet: Sheet, case: TaxCase, tables: Tables) -> dict[str, int]:
    """Write the payments of the period and return them by code. Raises NoRate."""
    index = tables.index(case.on)
    sheet.use(index)
    codes = ["opv", "so", "vosms"]
    if case.has_opvr and case.on >= OPVR_SINCE:
        codes.insert(1, "opvr")
    paid = {}
    for code in codes:
        row = tables.tax(code, Payer.IP, case.on)
        sheet.use(row)
        paid[code] = _payment(sheet, case, row, index)
        sheet.part(code, row.name, paid[code])
    return paid


def _payment(sheet: Sheet, case: TaxCase, row: TaxRow, index: IndexRow) -> int:
    if row.percent is None:
        raise NoRate(f"У «{row.name}» нет ставки в процентах.")
    base = _base(case.own_income or index.mzp, row, index.mzp)
    monthly = percent_of(base, row.percent)
    return sheet.step(
        row.name,
        f"({format_tenge(base)} × {percent_text(row.percent)}) × {case.months} мес.",
        monthly * case.months,
    )


def _base(income: int, row: TaxRow, mzp: int) -> int:
    """Bring the income into the bounds of the base."""
    least = _times(mzp, row.base_min_mzp) if row.base_min_mzp is not None else 0
    most = _times(mzp, row.base_max_mzp) if row.base_max_mzp is not None else income
    return min(max(income, least), max(most, least))


def _times(tiyn: int, count: Decimal) -> int:
    return int((tiyn * count).quantize(Decimal(1), ROUND_HALF_UP))
