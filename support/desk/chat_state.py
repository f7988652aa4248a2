"""The open chat: its head, its newest messages, older ones on demand."""

from __future__ import annotations

from typing import Any, ClassVar, Final
from uuid import UUID

import reflex as rx

from cube_demper import bootstrap
from cube_demper.core.ids import find_id
from cube_demper.db.session import BrowserEvent
from cube_demper.domain.support import reading, service
from cube_demper.domain.support.schemas import TYPING_EVENT, ChatCard, Message, MessagePage
from cube_demper.ui import session
from cube_demper.ui.guards import guarded
from cube_demper.ui.live import REREAD
from cube_demper.ui.loading import PageMixin, loads
from support.desk.asked import chat_of, message_of
from support.desk.chat_rows import ChatView, SaidRow, chat_view, said_rows, with_days
from support.live import STAFF, StaffLive

AT_ONCE: Final = 40
MOST: Final = 400
"""Messages kept on a page; then the window moves on."""
_AFTER_FOUND: Final = 15
"""How many messages after a found one are shown with it."""


class ChatState(StaffLive, PageMixin, rx.State):
    """What the chat shows."""

    _pace: ClassVar[float] = 0.15

    chat: ChatView = ChatView()
    said: list[SaidRow] = []
    asked: str = ""
    """The chat that the address names, which may be on its way."""
    marked: int = 0
    """The number of the message that a search led to."""
    has_older: bool = False
    has_newer: bool = False

    @rx.var
    def first_id(self) -> str:
        """Return the id of the message at the top."""
        return self.said[0].id if self.said else ""

    @rx.var
    def last_id(self) -> str:
        """Return the id of the message at the bottom."""
        return self.said[-1].id if self.said else ""

    @loads(*STAFF, stands=lambda it: it.chat.id == str(chat_of(it.router.url)))
    async def load(self) -> None:
        """Read the chat that the address names; none where it names none."""
        found, at = chat_of(self.router.url), message_of(self.router.url)
        self.asked = str(found or "")
        if self.chat.id != self.asked:
            self.chat, self.said = ChatView(), []
        if found is None:
            self.phase = "error"
            return
        self.marked = at or 0
        card, page = await _read(found, before=at + 1 if at else None)
        newer = await _after(found, at) if at else []
        page.rows.extend(newer[:_AFTER_FOUND])
        self._show(card, page)
        self.has_newer = len(newer) > _AFTER_FOUND

    @guarded(*STAFF)
    async def older(self) -> None:
        """Add older messages above; past the most that a page keeps, the newest leave it."""
        found = find_id(self.chat.id)
        if found is None or not self.has_older or not self.said:
            return
        _, page = await _read(found, before=self.said[0].number)
        rows = said_rows(page.rows, bootstrap.web().clock.now()) + self.said
        self.has_older, self.has_newer = page.has_older, self.has_newer or len(rows) > MOST
        self.said = with_days(rows[:MOST])

    @guarded(*STAFF)
    async def newest(self) -> None:
        """Come back from far to what was said last."""
        if (found := find_id(self.chat.id)) is not None:
            self.marked, self.has_newer = 0, False
            self._show(*await _read(found))

    @guarded(*STAFF)
    async def seen(self, chat_id: str) -> None:
        """Note that the person has the chat before their eyes."""
        services, found = bootstrap.web(), find_id(chat_id)
        if found is None:
            return
        async with services.db.write() as tx:
            await service.mark_read(tx, session.current_actor(), found, services.clock.now())

    def _concerns(self, events: list[BrowserEvent]) -> bool:
        return any(it.kind != TYPING_EVENT for it in events)

    async def _changed(self, events: list[BrowserEvent]) -> None:
        # As of this watcher's last look: another chat is another watcher's, and what was added to this one
        # since then is known when it is added. A look more would cost each message the tab's lock.
        if self.has_newer:  # but who comes back from far has left that look far behind
            async with self:
                pass
        chat_id, last = self.chat.id, self._last()
        found = find_id(chat_id)
        kinds = {it.kind for it in events if it.id == chat_id or it.kind == REREAD}
        if found is None or not kinds - {TYPING_EVENT}:
            return
        card, page = await _read(found, after=last)
        async with self:
            if self.chat.id == chat_id:
                self._add(card, [] if self.has_newer else page.rows)

    def _last(self) -> int:
        return self.said[-1].number if self.said else 0

    def _show(self, card: ChatCard, page: MessagePage) -> None:
        self.said = with_days(said_rows(page.rows, bootstrap.web().clock.now()))
        self.has_older = page.has_older
        self._put_head(card)

    def _add(self, card: ChatCard, rows: list[Any]) -> None:
        known = self._last()
        new = [it for it in rows if it.number > known]
        if new:
            fresh = said_rows(new, bootstrap.web().clock.now())
            rows = [*self.said, *fresh]
            self.said, self.has_older = with_days(rows[-MOST:]), self.has_older or len(rows) > MOST
        self._put_head(card)

    def _put_head(self, card: ChatCard) -> None:
        self.chat = chat_view(card, session.current_actor().user_id)
        self.phase = "ready"


async def _read(
    chat_id: UUID, *, before: int | None = None, after: int | None = None
) -> tuple[ChatCard, MessagePage]:
    services, actor = bootstrap.web(), session.current_actor()
    async with services.db.read() as tx:
        card = await reading.chat(tx, actor, chat_id, services.clock.now())
        page = await reading.messages(tx, actor, chat_id, before=before, after=after, limit=AT_ONCE)
    return card, page


async def _after(chat_id: UUID, number: int) -> list[Message]:
    """Read what was said after a message, one more than is shown of it."""
    async with bootstrap.web().db.read() as tx:
        page = await reading.messages(
            tx, session.current_actor(), chat_id, after=number, limit=_AFTER_FOUND + 1
        )
    return page.rows
