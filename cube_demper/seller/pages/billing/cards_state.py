"""The tab «Карты»: what renews the plan."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import reflex as rx

from cube_demper import bootstrap
from cube_demper.core.ids import read_id
from cube_demper.domain.accounts.schemas import Role
from cube_demper.domain.billing import cards, viewing
from cube_demper.domain.billing.view_schemas import CardView, Standing
from cube_demper.seller.pages.billing.card_rows import CardRow, Removal, card_row, removal_of
from cube_demper.seller.pages.billing.reading import is_asked, is_owners
from cube_demper.ui import session, toasts
from cube_demper.ui.guards import guarded
from cube_demper.ui.loading import PageMixin, loads


@dataclass(frozen=True, slots=True)
class _Read:
    cards: list[CardView]
    standing: Standing


class CardsState(PageMixin, rx.State):
    """Saved cards and the question before one is removed."""

    rows: list[CardRow] = []
    question: Removal = Removal()
    is_busy: bool = False

    @loads(Role.USER)
    async def load(self) -> None:
        """Read the cards, when the address asks for them."""
        if is_asked(self.router.url, "cards") and is_owners(session.current_actor()):
            await self._again()

    @guarded(Role.USER)
    async def make_default(self, card_id: str) -> Any:
        """Let a card renew the plan from now on."""
        services = bootstrap.web()
        async with services.db.write() as tx:
            await cards.make_default(
                tx, session.current_actor(), read_id(card_id), services.clock.now()
            )
        await self._again()
        return toasts.done("Продлевать будем с этой карты")

    @guarded(Role.USER)
    async def ask(self, card_id: str) -> None:
        """Say what removing a card stops."""
        found, now = await _read(), bootstrap.web().clock.now()
        asked = next((it for it in found.cards if str(it.id) == card_id), None)
        self.question = removal_of(asked, found.standing, found.cards, now) if asked else Removal()

    @guarded(Role.USER)
    async def close(self) -> None:
        """Keep the card."""
        self.question = Removal()

    @guarded(Role.USER)
    async def remove(self) -> Any:
        """Forget the card."""
        if not self.question.id:  # the second press of two
            return None
        services = bootstrap.web()
        async with services.db.write() as tx:
            card_id = read_id(self.question.id)
            await cards.remove(tx, session.current_actor(), card_id, services.clock.now())
        self.question = Removal()
        await self._again()
        return toasts.done("Карта удалена, списаний с неё не будет")

    async def _again(self) -> None:
        found, now = await _read(), bootstrap.web().clock.now()
        self.rows = [card_row(it, found.standing, now) for it in found.cards]
        self.phase = "ready"


async def _read() -> _Read:
    services, actor = bootstrap.web(), session.current_actor()
    async with services.db.read() as tx:
        standing = await viewing.standing(tx, actor, services.clock.now())
        return _Read(await viewing.list_cards(tx, actor), standing)
