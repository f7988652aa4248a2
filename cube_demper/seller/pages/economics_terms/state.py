"""The conditions of one store: saved as a whole, kinds of goods one by one, figures agreed to together."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import reflex as rx

from cube_demper import bootstrap
from cube_demper.core.errors import DomainError
from cube_demper.core.ids import find_id, read_id
from cube_demper.domain.accounts.schemas import Role
from cube_demper.domain.economics.shop import service as shop
from cube_demper.domain.economics.shop.form import read_terms
from cube_demper.seller.pages.economics.rows import StoreOption
from cube_demper.seller.pages.economics_terms.rows import (
    KindRow,
    Saved,
    Unsure,
    kind_row,
    saved_of,
    unsure_of,
)
from cube_demper.ui import session, toasts
from cube_demper.ui.guards import FormErrors, guarded
from cube_demper.ui.loading import PageMixin, loads


class SaleTermsState(FormErrors, PageMixin, rx.State):
    """What the page shows."""

    stores: list[StoreOption] = []
    saved: Saved = Saved()
    regime: str = "ip_simplified"
    delivery: str = "city"
    kinds: list[KindRow] = []
    unsure: Unsure = Unsure()
    _keys: list[str] = []

    @loads(Role.USER)
    async def load(self) -> None:
        """Read the store that the address names, else the first."""
        services, actor = bootstrap.web(), session.current_actor()
        asked = find_id(self.router.url.query_parameters.get("store", ""))
        self.errors = {}
        async with services.db.read() as tx:
            own = await shop.list_stores(tx, actor)
        self.stores = [StoreOption(str(store_id), name) for store_id, name in own]
        ids = [store_id for store_id, _ in own]
        if ids:
            await self._read(asked if asked in ids else ids[0])
        self.phase = "ready"

    @guarded(Role.USER)
    async def save(self, form: dict[str, Any]) -> Any:
        """Save the conditions; the bots of the store look anew."""
        self.errors = {}
        self.is_busy = True
        yield
        services, store_id = bootstrap.web(), UUID(self.saved.store_id)
        terms = read_terms(form)
        async with services.db.write() as tx:
            now, actor = services.clock.now(), session.current_actor()
            await shop.save_terms(tx, actor, store_id, terms, now)
        await self._read(store_id)
        self.is_busy = False
        yield toasts.done("Условия сохранены, прибыль пересчитана")

    @guarded(Role.USER)
    async def choose_kind(self, kind: str, text: str) -> Any:
        """Say what the tariffs call a kind of goods."""
        services, store_id = bootstrap.web(), UUID(self.saved.store_id)
        try:
            async with services.db.write() as tx:
                now, actor = services.clock.now(), session.current_actor()
                await shop.choose_kind(tx, actor, store_id, kind=kind, category=text, now=now)
        except DomainError as error:
            self.errors = {**self.errors, **self._kind_error(kind, error.message)}
            return
        self.errors = {**self.errors, **self._kind_error(kind, "")}
        await self._read(store_id, keep_form=True)
        yield toasts.done("Категория сохранена, прибыль пересчитана")

    @guarded(Role.USER)
    async def agree(self) -> Any:
        """Take the figures that are shown."""
        services, store_id = bootstrap.web(), UUID(self.saved.store_id)
        async with services.db.write() as tx:
            now, actor = services.clock.now(), session.current_actor()
            await shop.agree(tx, actor, store_id, self._keys, now)
        await self._read(store_id, keep_form=True)
        return toasts.done("Цифры приняты: бот считает по ним мин. прибыль")

    @guarded(Role.USER)
    async def choose_regime(self, regime: str) -> None:
        """Show the fields of another regime; nothing is saved yet."""
        self.regime = regime

    @guarded(Role.USER)
    async def choose_delivery(self, delivery: str) -> None:
        """Show the fields of another delivery; nothing is saved yet."""
        self.delivery = delivery

    @guarded(Role.USER)
    async def open_store(self, store_id: str) -> Any:
        """Go to another store."""
        return rx.redirect(f"/economics/terms?store={read_id(store_id)}")

    def _kind_error(self, kind: str, words: str) -> dict[str, str]:
        return {row.key: words for row in self.kinds if row.name == kind}

    async def _read(self, store_id: UUID, *, keep_form: bool = False) -> None:
        services, actor = bootstrap.web(), session.current_actor()
        async with services.db.read() as tx:
            view = await shop.store_terms(tx, actor, store_id, services.clock.now())
        if not keep_form:
            self.saved = saved_of(view, self.saved.version + 1)
            self.regime, self.delivery = self.saved.regime, self.saved.delivery
        self.kinds = [kind_row(it, at) for at, it in enumerate(view.kinds)]
        self.unsure, self._keys = unsure_of(view), list(view.unsure_keys)
