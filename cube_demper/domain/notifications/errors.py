"""What can be refused about notifications, in words for the person."""

from __future__ import annotations

from cube_demper.core.errors import Refused


class ChatClosed(Refused):
    """Человек остановил бота в Telegram: писать туда нельзя."""

    code = "notifications.chat_closed"
