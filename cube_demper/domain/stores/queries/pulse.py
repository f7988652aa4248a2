"""How the bots are doing right now: backlog, budget, speed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, distinct, func, or_, select, true, union
from sqlmodel import col

from cube_demper.db.session import ReadTx
from cube_demper.domain.stores.queries.conditions import overdue
from cube_demper.models.catalog import Product
from cube_demper.models.pricing import PriceHistory, PriceStatus


@dataclass(frozen=True, slots=True)
class Backlog:
    """Goods of one store as the worker sees them. `wait_seconds`: the median wait between looks."""

    bots: int = 0
    due: int = 0
    overdue: int = 0
    last_look_at: datetime | None = None
    wait_seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Traffic:
    """Sends of one store: changes of the last 30 minutes, SKUs queued and on their way."""

    changes: int = 0
    queued: int = 0
    sending: int = 0


async def backlogs(
    tx: ReadTx, opened: Mapping[UUID, datetime | None], now: datetime
) -> dict[UUID, Backlog]:
    """Return the backlog of each store; `opened`: when its present work window began.

    The wait of a product is from its last look to its next one (to now, when that is overdue). Those
    not looked at since the opening are left out: they waited for the morning, not for the worker.
    """
    if not opened:
        return {}
    is_due = and_(
        col(Product.next_check_at) <= now,
        func.coalesce(col(Product.claimed_until) <= now, True),
        col(Product.external_kaspi_id).is_not(None),
    )
    wait = func.extract(
        "epoch", func.greatest(col(Product.next_check_at), now) - col(Product.last_check_time)
    )
    is_typical = and_(
        col(Product.check_failures) == 0,
        or_(
            *(
                and_(col(Product.store_id) == store_id, _looked_at_since(moment))
                for store_id, moment in opened.items()
            )
        ),
    )
    rows = await tx.execute(
        select(
            col(Product.store_id),
            func.count(),
            func.count().filter(is_due),
            func.count().filter(is_due, overdue(now)),
            func.max(col(Product.last_check_time)),
            func.percentile_cont(0.5).within_group(wait).filter(is_typical),
        )
        .where(col(Product.bot_active), col(Product.store_id).in_(opened))
        .group_by(col(Product.store_id))
    )
    return {store_id: Backlog(*figures) for store_id, *figures in rows.all()}


def _looked_at_since(moment: datetime | None) -> ColumnElement[bool]:
    return true() if moment is None else col(Product.last_check_time) >= moment


async def traffic(tx: ReadTx, store_ids: Sequence[UUID], since: datetime) -> dict[UUID, Traffic]:
    """Return the sends of each store; one `send_id` is one change, whatever its cities."""
    status = col(PriceHistory.status)
    product = distinct(col(PriceHistory.product_id))
    left = await _departures(tx, store_ids, since)
    rows = await tx.execute(
        select(
            col(PriceHistory.store_id),
            func.count(product).filter(status == PriceStatus.QUEUED),
            func.count(product).filter(status == PriceStatus.SENDING),
        )
        .where(
            col(PriceHistory.store_id).in_(store_ids),
            status.in_([PriceStatus.QUEUED, PriceStatus.SENDING]),
        )
        .group_by(col(PriceHistory.store_id))
    )
    open_ = {store_id: figures for store_id, *figures in rows.all()}
    return {it: Traffic(left.get(it, 0), *open_.get(it, (0, 0))) for it in {*left, *open_}}


async def _departures(tx: ReadTx, store_ids: Sequence[UUID], since: datetime) -> dict[UUID, int]:
    """Count the changes that left since then, both tries of those that were tried twice."""
    tries = (
        (PriceHistory.send_id, PriceHistory.sent_at),
        (PriceHistory.first_send_id, PriceHistory.first_sent_at),
    )
    left = union(
        *(
            select(col(PriceHistory.store_id).label("store_id"), col(send).label("send_id")).where(
                col(PriceHistory.store_id).in_(store_ids), col(at) > since
            )
            for send, at in tries
        )
    ).subquery()
    rows = await tx.execute(
        select(left.c.store_id, func.count(left.c.send_id)).group_by(left.c.store_id)
    )
    return dict(rows.tuples().all())
