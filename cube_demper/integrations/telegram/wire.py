"""What the Bot API says, read with care: a field that is not as documented is as good as absent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cube_demper.core.errors import ContractChanged


@dataclass(frozen=True, slots=True)
class Update:
    """One thing that happened in a private chat with our bot.

    `text` is empty for what is no text. `is_blocked`: the person stopped the bot (`my_chat_member`).
    """

    id: int
    chat_id: int
    name: str = ""
    text: str = ""
    is_blocked: bool = False


def read_updates(result: Any) -> tuple[list[Update], int | None]:
    """Return the updates that concern us, and the offset that tells Telegram all were taken.

    Raises ContractChanged for what is no list of updates.
    """
    if not isinstance(result, list):
        raise ContractChanged("Telegram прислал не список обновлений.")
    ids = [it["update_id"] for it in result if isinstance(it, dict) and _is_int(it, "update_id")]
    found = [update for it in result if isinstance(it, dict) and (update := _update(it))]
    return found, max(ids) + 1 if ids else None


def _update(raw: dict[str, Any]) -> Update | None:
    if not _is_int(raw, "update_id"):
        return None
    message, member = _dict(raw, "message"), _dict(raw, "my_chat_member")
    chat = _dict(message or member, "chat")
    if chat.get("type") != "private" or not _is_int(chat, "id"):
        return None
    status = _dict(member, "new_chat_member").get("status")
    return Update(
        id=raw["update_id"],
        chat_id=chat["id"],
        name=_name(chat),
        text=message["text"] if isinstance(message.get("text"), str) else "",
        is_blocked=status == "kicked",
    )


def _name(chat: dict[str, Any]) -> str:
    username = chat.get("username")
    if isinstance(username, str) and username:
        return f"@{username}"[:64]
    names = (chat.get(key) for key in ("first_name", "last_name"))
    return " ".join(name for name in names if isinstance(name, str))[:64]


def _dict(value: dict[str, Any], key: str) -> dict[str, Any]:
    found = value.get(key)
    return found if isinstance(found, dict) else {}


def _is_int(value: dict[str, Any], key: str) -> bool:
    return isinstance(value.get(key), int) and not isinstance(value[key], bool)
