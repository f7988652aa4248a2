"""SQL of the changes that stock costs besides prices."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, func, or_, select, tuple_
from sqlmodel import col

from cube_demper.db.session import ReadTx
from cube_demper.models.pricing import PriceHistory, PriceStatus
from cube_demper.models.stores import Channel, KaspiStore
from cube_demper.models.supply import SupplyChange


async def count_waiting(tx: ReadTx, owner_id: UUID, now: datetime) -> dict[UUID, int]:
    """Count by store of this seller what will leave without a price."""
    rows = await tx.execute(
        select(col(SupplyChange.store_id), func.count())
        .join(KaspiStore, col(KaspiStore.id) == col(SupplyChange.store_id))
        .where(_is_counted(owner_id), _waits_alone(now))
        .group_by(col(SupplyChange.store_id))
    )
    return dict(rows.tuples().all())


async def find_place(
    tx: ReadTx, owner_id: UUID, product_id: UUID, now: datetime
) -> tuple[UUID, int] | None:
    """Return the store of this seller's product and the place of its change in the order of the drain."""
    mine = (
        await tx.execute(
            select(col(SupplyChange.store_id), col(SupplyChange.try_at), col(SupplyChange.id))
            .join(KaspiStore, col(KaspiStore.id) == col(SupplyChange.store_id))
            .where(
                _is_counted(owner_id), _waits_alone(now), col(SupplyChange.product_id) == product_id
            )
        )
    ).one_or_none()
    if mine is None:
        return None
    store_id, try_at, change_id = mine
    ahead = await tx.scalar(
        select(func.count())
        .select_from(SupplyChange)
        .where(
            col(SupplyChange.store_id) == store_id,
            _waits_alone(now),
            tuple_(col(SupplyChange.try_at), col(SupplyChange.id)) < (try_at, change_id),
        )
    )
    return store_id, (ahead or 0) + 1


async def list_sent(
    tx: ReadTx, store_ids: Sequence[UUID], since: datetime
) -> list[tuple[UUID, datetime]]:
    """Return (store, when) of sends since then that carried stock alone."""
    rows = await tx.execute(
        _alone(store_ids, col(SupplyChange.sent_at)).where(
            col(SupplyChange.sent_at) > since, col(SupplyChange.send_id).is_not(None)
        )
    )
    return [(store_id, at) for store_id, at in rows if at]


async def list_wanted(
    tx: ReadTx, store_ids: Sequence[UUID], since: datetime
) -> list[tuple[UUID, datetime]]:
    """Return (store, when) of changes made since then; one taken back before it left is none."""
    is_undone = (col(SupplyChange.status) == PriceStatus.SUPERSEDED) & col(
        SupplyChange.send_id
    ).is_(None)
    rows = await tx.execute(
        _alone(store_ids, col(SupplyChange.created_at)).where(
            col(SupplyChange.created_at) > since, ~is_undone
        )
    )
    return [(store_id, at) for store_id, at in rows if at]


def _alone(store_ids: Sequence[UUID], when: Any) -> Select[UUID, datetime | None]:
    """Changes that share their send with no price."""
    tries = (
        (PriceHistory.send_id, PriceHistory.sent_at),
        (PriceHistory.first_send_id, PriceHistory.first_sent_at),
    )
    together = or_(
        *(
            (col(send) == col(SupplyChange.send_id)) & (col(at) == col(SupplyChange.sent_at))
            for send, at in tries
        )
    )
    of_store = col(PriceHistory.store_id) == col(SupplyChange.store_id)
    return select(col(SupplyChange.store_id), when).where(
        col(SupplyChange.store_id).in_(store_ids), ~exists().where(of_store, together)
    )


def _waits_alone(now: datetime) -> ColumnElement[bool]:
    """A queued change leaves by itself, unless it was put off and a price that waits will take it."""
    has_price = exists().where(
        col(PriceHistory.product_id) == col(SupplyChange.product_id),
        col(PriceHistory.status) == PriceStatus.QUEUED,
    )
    return (col(SupplyChange.status) == PriceStatus.QUEUED) & or_(
        col(SupplyChange.try_at) <= now, ~has_price
    )


def _is_counted(owner_id: UUID) -> ColumnElement[bool]:
    """Stores of this seller with a cabinet: Kaspi counts no changes of a price list."""
    return (col(KaspiStore.user_id) == owner_id) & (col(KaspiStore.channel) == Channel.CABINET)
