"""Where a seller can go. A place appears here when its page exists."""

from __future__ import annotations

from cube_demper.ui.i18n import marked
from cube_demper.ui.shell import NavGroup, Navigation, NavItem

OVERVIEW = NavItem("/", marked("Обзор"), "layout-dashboard")
PRODUCTS = NavItem("/products", marked("Товары"), "package")
ORDERS = NavItem("/orders", marked("Заказы"), "shopping-bag")
BOT = NavItem("/bot", marked("Бот"), "bot")
RIVALS = NavItem("/rivals", marked("Конкуренты"), "swords")
ECONOMICS = NavItem("/economics", marked("Экономика"), "percent")
RECONCILIATION = NavItem("/reconciliation", marked("Сверка выплат"), "scale")
BROADCASTS = NavItem("/messages/broadcasts", marked("Рассылки"), "megaphone")
SALESMAN = NavItem("/messages/salesman", marked("ИИ-продавец"), "sparkles")
WHATSAPP = NavItem(
    "/messages/connection",
    "WhatsApp",
    "message-circle",
    also=("/messages/templates", "/messages/queue"),
)
MESSAGES = NavItem(
    "/messages",
    marked("Сообщения"),
    "messages-square",
    but=(WHATSAPP.href, *WHATSAPP.also, BROADCASTS.href, SALESMAN.href),
)
CALCULATORS = NavItem("/calculators", marked("Калькуляторы"), "calculator")
REFERRALS = NavItem("/referrals", marked("Пригласить"), "gift")
STORES = NavItem("/stores", marked("Магазины"), "store")
BILLING = NavItem("/billing", marked("Тариф и оплата"), "wallet")
NOTIFICATIONS = NavItem("/notifications", marked("Уведомления"), "bell")
SETTINGS = NavItem("/settings", marked("Настройки"), "settings")
HELP = NavItem("/help", marked("Помощь"), "circle-help")

NAVIGATION = Navigation(
    groups=(
        NavGroup(
            (
                OVERVIEW,
                PRODUCTS,
                ORDERS,
                MESSAGES,
                WHATSAPP,
                BROADCASTS,
                SALESMAN,
                BOT,
                RIVALS,
                STORES,
            )
        ),
        NavGroup((ECONOMICS, RECONCILIATION, CALCULATORS), marked("Деньги")),
        NavGroup((BILLING, REFERRALS, NOTIFICATIONS, SETTINGS, HELP), marked("Аккаунт")),
    ),
    bottom=(OVERVIEW, PRODUCTS, ORDERS, BOT),
)

# Places that show one store when the address says `?store=`; the switcher stays there.
BY_STORE = frozenset(
    it.href for it in (OVERVIEW, PRODUCTS, ORDERS, BOT, RIVALS, ECONOMICS, RECONCILIATION)
) | {"/orders/analytics"}

CONNECT = "/stores/connect"
"""Where a store is connected, and signed in again with `?store=`."""


INVITATION = "/staff"
"""Where a person accepts to work for a seller."""


def is_by_store(path: str) -> bool:
    """Tell whether the page at this path shows one store when its address names one."""
    return (path.rstrip("/") or "/") in BY_STORE
