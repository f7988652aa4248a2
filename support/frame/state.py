"""Who is at work here, how much waits, and what has just been said; the page's sign of life to others."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any, ClassVar, Final

import reflex as rx

from cube_demper import bootstrap
from cube_demper.core.ids import find_id
from cube_demper.db.session import BrowserEvent
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.support import desks, reading
from cube_demper.domain.support.errors import ChatNotFound
from cube_demper.domain.support.schemas import (
    MESSAGE_EVENT,
    TYPING_EVENT,
    ChatRow,
    ChatStatus,
    Colleague,
)
from cube_demper.ui import session, toasts
from cube_demper.ui.frame import ServerTime, initials, server_time
from cube_demper.ui.guards import guarded
from support.live import STAFF, StaffLive

_SIGN_OF_LIFE: Final = 60.0
_NEWS_AT_ONCE: Final = 5
_WAITING: Final = (ChatStatus.PENDING, ChatStatus.REOPENED)


@dataclass
class Person:
    """Who is signed in. `load`: their chats that are not closed."""

    name: str = ""
    initials: str = ""
    is_available: bool = False
    load: int = 0


@dataclass
class News:
    """What a customer has said last that concerns this person; `number` grows with each."""

    number: int = 0
    chat_id: str = ""
    person: str = ""
    text: str = ""


class FrameState(StaffLive, rx.State):
    """The shell of this tab."""

    _pace: ClassVar[float] = 0.5
    _yields_for: ClassVar[float] = 0.2

    person: Person = Person()
    clock: ServerTime = ServerTime()
    waiting: int = 0
    news: News = News()

    @guarded(*STAFF)
    async def load(self) -> None:
        """Read everything; who opens a page is at work."""
        self._about_to_read()
        actor, services = session.current_actor(), bootstrap.web()
        async with services.db.write() as tx:
            await desks.touch(tx, actor, services.clock.now())
        self.clock = server_time()
        self._show(*await _read(actor))

    @guarded(*STAFF, background=True)
    async def stay(self) -> None:
        """Say once a minute that the page is still open, as long as it is and its person may."""
        actor, services = session.current_actor(), bootstrap.web()
        while True:
            await asyncio.sleep(_SIGN_OF_LIFE)
            signed = await session.find_signed_in(self)
            if signed is None or signed.actor != actor:
                return
            async with services.db.write() as tx:
                await desks.touch(tx, actor, services.clock.now())

    @guarded(*STAFF)
    async def set_available(self, is_available: bool) -> Any:
        """Take chats by themselves from now on, or none."""
        actor, services = session.current_actor(), bootstrap.web()
        async with services.db.write() as tx:
            await desks.set_available(
                tx, actor, services.clock.now(), is_available=bool(is_available)
            )
        self._show(*await _read(actor))
        words = "Новые чаты приходят вам сами" if is_available else "Новые чаты вам не приходят"
        return toasts.told(words)

    def _concerns(self, events: list[BrowserEvent]) -> bool:
        return any(it.kind != TYPING_EVENT for it in events)

    async def _changed(self, events: list[BrowserEvent]) -> None:
        actor = session.current_actor()
        waiting, me = await _read(actor)
        said = await _said(actor, events)
        async with self:
            self._show(waiting, me)
            for row in said:
                self.news = News(self.news.number + 1, str(row.id), row.person, row.text[:120])

    def _show(self, waiting: int, me: Colleague | None) -> None:
        self.waiting = waiting
        if me is not None:
            self.person = Person(me.name, initials(me.name), me.is_available, me.load)


async def _read(actor: Actor) -> tuple[int, Colleague | None]:
    services = bootstrap.web()
    now = services.clock.now()
    async with services.db.read() as tx:
        counts = await reading.counts(tx, actor, now)
        people = await desks.colleagues(tx, actor, now)
    waiting = sum(counts.by_status.get(it, 0) for it in _WAITING)
    return waiting, next((it for it in people if it.user_id == actor.person_id), None)


async def _said(actor: Actor, events: list[BrowserEvent]) -> list[ChatRow]:
    """Return chats of mine, or nobody's, in which a customer has just spoken."""
    ids = [it.id for it in events if it.kind == MESSAGE_EVENT][:_NEWS_AT_ONCE]
    services = bootstrap.web()
    rows = []
    async with services.db.read() as tx:
        for chat_id in ids:
            row = await _find_row(tx, actor, chat_id)
            is_for_me = row is not None and row.assigned_to in (None, actor.user_id)
            if row is not None and is_for_me and row.unread and not row.is_ours:
                rows.append(row)
    return rows


async def _find_row(tx: Any, actor: Actor, chat_id: str) -> ChatRow | None:
    found = find_id(chat_id)
    if found is None:
        return None
    try:
        return (await reading.chat(tx, actor, found, bootstrap.web().clock.now())).row
    except ChatNotFound:
        return None
