"""What a support person writes: an answer, a note for their own, a text at hand; and that they write."""

from __future__ import annotations

from typing import Any

import reflex as rx

from cube_demper import bootstrap
from cube_demper.core.ids import find_id, new_id, read_id
from cube_demper.domain.support import replies, service
from cube_demper.domain.support.rules import MOST_FILES
from cube_demper.domain.support.schemas import Draft
from cube_demper.ui import session
from cube_demper.ui.chat_rows import Insert
from cube_demper.ui.guards import guarded
from support.desk import presence
from support.desk.chat_state import ChatState
from support.live import STAFF


class WriteState(rx.State):
    """The composer. An answer and a note have handlers of their own: neither becomes the other."""

    insert: Insert = Insert()
    offers: list[dict[str, str]] = []

    @guarded(*STAFF)
    async def load(self) -> None:
        """Read the texts at hand."""
        async with bootstrap.web().db.read() as tx:
            found = await replies.list_all(tx, session.current_actor())
        self.offers = [
            {"id": str(it.id), "shortcut": it.shortcut, "title": it.title} for it in found
        ]

    @guarded(*STAFF)
    async def send(self, chat_id: str, text: str, key: str, files: list[str]) -> Any:
        """Answer the customer; the same press told twice is one message."""
        self.insert = self.insert.then("keep", chat_id)
        services = bootstrap.web()
        draft = Draft(text, _key(key), tuple(read_id(it) for it in files[: MOST_FILES + 1]))
        async with services.db.write() as tx:
            await service.write(
                tx, session.current_actor(), read_id(chat_id), draft, services.clock.now()
            )
        self.insert = self.insert.then("clear", chat_id)
        chat: ChatState = await self.get_state(ChatState)
        if chat.chat.id == chat_id:
            await presence.wrote(read_id(chat_id), chat.chat.user_id)
        return ChatState.newest if chat.has_newer else None

    @guarded(*STAFF)
    async def note(self, chat_id: str, text: str, key: str) -> Any:
        """Write a note that the customer never sees."""
        place = f"{chat_id}/note"
        self.insert = self.insert.then("keep", place)
        services = bootstrap.web()
        async with services.db.write() as tx:
            await service.note(
                tx,
                session.current_actor(),
                read_id(chat_id),
                text,
                services.clock.now(),
                key=_key(key),
            )
        self.insert = self.insert.then("clear", place)
        return ChatState.newest if await self._is_far() else None

    @guarded(*STAFF)
    async def take_reply(self, chat_id: str, reply_id: str) -> None:
        """Put a text at hand, filled for this customer, into the composer."""
        services = bootstrap.web()
        async with services.db.write() as tx:
            text = await replies.fill(
                tx, session.current_actor(), read_id(reply_id), read_id(chat_id)
            )
        self.insert = self.insert.then("insert", chat_id, text)

    @guarded(*STAFF)
    async def typing(self, chat_id: str) -> None:
        """Tell the customer, and colleagues, that an answer is being written."""
        chat: ChatState = await self.get_state(ChatState)
        if (found := find_id(chat_id)) is not None and chat.chat.id == chat_id:
            await presence.type_in(found, chat.chat.user_id)

    async def _is_far(self) -> bool:
        chat: ChatState = await self.get_state(ChatState)
        return chat.has_newer


def _key(given: str) -> str:
    return given[:64] or str(new_id())
