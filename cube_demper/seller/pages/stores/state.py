"""The cards of stores, live; their catalogue syncs; removing one."""

from __future__ import annotations

from typing import Any

import reflex as rx

from cube_demper import bootstrap
from cube_demper.db.session import BrowserEvent
from cube_demper.domain.accounts.schemas import Role
from cube_demper.domain.catalog.syncs import service as syncs
from cube_demper.domain.feed import service as feed
from cube_demper.domain.orders import service as orders
from cube_demper.domain.orders import switching
from cube_demper.domain.stores import service as stores
from cube_demper.seller.pages.bot.reading import store_uuid
from cube_demper.seller.pages.stores.rows import (
    CardView,
    Removal,
    Totals,
    card_view,
    removal_of,
    totals,
)
from cube_demper.ui import session, toasts
from cube_demper.ui.guards import guarded
from cube_demper.ui.live import LiveMixin
from cube_demper.ui.loading import PageMixin, loads


class StoresState(LiveMixin, PageMixin, rx.State):
    """What the page shows."""

    cards: list[CardView] = []
    totals: Totals = Totals()

    @loads(Role.USER)
    async def load(self) -> None:
        """Read all stores."""
        self._show(await _read())

    @guarded(Role.USER)
    async def update_catalog(self, store_id: str) -> Any:
        """Have a store's catalogue read; a stopped run goes on where it stopped."""
        services, actor = bootstrap.web(), session.current_actor()
        async with services.db.write() as tx:
            await syncs.ask(tx, actor, store_uuid(store_id), services.clock.now())
        self._show(await _read())

    @guarded(Role.USER)
    async def cancel_update(self, store_id: str) -> Any:
        """Stop reading a store's catalogue."""
        services, actor = bootstrap.web(), session.current_actor()
        async with services.db.write() as tx:
            stopped = await syncs.cancel(tx, actor, store_uuid(store_id), services.clock.now())
        self._show(await _read())
        words = "Обновление остановлено. С продажи ничего не снято."
        return toasts.done(words) if stopped else toasts.told("Обновление уже закончилось.")

    @guarded(Role.USER)
    async def forget_password(self, store_id: str) -> Any:
        """Delete the kept password of a store's cabinet; its sign-in lives on."""
        services, actor = bootstrap.web(), session.current_actor()
        async with services.db.write() as tx:
            is_gone = await stores.forget_password(
                tx, actor, store_uuid(store_id), services.clock.now()
            )
        self._show(await _read())
        words = "Пароль стёрт. Когда вход в Kaspi истечёт, войдёте сами."
        return toasts.done(words) if is_gone else toasts.told("Пароля уже нет.")

    async def _changed(self, events: list[BrowserEvent]) -> None:  # noqa: ARG002 - all concern it
        read = await _read()
        async with self:
            self._show(read)

    @guarded(Role.USER)
    async def read_again(self) -> None:
        """Show at once what another part of the page has changed."""
        self._show(await _read())

    def _show(self, read: tuple[list[CardView], Totals]) -> None:
        self.cards, self.totals = read
        self.phase = "ready"


class RemovalState(rx.State):
    """The question before a store is removed, and what follows a yes."""

    asked: Removal = Removal()
    is_busy: bool = False

    @guarded(Role.USER)
    async def ask(self, store_id: str) -> None:
        """Say in numbers what will be deleted."""
        actor = session.current_actor()
        async with bootstrap.web().db.read() as tx:
            forecast = await stores.removal_forecast(tx, actor, store_uuid(store_id))
            sold = await orders.count_orders(tx, actor, store_uuid(store_id))
        self.asked = removal_of(store_id, forecast, sold)

    @guarded(Role.USER)
    async def close(self) -> None:
        """Keep the store."""
        self.asked = Removal()

    @guarded(Role.USER)
    async def confirm(self) -> Any:
        """Remove the store with everything of it."""
        services, actor, self.is_busy = bootstrap.web(), session.current_actor(), True
        yield
        try:
            async with services.db.write() as tx:
                name = await stores.remove_store(
                    tx, actor, store_uuid(self.asked.store_id), services.clock.now()
                )
        finally:
            self.asked, self.is_busy = Removal(), False
        yield toasts.done(f"«{name}» отключён. Вход в Kaspi стёрт, цены на витрине не изменились.")


async def _read() -> tuple[list[CardView], Totals]:
    services, actor = bootstrap.web(), session.current_actor()
    now = services.clock.now()
    async with services.db.read() as tx:
        cards = await stores.store_cards(tx, actor)
        tokens = await orders.tokens(tx, actor)
        feeds = await feed.feed_briefs(tx, actor, now)
        readings = {view.store_id: view for view in await switching.polls(tx, actor)}
    views = [
        card_view(
            card,
            tokens.get(card.bot.id),
            feeds.get(card.bot.id),
            now,
            reading=readings.get(card.bot.id),
        )
        for card in cards
    ]
    return views, totals(cards)
