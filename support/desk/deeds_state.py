"""What is done to the open chat: taken, given, handed over, closed, opened again, labelled."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import reflex as rx

from cube_demper import bootstrap
from cube_demper.core.ids import read_id
from cube_demper.domain.support import desks, service
from cube_demper.domain.support import labels as words
from cube_demper.domain.support.schemas import Colleague
from cube_demper.ui import session, toasts
from cube_demper.ui.format import counted
from cube_demper.ui.guards import FormErrors, guarded
from support.desk.chat_state import ChatState
from support.desk.inbox_rows import LabelView, label_views
from support.live import STAFF

_CHATS = ("чат", "чата", "чатов")


class DeedState(FormErrors, rx.State):
    """The buttons over a chat, and the dialog of handing over."""

    people: list[dict[str, str]] = []
    """Who may be given the chat: `value` and `label`."""
    labels: list[LabelView] = []
    is_giving: bool = False
    is_taken: bool = False
    """The chat is in work already: giving it on is a transfer."""

    @guarded(*STAFF)
    async def take(self) -> Any:
        """Take the chat into work."""
        await self._do(service.take)

    @guarded(*STAFF)
    async def close(self) -> Any:
        """End the matter; it can be opened again."""
        await self._do(service.close)
        return toasts.undo("Чат закрыт", DeedState.reopen, word="Открыть снова")

    @guarded(*STAFF)
    async def reopen(self) -> Any:
        """Go on with what was closed."""
        await self._do(service.reopen)
        return toasts.done("Чат снова открыт, он ваш")

    @guarded(*STAFF)
    async def begin_giving(self) -> None:
        """Ask whom to give the chat to."""
        chat: ChatState = await self.get_state(ChatState)
        self.errors, self.is_busy = {}, False
        self.people = await _people()
        self.is_taken = not chat.chat.can_take
        self.is_giving = True

    @guarded(*STAFF)
    async def put_away(self) -> None:
        """Keep the chat."""
        self.is_giving = False

    @guarded(*STAFF)
    async def give(self, form: dict[str, str]) -> Any:
        """Give the chat to a colleague, with a note for them where it was in work."""
        self.errors, self.is_busy = {}, True
        yield None
        person = read_id(form.get("person", ""), "Выберите, кому передать.")
        note = form.get("words", "")
        services, actor, chat_id = bootstrap.web(), session.current_actor(), await self._chat_id()
        now = services.clock.now()
        async with services.db.write() as tx:
            if self.is_taken:
                await service.transfer(tx, actor, chat_id, person, now, words=note)
            else:
                await service.assign(tx, actor, chat_id, person, now)
                if note.strip():
                    await service.note(tx, actor, chat_id, note, now, key=f"give:{now.isoformat()}")
        name = next((it["name"] for it in self.people if it["value"] == str(person)), "")
        self.is_giving, self.is_busy = False, False
        yield toasts.done(f"Чат передан: {name}")

    @guarded(*STAFF)
    async def open_labels(self) -> None:
        """Show all labels, those on the chat marked."""
        chat: ChatState = await self.get_state(ChatState)
        on = {it.id for it in chat.chat.labels}
        async with bootstrap.web().db.read() as tx:
            found = await words.list_all(tx, session.current_actor())
        self.labels = label_views(found)
        for it in self.labels:
            it.is_on = it.id in on

    @guarded(*STAFF)
    async def switch_label(self, label_id: str, is_on: bool) -> None:
        """Put a label on the chat, or take it off."""
        chat_id = await self._chat_id()
        async with bootstrap.web().db.write() as tx:
            await service.label(
                tx, session.current_actor(), chat_id, read_id(label_id), is_on=bool(is_on)
            )
        for it in self.labels:
            if it.id == label_id:
                it.is_on = bool(is_on)

    async def _do(self, deed: Callable[..., Awaitable[None]]) -> None:
        services, chat_id = bootstrap.web(), await self._chat_id()
        async with services.db.write() as tx:
            await deed(tx, session.current_actor(), chat_id, services.clock.now())

    async def _chat_id(self) -> UUID:
        chat: ChatState = await self.get_state(ChatState)
        return read_id(chat.chat.id)


async def _people() -> list[dict[str, str]]:
    services, actor = bootstrap.web(), session.current_actor()
    async with services.db.read() as tx:
        found = await desks.colleagues(tx, actor, services.clock.now())
    return [
        {"value": str(it.user_id), "label": _colleague(it), "name": it.name}
        for it in found
        if it.user_id != actor.user_id
    ]


def _colleague(it: Colleague) -> str:
    """Say who it is, whether they are there and how much they have: «Алия · на линии · 4 чата»."""
    there = "не в сети" if not it.is_online else "на линии" if it.is_available else "отошёл"
    return f"{it.name} · {there} · {counted(it.load, *_CHATS)}"
