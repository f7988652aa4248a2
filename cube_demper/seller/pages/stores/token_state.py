"""The panel of a store's orders token: paste, take from the cabinet, try again, remove."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import reflex as rx

from cube_demper import bootstrap
from cube_demper.domain.accounts.schemas import Role
from cube_demper.domain.orders import service as orders
from cube_demper.domain.orders import switching
from cube_demper.seller.pages.bot.reading import store_uuid
from cube_demper.seller.pages.stores.state import StoresState
from cube_demper.ui import session, toasts
from cube_demper.ui.guards import FormErrors, guarded


class TokenState(FormErrors, rx.State):
    """Which store's panel is open; what it shows is in the store's card."""

    store_id: str = ""
    is_asking: bool = False

    @guarded(Role.USER)
    async def open(self, store_id: str) -> None:
        """Show a store's token."""
        self.store_id, self.is_asking, self.errors = store_id, False, {}

    @guarded(Role.USER)
    async def close(self) -> None:
        """Close the panel; what goes on goes on."""
        self.store_id, self.is_asking = "", False

    @guarded(Role.USER)
    async def paste(self, form: dict[str, Any]) -> Any:
        """Have a pasted token tried."""
        self.errors, self.is_busy = {}, True
        yield
        services, actor = bootstrap.web(), session.current_actor()
        async with services.db.write() as tx:
            text, now = str(form.get("token", "")), services.clock.now()
            store_id = store_uuid(self.store_id)
            await orders.offer(tx, actor, store_id, text, secrets=services.secrets, now=now)
        self.is_busy = False
        yield rx.set_value("token", "")
        yield StoresState.read_again

    @guarded(Role.USER)
    async def fetch(self) -> Any:
        """Have the token taken from the cabinet."""
        return await self._have(orders.fetch)

    @guarded(Role.USER)
    async def recheck(self) -> Any:
        """Have the kept token tried again."""
        return await self._have(orders.recheck)

    @guarded(Role.USER)
    async def switch_reading(self, is_on: bool) -> Any:
        """Begin or stop reading the store's orders."""
        services, actor = bootstrap.web(), session.current_actor()
        async with services.db.write() as tx:
            store_id, now = store_uuid(self.store_id), services.clock.now()
            await switching.switch(tx, actor, store_id, now, is_on=is_on)
        return StoresState.read_again

    @guarded(Role.USER)
    async def ask(self) -> None:
        """Ask before the token is removed, or take the question back."""
        self.is_asking = not self.is_asking

    @guarded(Role.USER)
    async def remove(self) -> Any:
        """Remove the token."""
        services, actor = bootstrap.web(), session.current_actor()
        async with services.db.write() as tx:
            is_removed = await orders.forget(tx, actor, store_uuid(self.store_id))
        self.is_asking = False
        yield StoresState.read_again
        yield toasts.done("Токен удалён.") if is_removed else toasts.told("Токена уже не было.")

    async def _have(self, done: Callable[..., Awaitable[None]]) -> Any:
        services, actor = bootstrap.web(), session.current_actor()
        async with services.db.write() as tx:
            await done(tx, actor, store_uuid(self.store_id), services.clock.now())
        return StoresState.read_again
