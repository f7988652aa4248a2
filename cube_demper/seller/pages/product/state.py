"""One product: what it is, what it costs now, who else sells it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import reflex as rx

from cube_demper.core.errors import NotFound
from cube_demper.db.session import BrowserEvent
from cube_demper.domain.accounts.schemas import Role
from cube_demper.domain.catalog import service as catalog
from cube_demper.seller.pages.product.cards import CityView, ProductCard, SellerView, Terms
from cube_demper.seller.pages.product.chart_state import ChartState
from cube_demper.seller.pages.product.guards.state import GuardState
from cube_demper.seller.pages.product.log_state import LogState
from cube_demper.seller.pages.product.reading import Found, read_product, write
from cube_demper.seller.pages.product.supply.state import SupplyState
from cube_demper.seller.pages.products.address import product_of
from cube_demper.ui import session, toasts
from cube_demper.ui.guards import guarded
from cube_demper.ui.live import REREAD, LiveMixin


class ProductState(LiveMixin, rx.State):
    """The product of this page's address."""

    _pace = 1.0  # one change of a price is announced by several rows
    phase: str = "loading"
    card: ProductCard = ProductCard()
    terms: Terms = Terms()
    sellers: list[SellerView] = []
    more_sellers: str = ""
    sellers_at: str = ""
    cities: list[CityView] = []

    @guarded(Role.USER)
    async def load(self) -> Any:
        """Read the product."""
        product_id = product_of(self.router.url)
        if self.card.id != str(product_id):
            self.phase, self.card = "loading", ProductCard()
            yield
        if product_id is None:
            self.phase = "missing"
            return
        try:
            self._show(await read_product(session.current_actor(), product_id))
        except NotFound:
            self.phase = "missing"
        except Exception:
            self.phase = "error"
            raise

    @guarded(Role.USER)
    async def check_now(self) -> Any:
        """Have the bot look at the product at once."""
        await write(catalog.check_now, session.current_actor(), UUID(self.card.id))
        return toasts.told("Бот проверит товар, как только дойдёт очередь: обычно за минуту")

    def _show(self, found: Found) -> None:
        self.card, self.terms = found.card, found.terms
        self.sellers, self.more_sellers = found.sellers, found.more
        self.sellers_at, self.cities = found.sellers_at, found.cities
        self.phase = "ready"

    async def _changed(self, events: list[BrowserEvent]) -> None:
        """Read the product, its chart and its log again when it is the one that changed."""
        async with self:  # what a background handler sees outside is as old as its last look
            shown = self.card.id
        concerns = any(it.id in {shown, ""} or it.kind in {REREAD, "store"} for it in events)
        if not shown or not concerns:
            return
        actor, product_id = session.current_actor(), UUID(shown)
        found = await read_product(actor, product_id)
        async with self:
            if self.card.id != shown:
                return
            self._show(found)
            chart, log = await self.get_state(ChartState), await self.get_state(LogState)
            await chart._read(actor, product_id)  # noqa: SLF001 - parts of one page
            await log._read_again(actor, product_id)  # noqa: SLF001 - parts of one page
            supply = await self.get_state(SupplyState)
            await supply._read(actor, product_id)  # noqa: SLF001 - parts of one page
            guards = await self.get_state(GuardState)
            await guards._read(actor, product_id)  # noqa: SLF001 - parts of one page
