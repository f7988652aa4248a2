"""The goods that a file names: found by article, told apart by store, locked before they are changed."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from cube_demper.db.session import WriteTx
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.catalog.importing import queries
from cube_demper.domain.catalog.queries import lock_own
from cube_demper.models.catalog import Product
from cube_demper.models.imports import GoodsImportRow

find_by_sku = queries.products_by_sku


def the_one(goods: Sequence[tuple[Product, str]], merchant_id: str) -> tuple[Product | None, str]:
    """Choose among goods of one article the store's that is named, or say why none can be chosen.

    `goods`: each with its store's merchant id; no `merchant_id` means any store.
    """
    mine = [product for product, store in goods if merchant_id in ("", store)]
    if not mine:
        return None, "этот артикул в другом магазине" if goods else "нет такого артикула"
    if len(mine) > 1:
        return None, "артикул есть в нескольких магазинах: укажите код магазина"
    return mine[0], ""


def ids_of(rows: Sequence[GoodsImportRow]) -> list[UUID]:
    """Return the products of rows, each as often as it is named."""
    return [row.product_id for row in rows if row.product_id]


async def lock_goods(
    tx: WriteTx, actor: Actor, rows: Sequence[GoodsImportRow]
) -> dict[UUID, Product]:
    """Lock and return the goods of a chunk that are still the actor's."""
    return await lock_own(tx, actor, list(dict.fromkeys(ids_of(rows))))
