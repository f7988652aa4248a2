"""Taxes of a period by the regime: simplified, general of an ИП, general of a ТОО; VAT; social payments.

The Tax Code of 2026 (from 01.01.2026) took the social tax out of the simplified regime and the deduction
of social payments (СО) out of the social tax.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from cube_demper.core.money import format_tenge, percent_of
from cube_demper.domain.calculators.result import Result, Sheet
from cube_demper.domain.calculators.schemas import TaxCase, tables_of
from cube_demper.domain.calculators.social import own_payments
from cube_demper.domain.rates.errors import NoRate
from cube_demper.domain.rates.figures import number_text, percent_text
from cube_demper.domain.rates.rows import Payer, TaxRow
from cube_demper.domain.rates.tables import Tables

NEW_CODE = date(2026, 1, 1)
HALF = 6


def count(case: TaxCase, tables: Tables) -> Result:
    """Return the taxes of the period. Raises NoRate for a day outside the tables."""
    work = _Work(Sheet(), case, tables_of(case, tables))
    social = own_payments(work.sheet, case, work.tables) if case.regime.payer is Payer.IP else {}
    if case.regime.is_simplified:
        _simplified(work, social.get("so", 0))
    elif case.regime.payer is Payer.IP:
        _general_ip(work, social.get("so", 0))
    else:
        _general_too(work)
    if not case.regime.is_simplified:
        _vat(work)
    return work.sheet.close()


@dataclass(frozen=True, slots=True)
class _Work:
    """The sheet, the case and the tables that every step needs."""

    sheet: Sheet
    case: TaxCase
    tables: Tables

    def row(self, code: str, region: str | None = None) -> TaxRow:
        """Return a tax in force and write it down."""
        row = self.tables.tax(code, self.case.regime.payer, self.case.on, region)
        self.sheet.use(row)
        return row

    def mrp(self, count: Decimal) -> int:
        """Return so many МРП in tiyn."""
        index = self.tables.index(self.case.on)
        self.sheet.use(index)
        return int((index.mrp * count).quantize(Decimal(1), ROUND_HALF_UP))

    def share(self, name: str, base: int, rate: Decimal) -> int:
        """Write and return a percent of a base."""
        return self.sheet.step(
            name, f"{format_tenge(base)} × {percent_text(rate)}", percent_of(base, rate)
        )


def _simplified(work: _Work, so: int) -> None:
    case, sheet = work.case, work.sheet
    own = case.simplified_percent
    row = work.row("simplified", case.region if own is None else None)
    rate = _percent(row) if own is None else own
    if own is not None:
        sheet.use_own("Ставка упрощёнки", percent_text(own))
    if row.limit_mrp is not None:
        _warn_over(work, case.income, _limit(case, row.limit_mrp), f"предел режима «{row.name}»")
    tax = work.share(row.name, case.income, rate)
    if case.on >= NEW_CODE:
        sheet.part("simplified", row.name, tax)
        return
    social = tax // 2
    sheet.part("simplified", "Подоходный налог, половина", tax - social)
    rest = max(0, social - so)
    sheet.step(
        "Социальный налог, половина", f"{format_tenge(social)} − СО {format_tenge(so)}", rest
    )
    sheet.part("social_tax", "Социальный налог", rest)
    if case.regime.payer is Payer.TOO:
        sheet.warn(
            "Социальный налог уменьшается на отчисления (СО) за работников: вычтите их сами."
        )


def _limit(case: TaxCase, limit_mrp: Decimal) -> Decimal:
    """Return the limit of the period: the code of 2017 set it for half a year, that of 2026 for a year."""
    halves = 2 if case.on < NEW_CODE and case.months > HALF else 1
    return limit_mrp * halves


def _general_ip(work: _Work, so: int) -> None:
    case, sheet = work.case, work.sheet
    row = work.row("income")
    taxable = _taxable(work)
    top = 0
    if row.limit_mrp is not None:
        limit = work.mrp(row.limit_mrp)
        if taxable > limit:
            over = work.row("income_top")
            top = work.share(
                f"Свыше {number_text(row.limit_mrp)} МРП", taxable - limit, _percent(over)
            )
            taxable = limit
    tax = work.share(row.name, taxable, _percent(row))
    sheet.part("income", "ИПН", tax + top)
    own = _monthly(work, "social_self", case.months, so)
    workers = _monthly(work, "social_worker", case.months * case.workers, 0) if case.workers else 0
    sheet.part("social_tax", "Социальный налог", own + workers)
    sheet.warn("Свои соцплатежи в вычеты не включены: если вычитаете их, прибавьте к расходам.")


def _general_too(work: _Work) -> None:
    row = work.row("income")
    work.sheet.part("income", "КПН", work.share(row.name, _taxable(work), _percent(row)))
    if work.case.wages:
        social = work.row("social")
        tax = work.share(social.name, work.case.wages, _percent(social))
        work.sheet.part("social_tax", social.name, tax)


def _taxable(work: _Work) -> int:
    case = work.case
    profit = case.income - case.expenses
    work.sheet.step(
        "Облагаемый доход",
        f"{format_tenge(case.income)} − {format_tenge(case.expenses)}",
        max(0, profit),
    )
    if profit < 0:
        work.sheet.warn("Убыток: налога на доход нет.")
    return max(0, profit)


def _monthly(work: _Work, code: str, months: int, so: int) -> int:
    """Count a social tax in МРП a month; under the code of 2017 paid СО are taken off."""
    row = work.row(code)
    if row.mrp is None:
        raise NoRate(f"У «{row.name}» нет размера в МРП.")
    full = work.mrp(row.mrp) * months
    off = so if work.case.on < NEW_CODE else 0
    minus = f" − СО {format_tenge(off)}" if off else ""
    return work.sheet.step(
        row.name, f"{number_text(row.mrp)} МРП × {months} мес.{minus}", max(0, full - off)
    )


def _vat(work: _Work) -> None:
    case, sheet = work.case, work.sheet
    row = work.row("vat")
    if not case.is_vat_payer:
        if row.limit_mrp is not None:
            _warn_over(work, case.income, row.limit_mrp, "порог постановки на учёт по НДС")
        return
    out = work.share("НДС с оборота", case.income, _percent(row))
    due = sheet.step(
        "НДС к уплате", f"{format_tenge(out)} − {format_tenge(case.purchase_vat)}",
        out - case.purchase_vat,
    )  # fmt: skip
    if due < 0:
        sheet.warn("НДС в закупках больше начисленного: превышение переносится, к уплате 0.")
    sheet.part("vat", "НДС", max(0, due))


def _warn_over(work: _Work, income: int, limit_mrp: Decimal, what: str) -> None:
    limit = work.mrp(limit_mrp)
    if income > limit:
        work.sheet.warn(
            f"Доход {format_tenge(income)} больше, чем {what}: "
            f"{number_text(limit_mrp)} МРП = {format_tenge(limit)}."
        )


def _percent(row: TaxRow) -> Decimal:
    if row.percent is None:
        raise NoRate(f"У «{row.name}» нет ставки в процентах.")
    return row.percent
