"""The penalty for other people's money: art. 353 of the Civil Code (edition of 09.01.2026), or a contract's.

One base rate for a whole delay, of the day that the creditor chooses (of payment; in court of the claim,
the judgment or the payment); 365 days a year by practice, for the article does not say.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from cube_demper.core.money import format_tenge, percent_of
from cube_demper.domain.calculators.delays import DAY, YEAR_DAYS, Stretch, parts, stretches, yearly
from cube_demper.domain.calculators.result import Result, Sheet
from cube_demper.domain.calculators.schemas import Contract, PenaltyCase, tables_of
from cube_demper.domain.rates.errors import NoRate
from cube_demper.domain.rates.figures import number_text, percent_text
from cube_demper.domain.rates.tables import Tables

ARTICLE = "ГК РК, ст. 353 п. 1–2"


def count(case: PenaltyCase, tables: Tables) -> Result:
    """Return the penalty. Raises NoRate when the base rate of the chosen day is not known."""
    sheet, tables = Sheet(), tables_of(case, tables)
    found = stretches(case)
    if not found:
        sheet.norm(ARTICLE)
        sheet.warn("Просрочки нет: долг оплачен в срок.")
        total = 0
    elif case.contract:
        total = _by_contract(sheet, case, case.contract, found)
    elif case.by_parts:
        total = _by_parts(sheet, case, tables)
    else:
        total = _by_one_rate(sheet, case, tables, found)
    sheet.part("penalty", "Неустойка", total)
    return sheet.close()


def _by_one_rate(sheet: Sheet, case: PenaltyCase, tables: Tables, found: list[Stretch]) -> int:
    sheet.norm(ARTICLE)
    if case.rate_percent is not None:
        sheet.use_own("Годовая ставка", percent_text(case.rate_percent))
        rate = case.rate_percent
    else:
        rate = _base_rate(sheet, tables, case.rate_on or case.until)
        if case.rate_on is None:
            _warn_of_other_rates(sheet, case, tables, rate)
    return sum(_stretch(sheet, it, rate) for it in found)


def _by_parts(sheet: Sheet, case: PenaltyCase, tables: Tables) -> int:
    """Count each part until its own payment, at that day's rate: the article's rule out of court."""
    sheet.norm(ARTICLE)
    late = [it for it in parts(case) if it.on > case.due]
    return sum(
        _stretch(sheet, Stretch(case.due + DAY, it.on, it.amount), _base_rate(sheet, tables, it.on))
        for it in late
    )


def _by_contract(sheet: Sheet, case: PenaltyCase, contract: Contract, found: list[Stretch]) -> int:
    sheet.norm("Договор; ГК РК, ст. 293–294, 353 п. 1")
    sheet.norm("ГК РК, ст. 297: суд вправе уменьшить неустойку")
    rate = contract.percent_per_day
    sheet.use_own("Договорная пеня за день", percent_text(rate))
    total = sum(
        sheet.step(
            f"{it}, {it.days} дн.",
            f"{format_tenge(it.balance)} × {percent_text(rate)} × {it.days}",
            percent_of(it.balance, rate * it.days),
        )
        for it in found
    )
    if contract.cap_percent is None:
        return total
    cap = percent_of(case.debt, contract.cap_percent)
    sheet.use_own("Предел договорной пени", percent_text(contract.cap_percent))
    if total > cap:
        sheet.step(
            "Предел по договору",
            f"{format_tenge(total)} больше {percent_text(contract.cap_percent)} долга",
            cap,
        )
    return min(total, cap)


def _stretch(sheet: Sheet, it: Stretch, rate: Decimal) -> int:
    return sheet.step(
        f"{it}, {it.days} дн.",
        f"{format_tenge(it.balance)} × {number_text(rate)} / 100 × {it.days} / {YEAR_DAYS}",
        yearly(it.balance, rate, it.days),
    )


def _base_rate(sheet: Sheet, tables: Tables, on: date) -> Decimal:
    row = tables.base_rate(on)
    sheet.use(row)
    return row.percent


def _warn_of_other_rates(sheet: Sheet, case: PenaltyCase, tables: Tables, rate: Decimal) -> None:
    """Say that out of court the paid parts have rates of their own."""
    for it in case.payments:
        try:
            other = tables.base_rate(it.on).percent
        except NoRate:
            continue
        if it.on > case.due and other != rate:
            sheet.warn(
                f"{it.on:%d.%m.%Y} базовая ставка была {percent_text(other)}: вне суда часть, оплаченная "
                "в этот день, считается по ней."
            )
