"""Sellers that a store has met, by name: what its rules of rivals are written with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from cube_demper.db.session import ReadTx
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.market.rivals import queries

MOST_FOUND = 8


@dataclass(frozen=True, slots=True)
class Met:
    """A seller met on so many cards of a store's goods over the last 30 days."""

    merchant_id: str
    name: str
    goods: int


async def find_met(tx: ReadTx, actor: Actor, store_id: UUID, search: str) -> list[Met]:
    """Return the sellers whose name or number holds the text, those met most often first."""
    rows = await queries.list_met(tx, actor, store_id, search=search.strip(), limit=MOST_FOUND)
    return [Met(*row) for row in rows]


async def has_met_anybody(tx: ReadTx, actor: Actor, store_id: UUID) -> bool:
    """Tell whether any seller is known on the store's cards; a new store's are after its first looks."""
    return bool(await queries.list_met(tx, actor, store_id, search="", limit=1))


async def met_by_id(
    tx: ReadTx, actor: Actor, store_id: UUID, merchant_ids: Sequence[str]
) -> dict[str, Met]:
    """Return those of the sellers that the store has met, by number."""
    if not merchant_ids:
        return {}
    rows = await queries.list_met(tx, actor, store_id, merchant_ids=merchant_ids)
    return {row[0]: Met(*row) for row in rows}
