"""When a store writes: its switch, number, language, and each event with its delay."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import reflex as rx

from cube_demper import bootstrap
from cube_demper.core.errors import InvalidInput
from cube_demper.core.ids import find_id
from cube_demper.domain.accounts.schemas import Role
from cube_demper.domain.messaging import queue, switches
from cube_demper.domain.messaging.gate_schemas import Language, TriggerEvent
from cube_demper.domain.messaging.switches import StoreTalk, Switch
from cube_demper.seller.pages.whatsapp_templates.rows import (
    EventRow,
    TalkView,
    event_rows,
    talk_view,
)
from cube_demper.ui import session, toasts
from cube_demper.ui.guards import guarded
from cube_demper.ui.loading import PageMixin, loads


class TalkState(PageMixin, rx.State):
    """The card of one store."""

    stores: list[dict[str, str]] = []
    numbers: list[dict[str, str]] = []
    talk: TalkView = TalkView()
    events: list[EventRow] = []
    has_agreed: bool = False

    @loads(Role.USER)
    async def load(self) -> None:
        """Read the store that the address names, else the first."""
        services, actor = bootstrap.web(), session.current_actor()
        now = services.clock.now()
        async with services.db.read() as tx:
            seen = await queue.overview(tx, actor, now, secrets=services.secrets)
        self.has_agreed = seen.has_agreed
        self.numbers = [
            {"value": str(it.id), "label": f"{it.label} {it.phone}".strip()} for it in seen.numbers
        ]
        await self._read(find_id(self.router.url.query_parameters.get("store", "")))
        self.phase = "ready"

    @guarded(Role.USER)
    async def choose_store(self, store_id: str) -> None:
        """Show another store."""
        await self._read(find_id(store_id))

    @guarded(Role.USER)
    async def set_enabled(self, is_enabled: bool) -> Any:
        """Switch the store's letters on or off."""
        await self._save_talk(is_enabled=is_enabled)
        words = "Покупатели этого магазина получат сообщения" if is_enabled else "Больше не пишем"
        return toasts.done(words)

    @guarded(Role.USER)
    async def choose_language(self, language: str) -> None:
        """Choose the language of the store's letters."""
        await self._save_talk(language=Language(language))

    @guarded(Role.USER)
    async def choose_number(self, session_id: str) -> None:
        """Choose the number that writes."""
        await self._save_talk(session_id=find_id(session_id))

    @guarded(Role.USER)
    async def set_event(self, event: str, is_on: bool) -> None:
        """Switch one event on or off."""
        await self._save_event(event, is_on=is_on)

    @guarded(Role.USER)
    async def set_delay(self, event: str, minutes: str) -> None:
        """Say how long after the event the letter goes."""
        if not minutes.isdecimal():
            raise InvalidInput("Выберите задержку из списка.")
        await self._save_event(event, minutes=int(minutes))

    async def _save_talk(self, **changes: Any) -> None:
        services, store_id = bootstrap.web(), UUID(self.talk.store_id)
        number = self.talk.session_id or (self.numbers[0]["value"] if self.numbers else "")
        wished = {
            "is_enabled": self.talk.is_enabled,
            "language": Language(self.talk.language),
            "session_id": find_id(number),
            **changes,
        }
        try:
            async with services.db.write() as tx:
                await switches.set_talk(
                    tx, session.current_actor(), store_id, now=services.clock.now(), **wished
                )
        finally:
            await self._read(store_id)

    async def _save_event(
        self, event: str, *, is_on: bool | None = None, minutes: int | None = None
    ) -> None:
        row = next((it for it in self.events if it.event == event), None)
        if row is None:
            return
        store_id = UUID(self.talk.store_id)
        delay = timedelta(minutes=int(row.delay) if minutes is None else minutes)
        switch = Switch(row.is_on if is_on is None else is_on, delay)
        async with bootstrap.web().db.write() as tx:
            await switches.set_event(
                tx, session.current_actor(), store_id, TriggerEvent(event), switch
            )
        await self._read(store_id)

    async def _read(self, store_id: UUID | None) -> None:
        services = bootstrap.web()
        async with services.db.read() as tx:
            talks = await switches.list_talks(
                tx,
                session.current_actor(),
                is_bonus_allowed=services.settings.is_review_bonus_allowed,
            )
        self.stores = [{"value": str(it.store_id), "label": it.name} for it in talks]
        chosen: StoreTalk | None = next((it for it in talks if it.store_id == store_id), None)
        chosen = chosen or next(iter(talks), None)
        self.talk = talk_view(chosen) if chosen else TalkView()
        self.events = event_rows(chosen) if chosen else []
