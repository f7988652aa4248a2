"""The card of the person in the address, read again when something of theirs changes."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import reflex as rx
from reflex.istate.data import ReflexURL

from admin.live import AdminLive
from admin.pages.user.rows import CardView, card_view
from cube_demper import bootstrap
from cube_demper.core.ids import find_id, read_id
from cube_demper.db.session import BrowserEvent
from cube_demper.domain.accounts import directory
from cube_demper.domain.accounts.schemas import Role
from cube_demper.ui import session
from cube_demper.ui.loading import PageMixin, loads


def user_of(url: ReflexURL) -> UUID | None:
    """Return the person that the address is about."""
    return find_id(url.path.rstrip("/").rpartition("/")[2])


class CardState(AdminLive, PageMixin, rx.State):
    """The card."""

    card: CardView = CardView()

    @loads(Role.ADMIN)
    async def load(self) -> None:
        """Read the card."""
        user_id = user_of(self.router.url)
        if user_id is None or self.card.id != str(user_id):
            self.card = CardView()
        self.card = await _read(user_id)
        self.phase = "ready"

    async def _channels(self) -> list[str]:
        return ["staff", f"user:{user_of(self.router.url)}"]

    async def _changed(self, events: list[BrowserEvent]) -> Any:
        async with self:
            user_id = user_of(self.router.url)
        about = {str(user_id), ""}
        if all(it.channel == "staff" and it.id not in about for it in events):
            return
        found = await _read(user_id)
        async with self:
            self.card = found


async def _read(user_id: UUID | None) -> CardView:
    services = bootstrap.web()
    now = services.clock.now()
    wanted = user_id or read_id("", "Такого пользователя нет.")
    async with services.db.read() as tx:
        return card_view(await directory.card(tx, session.current_actor(), wanted, now), now)
