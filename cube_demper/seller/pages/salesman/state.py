"""The salesman's messages: one page of them, the seller's word on each."""

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
from cube_demper.domain.salesman import deciding, overview
from cube_demper.domain.salesman.deciding import ThoughtPage
from cube_demper.domain.salesman.overview import Standing
from cube_demper.seller.pages.salesman.rows import (
    DeskRow,
    Head,
    ThoughtRow,
    desk_row,
    head_of,
    thought_row,
)
from cube_demper.ui import session, toasts
from cube_demper.ui.guards import FormErrors, guarded
from cube_demper.ui.live import REREAD, LiveMixin
from cube_demper.ui.loading import PageMixin, loads
from cube_demper.ui.query import ListQuery, read_query

_CONCERN = {REREAD, "salesman"}


@dataclass
class Picture:
    """What was read at one moment."""

    tab: str
    standing: Standing
    page: ThoughtPage
    now: datetime


@dataclass
class Rewording:
    """A message whose text is being changed."""

    id: str = ""
    person: str = ""
    text: str = ""


class SalesmanState(LiveMixin, PageMixin, FormErrors, rx.State):
    """What the page shows."""

    head: Head = Head()
    desks: list[DeskRow] = []
    rows: list[ThoughtRow] = []
    counts: dict[str, int] = {}
    tab: str = "waiting"
    page: int = 1
    total: int = 0
    rewording: Rewording = Rewording()

    @loads(Role.USER)
    async def load(self) -> None:
        """Read the tab and page that the address asks for."""
        self._show(await _read(_query_of(self.router.url)))

    @guarded(Role.USER)
    async def approve(self, message_id: str) -> Any:
        """Let a message go as it is."""
        await _approve(message_id, None)
        self._show(await _read(_query_of(self.router.url)))
        return toasts.done("Сообщение отдано в отправку")

    @guarded(Role.USER)
    async def decline(self, message_id: str) -> Any:
        """Put a message away."""
        services = bootstrap.web()
        async with services.db.write() as tx:
            now = services.clock.now()
            await deciding.decline(tx, session.current_actor(), UUID(message_id), now)
        self._show(await _read(_query_of(self.router.url)))
        return toasts.done("Это сообщение не уйдёт")

    @guarded(Role.USER)
    async def reword(self, message_id: str) -> None:
        """Open a message's text."""
        self.errors = {}
        found = next((it for it in self.rows if it.id == message_id and it.is_waiting), None)
        if found is not None:
            self.rewording = Rewording(found.id, found.person, found.text)

    @guarded(Role.USER)
    async def send_reworded(self, form: dict[str, Any]) -> Any:
        """Let a message go in the seller's own words."""
        self.errors = {}
        await _approve(self.rewording.id, str(form.get("text", "")))
        self.rewording = Rewording()
        self._show(await _read(_query_of(self.router.url)))
        return toasts.done("Сообщение отдано в отправку")

    @guarded(Role.USER)
    async def put_away(self) -> None:
        """Close the dialog."""
        self.rewording = Rewording()

    async def _changed(self, events: list[BrowserEvent]) -> None:
        """Read again when a message was planned, written or decided."""
        if not any(event.kind in _CONCERN for event in events):
            return
        async with self:
            asked = _query_of(self.router.url)
        picture = await _read(asked)
        async with self:
            self._show(picture)

    def _show(self, picture: Picture) -> None:
        page = picture.page
        self.head = head_of(picture.standing)
        self.desks = [desk_row(it) for it in picture.standing.stores]
        self.rows = [thought_row(it, picture.now) for it in page.rows]
        self.counts, self.tab = page.counts, picture.tab
        self.page, self.total = page.page, page.total
        self.phase = "ready"


async def _approve(message_id: str, text: str | None) -> None:
    services = bootstrap.web()
    async with services.db.write() as tx:
        await deciding.approve(
            tx,
            session.current_actor(),
            UUID(message_id),
            services.clock.now(),
            secrets=services.secrets,
            text=text,
            is_bonus_allowed=services.settings.is_review_bonus_allowed,
        )


async def _read(asked: ListQuery) -> Picture:
    services, actor = bootstrap.web(), session.current_actor()
    now = services.clock.now()
    tab = asked.filters.get("tab", "")
    tab = tab if tab in deciding.TABS else "waiting"
    async with services.db.read() as tx:
        standing = await overview.standing_of(tx, actor, now)
        page = await deciding.list_thoughts(tx, actor, tab, asked.page, secrets=services.secrets)
    return Picture(tab, standing, page, now)


def _query_of(url: ReflexURL) -> ListQuery:
    return read_query(url, sorts=(), filters=("tab",))
