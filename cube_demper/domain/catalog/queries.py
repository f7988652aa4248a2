"""SQL of one seller's goods. `readable_by` is the only door to them."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlmodel import col

from cube_demper.db.arrays import among
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.catalog.errors import ProductNotFound
from cube_demper.models.catalog import Product, ProductCityPrice
from cube_demper.models.stores import DempingSettings, KaspiStore


def readable_by(actor: Actor) -> ColumnElement[bool]:
    """Return the condition «a product of this seller's stores». Raises PermissionDenied."""
    return col(Product.store_id).in_(
        select(col(KaspiStore.id)).where(col(KaspiStore.user_id) == actor.owner_id)
    )


async def get_product(
    tx: ReadTx, actor: Actor, product_id: UUID, *, lock: bool = False
) -> tuple[Product, KaspiStore, DempingSettings | None]:
    """Return a product of the actor with its store and the store's settings.

    Raises:
        ProductNotFound: there is none, or it is somebody else's.
    """
    statement = (
        select(Product, KaspiStore, DempingSettings)
        .join(KaspiStore, col(KaspiStore.id) == col(Product.store_id))
        .outerjoin(DempingSettings, col(DempingSettings.store_id) == col(Product.store_id))
        .where(readable_by(actor), col(Product.id) == product_id)
        .execution_options(populate_existing=True)
    )
    if lock:
        statement = statement.with_for_update(of=Product)
    found = (await tx.execute(statement)).one_or_none()
    if found is None:
        raise ProductNotFound
    return found.tuple()


async def lock_own(tx: WriteTx, actor: Actor, product_ids: Sequence[UUID]) -> dict[UUID, Product]:
    """Lock and return those of the products that are the actor's, in the order of their ids."""
    rows = await tx.scalars(
        select(Product)
        .where(readable_by(actor), among(col(Product.id), product_ids))
        .order_by(col(Product.id))
        .with_for_update(of=Product)
        .execution_options(populate_existing=True)
    )
    return {row.id: row for row in rows}


async def list_cities(
    tx: ReadTx, product_id: UUID, *, lock: bool = False
) -> dict[str, ProductCityPrice]:
    """Return the product's rows of other cities, by city."""
    statement = select(ProductCityPrice).where(col(ProductCityPrice.product_id) == product_id)
    if lock:
        statement = statement.with_for_update()
    rows = await tx.scalars(statement.execution_options(populate_existing=True))
    return {row.city_id: row for row in rows}


async def own_stores(tx: ReadTx, actor: Actor) -> dict[str, str]:
    """Return the names of the actor's stores by merchant id."""
    rows = await tx.execute(
        select(col(KaspiStore.merchant_id), col(KaspiStore.name)).where(
            col(KaspiStore.user_id) == actor.owner_id
        )
    )
    return {row.merchant_id: row.name for row in rows}
