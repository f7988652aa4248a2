"""SQL of replays: runs, their goods and results. A seller reaches their own alone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Float, Integer, cast, func, select, text, update
from sqlmodel import col

from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.replay.schemas import Sums
from cube_demper.models.catalog import Product
from cube_demper.models.stores import DempingSettings, KaspiStore
from cube_demper.models.trust import ReplayResult, ReplayRun, ReplayStatus

_OPEN = (ReplayStatus.QUEUED, ReplayStatus.RUNNING)


async def find_run(tx: ReadTx, owner_id: UUID, run_id: UUID | None) -> tuple[ReplayRun, str] | None:
    """Return a run of this seller (the newest when none is named) and its store's name."""
    query = (
        select(ReplayRun, col(KaspiStore.name))
        .join(KaspiStore, col(KaspiStore.id) == col(ReplayRun.store_id))
        .where(col(ReplayRun.user_id) == owner_id)
        .order_by(col(ReplayRun.created_at).desc())
        .limit(1)
        .execution_options(populate_existing=True)
    )
    if run_id is not None:
        query = query.where(col(ReplayRun.id) == run_id)
    found = (await tx.execute(query)).one_or_none()
    return found.tuple() if found else None


async def get_run(tx: ReadTx, run_id: UUID) -> ReplayRun | None:
    """Return a run for the worker."""
    return await tx.scalar(
        select(ReplayRun)
        .where(col(ReplayRun.id) == run_id)
        .execution_options(populate_existing=True)
    )


async def count_open(tx: ReadTx, owner_id: UUID) -> int:
    """Count the runs of a seller that are not over."""
    found = await tx.scalar(
        select(func.count()).where(
            col(ReplayRun.user_id) == owner_id, col(ReplayRun.status).in_(_OPEN)
        )
    )
    return found or 0


async def product_ids(
    tx: ReadTx, owner_id: UUID, store_id: UUID, chosen: Sequence[UUID] | None, most: int
) -> list[UUID]:
    """Return the goods of a seller's store to be replayed: the chosen ones, else all with a bot."""
    query = (
        select(col(Product.id))
        .join(KaspiStore, col(KaspiStore.id) == col(Product.store_id))
        .where(
            col(KaspiStore.user_id) == owner_id,
            col(Product.store_id) == store_id,
            col(Product.external_kaspi_id).is_not(None),
            col(Product.bot_active) if chosen is None else col(Product.id).in_(chosen),
        )
        .order_by(col(Product.id))
        .limit(most)
    )
    return list((await tx.scalars(query)).all())


async def left_to_do(tx: ReadTx, run: ReplayRun, limit: int) -> list[UUID]:
    """Return the next goods of a run that have no result yet."""
    done = select(col(ReplayResult.product_id)).where(col(ReplayResult.run_id) == run.id)
    query = (
        select(col(Product.id))
        .where(col(Product.store_id) == run.store_id, col(Product.id).not_in(done))
        .order_by(col(Product.id))
        .limit(limit)
    )
    if run.product_ids is None:
        query = query.where(col(Product.bot_active), col(Product.external_kaspi_id).is_not(None))
    else:
        query = query.where(col(Product.id).in_([UUID(it) for it in run.product_ids]))
    return list((await tx.scalars(query)).all())


async def set_status(
    tx: WriteTx, run_id: UUID, status: ReplayStatus, *, unless: Sequence[str] = (), **values: Any
) -> UUID | None:
    """Move a run on, unless it is in one of these states; return its owner, None if it did not move."""
    return await tx.scalar(
        update(ReplayRun)
        .where(col(ReplayRun.id) == run_id, col(ReplayRun.status).not_in(list(unless)))
        .values(status=status, **values)
        .returning(col(ReplayRun.user_id))
    )


async def count_done(tx: ReadTx, run_id: UUID) -> int:
    """Count the goods of a run that have a result."""
    found = await tx.scalar(select(func.count()).where(col(ReplayResult.run_id) == run_id))
    return found or 0


async def list_results(tx: ReadTx, run_id: UUID, limit: int) -> Sequence[tuple[ReplayResult, str]]:
    """Return the goods whose first place differs most from what was; those not recorded are left out."""
    gain = col(ReplayResult.tried_first_s) - col(ReplayResult.real_first_s)
    rows = await tx.execute(
        select(ReplayResult, col(Product.name))
        .join(Product, col(Product.id) == col(ReplayResult.product_id))
        .where(col(ReplayResult.run_id) == run_id, col(ReplayResult.recorded_s) > 0)
        .order_by(func.abs(gain).desc(), col(Product.name), col(Product.id))
        .limit(limit)
    )
    return [row.tuple() for row in rows.all()]


async def sums(tx: ReadTx, run_id: UUID) -> Sums:
    """Add a run's goods up."""
    table, known = ReplayResult, col(ReplayResult.recorded_s) > 0
    time = func.nullif(func.sum(col(table.recorded_s)), 0)

    def share(column: Any) -> Any:
        return cast(func.sum(column), Float) / time

    difference = cast(col(table.tried_price) - col(table.real_price), Float)
    row = (
        await tx.execute(
            select(
                func.count().filter(known),
                func.coalesce(func.sum(col(table.recorded_s)), 0),
                share(col(table.real_first_s)),
                share(col(table.tried_first_s)),
                share(col(table.real_floor_s)),
                share(col(table.tried_floor_s)),
                func.avg(100 * difference / func.nullif(col(table.real_price), 0)).filter(known),
                func.coalesce(func.sum(col(table.real_changes)), 0),
                func.coalesce(func.sum(col(table.tried_changes)), 0),
            ).where(col(table.run_id) == run_id)
        )
    ).one()
    goods, seconds, real_first, tried_first, real_floor, tried_floor, change, real, tried = row
    return Sums(
        goods=goods,
        recorded=timedelta(seconds=int(seconds)),
        real_first=real_first,
        tried_first=tried_first,
        real_floor=real_floor,
        tried_floor=tried_floor,
        price_change=change,
        real_changes=int(real),
        tried_changes=int(tried),
    )


async def count_by_first(tx: ReadTx, run_id: UUID, parts: int) -> list[tuple[int, int, int]]:
    """Count recorded goods by (part of the time first, part it would have been), parts from 0."""

    def part(column: Any) -> Any:
        share = parts * cast(column, Float) / col(ReplayResult.recorded_s)
        return func.least(parts - 1, cast(func.floor(share), Integer))

    rows = await tx.execute(
        select(
            part(col(ReplayResult.real_first_s)),
            part(col(ReplayResult.tried_first_s)),
            func.count(),
        )
        .where(col(ReplayResult.run_id) == run_id, col(ReplayResult.recorded_s) > 0)
        .group_by(text("1"), text("2"))
    )
    return [row.tuple() for row in rows]


async def find_subject(
    tx: ReadTx, owner_id: UUID, product_id: UUID
) -> tuple[Product, KaspiStore, DempingSettings | None] | None:
    """Return a product of this seller with its store and the store's settings."""
    found = await tx.execute(
        select(Product, KaspiStore, DempingSettings)
        .join(KaspiStore, col(KaspiStore.id) == col(Product.store_id))
        .outerjoin(DempingSettings, col(DempingSettings.store_id) == col(Product.store_id))
        .where(col(KaspiStore.user_id) == owner_id, col(Product.id) == product_id)
        .execution_options(populate_existing=True)
    )
    row = found.one_or_none()
    return row.tuple() if row else None


async def merchant_ids(tx: ReadTx, owner_id: UUID) -> frozenset[str]:
    """Return the merchant ids of a seller's stores."""
    rows = await tx.scalars(
        select(col(KaspiStore.merchant_id)).where(col(KaspiStore.user_id) == owner_id)
    )
    return frozenset(rows.all())
