"""SQL of imports; everything of a seller is filtered by the owner."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator, Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, insert, or_, select, update
from sqlmodel import col

from cube_demper.db.columns import left_out
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.catalog.importing.errors import ImportNotFound
from cube_demper.domain.catalog.importing.schemas import BUSY, CHUNK, ROWS_SHOWN
from cube_demper.domain.catalog.list_queries import selected_ids
from cube_demper.domain.catalog.list_schemas import ProductFilter
from cube_demper.models.catalog import Product
from cube_demper.models.imports import GoodsImport, GoodsImportRow, GoodsImportStatus, RowVerdict
from cube_demper.models.stores import KaspiStore

KEPT_IMPORTS = 20
_BATCH = 1_000


async def get_import(
    tx: ReadTx, actor: Actor, import_id: UUID, *, lock: bool = False
) -> GoodsImport:
    """Return an import of the actor without its file. Raises ImportNotFound."""
    statement = (
        select(GoodsImport)
        .where(col(GoodsImport.id) == import_id, col(GoodsImport.user_id) == actor.owner_id)
        .options(left_out(GoodsImport.content))
        .execution_options(populate_existing=True)
    )
    found = await tx.scalar(statement.with_for_update() if lock else statement)
    if found is None:
        raise ImportNotFound
    return found


async def read_content(tx: ReadTx, actor: Actor, import_id: UUID) -> bytes:
    """Return the file. Raises ImportNotFound when it is no longer kept."""
    content = await tx.scalar(
        select(col(GoodsImport.content)).where(
            col(GoodsImport.id) == import_id, col(GoodsImport.user_id) == actor.owner_id
        )
    )
    if content is None:
        raise ImportNotFound
    return content


async def list_imports(tx: ReadTx, actor: Actor) -> Sequence[GoodsImport]:
    """Return the actor's last imports, newest first."""
    rows = await tx.scalars(
        select(GoodsImport)
        .where(col(GoodsImport.user_id) == actor.owner_id)
        .order_by(col(GoodsImport.created_at).desc(), col(GoodsImport.id))
        .limit(KEPT_IMPORTS)
        .options(left_out(GoodsImport.content))
    )
    return rows.all()


async def busy_exists(tx: WriteTx, actor: Actor) -> bool:
    """Tell whether an import of the actor is being worked on; one upload at a time gets past here."""
    key = func.hashtextextended(f"imports:{actor.owner_id}", 0)
    await tx.execute(select(func.pg_advisory_xact_lock(key)))
    found = await tx.scalar(
        select(col(GoodsImport.id))
        .where(col(GoodsImport.user_id) == actor.owner_id, col(GoodsImport.status).in_(BUSY))
        .limit(1)
    )
    return found is not None


async def forget_old(tx: WriteTx, actor: Actor) -> None:
    """Delete what is past the list of last imports, and files that wait for a decision no more."""
    mine = col(GoodsImport.user_id) == actor.owner_id
    newest = (
        select(col(GoodsImport.id))
        .where(mine)
        .order_by(col(GoodsImport.created_at).desc())
        .limit(KEPT_IMPORTS - 1)
    )
    await tx.execute(delete(GoodsImport).where(mine, col(GoodsImport.id).not_in(newest)))
    await tx.execute(
        update(GoodsImport)
        .where(mine, col(GoodsImport.status) == GoodsImportStatus.READY)
        .values(status=GoodsImportStatus.CANCELLED, content=None)
    )


async def move(
    tx: WriteTx,
    import_id: UUID,
    from_: GoodsImportStatus,
    *,
    to: GoodsImportStatus | None = None,
    **values: Any,
) -> bool:
    """Write figures of an import, and perhaps its next status; False when it is not in `from_`."""
    moved = await tx.scalar(
        update(GoodsImport)
        .where(col(GoodsImport.id) == import_id, col(GoodsImport.status) == from_)
        .values(status=to or from_, **values)
        .returning(col(GoodsImport.id))
    )
    return moved is not None


async def products_by_sku(
    tx: ReadTx, actor: Actor, skus: Collection[str]
) -> dict[str, list[tuple[Product, str]]]:
    """Return the actor's goods with these SKUs, each with its store's merchant id."""
    found: dict[str, list[tuple[Product, str]]] = defaultdict(list)
    rows = await tx.execute(
        select(Product, col(KaspiStore.merchant_id))
        .join(KaspiStore, col(KaspiStore.id) == col(Product.store_id))
        .where(col(KaspiStore.user_id) == actor.owner_id, col(Product.kaspi_sku).in_(skus))
    )
    for product, merchant_id in rows:
        found[product.kaspi_sku].append((product, merchant_id))
    return found


async def forget_rows(tx: WriteTx, import_id: UUID) -> None:
    """Delete the rows of a reading that begins again."""
    await tx.execute(delete(GoodsImportRow).where(col(GoodsImportRow.import_id) == import_id))


async def add_rows(tx: WriteTx, rows: Sequence[dict[str, Any]]) -> None:
    """Keep what rows do."""
    await tx.execute(insert(GoodsImportRow), rows)


async def changing_rows(tx: WriteTx, import_id: UUID) -> AsyncIterator[Sequence[GoodsImportRow]]:
    """Yield the rows that change something, about a thousand at a time, those of a product together.

    In the order of products, which is the order of their locks; what a chunk has loaded is let go.
    """
    product_id = col(GoodsImportRow.product_id)
    after: UUID | None = None
    for last in [*await _ends_of_chunks(tx, import_id), None]:
        statement = select(GoodsImportRow).where(*_changing(import_id))
        if after is not None:
            statement = statement.where(product_id > after)
        if last is not None:
            statement = statement.where(product_id <= last)
        rows = await tx.scalars(statement.order_by(product_id, col(GoodsImportRow.number)))
        if chunk := rows.all():
            yield chunk
        after = last
        await tx.flush()
        tx.expunge_all()


async def _ends_of_chunks(tx: ReadTx, import_id: UUID) -> Sequence[UUID]:
    """Return the product that ends each chunk but the last, found in one pass over the rows."""
    product_id = col(GoodsImportRow.product_id)
    place = func.row_number().over(order_by=product_id).label("place")
    placed = select(product_id.label("id"), place).where(*_changing(import_id)).subquery()
    ends = select(placed.c.id).where(placed.c.place % CHUNK == 0).order_by(placed.c.id).distinct()
    return (await tx.scalars(ends)).all()


def _changing(import_id: UUID) -> tuple[ColumnElement[bool], ...]:
    return (
        col(GoodsImportRow.import_id) == import_id,
        col(GoodsImportRow.verdict) == RowVerdict.CHANGE,
    )


async def list_rows(
    tx: ReadTx, import_id: UUID, verdict: RowVerdict, page: int
) -> Sequence[GoodsImportRow]:
    """Return one page of rows of one kind."""
    rows = await tx.scalars(
        select(GoodsImportRow)
        .where(col(GoodsImportRow.import_id) == import_id, col(GoodsImportRow.verdict) == verdict)
        .order_by(col(GoodsImportRow.number))
        .limit(ROWS_SHOWN)
        .offset((page - 1) * ROWS_SHOWN)
    )
    return rows.all()


async def stream_rows(tx: ReadTx, import_id: UUID) -> AsyncIterator[Sequence[GoodsImportRow]]:
    """Yield all rows of an import as they stand in the file, a thousand at a time."""
    number = col(GoodsImportRow.number)
    statement = select(GoodsImportRow).where(col(GoodsImportRow.import_id) == import_id)
    after = 0
    while True:
        page = statement.where(number > after).order_by(number).limit(_BATCH)
        rows = (await tx.scalars(page)).all()
        if not rows:
            return
        yield rows
        after = rows[-1].number
        tx.expunge_all()


async def stream_goods(
    tx: ReadTx, actor: Actor, view: ProductFilter
) -> AsyncIterator[Sequence[tuple[Product, str, str]]]:
    """Yield the goods of a filter by name, a thousand at a time, with their stores' names and ids."""
    after: tuple[str, UUID] | None = None
    name = func.lower(col(Product.name))
    while True:
        statement = (
            select(Product, col(KaspiStore.name), col(KaspiStore.merchant_id), name)
            .join(KaspiStore, col(KaspiStore.id) == col(Product.store_id))
            .where(col(Product.id).in_(selected_ids(actor, view).scalar_subquery()))
            .order_by(name, col(Product.id))
            .limit(_BATCH)
        )
        if after is not None:
            last, last_id = after
            here = or_(name > last, (name == last) & (col(Product.id) > last_id))
            statement = statement.where(here)
        rows = (await tx.execute(statement)).all()
        if not rows:
            return
        yield [(row[0], row[1], row[2]) for row in rows]
        after = (rows[-1][3], rows[-1][0].id)
        tx.expunge_all()
