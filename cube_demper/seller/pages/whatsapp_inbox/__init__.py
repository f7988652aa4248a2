"""Talks with buyers: what they wrote, what they were told, and an answer by hand."""

from cube_demper.seller.pages.whatsapp_inbox.page import inbox_page
from cube_demper.seller.pages.whatsapp_inbox.state import InboxState
from cube_demper.seller.pages.whatsapp_inbox.thread_state import ThreadState
from cube_demper.ui.pages import Page

PAGE = Page(
    route="/messages",
    title="Сообщения",
    view=inbox_page,
    on_load=[InboxState.load, ThreadState.load, InboxState.watch, ThreadState.watch],
)
