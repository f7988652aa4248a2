"""From the rows of a file to the lines of a report: signs made one, a total and a period found. Pure.

A line that cannot be read is kept with its trouble: no row of the file is lost without a word.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from cube_demper.core.errors import InvalidInput
from cube_demper.domain.economics.payouts.cells import (
    period_in,
    read_code,
    read_day,
    read_sum,
    read_time,
)
from cube_demper.domain.economics.payouts.heads import FEES, NAMES, Field, Head, is_secret, normal
from cube_demper.models.payouts import PayoutOperation

Rows = Sequence[tuple[int, Sequence[str]]]
_TOTAL = re.compile(r"^(всего|итого|итог)\b", re.IGNORECASE)
_RETURNS = ("возврат", "отмен", "refund", "return")
_PURCHASES = ("покупка", "продажа", "оплата", "purchase", "sale")
_TENGE = {"", "kzt", "тенге", "₸", "тг", "398"}
_MOST_TEXT = 300


@dataclass(frozen=True, slots=True)
class Line:
    """One line, tiyn. Fees are what was withheld; `gross` and `net` of a return are negative."""

    number: int
    order_code: str
    operation: PayoutOperation
    operated_on: date | None
    gross: int = 0
    commission: int = 0
    kaspi_pay: int = 0
    delivery: int = 0
    bonus: int = 0
    net: int | None = None
    currency: str = ""
    document: str = ""
    details: str = ""
    trouble: str = ""

    @property
    def withheld(self) -> int:
        """Return all fees but delivery."""
        return self.commission + self.kaspi_pay + self.bonus


@dataclass(frozen=True, slots=True)
class Report:
    """What a file says. `raws` has the cells of each line with their headings, buyers' data left out."""

    lines: tuple[Line, ...]
    raws: tuple[list[list[str]], ...]
    period: tuple[date, date] | None
    total: int | None
    is_total_net: bool


def read_report(rows: Rows, head: Head) -> Report:
    """Read everything under the head. Raises InvalidInput when there is no line."""
    under = [(number, cells) for number, cells in rows if number > head.number]
    total: int | None = None
    is_net = Field.NET in head.columns
    lines: list[Line] = []
    raws: list[list[list[str]]] = []
    for number, cells in under:
        if _is_total(cells, head):
            total = _total(cells, head, Field.NET if is_net else Field.GROSS)
            continue
        lines.append(_read_line(number, cells, head))
        raws.append(_raw(cells, head))
    if not lines:
        raise InvalidInput("В отчёте только заголовок: ни одной строки с операцией.")
    above = (" ".join(cells) for number, cells in rows if number < head.number)
    period = next((it for it in map(period_in, above) if it), None) or _days_of(lines)
    return Report(_one_sign(lines), tuple(raws), period, total, is_net)


def _is_total(cells: Sequence[str], head: Head) -> bool:
    named = any(_TOTAL.match(cell) for cell in cells[:8])
    return named and not re.search(r"\d", _cell(cells, head, Field.ORDER))


def _total(cells: Sequence[str], head: Head, field: Field) -> int | None:
    try:
        return read_sum(_cell(cells, head, field))
    except InvalidInput:
        return None


def _days_of(lines: Sequence[Line]) -> tuple[date, date] | None:
    days = [line.operated_on for line in lines if line.operated_on]
    return (min(days), max(days)) if days else None


def _cell(cells: Sequence[str], head: Head, field: Field) -> str:
    place = head.columns.get(field)
    return cells[place].strip() if place is not None and place < len(cells) else ""


def _raw(cells: Sequence[str], head: Head) -> list[list[str]]:
    return [
        [heading[:80] or f"Столбец {place + 1}", cell[:_MOST_TEXT]]
        for place, (heading, cell) in enumerate(zip(head.cells, cells, strict=False))
        if cell and not is_secret(heading)
    ]


def _read_line(number: int, cells: Sequence[str], head: Head) -> Line:
    troubles: list[str] = []
    sums: dict[Field, int | None] = {}
    for field in (Field.GROSS, Field.NET, *FEES):
        try:
            sums[field] = read_sum(_cell(cells, head, field))
        except InvalidInput as error:
            troubles.append(f"«{NAMES[field]}»: {error.message}")
    day_cell = _cell(cells, head, Field.DATE)
    day: date | None = None
    try:
        day = read_day(day_cell)
        if day is None:
            troubles.append("нет даты операции")
    except InvalidInput as error:
        troubles.append(error.message)
    if sums.get(Field.GROSS, 0) is None and not any(sums.get(it) for it in (Field.NET, *FEES)):
        troubles.append("нет ни одной суммы")
    gross = sums.get(Field.GROSS) or 0
    code = read_code(_cell(cells, head, Field.ORDER))
    time = read_time(_cell(cells, head, Field.TIME)) or read_time(day_cell)
    fee = {it: sums.get(it) or 0 for it in FEES}
    return Line(
        number=number,
        order_code=code,
        operation=_operation(_cell(cells, head, Field.OPERATION), gross, code),
        operated_on=day,
        gross=gross,
        commission=sum(
            fee[it] for it in (Field.COMMISSION, Field.CARD_FEE, Field.GUARANTEE, Field.TRAVEL)
        ),
        kaspi_pay=fee[Field.KASPI_PAY],
        delivery=fee[Field.DELIVERY],
        bonus=fee[Field.BONUS] + fee[Field.REVIEW_BONUS],
        net=sums.get(Field.NET),
        currency=_currency(_cell(cells, head, Field.CURRENCY)),
        document=" ".join(filter(None, (_cell(cells, head, Field.DOCUMENT)[:80], time))),
        details=_cell(cells, head, Field.DETAILS)[:_MOST_TEXT],
        trouble="; ".join(troubles)[:_MOST_TEXT],
    )


def _operation(word: str, gross: int, code: str) -> PayoutOperation:
    text = normal(word)
    if any(it in text for it in _RETURNS):
        return PayoutOperation.RETURN
    if any(it in text for it in _PURCHASES):
        return PayoutOperation.PURCHASE
    if text or not code or not gross:
        return PayoutOperation.OTHER
    return PayoutOperation.RETURN if gross < 0 else PayoutOperation.PURCHASE


def _currency(cell: str) -> str:
    return "" if cell.casefold().strip(". ") in _TENGE else cell.upper()[:10]


def _one_sign(lines: Sequence[Line]) -> tuple[Line, ...]:
    """Bring a report to our signs: Kaspi writes a sale's fees below zero, accountants above."""
    sales = [it for it in lines if it.operation is PayoutOperation.PURCHASE and not it.trouble]
    balance = sum((_fees(it) > 0) - (_fees(it) < 0) for it in sales)
    is_below = balance < 0
    return tuple(_signed(line, is_below=is_below) for line in lines)


def _fees(line: Line) -> int:
    return line.withheld + line.delivery


def _signed(line: Line, *, is_below: bool) -> Line:
    sign = -1 if is_below else 1
    if line.operation is PayoutOperation.RETURN and line.gross > 0:
        # A return written as a sale is: all its sums mean the opposite.
        line = replace(line, gross=-line.gross, net=-line.net if line.net else line.net)
        sign = -1
    fees = ("commission", "kaspi_pay", "delivery", "bonus")
    return replace(line, **{name: sign * getattr(line, name) for name in fees})
