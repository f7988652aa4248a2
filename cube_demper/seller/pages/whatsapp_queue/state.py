"""The queue: numbers with their budgets, one page of messages, «стоп» for all of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import reflex as rx
from reflex.istate.data import ReflexURL

from cube_demper import bootstrap
from cube_demper.db.session import BrowserEvent
from cube_demper.domain.accounts.schemas import Role
from cube_demper.domain.messaging import queue
from cube_demper.domain.messaging.queue_schemas import Overview, QueuePage
from cube_demper.seller.pages.whatsapp_queue.rows import (
    MessageRow,
    NumberRow,
    Standing,
    message_row,
    number_row,
    standing_of,
)
from cube_demper.ui import session, toasts
from cube_demper.ui.guards import guarded
from cube_demper.ui.live import REREAD, LiveMixin
from cube_demper.ui.loading import PageMixin, loads
from cube_demper.ui.query import ListQuery, read_query

_CONCERN = {REREAD, "whatsapp"}


@dataclass
class Picture:
    """What was read at one moment."""

    tab: str
    seen: Overview
    page: QueuePage
    now: datetime


class QueueState(LiveMixin, PageMixin, rx.State):
    """What the page shows."""

    standing: Standing = Standing()
    numbers: list[NumberRow] = []
    rows: list[MessageRow] = []
    counts: dict[str, int] = {}
    tab: str = "waiting"
    page: int = 1
    total: int = 0

    @loads(Role.USER)
    async def load(self) -> None:
        """Read the tab and page that the address asks for."""
        self._show(await _read(_query_of(self.router.url)))

    @guarded(Role.USER)
    async def stop(self) -> Any:
        """Let nothing leave any more."""
        services = bootstrap.web()
        async with services.db.write() as tx:
            await queue.stop(tx, session.current_actor(), services.clock.now())
        await self._again()
        return toasts.done("Отправка остановлена: очередь сохранится")

    @guarded(Role.USER)
    async def start(self) -> Any:
        """Go on sending."""
        services = bootstrap.web()
        async with services.db.write() as tx:
            await queue.start(tx, session.current_actor(), services.clock.now())
        await self._again()
        return toasts.done("Отправка продолжается")

    @guarded(Role.USER)
    async def drop(self, message_id: str) -> Any:
        """Take one message out of the queue."""
        services = bootstrap.web()
        async with services.db.write() as tx:
            now = services.clock.now()
            await queue.drop_message(tx, session.current_actor(), UUID(message_id), now)
        await self._again()
        return toasts.done("Сообщение не уйдёт")

    async def _again(self) -> None:
        self._show(await _read(_query_of(self.router.url)))

    async def _changed(self, events: list[BrowserEvent]) -> None:
        """Read again when a message came, left or was dropped."""
        if not any(event.kind in _CONCERN for event in events):
            return
        async with self:  # what a background handler sees outside is as old as its last look
            asked = _query_of(self.router.url)
        picture = await _read(asked)
        async with self:
            self._show(picture)

    def _show(self, picture: Picture) -> None:
        now, page = picture.now, picture.page
        self.standing = standing_of(picture.seen)
        self.numbers = [number_row(it, now) for it in picture.seen.numbers]
        self.rows = [message_row(it, picture.seen, now) for it in page.rows]
        self.counts, self.tab = page.counts, picture.tab
        self.page, self.total = page.page, page.total
        self.phase = "ready"


async def _read(asked: ListQuery) -> Picture:
    services, actor = bootstrap.web(), session.current_actor()
    now = services.clock.now()
    tab = asked.filters.get("tab", "")
    tab = tab if tab in queue.TAB_NAMES else "waiting"
    async with services.db.read() as tx:
        seen = await queue.overview(tx, actor, now, secrets=services.secrets)
        page = await queue.list_queue(tx, actor, tab, asked.page, secrets=services.secrets)
    return Picture(tab, seen, page, now)


def _query_of(url: ReflexURL) -> ListQuery:
    return read_query(url, sorts=(), filters=("tab",))
