"""Readings of one product for its page, each in a transaction of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import plotly.graph_objects as go

from cube_demper import bootstrap
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.catalog import service as catalog
from cube_demper.domain.catalog.view_schemas import LogEntry
from cube_demper.domain.pricing import service as pricing
from cube_demper.seller.pages.product.cards import (
    CityView,
    ProductCard,
    SellerView,
    Terms,
    city_view,
    more_sellers,
    product_card,
    sellers_view,
    terms_of,
)
from cube_demper.seller.pages.product.chart import caption, price_figure
from cube_demper.seller.pages.product.entries import EntryView, entry_view
from cube_demper.seller.pages.product.proof import queue_words
from cube_demper.ui.format import iso

SPANS = {"day": timedelta(days=1), "three": timedelta(days=3), "month": timedelta(days=30)}
PAGE_OF_LOG = 15
MOST_OF_LOG = 150


@dataclass(frozen=True)
class Found:
    """Everything but the past."""

    card: ProductCard
    terms: Terms
    sellers: list[SellerView]
    more: str
    sellers_at: str
    cities: list[CityView]


@dataclass(frozen=True)
class Log:
    """A stretch of the log; `last` continues it."""

    entries: list[EntryView]
    last: tuple[datetime, UUID] | None
    has_more: bool
    waits: str
    """Where its queued change stands, when it must wait."""


async def read_product(actor: Actor, product_id: UUID) -> Found:
    """Read the product, its sellers and cities."""
    services = bootstrap.web()
    async with services.db.read() as tx:
        view = await catalog.product_view(tx, actor, product_id)
        sellers = await catalog.sellers_now(tx, actor, product_id)
    return Found(
        card=product_card(view, services.settings.kaspi.shop_url.rstrip("/")),
        terms=terms_of(view),
        sellers=sellers_view(sellers, view.rival_filters),
        more=more_sellers(sellers),
        sellers_at=iso(sellers.seen_at),
        cities=[city_view(city) for city in view.cities],
    )


async def read_chart(actor: Actor, product_id: UUID, span: str) -> tuple[go.Figure, str, bool]:
    """Read the chart's lines; return the figure, its sentence and whether there is anything."""
    services = bootstrap.web()
    now = services.clock.now()
    async with services.db.read() as tx:
        series = await catalog.price_series(tx, actor, product_id, now - SPANS[span], now)
    return price_figure(series), caption(series), not series.is_empty


async def read_log(
    actor: Actor,
    product_id: UUID,
    *,
    only_changes: bool,
    count: int = PAGE_OF_LOG,
    before: tuple[datetime, UUID] | None = None,
) -> Log:
    """Read decisions in words."""
    services = bootstrap.web()
    limit, now = min(count, MOST_OF_LOG), services.clock.now()
    async with services.db.read() as tx:
        view = await catalog.product_view(tx, actor, product_id)
        found: Sequence[LogEntry] = await catalog.decision_log(
            tx, actor, product_id, only_changes=only_changes, limit=limit + 1, before=before
        )
        queue = await pricing.queue_place(
            tx, actor, product_id, now, limit=services.settings.kaspi.changes_per_30_min
        )
    cities = {city.city_id: city.name for city in view.cities}
    shown = found[:limit]
    return Log(
        entries=[entry_view(entry, now, cities, queue) for entry in shown],
        last=(shown[-1].at, shown[-1].id) if shown else None,
        has_more=len(found) > limit,
        waits=queue_words(queue, now) if queue else "",
    )


async def write(call: Any, *arguments: Any) -> Any:
    """Call a use case of goods in a transaction, with the time as its last argument."""
    services = bootstrap.web()
    async with services.db.write() as tx:
        return await call(tx, *arguments, services.clock.now())
