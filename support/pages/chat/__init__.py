"""One chat: what is said, what is done, who it is."""

from cube_demper.ui.pages import Page
from support.desk.card_state import CardState
from support.desk.chat_state import ChatState
from support.desk.company_state import CompanyState
from support.desk.inbox_state import InboxState
from support.desk.write_state import WriteState
from support.pages.chat.page import chat_page

PAGE = Page(
    route="/chats/[chat_id]",
    title="Чат",
    view=chat_page,
    on_load=[
        ChatState.load,
        InboxState.load,
        WriteState.load,
        CardState.load,
        CompanyState.load,
        ChatState.watch,
        InboxState.watch,
        CompanyState.watch,
        CompanyState.stay,
    ],
)
