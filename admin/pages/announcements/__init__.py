"""Words to all sellers, or to those of one plan."""

from admin.pages.announcements.page import announcements_page
from admin.pages.announcements.state import AnnouncementsState
from cube_demper.ui.pages import Page

PAGE = Page(
    route="/announcements",
    title="Объявления",
    view=announcements_page,
    on_load=[AnnouncementsState.load, AnnouncementsState.watch],
)
