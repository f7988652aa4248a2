"""The person's own settings: name and password, devices, notifications, staff, own data."""

from cube_demper.seller.pages.settings.data_state import DataState
from cube_demper.seller.pages.settings.notices_state import NoticesState
from cube_demper.seller.pages.settings.page import settings_page
from cube_demper.seller.pages.settings.profile_state import ProfileState
from cube_demper.seller.pages.settings.staff_state import StaffState
from cube_demper.ui.pages import Page

PAGE = Page(
    route="/settings",
    title="Настройки",
    view=settings_page,
    on_load=[
        ProfileState.load,
        NoticesState.load,
        StaffState.load,
        DataState.load,
        NoticesState.watch,
        StaffState.watch,
        DataState.watch,
    ],
)
