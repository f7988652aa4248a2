"""Where an admin can go."""

from __future__ import annotations

from cube_demper.ui.i18n import marked
from cube_demper.ui.shell import NavGroup, Navigation, NavItem

OVERVIEW = NavItem("/", marked("Обзор"), "layout-dashboard")
USERS = NavItem("/users", marked("Пользователи"), "users")
STORES = NavItem("/stores", marked("Магазины"), "store")
PAYMENTS = NavItem("/payments", marked("Платежи"), "credit-card")
PLANS = NavItem("/plans", marked("Тарифы"), "layers")
PARTNERS = NavItem("/partners", marked("Партнёры"), "handshake")
PAYOUTS = NavItem("/payouts", marked("Выплаты"), "banknote")
OPERATIONS = NavItem("/operations", marked("Работа сервиса"), "activity")
PROXIES = NavItem("/proxies", marked("Прокси"), "network")
RATES = NavItem("/rates", marked("Ставки"), "percent")
TEMPLATES = NavItem("/templates", marked("Тексты WhatsApp"), "message-square-text")
ANNOUNCEMENTS = NavItem("/announcements", marked("Объявления"), "megaphone")
AUDIT = NavItem("/audit", marked("Журнал"), "scroll-text")
STAFF = NavItem("/staff", marked("Команда"), "shield-check")
SECURITY = "/security"

NAVIGATION = Navigation(
    groups=(
        NavGroup((OVERVIEW, USERS, STORES)),
        NavGroup((PAYMENTS, PLANS, PARTNERS, PAYOUTS), marked("Деньги")),
        NavGroup((OPERATIONS, PROXIES, RATES, TEMPLATES, ANNOUNCEMENTS), marked("Сервис")),
        NavGroup((STAFF, AUDIT), marked("Порядок")),
    ),
    bottom=(OVERVIEW, USERS, STORES, PAYMENTS),
)
