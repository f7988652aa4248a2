"""Where an admin can go."""

from __future__ import annotations

from cube_demper.ui.i18n import marked
from cube_demper.ui.shell import NavGroup, Navigation, NavItem

OVERVIEW = NavItem("/", marked("Обзор"), "layout-dashboard")
USERS = NavItem("/users", marked("Пользователи"), "users")
AUDIT = NavItem("/audit", marked("Журнал"), "scroll-text")
STAFF = NavItem("/staff", marked("Команда"), "shield-check")
SECURITY = "/security"

NAVIGATION = Navigation(
    groups=(
        NavGroup((OVERVIEW, USERS)),
        NavGroup((STAFF, AUDIT), marked("Порядок")),
    ),
    bottom=(OVERVIEW, USERS, STAFF, AUDIT),
)
