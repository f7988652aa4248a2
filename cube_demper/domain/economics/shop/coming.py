"""What soon changes in the tables for a store: which figures, from which day. Pure.

The days are those of the tables' rows, so a change of 1 January and one of 5 January are found alike.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta

from cube_demper.core.money import format_tenge
from cube_demper.domain.calculators.schemas import Regime
from cube_demper.domain.economics.profit_floors import Book, Gap
from cube_demper.domain.economics.sale_terms import Good, SaleTerms
from cube_demper.domain.rates.errors import NoRate
from cube_demper.domain.rates.figures import number_text, percent_text
from cube_demper.domain.rates.rows import Dated, Payer, TaxRow
from cube_demper.domain.rates.tables import Tables

AHEAD = timedelta(days=31)
"""From 1 December one sees 1 January."""
_A_DAY = timedelta(days=1)
_MONTHLY = ("opv", "opvr", "so", "vosms", "social_self")
KindOfGood = tuple[str | None, tuple[str, ...] | None, int | None]
"""What tells goods apart: Kaspi's category, the tariffs' one chosen for it, its weight in grams."""


@dataclass(frozen=True, slots=True)
class ComingFigure:
    """A figure on the eve and from the day `on`; «» where the tables have no row."""

    on: date
    name: str
    now: str
    later: str


def coming_days(tables: Tables, on: date) -> tuple[date, ...]:
    """Return the days of the next month on which any row begins or ends, in order."""
    rows: Sequence[Dated] = (
        *tables.commissions, *tables.deliveries, *tables.fees, *tables.taxes, *tables.indexes,
    )  # fmt: skip
    days = {row.valid_from for row in rows if row.valid_from}
    days |= {row.valid_to + _A_DAY for row in rows if row.valid_to}
    return tuple(sorted(day for day in days if on < day <= on + AHEAD))


def coming_figures(
    book: Book, terms: SaleTerms, kinds: Sequence[KindOfGood], days: Sequence[date]
) -> tuple[ComingFigure, ...]:
    """Return every figure of a store and its goods that is another one from one of these days."""
    found = []
    for day in days:
        before = _figures(book, terms, kinds, day - _A_DAY)
        after = _figures(book, terms, kinds, day)
        names = dict.fromkeys((*before, *after))
        found += [
            ComingFigure(day, name, before.get(name, ""), after.get(name, ""))
            for name in names
            if before.get(name) != after.get(name)
        ]
    return tuple(found)


def _figures(book: Book, terms: SaleTerms, kinds: Sequence[KindOfGood], on: date) -> dict[str, str]:
    found: dict[str, str] = {}
    for category, chosen, weight in kinds:
        tariff = book.tariff(terms, Good(None, category, chosen, weight), on)
        if isinstance(tariff, Gap):
            continue
        for figure in tariff.figures_at(*(it.price_from for it in tariff.steps)):
            found[figure.name] = figure.value
    return found | dict(_of_the_month(book.tables, terms.regime, on))


def _of_the_month(tables: Tables, regime: Regime, on: date) -> Iterator[tuple[str, str]]:
    """Yield what is paid by the month, and the sums that thresholds and minimums are counted in."""
    with suppress(NoRate):
        index = tables.index(on)
        yield "МРП", format_tenge(index.mrp)
        yield "МЗП", format_tenge(index.mzp)
    if regime.payer is not Payer.IP:
        return
    for code in _MONTHLY:
        with suppress(NoRate):
            row = tables.tax(code, regime.payer, on)
            yield row.name if "за себя" in row.name else f"{row.name}, за себя", _size(row)


def _size(row: TaxRow) -> str:
    if row.percent is not None:
        return percent_text(row.percent)
    return f"{number_text(row.mrp)} МРП" if row.mrp is not None else ""
