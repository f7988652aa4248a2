"""The numbers of the seller: read when the page opens and when something of them changes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import reflex as rx

from cube_demper import bootstrap
from cube_demper.core.ids import read_id
from cube_demper.db.session import BrowserEvent
from cube_demper.domain.accounts.schemas import Actor, Role
from cube_demper.domain.messaging import switches
from cube_demper.domain.messaging.sessions import service
from cube_demper.seller.pages.whatsapp.rows import NumberRow, number_row
from cube_demper.ui import session, toasts
from cube_demper.ui.guards import FormErrors, guarded
from cube_demper.ui.live import REREAD, LiveMixin
from cube_demper.ui.loading import PageMixin, loads

_CONCERN = {REREAD, "whatsapp"}


@dataclass(frozen=True)
class Picture:
    """What the page shows."""

    is_on: bool
    has_agreed: bool
    numbers: list[NumberRow]
    is_writing: bool
    """Some store writes to its buyers."""


async def read_picture(actor: Actor) -> Picture:
    """Read the seller's numbers."""
    services = bootstrap.web()
    async with services.db.read() as tx:
        agreed = await service.has_agreed(tx, actor)
        found = await service.list_numbers(tx, actor, services.secrets, services.clock.now())
        talks = await switches.list_talks(tx, actor, is_bonus_allowed=False)
    rows = [number_row(it) for it in found]
    is_writing = any(it.is_enabled for it in talks)
    return Picture(services.settings.waha.is_on, agreed, rows, is_writing)


class WhatsAppState(FormErrors, LiveMixin, PageMixin, rx.State):
    """Numbers and whether the risks were agreed to."""

    numbers: list[NumberRow] = []
    has_agreed: bool = False
    is_on: bool = True
    is_idle: bool = False
    """A number works, and no store writes from it yet."""

    @loads(Role.USER)
    async def load(self) -> None:
        """Read."""
        self._show(await read_picture(session.current_actor()))

    @guarded(Role.USER)
    async def agree(self, form: dict[str, Any]) -> Any:
        """Agree to the risks."""
        self.errors = {}
        if not form.get("agreed"):
            self.errors = {"agreed": "Отметьте, что прочитали и согласны."}
            return None
        services = bootstrap.web()
        async with services.db.write() as tx:
            await service.agree(tx, session.current_actor(), services.clock.now())
        self._show(await read_picture(session.current_actor()))
        return toasts.done("Записали согласие. Теперь подключите номер.")

    @guarded(Role.USER)
    async def add(self, form: dict[str, Any]) -> None:
        """Begin to link one more number."""
        services, actor = bootstrap.web(), session.current_actor()
        async with services.db.write() as tx:
            now = services.clock.now()
            await service.add_number(tx, actor, str(form.get("label", "")), now)
        self._show(await read_picture(actor))

    @guarded(Role.USER)
    async def ask_code(self, form: dict[str, Any]) -> None:
        """Ask for a code to type in on the phone."""
        self.errors = {}
        services, actor = bootstrap.web(), session.current_actor()
        number, phone = read_id(str(form.get("session_id", ""))), str(form.get("phone", ""))
        async with services.db.write() as tx:
            now, box = services.clock.now(), services.secrets
            await service.ask_code(tx, actor, number, phone, secrets=box, now=now)

    def _show(self, picture: Picture) -> None:
        self.numbers, self.is_on = picture.numbers, picture.is_on
        self.has_agreed = picture.has_agreed
        works = any(row.is_working for row in picture.numbers)
        self.is_idle = works and not picture.is_writing
        self.phase = "ready"

    async def _changed(self, events: list[BrowserEvent]) -> None:
        """Read again when a number moved."""
        if not any(event.kind in _CONCERN for event in events):
            return
        picture = await read_picture(session.current_actor())
        async with self:
            self._show(picture)
