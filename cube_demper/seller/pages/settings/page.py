"""`/settings`: one tab at a time, in the address."""

from __future__ import annotations

import reflex as rx

from cube_demper.seller.pages.settings.data_parts import data_tab
from cube_demper.seller.pages.settings.notices_parts import notices_tab
from cube_demper.seller.pages.settings.profile_parts import profile_tab
from cube_demper.seller.pages.settings.profile_state import ProfileState
from cube_demper.seller.pages.settings.staff_parts import staff_tab
from cube_demper.ui.filters import Tab, tabs
from cube_demper.ui.i18n import tr
from cube_demper.ui.layout import page, page_header


def settings_page() -> rx.Component:
    """Make the page."""
    return page(
        page_header(tr("Настройки"), ProfileState.email),
        tabs(
            [
                Tab("profile", tr("Профиль")),
                Tab("notifications", tr("Уведомления")),
                Tab("staff", tr("Сотрудники")),
                Tab("data", tr("Мои данные")),
            ],
            ProfileState.tab,
        ),
        rx.match(
            ProfileState.tab,
            ("notifications", notices_tab()),
            ("staff", staff_tab()),
            ("data", data_tab()),
            profile_tab(),
        ),
    )
