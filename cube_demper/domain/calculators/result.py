"""What a calculator answers: the sum, every step, the rows of the tables it used and the norms. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from cube_demper.core.money import format_tenge
from cube_demper.domain.rates.figures import Figure, number_text, own_figure, percent_text
from cube_demper.domain.rates.rows import BaseRateRow, DutyRow, IndexRow, TaxRow

ROUNDING = "Каждый шаг округлён до тиына, половина — вверх; итог — сумма шагов."


@dataclass(frozen=True, slots=True)
class Step:
    """One step: what is computed, by which formula, and its sum in tiyn."""

    name: str
    formula: str
    amount: int


@dataclass(frozen=True, slots=True)
class Part:
    """One sum that the total is made of, tiyn."""

    code: str
    name: str
    amount: int


@dataclass(frozen=True, slots=True)
class Result:
    """The answer of a calculator, sums in tiyn. The total is the sum of the parts."""

    parts: tuple[Part, ...]
    steps: tuple[Step, ...]
    norms: tuple[str, ...]
    rows: tuple[Figure, ...] = ()
    warnings: tuple[str, ...] = ()
    rounding: str = ROUNDING

    @property
    def total(self) -> int:
        """What is to be paid in all."""
        return sum(part.amount for part in self.parts)

    @property
    def is_sure(self) -> bool:
        """Whether every figure used is of high confidence."""
        return all(row.confidence.is_sure for row in self.rows)


@dataclass
class Sheet:
    """A result being written: calculators add to it, `close` gives the answer."""

    parts: list[Part] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    norms: list[str] = field(default_factory=list)
    rows: list[Figure] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def step(self, name: str, formula: str, amount: int) -> int:
        """Write a step and return its sum."""
        self.steps.append(Step(name, formula, amount))
        return amount

    def part(self, code: str, name: str, amount: int) -> int:
        """Write a sum that counts in the total and return it."""
        self.parts.append(Part(code, name, amount))
        return amount

    def use(self, row: BaseRateRow | IndexRow | TaxRow | DutyRow) -> None:
        """Write a row of a table down, once, with its norm."""
        used = Figure.of(*_told(row), row)
        if used not in self.rows:
            self.rows.append(used)
        if isinstance(row, TaxRow | DutyRow):
            self.norm(row.law)

    def use_own(self, name: str, value: str) -> None:
        """Write down a figure that the person gave instead of a table's."""
        self.rows.append(own_figure(name, value))

    def norm(self, text: str) -> None:
        """Write a norm down, once."""
        if text not in self.norms:
            self.norms.append(text)

    def warn(self, text: str) -> None:
        """Write a caution down, once."""
        if text not in self.warnings:
            self.warnings.append(text)

    def close(self) -> Result:
        """Return the result; figures that are less than sure become a caution."""
        for it in self.rows:
            if not it.confidence.is_sure:
                since = f" с {it.valid_from:%d.%m.%Y}" if it.valid_from else ""
                why = f" {it.note}." if it.note else ""
                self.warn(f"Точность не полная: {it.name}, {it.value}{since}.{why}")
        return Result(
            tuple(self.parts),
            tuple(self.steps),
            tuple(self.norms),
            tuple(self.rows),
            tuple(self.warnings),
        )


def _told(row: BaseRateRow | IndexRow | TaxRow | DutyRow) -> tuple[str, str]:
    if isinstance(row, BaseRateRow):
        return "Базовая ставка НБ РК", percent_text(row.percent)
    if isinstance(row, IndexRow):
        return "МРП и МЗП", f"МРП {format_tenge(row.mrp)}, МЗП {format_tenge(row.mzp)}"
    size = (
        percent_text(row.percent)
        if row.percent is not None
        else f"{number_text(row.mrp or Decimal())} МРП"
    )
    if isinstance(row, TaxRow):
        place = f" ({row.region})" if row.region else ""
        return row.name + place, size
    cap = f", не больше {number_text(row.cap_mrp)} МРП" if row.cap_mrp is not None else ""
    return row.name, size + cap
