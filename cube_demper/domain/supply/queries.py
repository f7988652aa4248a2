"""SQL of stock changes. `own` is the seller's only door to a product here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlmodel import col

from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.supply.errors import ChangeNotFound
from cube_demper.domain.supply.schemas import DueProof
from cube_demper.models.catalog import Product
from cube_demper.models.pricing import PriceStatus
from cube_demper.models.stores import KaspiStore
from cube_demper.models.supply import SupplyChange

IN_FLIGHT = (PriceStatus.SENDING, PriceStatus.SENT, PriceStatus.UNKNOWN)
OPEN = (PriceStatus.QUEUED, *IN_FLIGHT)


async def find_own(
    tx: ReadTx, actor: Actor, product_id: UUID, *, lock: bool = False
) -> tuple[Product, KaspiStore] | None:
    """Find a product of the actor's stores."""
    statement = (
        select(Product, KaspiStore)
        .join(KaspiStore, col(KaspiStore.id) == col(Product.store_id))
        .where(col(KaspiStore.user_id) == actor.owner_id, col(Product.id) == product_id)
        .execution_options(populate_existing=True)
    )
    if lock:
        statement = statement.with_for_update(of=Product)
    found = (await tx.execute(statement)).one_or_none()
    return None if found is None else found.tuple()


async def get_own_change(tx: WriteTx, actor: Actor, change_id: UUID) -> SupplyChange:
    """Return a change of the actor's product. Raises ChangeNotFound."""
    found: SupplyChange | None = await tx.scalar(
        select(SupplyChange)
        .join(KaspiStore, col(KaspiStore.id) == col(SupplyChange.store_id))
        .where(col(KaspiStore.user_id) == actor.owner_id, col(SupplyChange.id) == change_id)
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise ChangeNotFound
    return found


async def list_open(
    tx: ReadTx, product_ids: Iterable[UUID], *, lock: bool = False
) -> Sequence[SupplyChange]:
    """Return the changes of these products that the cabinet does not show yet, oldest first."""
    statement = (
        select(SupplyChange)
        .where(
            col(SupplyChange.product_id).in_(list(product_ids)),
            col(SupplyChange.status).in_(OPEN),
        )
        .order_by(col(SupplyChange.created_at), col(SupplyChange.id))
        .execution_options(populate_existing=True)
    )
    rows = await tx.scalars(statement.with_for_update() if lock else statement)
    return rows.all()


async def find_last(tx: ReadTx, product_id: UUID) -> SupplyChange | None:
    """Find the newest change of a product."""
    found: SupplyChange | None = await tx.scalar(
        select(SupplyChange)
        .where(col(SupplyChange.product_id) == product_id)
        .order_by(col(SupplyChange.created_at).desc(), col(SupplyChange.id).desc())
        .limit(1)
    )
    return found


async def stores_waiting(tx: ReadTx, now: datetime) -> list[UUID]:
    """Return the stores that have a change to send or to prove now."""
    rows = await tx.scalars(
        select(col(SupplyChange.store_id))
        .where(
            or_(
                (col(SupplyChange.status) == PriceStatus.QUEUED)
                & (col(SupplyChange.try_at) <= now),
                col(SupplyChange.status).in_(IN_FLIGHT) & (col(SupplyChange.confirm_at) <= now),
            )
        )
        .distinct()
    )
    return list(rows.all())


async def next_queued(
    tx: ReadTx, store_id: UUID, now: datetime, limit: int
) -> list[tuple[UUID, str]]:
    """Return (product, SKU) of changes of a store that may be tried now, those that waited longest first."""
    rows = await tx.execute(
        select(col(SupplyChange.product_id), col(Product.kaspi_sku))
        .join(Product, col(Product.id) == col(SupplyChange.product_id))
        .where(
            col(SupplyChange.store_id) == store_id,
            col(SupplyChange.status) == PriceStatus.QUEUED,
            col(SupplyChange.try_at) <= now,
        )
        .order_by(col(SupplyChange.try_at), col(SupplyChange.id))
        .limit(limit)
    )
    return [row.tuple() for row in rows]


async def list_due_proofs(tx: ReadTx, store_id: UUID, now: datetime, limit: int) -> list[DueProof]:
    """Return changes of a store that should be seen in the cabinet by now."""
    rows = await tx.execute(
        select(col(SupplyChange.id), col(Product.kaspi_sku))
        .join(Product, col(Product.id) == col(SupplyChange.product_id))
        .where(
            col(SupplyChange.store_id) == store_id,
            col(SupplyChange.status).in_(IN_FLIGHT),
            col(SupplyChange.confirm_at) <= now,
        )
        .order_by(col(SupplyChange.confirm_at))
        .limit(limit)
    )
    return [DueProof(*row.tuple()) for row in rows]


async def lock_in_flight(tx: WriteTx, change_ids: Sequence[UUID]) -> Sequence[SupplyChange]:
    """Lock those of the changes that are still on their way."""
    rows = await tx.scalars(
        select(SupplyChange)
        .where(col(SupplyChange.id).in_(change_ids), col(SupplyChange.status).in_(IN_FLIGHT))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return rows.all()


async def lock_sent_in(tx: WriteTx, send_ids: Sequence[UUID]) -> Sequence[SupplyChange]:
    """Lock the changes that were committed as `sending` with these sends."""
    rows = await tx.scalars(
        select(SupplyChange)
        .where(
            col(SupplyChange.send_id).in_(send_ids),
            col(SupplyChange.status) == PriceStatus.SENDING,
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return rows.all()


async def owner_of(tx: ReadTx, store_id: UUID) -> UUID | None:
    """Return whose store this is."""
    owner: UUID | None = await tx.scalar(
        select(col(KaspiStore.user_id)).where(col(KaspiStore.id) == store_id)
    )
    return owner
