"""Where an admin can go."""

from __future__ import annotations

from cube_demper.ui.i18n import marked
from cube_demper.ui.shell import NavGroup, Navigation, NavItem

OVERVIEW = NavItem("/", marked("Обзор"), "layout-dashboard")

NAVIGATION = Navigation(groups=(NavGroup((OVERVIEW,)),), bottom=(OVERVIEW,))
