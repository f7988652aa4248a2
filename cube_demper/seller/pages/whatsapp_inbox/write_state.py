"""What is written by hand: sent, taken back, tried again; texts at hand and a place on the map."""

from __future__ import annotations

from typing import Any

import reflex as rx

from cube_demper import bootstrap
from cube_demper.core.errors import InvalidInput
from cube_demper.core.ids import new_id, read_id
from cube_demper.domain.accounts.schemas import Role
from cube_demper.domain.messaging.gate_schemas import TriggerEvent
from cube_demper.domain.messaging.inbox import quick, writing
from cube_demper.domain.messaging.inbox.places import read_place
from cube_demper.domain.messaging.inbox.schemas import Answer
from cube_demper.seller.pages.whatsapp_inbox.thread_state import ThreadState
from cube_demper.ui import session
from cube_demper.ui.chat_rows import Insert
from cube_demper.ui.guards import FormErrors, guarded


class WriteState(FormErrors, rx.State):
    """The composer."""

    insert: Insert = Insert()
    is_placing: bool = False
    _place_key: str = ""

    @guarded(Role.USER)
    async def send(self, thread_id: str, text: str, key: str, files: list[str]) -> Any:
        """Queue what was typed, with one file; the same press told twice is one message."""
        self._tell("keep", thread_id)
        services = bootstrap.web()
        given = Answer(text, key[:64] or str(new_id()), read_id(files[0]) if files else None)
        async with services.db.write() as tx:
            await writing.answer(
                tx, session.current_actor(), read_id(thread_id), given, services.clock.now(),
                secrets=services.secrets,
            )  # fmt: skip
        self._tell("clear", thread_id)
        talk = (await self.get_state(ThreadState)).talk
        return ThreadState.newest if talk.has_newer else None

    @guarded(Role.USER)
    async def cancel(self, queue_id: str) -> None:
        """Take back what waits; its words return to the composer."""
        services, thread_id = bootstrap.web(), await self._thread_id()
        async with services.db.write() as tx:
            sealed = await writing.cancel(
                tx, session.current_actor(), read_id(queue_id), services.clock.now()
            )
        if sealed:
            self._tell("insert", thread_id, services.secrets.decrypt(sealed))

    @guarded(Role.USER)
    async def try_again(self, queue_id: str) -> None:
        """Queue once more what did not leave."""
        services = bootstrap.web()
        async with services.db.write() as tx:
            await writing.try_again(
                tx, session.current_actor(), read_id(queue_id), services.clock.now(),
                secrets=services.secrets,
            )  # fmt: skip

    @guarded(Role.USER)
    async def take_reply(self, reply_id: str) -> None:
        """Put a quick answer, filled for this buyer, into the composer."""
        services, thread_id = bootstrap.web(), await self._thread_id()
        async with services.db.read() as tx:
            text = await quick.fill_reply(
                tx, session.current_actor(), read_id(thread_id), read_id(reply_id),
                secrets=services.secrets,
            )  # fmt: skip
        self._tell("insert", thread_id, text)

    @guarded(Role.USER)
    async def take_template(self, event: str) -> None:
        """Put an event's text, filled for this buyer, into the composer."""
        services, thread_id = bootstrap.web(), await self._thread_id()
        if event not in tuple(TriggerEvent):
            raise InvalidInput("Такого шаблона нет.")
        async with services.db.read() as tx:
            text = await quick.fill_template(
                tx, session.current_actor(), read_id(thread_id), TriggerEvent(event),
                secrets=services.secrets,
            )  # fmt: skip
        self._tell("insert", thread_id, text)

    @guarded(Role.USER)
    async def open_place(self) -> None:
        """Ask for a place."""
        self.errors, self.is_placing, self._place_key = {}, True, str(new_id())

    @guarded(Role.USER)
    async def close_place(self) -> None:
        """Put the question away."""
        self.is_placing = False

    @guarded(Role.USER)
    async def send_place(self, form: dict[str, Any]) -> None:
        """Queue a point on the map."""
        self.errors = {}
        place = read_place(str(form.get("place", "")), str(form.get("caption", "")))
        services, thread_id = bootstrap.web(), await self._thread_id()
        async with services.db.write() as tx:
            given = Answer("", self._place_key, enclosure=place)
            await writing.answer(
                tx, session.current_actor(), read_id(thread_id), given, services.clock.now(),
                secrets=services.secrets,
            )  # fmt: skip
        self.is_placing = False

    def _tell(self, deed: str, thread_id: str, text: str = "") -> None:
        self.insert = self.insert.then(deed, thread_id, text)

    async def _thread_id(self) -> str:
        talk: str = (await self.get_state(ThreadState)).talk.id
        return talk
