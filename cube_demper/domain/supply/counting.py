"""Stock changes as Kaspi counts them: those that no price carries cost a change of their own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from cube_demper.db.session import ReadTx
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.supply import count_queries


async def waiting_alone(tx: ReadTx, actor: Actor, now: datetime) -> dict[UUID, int]:
    """Count the changes that wait in each of the actor's stores whose changes Kaspi counts."""
    return await count_queries.count_waiting(tx, actor.owner_id, now)


async def place_alone(
    tx: ReadTx, actor: Actor, product_id: UUID, now: datetime
) -> tuple[UUID, int] | None:
    """Return the store and the place, from 1, of a product's waiting change; None: none waits now."""
    return await count_queries.find_place(tx, actor.owner_id, product_id, now)


async def sent_alone(
    tx: ReadTx, store_ids: Sequence[UUID], since: datetime
) -> list[tuple[UUID, datetime]]:
    """Return (store, when) of each change that left since then without a price."""
    return await count_queries.list_sent(tx, store_ids, since) if store_ids else []


async def wanted_alone(
    tx: ReadTx, store_ids: Sequence[UUID], since: datetime
) -> list[tuple[UUID, datetime]]:
    """Return (store, when) of each change that a seller made since then and no price took along."""
    return await count_queries.list_wanted(tx, store_ids, since) if store_ids else []
