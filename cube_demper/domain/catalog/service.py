"""Use cases of a seller's goods. Others use this module and the schemas, nothing else of the package."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.catalog import list_queries
from cube_demper.domain.catalog.bulk import bulk_change, preview_bulk
from cube_demper.domain.catalog.cities import (
    change_city,
    copy_home_bounds,
    restore_bounds,
    set_home_only,
)
from cube_demper.domain.catalog.edits import allow_big_fall, change_terms, check_now
from cube_demper.domain.catalog.exclusions import (
    exclude_rival,
    excluded_on,
    follow_only,
    include_rival,
    unfollow,
)
from cube_demper.domain.catalog.list_schemas import (
    PAGE_SIZE,
    ProductFilter,
    ProductPage,
    ProductRow,
    StoreChoice,
)
from cube_demper.domain.catalog.rival_preview import preview_product, preview_store
from cube_demper.domain.catalog.selecting import selected_product_ids
from cube_demper.domain.catalog.switching import preview_switch, switch_bot
from cube_demper.domain.catalog.undoing import undo
from cube_demper.domain.catalog.views import decision_log, price_series, product_view, sellers_now
from cube_demper.domain.pricing import service as pricing

__all__ = [
    "allow_big_fall",
    "apply_suggestion",
    "bulk_change",
    "change_city",
    "change_terms",
    "check_now",
    "copy_home_bounds",
    "decision_log",
    "exclude_rival",
    "excluded_on",
    "follow_only",
    "include_rival",
    "list_ids",
    "list_products",
    "list_stores",
    "preview_bulk",
    "preview_product",
    "preview_store",
    "preview_switch",
    "price_series",
    "product_view",
    "read_rows",
    "restore_bounds",
    "selected_product_ids",
    "sellers_now",
    "set_home_only",
    "switch_bot",
    "undo",
    "unfollow",
]


async def list_products(tx: ReadTx, actor: Actor, view: ProductFilter) -> ProductPage:
    """Return one page of the actor's goods; a page past the end is the last one."""
    counts = await list_queries.count_tabs(tx, actor, view)
    total = counts[view.tab]
    page = min(max(view.page, 1), max(1, -(-total // PAGE_SIZE)))
    rows = await list_queries.list_page(tx, actor, replace(view, page=page)) if total else ()
    return ProductPage(rows=rows, total=total, page=page, counts=counts)


async def list_ids(tx: ReadTx, actor: Actor, view: ProductFilter, limit: int) -> tuple[UUID, ...]:
    """Return the ids of everything under a filter, at most `limit`."""
    rows = await tx.execute(list_queries.selected_ids(actor, view).limit(limit))
    return tuple(row[0] for row in rows)


async def read_rows(
    tx: ReadTx, actor: Actor, product_ids: tuple[UUID, ...]
) -> tuple[ProductRow, ...]:
    """Read these rows of the list again, in no particular order."""
    return await list_queries.list_by_ids(tx, actor, product_ids[:PAGE_SIZE])


async def list_stores(tx: ReadTx, actor: Actor) -> tuple[StoreChoice, ...]:
    """Return the actor's stores as the list's filter offers them."""
    return await list_queries.list_stores(tx, actor)


async def apply_suggestion(tx: WriteTx, actor: Actor, history_id: UUID, now: datetime) -> None:
    """Send a suggested price after all.

    Raises:
        NotFound: there is no such suggestion of this seller.
        Conflict: the market or the terms have changed since.
    """
    await pricing.queue_suggestion(tx, actor, history_id, now)
