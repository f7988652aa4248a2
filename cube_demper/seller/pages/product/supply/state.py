"""Edits of stock and pre-orders on the page of a product."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import reflex as rx

from cube_demper import bootstrap
from cube_demper.core.errors import DomainError, InvalidInput, NotFound
from cube_demper.domain.accounts.schemas import Actor, Role
from cube_demper.domain.pricing import service as pricing
from cube_demper.domain.supply import service as supply
from cube_demper.domain.supply.schemas import PointEdit
from cube_demper.seller.pages.product.supply.rows import SupplyView, supply_view
from cube_demper.seller.pages.products.address import product_of
from cube_demper.ui import session, toasts
from cube_demper.ui.guards import guarded
from cube_demper.ui.inline_editor import EditsMixin

PRE_ORDER = "pre_order"


class SupplyState(EditsMixin, rx.State):
    """The points of the page's product."""

    view: SupplyView = SupplyView()

    @guarded(Role.USER)
    async def load(self) -> None:
        """Read the points."""
        self.view = SupplyView()
        product_id = product_of(self.router.url)
        if product_id is not None:
            await self._read(session.current_actor(), product_id)

    @guarded(Role.USER)
    async def toggle(self, point_id: str, on: bool) -> Any:
        """Sell the product at a point, or stop selling it there."""
        word, was = ("yes", "no") if on else ("no", "yes")
        change_id = await self._change(
            {point_id: {"available": word}}, {point_id: {"available": was}}
        )
        if change_id:
            text = "Точка снова продаёт товар" if on else "Точка больше не продаёт товар"
            yield toasts.undo(text, SupplyState.undo(change_id))

    @guarded(Role.USER)
    async def save_stock(self, point_id: str, text: str) -> None:
        """Keep the pieces at a point; blank: they are not counted."""
        shown = next((it.stock for it in self.view.points if it.id == point_id), "")
        try:
            await self._change(
                {point_id: {"stockCount": _whole(text)}}, {point_id: {"stockCount": _whole(shown)}}
            )
        except DomainError as error:
            self._refused(f"{point_id}:stock", error)
        else:
            self._saved(f"{point_id}:stock")

    @guarded(Role.USER)
    async def save_pre_order(self, text: str) -> None:
        """Keep the days of a pre-order at every point that sells the product; blank or 0: none."""
        try:
            days = _whole(text) or None
            points = [it for it in self.view.points if it.is_available]
            await self._change(
                {it.id: {"preOrder": days} for it in points},
                {it.id: {"preOrder": it.pre_order_days or None} for it in points},
            )
        except DomainError as error:
            self._refused(PRE_ORDER, error)
        else:
            self._saved(PRE_ORDER)

    @guarded(Role.USER)
    async def undo(self, change_id: str) -> Any:
        """Take the newest change back."""
        services, actor = bootstrap.web(), session.current_actor()
        async with services.db.write() as tx:
            await supply.undo_supply(tx, actor, UUID(change_id), services.clock.now())
        await self._read(actor, UUID(str(product_of(self.router.url))))
        return toasts.done("Вернули прежнее наличие")

    async def _change(self, wanted: dict[str, PointEdit], seen: dict[str, PointEdit]) -> str:
        """Change and read again, refused or not; return the change's id, empty when it is so already."""
        services, actor = bootstrap.web(), session.current_actor()
        product_id = UUID(str(product_of(self.router.url)))
        try:
            async with services.db.write() as tx:
                change_id = await supply.change_supply(
                    tx, actor, product_id, wanted, seen=seen, now=services.clock.now()
                )
        finally:
            await self._read(actor, product_id)
        return str(change_id or "")

    async def _read(self, actor: Actor, product_id: UUID) -> None:
        services = bootstrap.web()
        now = services.clock.now()
        try:
            async with services.db.read() as tx:
                found = await supply.supply_of(tx, actor, product_id, now)
                limit = services.settings.kaspi.changes_per_30_min
                queue = await pricing.stock_place(tx, actor, product_id, now, limit=limit)
        except NotFound:
            return  # the page itself says that there is no such product
        self.view = supply_view(found, now, queue)


def _whole(text: str) -> int | None:
    digits = "".join(text.split())
    if not digits:
        return None
    if not digits.isdecimal() or len(digits) > 7:
        raise InvalidInput("Введите целое число.")
    return int(digits)
