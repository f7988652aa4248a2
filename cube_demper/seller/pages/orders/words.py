"""Tabs, statuses and kinds of delivery as sellers read them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from cube_demper.core.money import NBSP
from cube_demper.domain.orders.list_schemas import DAYS, DeliveryKind, OrderTab
from cube_demper.domain.orders.words import STATUS_WORDS
from cube_demper.models.orders import OrderStatus
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
RARE_TABS = frozenset({OrderTab.SIGN, OrderTab.OTHER})
"""Shown while they hold something: most shops sign nothing, and what is unclear is our own trouble."""
DELIVERIES: Mapping[DeliveryKind, str] = MappingProxyType(
    {
        DeliveryKind.CITY: "По городу",
        DeliveryKind.REGIONAL: "В другой город",
        DeliveryKind.POSTOMAT: "Postomat",
        DeliveryKind.PICKUP: "Самовывоз",
        DeliveryKind.OWN: "Своя доставка",
        DeliveryKind.EXPRESS: "Express",
    }
)
DAYS_WORDS: Mapping[int, str] = MappingProxyType(
    {
        days: "Сегодня" if days == 1 else "Год" if days == 365 else f"{days}{NBSP}дней"
        for days in DAYS
    }
)
SORT_WORDS: Mapping[str, str] = MappingProxyType(
    {"-ordered": "Сначала новые", "ordered": "Сначала старые", "-total": "Сначала дорогие"}
)
