"""Which right a change needs. Pure; the one table for services and for pages.

What is in no table is the seller's own: a right must be given by a line here, never by forgetting one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from cube_demper.models.staff import Area

WORDS: Final[Mapping[Area, tuple[str, str]]] = {
    Area.PRICES: ("Цены и бот", "мин. цены, стратегии, остановка и запуск бота"),
    Area.STORES: ("Магазины", "подключение, вход в Kaspi, обновление каталога"),
    Area.ORDERS: (
        "Заказы",
        "имена и телефоны покупателей; принять, собрать, выдать, отменить, накладные",
    ),
    Area.MESSAGES: ("Сообщения", "WhatsApp: номера, тексты и отправка покупателям"),
    Area.MONEY: ("Деньги", "сверка выплат Kaspi, видеть платежи и документы"),
}
"""The areas that exist now, as the seller reads them. The others come with their pages."""

_OF_ENTITIES: Final = {
    "product": Area.PRICES,
    "selection": Area.PRICES,
    "goods_import": Area.PRICES,
    "calculation": Area.PRICES,
    "kaspi_login": Area.STORES,
    "feed": Area.STORES,
    "payout_report": Area.MONEY,
    "subscription": Area.MONEY,
    "payment": Area.MONEY,
    "billing_requisites": Area.MONEY,
    "whatsapp": Area.MESSAGES,
    "salesman": Area.MESSAGES,
    "order": Area.ORDERS,
}
_PRICE_ACTIONS: Final = ("bot_", "rival_", "sends_")
_OF_PAGES: Final = {
    "overview": Area.PRICES,
    "products": Area.PRICES,
    "product": Area.PRICES,
    "bot": Area.PRICES,
    "rivals": Area.PRICES,
    "returning": Area.PRICES,
    "replay": Area.PRICES,
    "trial": Area.PRICES,
    "bulk": Area.PRICES,
    "products_import": Area.PRICES,
    "calculations": Area.PRICES,
    "calculators": Area.PRICES,
    "calculator": Area.PRICES,
    "calculator_unit": Area.PRICES,
    "economics": Area.PRICES,
    "profit_hint": Area.PRICES,
    "economics_terms": Area.PRICES,
    "stores": Area.STORES,
    "connect": Area.STORES,
    "reauth": Area.STORES,
    "feed": Area.STORES,
    "orders": Area.ORDERS,
    "orders_analytics": Area.ORDERS,
    "reconciliation": Area.MONEY,
    "messages": Area.MESSAGES,
    "billing": Area.MONEY,
    "whatsapp": Area.MESSAGES,
    "whatsapp_templates": Area.MESSAGES,
    "whatsapp_queue": Area.MESSAGES,
    "salesman": Area.MESSAGES,
    "whatsapp_inbox": Area.MESSAGES,
    "whatsapp_broadcasts": Area.MESSAGES,
    "whatsapp_broadcast": Area.MESSAGES,
}
_OWN_TEXT: Final = "frame door notifications settings staff help session live opening referrals"
_OWN: Final = frozenset(_OWN_TEXT.split())
"""Pages where a person changes nothing but what is theirs; their services check the rest."""
OF_VISITS: Final = frozenset({"signed_in", "signed_out", "visit_ended"})
"""What an admin who is signed in as a seller does to the person's account: comes and goes."""
VISITORS: Final = frozenset({Area.PRICES, Area.STORES, Area.ORDERS, Area.MESSAGES})
"""What such an admin may change: what support is asked to mend. Never money or what is personal."""
_PERSONAL: Final = frozenset({"user", "user_session", "staff_member"})


def area_of(action: str, entity: str) -> Area | None:
    """Return the right that an audited change needs; None: no right opens it, only the seller may."""
    if entity == "store":
        return Area.PRICES if action.startswith(_PRICE_ACTIONS) else Area.STORES
    return _OF_ENTITIES.get(entity)


def is_personal(entity: str) -> bool:
    """Tell whether a change is of the person's own account, which needs no right."""
    return entity in _PERSONAL


def area_of_page(name: str) -> Area | None:
    """Return the right that changes on a UI module of this name need; None: no right opens them."""
    return _OF_PAGES.get(name)


def may_change(rights: frozenset[Area], module: str, *, is_visit: bool = False) -> bool:
    """Tell whether handlers of a UI module may change things with these rights.

    `is_visit`: it is an admin signed in as somebody, who changes nothing that is personal.
    """
    names = set(module.split("."))
    if names & _OWN:
        return not is_visit
    return any(_OF_PAGES[name] in rights for name in names if name in _OF_PAGES)
