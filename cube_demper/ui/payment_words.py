"""Statuses of payments as every app names them. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

PAYMENT_STATUSES: Final[Mapping[str, tuple[str, str, str]]] = {
    "created": ("Ждёт оплаты", "blue", "clock"),
    "authorized": ("Деньги удержаны", "blue", "hourglass"),
    "paid": ("Оплачен", "green", "check"),
    "failed": ("Не прошёл", "red", "circle-x"),
    "cancelled": ("Отменён", "gray", "circle-minus"),
    "expired": ("Истёк", "gray", "timer-off"),
    "partly_refunded": ("Возвращён частично", "amber", "undo-2"),
    "refunded": ("Возвращён", "gray", "undo-2"),
}
"""Word, tone and icon by `models.billing.PaymentStatus`."""
