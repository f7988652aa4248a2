"""Orders as rows of a sheet: one line an item, so that sums by product add up in Excel. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from cube_demper.core.money import TIYN_IN_TENGE
from cube_demper.domain.orders.list_schemas import OrderView
from cube_demper.domain.orders.words import (
    STATUS_WORDS,
    delivery_words,
    payment_words,
    reason_words,
)
from cube_demper.models.orders import OrderStatus

HEADINGS: Final = (
    "Заказ", "Магазин", "Дата заказа", "Статус", "Товар", "Артикул", "Количество",
    "Цена за штуку, ₸", "Сумма, ₸", "Сумма заказа, ₸", "Доставка за счёт магазина, ₸", "Способ доставки",
    "Оплата", "Город", "Адрес", "Покупатель", "Телефон", "Выдан", "Причина отмены",
)  # fmt: skip
WIDTHS: Final = (14, 20, 17, 16, 44, 16, 11, 16, 12, 16, 18, 24, 22, 16, 36, 24, 18, 17, 26)

Cell = str | int | float | datetime | None


def rows_of(view: OrderView) -> Iterator[tuple[Cell, ...]]:
    """Yield an order's lines; the sum of the order stands in its first line alone."""
    row = view.row
    tail: tuple[Cell, ...] = (
        delivery_words(row),
        payment_words(row),
        row.city_name,
        view.address,
        view.buyer,
        view.phone,
        row.completed_at,
        reason_words(row.cancellation_reason),
    )
    head = (
        row.kaspi_order_code,
        view.store_name,
        row.ordered_at,
        STATUS_WORDS[OrderStatus(row.status)],
    )
    sums: tuple[Cell, ...] = (_tenge(row.total_price), _tenge(row.seller_delivery_cost))
    if not view.items:
        yield (*head, None, None, None, None, None, *sums, *tail)
    for number, item in enumerate(view.items):
        yield (
            *head,
            item.name,
            item.sku,
            float(item.quantity),
            _tenge(item.base_price),
            _tenge(item.total_price),
            *(sums if number == 0 else (None, None)),
            *tail,
        )


def _tenge(tiyn: int | None) -> float | int | None:
    if tiyn is None:
        return None
    whole, rest = divmod(tiyn, TIYN_IN_TENGE)
    return tiyn / TIYN_IN_TENGE if rest else whole
