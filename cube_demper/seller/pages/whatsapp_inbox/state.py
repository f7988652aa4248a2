"""The list of talks: some of them, the newest first, and how many are unread."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import reflex as rx

from cube_demper import bootstrap
from cube_demper.db.session import BrowserEvent
from cube_demper.domain.accounts.schemas import Role
from cube_demper.domain.messaging.inbox import threads
from cube_demper.domain.messaging.inbox.schemas import Moment, ThreadPage
from cube_demper.seller.pages.whatsapp_inbox.reading import asked_of, may_read, read_list
from cube_demper.seller.pages.whatsapp_inbox.rows import TalkRow, talk_row
from cube_demper.ui import session
from cube_demper.ui.guards import guarded
from cube_demper.ui.live import REREAD, LiveMixin
from cube_demper.ui.loading import PageMixin

_CONCERN = {REREAD, "message"}


class InboxState(LiveMixin, PageMixin, rx.State):
    """What the list shows."""

    rows: list[TalkRow] = []
    has_more: bool = False
    unread: int = 0
    is_allowed: bool = True
    search: str = ""
    tab: str = ""
    chosen: str = ""
    _last: Moment | None = None

    @guarded(Role.USER)
    async def load(self) -> Any:
        """Read the list that the address asks for; the rows that stand there stay meanwhile."""
        actor, asked = session.current_actor(), asked_of(self.router.url)
        self._about_to_read()
        self.search, self.tab = asked.search, "unread" if asked.is_unread else ""
        self.chosen = str(asked.thread_id or "")
        self.is_allowed = may_read(actor)
        if not self.is_allowed:
            self.phase = "ready"
            return None
        try:
            if asked.order_id is not None:
                return await _open_order(asked.order_id)
            self._show(*await read_list(actor, asked))
        except Exception:
            self.phase = "error"
            raise
        return None

    @guarded(Role.USER)
    async def more(self) -> None:
        """Add older talks below."""
        asked = asked_of(self.router.url)
        page, now = await read_list(session.current_actor(), asked, after=self._last)
        shown = {row.id for row in self.rows}
        self.rows += [row for it in page.rows if (row := talk_row(it, now)).id not in shown]
        self._note(page)

    async def _changed(self, events: list[BrowserEvent]) -> None:
        if not any(event.kind in _CONCERN for event in events):
            return
        async with self:
            asked, count = asked_of(self.router.url), len(self.rows)
        if not may_read(session.current_actor()):
            return
        limit = max(count, threads.PAGE_SIZE)
        page, now = await read_list(session.current_actor(), asked, limit=limit)
        async with self:
            self._show(page, now)

    def _show(self, page: ThreadPage, now: datetime) -> None:
        self.rows = [talk_row(it, now) for it in page.rows]
        self._note(page)
        self.phase = "ready"

    def _note(self, page: ThreadPage) -> None:
        self.has_more, self.unread = page.has_more, page.unread
        if page.rows:
            self._last = (page.rows[-1].talked_at, page.rows[-1].id)


async def _open_order(order_id: UUID) -> Any:
    services = bootstrap.web()
    async with services.db.write() as tx:
        found = await threads.thread_of_order(
            tx, session.current_actor(), order_id, secrets=services.secrets
        )
    return rx.redirect(f"/messages?thread={found}", replace=True)
