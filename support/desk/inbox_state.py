"""The list of chats: some of them, how many there are of each kind, what waits aside."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final

import reflex as rx

from cube_demper import bootstrap
from cube_demper.db.session import BrowserEvent
from cube_demper.domain.support import desks, labels, reading
from cube_demper.domain.support.schemas import (
    CHAT_EVENT,
    MESSAGE_EVENT,
    TYPING_EVENT,
    ChatStatus,
    InboxCounts,
    InboxPage,
    Moment,
)
from cube_demper.ui import session
from cube_demper.ui.guards import guarded
from cube_demper.ui.live import REREAD
from cube_demper.ui.loading import PageMixin, loads
from support.desk.asked import Chosen, chat_of, chosen_of, query_of
from support.desk.inbox_rows import FoundRow, TalkRow, found_row, merged, talk_row
from support.live import STAFF, StaffLive

_CONCERN: Final = {REREAD, MESSAGE_EVENT, CHAT_EVENT}
MOST: Final = 300
"""Chats kept on a page; further ones are found by searching."""


@dataclass
class Choices:
    """What the filters offer: dicts with `value` and `label`."""

    people: list[dict[str, str]]
    labels: list[dict[str, str]]


class InboxState(StaffLive, PageMixin, rx.State):
    """What the list shows."""

    _yields_for: ClassVar[float] = 0.2

    rows: list[TalkRow] = []
    found: list[FoundRow] = []
    chosen: Chosen = Chosen()
    counts: dict[str, int] = {}
    choices: Choices = Choices([], [])
    has_more: bool = False
    waiting: int = 0
    """Chats that came since and stand aside until they are asked for."""
    here: str = ""
    """The chat that the address names."""
    _next: Moment | None = None

    @loads(*STAFF, stands=lambda _: True)
    async def load(self) -> None:
        """Read the list that the address asks for; the rows that stand there stay meanwhile."""
        chosen, found = chosen_of(self.router.url), chat_of(self.router.url)
        is_same, self.here = chosen == self.chosen and self.phase == "ready", str(found or "")
        self.chosen = chosen
        picture = await _read(chosen, len(self.rows) if is_same else 0)
        self.choices = await _choices()
        if is_same and found is not None:
            self._bring_up(picture)
        else:
            self._show(picture)

    @guarded(*STAFF)
    async def show_new(self) -> None:
        """Put what waits aside into its place."""
        self._show(await _read(self.chosen, len(self.rows)))

    @guarded(*STAFF)
    async def more(self) -> None:
        """Add older chats below."""
        if self._next is None:
            return
        page = (await _read(self.chosen, 0, self._next)).page
        known = {it.id for it in self.rows}
        now = bootstrap.web().clock.now()
        self.rows += [row for it in page.rows if (row := talk_row(it, now)).id not in known]
        self._next, self.has_more = page.next, page.next is not None and len(self.rows) < MOST

    def _concerns(self, events: list[BrowserEvent]) -> bool:
        return any(it.kind != TYPING_EVENT for it in events)

    async def _changed(self, events: list[BrowserEvent]) -> None:
        if not any(it.kind in _CONCERN for it in events):
            return
        async with self:
            chosen, count = self.chosen, len(self.rows)
        picture = await _read(chosen, count)
        async with self:
            if self.chosen == chosen:
                self._bring_up(picture)

    def _show(self, picture: _Picture) -> None:
        self.rows = picture.rows
        self.waiting = 0
        self._note(picture)

    def _bring_up(self, picture: _Picture) -> None:
        if not self.rows:
            self._show(picture)
            return
        is_all = picture.page.next is None
        self.rows, self.waiting = merged(self.rows, picture.rows, is_all=is_all)
        self._note(picture)

    def _note(self, picture: _Picture) -> None:
        self.counts, self.found = _counts(picture.counts), picture.found
        self._next = picture.page.next
        self.has_more = self._next is not None and len(self.rows) < MOST
        self.phase = "ready"


@dataclass(frozen=True)
class _Picture:
    page: InboxPage
    counts: InboxCounts
    rows: list[TalkRow]
    found: list[FoundRow]


async def _read(chosen: Chosen, count: int, after: Moment | None = None) -> _Picture:
    services, actor = bootstrap.web(), session.current_actor()
    now = services.clock.now()
    asked = query_of(chosen, limit=min(max(count, 30), MOST), after=after)
    async with services.db.read() as tx:
        page = await reading.inbox(tx, actor, asked, now)
        counts = await reading.counts(tx, actor, now)
        found = await reading.search(tx, actor, chosen.search) if chosen.search else []
    return _Picture(
        page,
        counts,
        [talk_row(it, now) for it in page.rows],
        [found_row(it, now) for it in found],
    )


async def _choices() -> Choices:
    services, actor = bootstrap.web(), session.current_actor()
    async with services.db.read() as tx:
        people = await desks.colleagues(tx, actor, services.clock.now())
        words = await labels.list_all(tx, actor)
    others = [it for it in people if it.user_id != actor.user_id]
    return Choices(
        [
            {"value": "mine", "label": "Мои"},
            {"value": "nobody", "label": "Ничьи"},
            *({"value": str(it.user_id), "label": it.name} for it in others),
        ],
        [{"value": str(it.id), "label": it.title} for it in words],
    )


def _counts(found: InboxCounts) -> dict[str, int]:
    by_status = {it.value: found.by_status.get(it, 0) for it in ChatStatus}
    del by_status[ChatStatus.CLOSED]
    return {
        "": sum(by_status.values()),
        **by_status,
        "mine": found.mine,
        "nobody": found.nobody,
        "late": found.late,
        "unread": found.unread,
    }
