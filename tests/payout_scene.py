"""Invented payout reports, written as Kaspi Pay writes its own: made by the rules, never copied.

The sums here are computed from the tables by themselves, not by the code under test.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal

from openpyxl import Workbook
from records import NOON

from cube_demper.db.session import WriteTx
from cube_demper.domain.economics.payouts.facts import OrderEnd, OrderFacts
from cube_demper.domain.economics.payouts.tariff import Part
from cube_demper.domain.rates import shipped
from cube_demper.models.orders import Order, OrderItem
from cube_demper.models.stores import KaspiStore

TABLES = shipped.load()
FIRST, LAST = date(2026, 11, 1), date(2026, 11, 15)
TODAY = date(2026, 11, 27)
CATEGORIES = ("Бытовая техника", "Продукты питания", "Украшения")
HEAD = (
    "#", "Адрес точки продаж", "Номер заказа (ID/RRN)", "№ документа покупки/возврата",
    "Дата операции", "Время", "Дата учета операции", "Тип операции", "Тип оплаты", "Номер карты",
    "Сумма операции (т)", "Сумма к зачислению/ списанию (т)", "Комиссия за операции (т)",
    "Комиссия за операции (%) без НДС", "Комиссия Kaspi Pay (т)",
    "Оплата услуг за акцию бонусы на товар", "Стоимость услуги за Kaspi Доставку",
    "Детали покупки", "Валюта",
)  # fmt: skip
CARD = "4400****9912"


@dataclass(frozen=True)
class Sent:
    """One line as Kaspi would write it, tiyn, fees as withheld."""

    code: str
    on: date
    gross: int
    commission: int
    kaspi_pay: int
    delivery: int
    kind: str = "Покупка"
    document: str = ""
    bonus: int = 0
    currency: str = ""
    short: int = 0
    """What is missing from the sum paid out without a word."""

    @property
    def net(self) -> int:
        return (
            self.gross - self.commission - self.kaspi_pay - self.delivery - self.bonus - self.short
        )

    def cells(self, number: int) -> list[str]:
        return [
            str(number), "Алматы, точка 1", self.code, self.document, f"{self.on:%d.%m.%Y}",
            "14:05:09", f"{self.on:%d.%m.%Y}", self.kind, "Kaspi Gold", CARD, tenge(self.gross),
            tenge(self.net), tenge(-self.commission), "10,9", tenge(-self.kaspi_pay),
            tenge(-self.bonus), tenge(-self.delivery), "Чайник белый, 1 шт.",
            self.currency,
        ]  # fmt: skip


@dataclass(frozen=True)
class Sheet:
    """A report: its lines, and a total where it states one."""

    lines: tuple[Sent, ...]
    total: int | None = None
    head: Sequence[str] = HEAD
    above: tuple[str, ...] = field(
        default=("Детальная информация по операциям", f"Период: {FIRST:%d.%m.%Y} - {LAST:%d.%m.%Y}")
    )

    def rows(self) -> list[list[str]]:
        rows = [["", text] for text in self.above]
        rows += [[], list(self.head)]
        rows += [line.cells(number) for number, line in enumerate(self.lines, start=1)]
        if self.total is not None:
            last = ["Итого", *[""] * (len(HEAD) - 1)]
            last[HEAD.index("Сумма к зачислению/ списанию (т)")] = tenge(self.total)
            rows.append(last)
        return rows

    def numbered(self) -> list[tuple[int, list[str]]]:
        return [(number, row) for number, row in enumerate(self.rows(), start=1) if any(row)]

    def csv(self, encoding: str = "utf-8-sig") -> bytes:
        return "\n".join(";".join(row) for row in self.rows()).encode(encoding)

    def xlsx(self) -> bytes:
        book = Workbook(write_only=True)
        sheet = book.create_sheet("Sheet1")
        for row in self.rows():
            sheet.append(row)
        file = io.BytesIO()
        book.save(file)
        return file.getvalue()

    def with_line(self, at: int, line: Sent) -> Sheet:
        return replace(self, lines=(*self.lines[:at], line, *self.lines[at + 1 :]))


def tenge(tiyn: int) -> str:
    """Write a sum as Russian Excel does: «-1 234,56»."""
    whole, rest = divmod(abs(tiyn), 100)
    text = f"{whole:,}".replace(",", " ") + f",{rest:02d}"
    return f"-{text}" if tiyn < 0 else text


def sale_of(order: OrderFacts, on: date | None = None) -> Sent:
    """Return the line that the rules give for an order's sale."""
    commission = sum(
        _percent(part.amount, TABLES.commission([part.category], order.ordered_on).percent)
        for part in order.parts
    )
    pay = _percent(order.total, Decimal("0.95"))
    fee = 0
    for kind in order.delivery_kinds or ():
        row = TABLES.delivery(kind, order.total, order.weight_g, order.ordered_on)
        fee = _percent(row.fee, 100 + row.vat_percent)
    return Sent(
        order.code, on or order.ended_on or order.ordered_on, order.total, commission - pay, pay,
        fee, document=f"D{order.code}",
    )  # fmt: skip


def return_of(sale: Sent, on: date) -> Sent:
    """Return the line that takes a sale back: the delivery stays with the seller."""
    return replace(
        sale, on=on, gross=-sale.gross, commission=-sale.commission, kaspi_pay=-sale.kaspi_pay,
        delivery=0, kind="Возврат", document=f"R{sale.code}",
    )  # fmt: skip


def order(number: int, total: int, **changes: object) -> OrderFacts:
    """Return a completed order of the first days of the report."""
    day = FIRST + timedelta(days=number % 8)
    known = OrderFacts(
        code=str(800_000_000 + number),
        total=total,
        ordered_on=day,
        end=OrderEnd.COMPLETED,
        ended_on=day + timedelta(days=2),
        parts=(Part(total, CATEGORIES[number % 3]),),
        delivery_kinds=("city",),
        weight_g=4_000,
    )
    return replace(known, **changes)  # type: ignore[arg-type]


def _percent(amount: int, percent: Decimal) -> int:
    return int((amount * percent / 100).quantize(Decimal(1), ROUND_HALF_UP))


async def add_order(tx: WriteTx, store: KaspiStore, known: OrderFacts) -> Order:
    """Write an order that has these facts, with its goods."""
    noon = time(7, tzinfo=UTC)
    ended = datetime.combine(known.ended_on, noon) if known.ended_on else None
    columns = {
        OrderEnd.COMPLETED: ("COMPLETED", "completed_at"),
        OrderEnd.CANCELLED: ("CANCELLED", "cancelled_at"),
        OrderEnd.RETURNED: ("RETURNED", "returned_at"),
        OrderEnd.OPEN: ("DELIVERY", "handed_over_at"),
    }
    status, moment = columns[known.end]
    row = Order(
        store_id=store.id,
        kaspi_order_code=known.code,
        status=status,
        status_changed_at=ended or NOON,
        kaspi_state="ARCHIVE",
        kaspi_status=status,
        source="api",
        total_price=known.total,
        is_kaspi_delivery=bool(known.delivery_kinds),
        is_express=known.delivery_kinds == ("express",),
        delivery_mode="DELIVERY_LOCAL",
        ordered_at=datetime.combine(known.ordered_on, noon),
        seen_at=NOON,
        **{moment: ended},
    )
    tx.add(row)
    await tx.flush()
    for number, part in enumerate(known.parts):
        tx.add(
            OrderItem(
                order_id=row.id,
                entry_number=number,
                name="Чайник белый",
                category_name=part.category or None,
                quantity=Decimal(1),
                total_price=part.amount,
            )
        )
    await tx.flush()
    return row
