"""State duties of courts and fees of registration, with caps in МРП of the day of filing. Sums in tiyn."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from cube_demper.core.money import format_tenge, percent_of
from cube_demper.domain.calculators.result import Result, Sheet
from cube_demper.domain.calculators.schemas import DutyCase, DutyKind, tables_of
from cube_demper.domain.rates.errors import NoRate
from cube_demper.domain.rates.figures import number_text, percent_text
from cube_demper.domain.rates.rows import DutyRow
from cube_demper.domain.rates.tables import Tables


def count(case: DutyCase, tables: Tables) -> Result:
    """Return the duty. Raises NoRate for a day or a payer outside the tables."""
    work = _Work(Sheet(), case, tables_of(case, tables))
    duty = _of_kind(work)
    if case.is_cassation:
        duty = work.half("cassation", duty)
    work.sheet.part("duty", "Госпошлина", duty)
    if case.is_consumer:
        work.sheet.norm("ГПК РК, ст. 106 ч. 3")
        work.sheet.warn(
            "Потребителю уплата отсрочена до решения суда; пошлину взыщут с проигравшей стороны."
        )
    return work.sheet.close()


@dataclass(frozen=True, slots=True)
class _Work:
    """The sheet, the case and the tables that every step needs."""

    sheet: Sheet
    case: DutyCase
    tables: Tables

    def row(self, code: str) -> DutyRow:
        """Return a duty in force and write it down."""
        row = self.tables.duty(code, self.case.payer, self.case.on)
        self.sheet.use(row)
        return row

    def mrp(self, count: Decimal) -> int:
        """Return so many МРП in tiyn."""
        if not count:
            return 0
        index = self.tables.index(self.case.on)
        self.sheet.use(index)
        return int((index.mrp * count).quantize(Decimal(1), ROUND_HALF_UP))

    def share(self, code: str) -> int:
        """Return a percent of the case's sum, not over the cap."""
        row, amount = self.row(code), self.case.amount
        if row.percent is None or amount is None:
            raise NoRate(f"У «{row.name}» нет ставки в процентах.")
        duty = self.sheet.step(
            row.name, f"{format_tenge(amount)} × {percent_text(row.percent)}",
            percent_of(amount, row.percent),
        )  # fmt: skip
        if row.cap_mrp is None or duty <= (cap := self.mrp(row.cap_mrp)):
            return duty
        return self.sheet.step("Предел пошлины", f"{number_text(row.cap_mrp)} МРП", cap)

    def fixed(self, code: str, times: int = 1) -> int:
        """Return a duty in МРП."""
        row = self.row(code)
        if row.mrp is None:
            raise NoRate(f"У «{row.name}» нет размера в МРП.")
        each = self.mrp(row.mrp)
        count = f" × {times}" if times > 1 else ""
        return self.sheet.step(row.name, f"{number_text(row.mrp)} МРП{count}", each * times)

    def half(self, code: str, duty: int) -> int:
        """Return the share of a duty that an order or a cassation costs."""
        row = self.row(code)
        if row.percent is None:
            raise NoRate(f"У «{row.name}» нет доли.")
        return self.sheet.step(
            row.name,
            f"{format_tenge(duty)} × {percent_text(row.percent)}",
            percent_of(duty, row.percent),
        )


def _of_kind(work: _Work) -> int:
    case = work.case
    if case.kind in {DutyKind.PROPERTY, DutyKind.TAX_NOTICE}:
        return work.share(case.kind)
    if case.kind is DutyKind.ORDER:
        return work.half("order", work.share("property"))
    if case.kind is DutyKind.MIXED:
        return work.share("property") + work.fixed("nonproperty")
    if case.kind is DutyKind.NONPROPERTY:
        return work.fixed("nonproperty")
    if case.kind is DutyKind.COPY:
        return work.fixed("copy", case.documents) + work.fixed("copy_page", case.pages)
    return work.fixed(case.kind)
