"""Chats by status, before one is chosen."""

from cube_demper.ui.pages import Page
from support.desk.inbox_state import InboxState
from support.pages.inbox.page import inbox_page

PAGE = Page(
    route="/",
    title="Чаты",
    view=inbox_page,
    on_load=[InboxState.load, InboxState.watch],
)
