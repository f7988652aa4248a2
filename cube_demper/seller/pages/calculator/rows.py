"""An answer of a calculator of law as its page shows it. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field

from cube_demper.core.money import format_tenge
from cube_demper.domain.calculators.result import Result
from cube_demper.domain.rates.errors import NoRate, OutsideTables
from cube_demper.seller.calculations.figures import FigureRow, figure_rows

_DATES = ("until", "on", "rate_on")


@dataclass
class PaymentRow:
    """A partial payment in the form: its id, and what it begins with."""

    id: str = ""
    on: str = ""
    amount: str = ""


@dataclass
class Offer:
    """What can be counted of a day that the tables do not reach; `last` is empty where nothing can.

    `field`: the date that can be brought back to `last` (ISO), «» where none can.
    """

    last: str = ""
    field: str = ""
    title: str = ""
    earlier: str = ""


def offer_of(missing: NoRate, field_name: str) -> Offer:
    """Offer to count to the table's last day, or by what it knows last."""
    if not isinstance(missing, OutsideTables) or missing.last is None:
        return Offer()
    day = f"{missing.last:%d.%m.%Y}"
    return Offer(
        last=missing.last.isoformat(),
        field=field_name if field_name in _DATES else "",
        title=f"После {day} данных ещё нет",
        earlier=f"Посчитать на {day}",
    )


@dataclass
class Line:
    """A sum with its name and formula."""

    name: str = ""
    formula: str = ""
    amount: str = ""


@dataclass
class LawAnswer:
    """The answer; `total` is empty while there is none."""

    total: str = ""
    parts: list[Line] = field(default_factory=list)
    steps: list[Line] = field(default_factory=list)
    figures: list[FigureRow] = field(default_factory=list)
    norms: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    rounding: str = ""
    is_sure: bool = True


def answer_of(result: Result) -> LawAnswer:
    """Put an answer into words."""
    parts = [Line(it.name, "", format_tenge(it.amount)) for it in result.parts]
    return LawAnswer(
        total=format_tenge(result.total),
        parts=parts if len(parts) > 1 else [],
        steps=[Line(it.name, it.formula, format_tenge(it.amount)) for it in result.steps],
        figures=figure_rows(result.rows),
        norms=list(result.norms),
        warnings=list(result.warnings),
        rounding=result.rounding,
        is_sure=result.is_sure,
    )
