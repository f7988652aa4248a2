"""The customer's card: read after the chat, and what may be done for them from it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import reflex as rx

from cube_demper import bootstrap
from cube_demper.core.ids import find_id, read_id
from cube_demper.domain.stores import administration as stores
from cube_demper.domain.support import care
from cube_demper.domain.support.customer import customer
from cube_demper.domain.support.customer_schemas import Customer
from cube_demper.ui import session, toasts
from cube_demper.ui.guards import guarded
from cube_demper.ui.loading import PageMixin, loads
from support.desk.asked import chat_of
from support.desk.card_rows import CardView, card_view
from support.live import STAFF


class CardState(PageMixin, rx.State):
    """What the card shows."""

    card: CardView = CardView()
    is_aside: bool = False
    """It is open over the chat, where there is no room beside it."""
    doomed: str = ""
    """The store that is about to be asked to sign in anew."""

    @loads(*STAFF, stands=lambda it: it.card.chat_id == str(chat_of(it.router.url)))
    async def load(self) -> None:
        """Read the card of the chat that the address names."""
        found = chat_of(self.router.url)
        if self.card.chat_id != str(found):
            self.card, self.is_aside = CardView(), False
        if found is None:
            self.phase = "error"
            return
        self._show(found, *await _read(found))

    @guarded(*STAFF)
    async def show(self, is_shown: bool) -> None:
        """Show the card over the chat, or put it away."""
        self.is_aside = bool(is_shown)

    @guarded(*STAFF)
    async def resync(self, store_id: str) -> Any:
        """Have a store's catalogue read anew."""
        services = bootstrap.web()
        async with services.db.write() as tx:
            await stores.resync(
                tx, session.current_actor(), read_id(store_id), services.clock.now()
            )
        await self._read_again()
        return toasts.done("Каталог обновляется")

    @guarded(*STAFF)
    async def ask(self, store_id: str) -> None:
        """Ask before a store is asked to sign in: until then its prices stand."""
        self.doomed = store_id

    @guarded(*STAFF)
    async def keep(self) -> None:
        """Leave the store as it is."""
        self.doomed = ""

    @guarded(*STAFF)
    async def ask_to_sign_in(self) -> Any:
        """Have a store sign in to Kaspi anew."""
        services = bootstrap.web()
        async with services.db.write() as tx:
            is_told = await stores.ask_to_sign_in(
                tx, session.current_actor(), read_id(self.doomed), services.clock.now()
            )
        self.doomed = ""
        await self._read_again()
        told = "Клиент получил просьбу войти в Kaspi"
        return toasts.done(told if is_told else "Пробуем войти сами: пароль сохранён")

    @guarded(*STAFF)
    async def send_confirmation(self) -> Any:
        """Send the letter that confirms the customer's e-mail once more."""
        services = bootstrap.web()
        async with services.db.write() as tx:
            await care.send_confirmation(
                tx,
                session.current_actor(),
                read_id(self.card.chat_id),
                services.clock.now(),
                visitor=session.visitor(self),
                attempts=session.attempts(),
            )
        return toasts.done("Письмо отправлено ещё раз")

    async def _read_again(self) -> None:
        if (found := find_id(self.card.chat_id)) is not None:
            self._show(found, *await _read(found))

    def _show(self, chat_id: UUID, found: Customer, now: datetime) -> None:
        self.card = card_view(str(chat_id), found, now)
        self.phase = "ready"


async def _read(chat_id: UUID) -> tuple[Customer, datetime]:
    services = bootstrap.web()
    now = services.clock.now()
    limit = services.settings.kaspi.changes_per_30_min
    async with services.db.read() as tx:
        found = await customer(tx, session.current_actor(), chat_id, now, changes_limit=limit)
    return found, now
