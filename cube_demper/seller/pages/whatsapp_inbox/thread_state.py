"""The open talk: its newest messages, older ones on demand, what was read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import reflex as rx

from cube_demper import bootstrap
from cube_demper.core.ids import find_id
from cube_demper.db.session import BrowserEvent
from cube_demper.domain.accounts.schemas import Role
from cube_demper.domain.messaging.inbox import threads
from cube_demper.domain.messaging.inbox.schemas import Moment
from cube_demper.seller.pages.whatsapp_inbox.reading import (
    ThreadPicture,
    asked_of,
    may_read,
    read_thread,
)
from cube_demper.seller.pages.whatsapp_inbox.rows import (
    OrderRow,
    SaidRow,
    TalkView,
    letter_note,
    order_rows,
    said_rows,
    talk_view,
)
from cube_demper.ui import session
from cube_demper.ui.guards import guarded
from cube_demper.ui.live import REREAD, LiveMixin
from cube_demper.ui.loading import PageMixin

_CONCERN = {REREAD, "message", "whatsapp", "quick_replies", "orders"}


@dataclass
class ReplyRow:
    """A quick answer to choose."""

    id: str
    title: str
    message: str


class ThreadState(LiveMixin, PageMixin, rx.State):
    """What the talk shows."""

    talk: TalkView = TalkView()
    said: list[SaidRow] = []
    orders: list[OrderRow] = []
    replies: list[ReplyRow] = []
    letter: str = ""
    asked: str = ""
    """The talk that the address names, which may be on its way."""
    is_aside: bool = False
    """The buyer's orders are open over the talk, where there is no room beside it."""
    _limit: int = threads.SAID_AT_ONCE
    _before: Moment | None = None
    """Far back: the messages before this one are shown, no others."""
    _oldest: Moment | None = None

    @guarded(Role.USER)
    async def load(self) -> Any:
        """Read the talk that the address names; none where it names none."""
        actor, found = session.current_actor(), asked_of(self.router.url).thread_id
        self._about_to_read()
        self.asked = str(found or "")
        if found is None or not may_read(actor):
            self.talk, self.said, self.orders = TalkView(), [], []
            return
        if self.talk.id != self.asked:
            self._limit, self._before = threads.SAID_AT_ONCE, None
            self.is_aside = False
            self.talk, self.said, self.orders = TalkView(), [], []
            self.phase = "loading"
            yield
        try:
            self._show(await read_thread(actor, found, self._limit))
        except Exception:
            self.phase = "error"
            raise

    @guarded(Role.USER)
    async def older(self) -> None:
        """Add older messages above; past the most that a page keeps, show those before in their place."""
        found = find_id(self.talk.id)
        if found is None or not self.talk.has_older:
            return
        if self._limit >= threads.MOST_SAID:
            self._limit, self._before = threads.SAID_AT_ONCE, self._oldest
        else:
            self._limit = min(self._limit + threads.SAID_AT_ONCE, threads.MOST_SAID)
        actor = session.current_actor()
        self._show(await read_thread(actor, found, self._limit, self._before))

    @guarded(Role.USER)
    async def newest(self) -> None:
        """Come back from far to what was said last."""
        found = find_id(self.talk.id)
        if found is None:
            return
        self._limit, self._before = threads.SAID_AT_ONCE, None
        self._show(await read_thread(session.current_actor(), found, self._limit))

    @guarded(Role.USER)
    async def show_orders(self, is_shown: bool) -> None:
        """Show the buyer's orders over the talk, or put them away."""
        self.is_aside = is_shown

    @guarded(Role.USER)
    async def seen(self, thread_id: str) -> None:
        """Note that the person has the talk before their eyes."""
        services, found = bootstrap.web(), find_id(thread_id)
        if found is None:
            return
        async with services.db.write() as tx:
            await threads.mark_read(tx, session.current_actor(), found, services.clock.now())

    async def _changed(self, events: list[BrowserEvent]) -> None:
        if not any(event.kind in _CONCERN for event in events):
            return
        async with self:
            found, limit, before = find_id(self.talk.id), self._limit, self._before
        if found is None:
            return
        picture = await read_thread(session.current_actor(), found, limit, before)
        async with self:
            if self.talk.id == str(found) and self._before == before:
                self._show(picture)

    def _show(self, picture: ThreadPicture) -> None:
        thread, now = picture.thread, picture.now
        self.talk = talk_view(thread, now)
        self.talk.has_newer, self._oldest = self._before is not None, thread.oldest
        self.said = said_rows(thread.said, thread.standing, now)
        self.orders = order_rows(thread.orders)
        self.letter = letter_note(thread.standing)
        self.replies = [ReplyRow(str(it.id), it.title, it.message) for it in picture.replies]
        self.phase = "ready"
