"""The panel of one product: its calculation, what of it is the product's own, and its batches."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import plotly.graph_objects as go
import reflex as rx

from cube_demper import bootstrap
from cube_demper.core.errors import InvalidInput
from cube_demper.core.ids import read_id
from cube_demper.domain.accounts.schemas import Role
from cube_demper.domain.economics.costs import service as costs
from cube_demper.domain.economics.shop import service as shop
from cube_demper.domain.economics.shop.form import read_weight
from cube_demper.models.catalog import CostMethod
from cube_demper.seller.pages.economics.edit_state import read_cost
from cube_demper.seller.pages.economics.panel_rows import Panel, history_figure, panel_of
from cube_demper.seller.pages.economics.state import EconomicsState
from cube_demper.ui import session, toasts
from cube_demper.ui.charts import new_figure
from cube_demper.ui.guards import FormErrors, guarded


class PanelState(FormErrors, rx.State):
    """What is open."""

    panel: Panel = Panel()
    figure: go.Figure = new_figure(unit="%")
    turn: int = 0

    @guarded(Role.USER)
    async def open(self, product_id: str) -> None:
        """Show a product."""
        self.errors = {}
        await self._read(read_id(product_id))

    @guarded(Role.USER)
    async def save_terms(self, form: dict[str, Any]) -> Any:
        """Keep the product's own category and weight."""
        self.errors = {}
        services, actor = bootstrap.web(), session.current_actor()
        weight = read_weight(str(form.get("weight") or ""))
        async with services.db.write() as tx:
            await shop.set_product_terms(
                tx,
                actor,
                UUID(self.panel.id),
                category=str(form.get("category") or ""),
                weight_g=weight,
                now=services.clock.now(),
            )
        await self._read(UUID(self.panel.id))
        yield toasts.done("Сохранено, прибыль пересчитана")
        yield EconomicsState.refresh

    @guarded(Role.USER)
    async def add_batch(self, form: dict[str, Any]) -> Any:
        """Add pieces bought together."""
        self.errors = {}
        services, actor = bootstrap.web(), session.current_actor()
        on, quantity = _day(form.get("bought_on")), _pieces(form.get("quantity"))
        cost = _batch_cost(form.get("unit_cost"))
        async with services.db.write() as tx:
            await costs.add_batch(
                tx,
                actor,
                UUID(self.panel.id),
                bought_on=on,
                quantity=quantity,
                unit_cost=cost,
                note=str(form.get("note") or ""),
                now=services.clock.now(),
            )
        await self._read(UUID(self.panel.id))
        yield toasts.done("Партия добавлена")
        yield EconomicsState.refresh

    @guarded(Role.USER)
    async def remove_batch(self, batch_id: str) -> Any:
        """Forget a batch."""
        services, actor = bootstrap.web(), session.current_actor()
        product_id = UUID(self.panel.id)
        async with services.db.write() as tx:
            await costs.remove_batch(tx, actor, product_id, read_id(batch_id), services.clock.now())
        await self._read(product_id)
        yield EconomicsState.refresh

    @guarded(Role.USER)
    async def choose_method(self, method: str) -> Any:
        """Let batches make the cost, or type it by hand."""
        if method not in {it.value for it in CostMethod}:
            raise InvalidInput("Выберите способ из списка.", field="method")
        services, actor = bootstrap.web(), session.current_actor()
        product_id = UUID(self.panel.id)
        async with services.db.write() as tx:
            now = services.clock.now()
            await costs.choose_method(tx, actor, product_id, CostMethod(method), now)
        await self._read(product_id)
        yield EconomicsState.refresh

    @guarded(Role.USER)
    async def close(self) -> None:
        """Leave."""
        self.panel = Panel()

    async def _read(self, product_id: UUID) -> None:
        services, actor = bootstrap.web(), session.current_actor()
        now = services.clock.now()
        async with services.db.read() as tx:
            found = await shop.product_economics(tx, actor, product_id, now)
            bought = await costs.get_costs(tx, actor, product_id)
        self.panel, self.figure = panel_of(found, bought), history_figure(found, now)
        self.turn += 1


def _day(text: Any) -> date:
    try:
        return date.fromisoformat(str(text or ""))
    except ValueError:
        raise InvalidInput("Выберите дату закупки.", field="on") from None


def _pieces(text: Any) -> int:
    digits = "".join(str(text or "").split())
    if not digits.isdecimal() or len(digits) > 7:
        raise InvalidInput("Введите целое число штук.", field="quantity")
    return int(digits)


def _batch_cost(text: Any) -> int:
    try:
        cost = read_cost(str(text or ""))
    except InvalidInput as error:
        raise InvalidInput(error.message, field="unit_cost") from None
    if cost is None:
        raise InvalidInput("Введите цену за штуку.", field="unit_cost")
    return cost
