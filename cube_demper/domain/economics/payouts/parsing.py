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


Raw = list[str]
"""The cells of a line under the named headings, buyers' data left blank."""


class Reading:
    """A report that is read some rows at a time.

    Kaspi writes a sale's fees below zero, accountants above: what the first rows say is taken for the
    whole file, and `is_right` tells in the end whether it was so.
    """

    def __init__(self, top: Rows, head: Head, *, is_below: bool | None = None) -> None:
        """Begin with the first rows, the head and what stands above it among them."""
        self._head, self._is_net = head, Field.NET in head.columns
        self._kept = [None if is_secret(head.cells[at]) else at for at in head.named]
        self._balance = 0
        above = (" ".join(cells) for number, cells in top if number < head.number)
        self._told = next((it for it in map(period_in, above) if it), None)
        self._days: tuple[date, date] | None = None
        self.total: int | None = None
        if is_below is None:
            is_below = sum(_sign_of(line) for line, _ in map(self._read, self._lines(top))) < 0
        self.is_below = is_below

    @property
    def is_right(self) -> bool:
        """Tell whether the lines read so far have their fees on the side that was taken for granted."""
        return (self._balance < 0) == self.is_below

    @property
    def is_total_net(self) -> bool:
        """Tell whether `total` is of the sums paid out, else of the operations."""
        return self._is_net

    @property
    def period(self) -> tuple[date, date] | None:
        """Return the days that the file names, else those of its lines."""
        return self._told or self._days

    def take(self, rows: Rows) -> list[tuple[Line, Raw]]:
        """Read the next rows; those of the head and above it are passed over."""
        found = []
        for row in self._lines(rows):
            if _is_total(row[1], self._head):
                self.total = _total(row[1], self._head, Field.NET if self._is_net else Field.GROSS)
                continue
            line, raw = self._read(row)
            self._balance += _sign_of(line)
            if line.operated_on:
                first, last = self._days or (line.operated_on, line.operated_on)
                self._days = min(first, line.operated_on), max(last, line.operated_on)
            found.append((_signed(line, is_below=self.is_below), raw))
        return found

    def _lines(self, rows: Rows) -> Rows:
        return [row for row in rows if row[0] > self._head.number]

    def _read(self, row: tuple[int, Sequence[str]]) -> tuple[Line, Raw]:
        number, cells = row
        width = len(cells)
        raw = ["" if at is None or at >= width else cells[at][:_MOST_TEXT] for at in self._kept]
        return _read_line(number, cells, self._head), raw


def _is_total(cells: Sequence[str], head: Head) -> bool:
    named = any(_TOTAL.match(cell) for cell in cells[:8])
    return named and not re.search(r"\d", _cell(cells, head, Field.ORDER))


def _total(cells: Sequence[str], head: Head, field: Field) -> int | None:
    try:
        return read_sum(_cell(cells, head, field))
    except InvalidInput:
        return None


def _cell(cells: Sequence[str], head: Head, field: Field) -> str:
    place = head.columns.get(field)
    return cells[place].strip() if place is not None and place < len(cells) else ""


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


def _sign_of(line: Line) -> int:
    """Return on which side of zero a sale's fees are written; 0 where that cannot be told."""
    if line.operation is not PayoutOperation.PURCHASE or line.trouble:
        return 0
    fees = line.withheld + line.delivery
    return (fees > 0) - (fees < 0)


def _signed(line: Line, *, is_below: bool) -> Line:
    sign = -1 if is_below else 1
    if line.operation is PayoutOperation.RETURN and line.gross > 0:
        # A return written as a sale is: all its sums mean the opposite.
        line = replace(line, gross=-line.gross, net=-line.net if line.net else line.net)
        sign = -1
    fees = ("commission", "kaspi_pay", "delivery", "bonus")
    return replace(line, **{name: sign * getattr(line, name) for name in fees})
