"""Everything that the seller was told, and what is still unread."""

from cube_demper.seller.pages.notifications.page import notifications_page
from cube_demper.seller.pages.notifications.state import NotificationsState
from cube_demper.ui.pages import Page

PAGE = Page(
    route="/notifications",
    title="Уведомления",
    view=notifications_page,
    on_load=[NotificationsState.load, NotificationsState.watch],
)
