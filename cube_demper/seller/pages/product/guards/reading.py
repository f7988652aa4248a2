"""Reading the guards of one product for its page."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import plotly.graph_objects as go

from cube_demper import bootstrap
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.catalog import service as catalog
from cube_demper.domain.pricing import service as pricing
from cube_demper.domain.pricing.consent import HeldFall
from cube_demper.domain.pricing.wars import service as wars
from cube_demper.seller.pages.product.chart import price_figure
from cube_demper.seller.pages.product.guards.rows import (
    HeldView,
    WarView,
    held_view,
    series_of,
    war_view,
)
from cube_demper.ui.charts import new_figure


@dataclass(frozen=True)
class Guards:
    """What the guards do on a product now, and its newest war of the week."""

    held: list[HeldView]
    war: WarView
    figure: go.Figure


async def read_guards(actor: Actor, product_id: UUID) -> Guards:
    """Read what is held and the newest war."""
    services = bootstrap.web()
    now = services.clock.now()
    async with services.db.read() as tx:
        view = await catalog.product_view(tx, actor, product_id)
        held = await pricing.held_falls(tx, actor, product_id, now)
        found = await wars.list_wars(tx, actor, product_id, now)
    names = {city.city_id: city.name for city in view.cities} if len(view.cities) > 1 else {}
    is_on = view.row.bot_active
    return Guards(
        held=[held_view(it, names.get(it.city_id, "")) for it in held] if is_on else [],
        war=war_view(found[0], now) if found else WarView(),
        figure=price_figure(series_of(found[0], now)) if found else new_figure(),
    )


async def read_held(actor: Actor, product_id: UUID, city_id: str) -> HeldFall | None:
    """Read one held fall again, for the question."""
    services = bootstrap.web()
    async with services.db.read() as tx:
        held = await pricing.held_falls(tx, actor, product_id, services.clock.now())
    return next((it for it in held if it.city_id == city_id), None)
