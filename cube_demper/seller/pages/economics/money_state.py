"""What orders brought and what the bot changed about it."""

from __future__ import annotations

import plotly.graph_objects as go
import reflex as rx

from cube_demper import bootstrap
from cube_demper.domain.accounts.schemas import Role
from cube_demper.domain.economics.shop import service as shop
from cube_demper.seller.pages.economics.address import query_of
from cube_demper.seller.pages.economics.money import (
    BotView,
    SalesView,
    bot_view,
    sales_figure,
    sales_view,
)
from cube_demper.ui import session
from cube_demper.ui.charts import new_figure
from cube_demper.ui.guards import guarded


class MoneyState(rx.State):
    """The two cards above the table."""

    sales: SalesView = SalesView()
    figure: go.Figure = new_figure(unit="%")
    bot: BotView = BotView()

    @guarded(Role.USER)
    async def load(self) -> None:
        """Read the orders and the bot's prices of the store that the address asks for, else of all."""
        services, actor = bootstrap.web(), session.current_actor()
        now, store_id = services.clock.now(), query_of(self.router.url).store_id
        async with services.db.read() as tx:
            sold = await shop.sales(tx, actor, store_id, now)
            prices = await shop.bot_prices(tx, actor, store_id, now)
        self.sales, self.figure = sales_view(sold), sales_figure(sold)
        self.bot = bot_view(prices, sold)
