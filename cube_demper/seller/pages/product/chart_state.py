"""The chart of a product's prices."""

from __future__ import annotations

from uuid import UUID

import plotly.graph_objects as go
import reflex as rx

from cube_demper.core.errors import NotFound
from cube_demper.domain.accounts.schemas import Actor, Role
from cube_demper.seller.pages.product.reading import SPANS, read_chart
from cube_demper.seller.pages.products.address import product_of
from cube_demper.ui import session
from cube_demper.ui.guards import guarded


class ChartState(rx.State):
    """What is drawn."""

    figure: go.Figure | None = None
    caption: str = ""
    span: str = "day"
    has_lines: bool = False

    @guarded(Role.USER)
    async def load(self) -> None:
        """Read the chart of the page's product."""
        self.figure, self.caption, self.has_lines = None, "", False
        product_id = product_of(self.router.url)
        if product_id is not None:
            await self._read(session.current_actor(), product_id)

    @guarded(Role.USER)
    async def choose(self, span: str) -> None:
        """Show another stretch of time."""
        self.span = span if span in SPANS else "day"
        product_id = product_of(self.router.url)
        if product_id is not None:
            await self._read(session.current_actor(), product_id)

    async def _read(self, actor: Actor, product_id: UUID) -> None:
        try:
            drawn = await read_chart(actor, product_id, self.span)
        except NotFound:
            return  # the page itself says that there is no such product
        self.figure, self.caption, self.has_lines = drawn
