"""Consent to a held fall, the rest of a price war, a rival left out: each asked first, in numbers."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import plotly.graph_objects as go
import reflex as rx

from cube_demper import bootstrap
from cube_demper.core.errors import NotFound
from cube_demper.core.ids import read_id
from cube_demper.domain.accounts.schemas import Actor, Role
from cube_demper.domain.catalog import service as catalog
from cube_demper.domain.pricing.wars import service as wars
from cube_demper.domain.pricing.wars.schemas import War
from cube_demper.domain.stores import service as stores
from cube_demper.seller.pages.product.guards.reading import read_guards, read_held
from cube_demper.seller.pages.product.guards.rows import (
    HeldView,
    Question,
    WarView,
    allow_question,
    end_question,
    exclude_question,
)
from cube_demper.seller.pages.product.reading import write
from cube_demper.seller.pages.products.address import product_of
from cube_demper.ui import session, toasts
from cube_demper.ui.format import moment
from cube_demper.ui.guards import guarded


class GuardState(rx.State):
    """The guards of the page's product."""

    held: list[HeldView] = []
    war: WarView = WarView()
    figure: go.Figure | None = None
    question: Question = Question()
    is_busy: bool = False

    @guarded(Role.USER)
    async def load(self) -> None:
        """Read the guards of the page's product."""
        self.held, self.war, self.question = [], WarView(), Question()
        product_id = product_of(self.router.url)
        if product_id is not None:
            await self._read(session.current_actor(), product_id)

    @guarded(Role.USER)
    async def ask_allow(self, city_id: str) -> Any:
        """Ask for consent to the fall that is held in a city."""
        product_id = product_of(self.router.url)
        if product_id is None:
            return None
        fall = await read_held(session.current_actor(), product_id, city_id)
        if fall is None:
            return toasts.told("Подозрительной цены больше нет: рынок изменился")
        self.question = allow_question(fall)
        return None

    @guarded(Role.USER)
    async def ask_end(self, war_id: str) -> None:
        """Ask whether to end the rest, saying where the price would go."""
        actor, war = session.current_actor(), await _war(war_id)
        async with bootstrap.web().db.read() as tx:
            forecast = await wars.rest_forecast(tx, actor, war.id)
        self.question = end_question(war, forecast)

    @guarded(Role.USER)
    async def ask_exclude(self, war_id: str) -> None:
        """Ask whether to leave the rival out of account."""
        self.question = exclude_question(await _war(war_id))

    @guarded(Role.USER)
    async def close(self) -> None:
        """Change nothing."""
        self.question, self.is_busy = Question(), False

    @guarded(Role.USER)
    async def confirm(self) -> Any:
        """Do what was asked."""
        asked, actor, self.is_busy = self.question, session.current_actor(), True
        yield
        if asked.act == "allow":
            product_id = product_of(self.router.url)
            allowed = await write(catalog.allow_big_fall, actor, product_id, asked.id)
            until = moment(allowed.until)
            yield toasts.done(f"Снижение разрешено до {until}. Бот проверит цену сейчас")
        elif asked.act == "end":
            await write(wars.end_rest, actor, read_id(asked.id))
            yield toasts.done("Пауза закончена. Бот проверит товар сейчас")
        elif asked.act == "exclude":
            war = await _war(asked.id)
            await write(stores.exclude_rival, actor, war.store_id, war.rival_id)
            undo = GuardState.include(str(war.store_id), war.rival_id)
            yield toasts.undo(f"«{war.rival_name}» больше не учитывается", undo)
        self.question, self.is_busy = Question(), False

    @guarded(Role.USER)
    async def prolong(self, war_id: str) -> Any:
        """Rest two hours longer."""
        until = await write(wars.prolong_rest, session.current_actor(), read_id(war_id))
        return toasts.done(f"Пауза продлена до {moment(until)}")

    @guarded(Role.USER)
    async def include(self, store_id: str, merchant_id: str) -> Any:
        """Take the rival into account again."""
        await write(stores.include_rival, session.current_actor(), read_id(store_id), merchant_id)
        return toasts.done("Снова учитываем этого продавца")

    async def _read(self, actor: Actor, product_id: UUID) -> None:
        try:
            found = await read_guards(actor, product_id)
        except NotFound:
            return  # the page itself says that there is no such product
        self.held, self.war, self.figure = found.held, found.war, found.figure


async def _war(war_id: str) -> War:
    services = bootstrap.web()
    async with services.db.read() as tx:
        return await wars.get_war(
            tx, session.current_actor(), read_id(war_id), services.clock.now()
        )
