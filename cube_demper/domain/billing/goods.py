"""Goods that a plan decides about, for the pages: who keeps the bot, and who is at risk without it."""

from __future__ import annotations

from uuid import UUID

from cube_demper.db.session import ReadTx
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.billing import goods_queries as queries
from cube_demper.domain.billing.view_schemas import GoodsPage, GoodsView, LandingEffect

PAGE_SIZE = 20
LANDINGS = ("stay", "floor", "base")


async def keeping_bot(tx: ReadTx, actor: Actor, limit: int, page: int) -> GoodsPage:
    """List the goods that keep their bot within `limit`, the longest switched on first."""
    total = min(limit, await queries.count_bots(tx, actor.owner_id))
    page, skip = _place(page, total)
    size = min(PAGE_SIZE, total - skip)
    return GoodsPage(
        await queries.list_bots(tx, actor.owner_id, skip=skip, limit=size), page, total
    )


async def losing_bot(tx: ReadTx, actor: Actor, limit: int, page: int) -> GoodsPage:
    """List the goods whose bot does not fit into `limit`: those switched on last."""
    total = max(0, await queries.count_bots(tx, actor.owner_id) - limit)
    page, skip = _place(page, total)
    rows = await queries.list_bots(tx, actor.owner_id, skip=limit + skip, limit=PAGE_SIZE)
    return GoodsPage(rows, page, total)


async def first_losing_bot(
    tx: ReadTx, actor: Actor, limit: int, most: int
) -> tuple[GoodsView, ...]:
    """Return the first of them, `most` at most: those that were switched on just too late."""
    return await queries.list_bots(tx, actor.owner_id, skip=limit, limit=most)


async def ids_losing_bot(tx: ReadTx, actor: Actor, limit: int) -> tuple[UUID, ...]:
    """Return all of them, to be switched off at once."""
    return await queries.ids_past(tx, actor.owner_id, limit)


async def landing_effects(tx: ReadTx, actor: Actor) -> dict[str, LandingEffect]:
    """Say what each way of freezing prices would do now."""
    return {it: await queries.sum_up_landing(tx, actor.owner_id, it) for it in LANDINGS}


async def at_risk(
    tx: ReadTx, actor: Actor, choice: str, page: int, total: int
) -> tuple[tuple[tuple[GoodsView, int | None], ...], int]:
    """List goods at risk under one choice, `total` of them, with the price at which each freezes.

    Returns the rows and which page they are.
    """
    page, skip = _place(page, total)
    rows = await queries.list_at_risk(tx, actor.owner_id, choice, skip=skip, limit=PAGE_SIZE)
    return rows, page


async def count_landed(tx: ReadTx, actor: Actor) -> int:
    """Count goods at risk among those that stopped when the actor's plan ended."""
    return await queries.count_landed(tx, actor.owner_id)


async def landed(
    tx: ReadTx, actor: Actor, page: int, total: int
) -> tuple[tuple[tuple[GoodsView, int | None], ...], int]:
    """List them, `total` in all, with the price at which each stopped; and which page they are."""
    page, skip = _place(page, total)
    return await queries.list_landed(tx, actor.owner_id, skip=skip, limit=PAGE_SIZE), page


def _place(page: int, total: int) -> tuple[int, int]:
    page = max(1, min(page, -(-total // PAGE_SIZE)))
    return page, (page - 1) * PAGE_SIZE
