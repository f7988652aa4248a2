"""The penalty for a tax paid late: 1,25 of the base rate of each day, from the day after the term.

The factor and its law are a row of the tables (tax «late»); the day of payment counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from cube_demper.core.money import format_tenge
from cube_demper.domain.calculators.delays import DAY, YEAR_DAYS, Stretch, cut_at, stretches, yearly
from cube_demper.domain.calculators.result import Result, Sheet
from cube_demper.domain.calculators.schemas import TaxPenaltyCase, tables_of
from cube_demper.domain.rates.errors import NoRate
from cube_demper.domain.rates.figures import number_text
from cube_demper.domain.rates.rows import Dated, Payer, TaxRow
from cube_demper.domain.rates.tables import Tables


def count(case: TaxPenaltyCase, tables: Tables) -> Result:
    """Return the penalty by stretches of one balance and one rate. Raises NoRate outside the tables."""
    sheet, tables = Sheet(), tables_of(case, tables)
    changes = [*_changes(tables.base_rates), *_changes(_factors(tables))]
    pieces = [piece for it in stretches(case) for piece in cut_at(it, changes)]
    total = sum(_piece(sheet, it, tables) for it in pieces)
    if not pieces:
        sheet.warn("Просрочки нет: налог уплачен в срок.")
    sheet.part("penalty", "Пеня", total)
    return sheet.close()


def _factors(tables: Tables) -> list[TaxRow]:
    return [row for row in tables.taxes if row.code == "late"]


def _changes(rows: Iterable[Dated]) -> Iterator[date]:
    """Yield the days on which another row, or none, is in force."""
    for row in rows:
        if row.valid_from:
            yield row.valid_from
        if row.valid_to:
            yield row.valid_to + DAY


def _piece(sheet: Sheet, it: Stretch, tables: Tables) -> int:
    rate, factor = tables.base_rate(it.first), tables.tax("late", Payer.ANY, it.first)
    if factor.percent is None:
        raise NoRate("У пени по налогам нет доли базовой ставки.")
    sheet.use(rate)
    sheet.use(factor)
    times = factor.percent / 100
    return sheet.step(
        f"{it}, {it.days} дн.",
        f"{format_tenge(it.balance)} × {number_text(rate.percent)} / 100 × {number_text(times)}"
        f" × {it.days} / {YEAR_DAYS}",
        yearly(it.balance, rate.percent * times, it.days),
    )
