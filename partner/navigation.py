"""Where a partner can go."""

from __future__ import annotations

from cube_demper.ui.i18n import marked
from cube_demper.ui.shell import NavGroup, Navigation, NavItem

OVERVIEW = NavItem("/", marked("Обзор"), "layout-dashboard")
LEADS = NavItem("/leads", marked("Клиенты"), "users")
LINKS = NavItem("/links", marked("Ссылки"), "link")
TRANSACTIONS = NavItem("/transactions", marked("Транзакции"), "list")
PAYOUTS = NavItem("/payouts", marked("Выплаты"), "banknote")
OWN_PASSWORD = "/password"  # noqa: S105 - an address
"""In the menu of who is signed in."""

NAVIGATION = Navigation(
    groups=(
        NavGroup((OVERVIEW, LEADS, LINKS)),
        NavGroup((TRANSACTIONS, PAYOUTS), marked("Деньги")),
    ),
    bottom=(OVERVIEW, LEADS, LINKS, PAYOUTS),
)
