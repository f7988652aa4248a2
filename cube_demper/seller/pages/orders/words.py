"""Tabs, statuses and kinds of delivery as sellers read them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from cube_demper.domain.orders.list_schemas import OrderTab
from cube_demper.domain.orders.words import STATUS_WORDS
from cube_demper.models import Order, OrderStatus
from cube_demper.ui.statuses import Tone


@dataclass(frozen=True, slots=True)
class StatusWord:
    """How a status is shown."""

    word: str
    tone: Tone
    icon: str


_SIGNS: Mapping[OrderStatus, tuple[Tone, str]] = MappingProxyType(
    {
        OrderStatus.APPROVED: ("amber", "bell"),
        OrderStatus.ACCEPTED_BY_MERCHANT: ("blue", "package"),
        OrderStatus.DELIVERY: ("blue", "truck"),
        OrderStatus.DELIVERED: ("blue", "map-pin"),
        OrderStatus.COMPLETED: ("green", "check"),
        OrderStatus.CANCELLED: ("gray", "circle-x"),
        OrderStatus.RETURNED: ("gray", "undo-2"),
        OrderStatus.UNKNOWN: ("amber", "circle-help"),
    }
)
STATUSES: Mapping[OrderStatus, StatusWord] = MappingProxyType(
    {status: StatusWord(STATUS_WORDS[status], *_SIGNS[status]) for status in OrderStatus}
)
TABS: Mapping[OrderTab, str] = MappingProxyType(
    {
        OrderTab.NEW: "Новые",
        OrderTab.SIGN: "Подпись",
        OrderTab.PRE_ORDER: "Предзаказ",
        OrderTab.PACKING: "Упаковка",
        OrderTab.HANDING: "Передача",
        OrderTab.SENT: "Переданы",
        OrderTab.PICKUP: "Самовывоз",
        OrderTab.OWN: "Моя доставка",
        OrderTab.RETURNING: "Отменяются",
        OrderTab.ARCHIVE: "Архив",
        OrderTab.OTHER: "Неясные",
    }
)
SORT_WORDS: Mapping[str, str] = MappingProxyType(
    {"-ordered": "Сначала новые", "ordered": "Сначала старые", "-total": "Сначала дорогие"}
)
_PAID: Mapping[str, str] = MappingProxyType(
    {"PAY_WITH_CREDIT": "в кредит или рассрочку", "PREPAID": "сразу"}
)
_REASONS: Mapping[str, str] = MappingProxyType(
    {
        "BUYER_CANCELLATION_BY_MERCHANT": "покупатель передумал",
        "BUYER_NOT_REACHABLE": "покупатель не отвечает",
        "MERCHANT_OUT_OF_STOCK": "товара нет в наличии",
        "TIMEOUT_BUYER_PICKUP": "покупатель не забрал вовремя",
    }
)


def delivery_words(row: Order) -> str:
    """Say how an order reaches its buyer (KASPI.md §4.1)."""
    match row.delivery_mode, row.is_kaspi_delivery:
        case "DELIVERY_PICKUP", True:
            words = "Postomat"
        case "DELIVERY_PICKUP", _:
            words = "Самовывоз"
        case "DELIVERY_LOCAL", True:
            words = "Kaspi Доставка по городу"
        case "DELIVERY_LOCAL", _:
            words = "Своя доставка"
        case (("DELIVERY_REGIONAL_TODOOR" | "DELIVERY_REGIONAL_PICKUP"), _):
            words = "Kaspi Доставка в другой город"
        case _:
            words = row.delivery_mode or "Не указана"
    return f"{words}, Express" if row.is_express else words


def payment_words(row: Order) -> str:
    """Say how an order was paid."""
    words = _PAID.get(row.payment_mode or "", row.payment_mode or "")
    return f"{words}, {row.credit_term} мес." if row.credit_term and words else words


def reason_words(reason: str | None) -> str:
    """Say why an order was cancelled; a reason that we do not know as Kaspi names it."""
    return _REASONS.get(reason or "", reason or "")
