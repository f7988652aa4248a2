"""Pages that have moved: their old addresses stand in bookmarks, letters and notifications. Pure."""

from __future__ import annotations

from typing import Final

_MOVED: Final = {
    "/whatsapp": "/messages/connection",
    "/whatsapp/inbox": "/messages",
    "/whatsapp/queue": "/messages/queue",
    "/whatsapp/templates": "/messages/templates",
}


def address_now(address: str) -> str:
    """Return where an address of ours leads now, its query kept."""
    path, mark, query = address.partition("?")
    return f"{_MOVED.get(path, path)}{mark}{query}"
