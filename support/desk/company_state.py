"""Who else looks at the open chat or writes in it."""

from __future__ import annotations

import asyncio
from typing import ClassVar

import reflex as rx

from cube_demper.db.session import BrowserEvent
from cube_demper.domain.support.schemas import CHAT_EVENT, MESSAGE_EVENT, TYPING_EVENT
from cube_demper.ui import session
from cube_demper.ui.guards import guarded
from cube_demper.ui.live import REREAD
from support.desk import presence
from support.desk.asked import chat_of
from support.live import STAFF, StaffLive


class CompanyState(StaffLive, rx.State):
    """What is said of the others, and the reader's own sign to them."""

    _pace: ClassVar[float] = 0.15
    _yields_for: ClassVar[float] = 0.1

    company: presence.Company = presence.Company()

    @guarded(*STAFF)
    async def load(self) -> None:
        """See who is here."""
        self._about_to_read()
        found, number = chat_of(self.router.url), self.company.number + 1
        self.company = presence.Company(number)
        if found is not None:
            self.company = await presence.company(found, number)

    @guarded(*STAFF, background=True)
    async def stay(self) -> None:
        """Say again and again that this person looks at the chat, as long as they do and may."""
        actor = session.current_actor()
        async with self:
            found = chat_of(self.router.url)
        if found is None:
            return
        try:
            while True:
                await presence.look(found)
                await asyncio.sleep(presence.LOOK_EVERY)
                signed = await session.find_signed_in(self)
                if signed is None or signed.actor != actor:
                    return
        finally:
            await presence.leave(found, actor)

    def _concerns(self, events: list[BrowserEvent]) -> bool:
        return not all(it.kind in {MESSAGE_EVENT, CHAT_EVENT} for it in events)

    async def _changed(self, events: list[BrowserEvent]) -> None:
        async with self:
            found, number = chat_of(self.router.url), self.company.number
        kinds = {it.kind for it in events if it.id == str(found) or it.kind == REREAD}
        if found is None or not kinds & {TYPING_EVENT, REREAD}:
            return
        company = await presence.company(found, number + 1)
        async with self:
            if chat_of(self.router.url) == found:
                self.company = company
