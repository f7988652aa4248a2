"""Where a support person can go."""

from __future__ import annotations

from cube_demper.ui.i18n import marked
from cube_demper.ui.shell import NavGroup, Navigation, NavItem

INBOX = NavItem("/", marked("Чаты"), "inbox", also=("/chats/[chat_id]",))
REPLIES = NavItem("/replies", marked("Ответы и метки"), "message-square-quote")
STATS = NavItem("/stats", marked("Статистика"), "chart-column")

NAVIGATION = Navigation(groups=(NavGroup((INBOX, REPLIES, STATS)),), bottom=(INBOX, REPLIES, STATS))
