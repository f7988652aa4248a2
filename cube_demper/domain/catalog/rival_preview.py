"""How many rivals other rules would leave, on the markets that were seen last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from sqlmodel import col, select

from cube_demper.core.errors import NotFound
from cube_demper.db.session import ReadTx
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.catalog import queries
from cube_demper.domain.catalog.views import rival_terms
from cube_demper.domain.market import service as market
from cube_demper.domain.pricing.rivals import view_of
from cube_demper.domain.pricing.schemas import (
    DeliveryFilter,
    ProductTerms,
    RivalFilters,
    StoreTerms,
)
from cube_demper.models.catalog import Product
from cube_demper.models.stores import DempingSettings, KaspiStore

MOST_GOODS = 50
"""Each costs a reading of its market: fifty tell enough, and answer within a quarter of a second."""
_NOBODY = RivalFilters()


@dataclass(frozen=True, slots=True)
class RulesPreview:
    """Rivals without any rule and those that the rules leave, over `goods` markets.

    `emptied`: how many of these had rivals and are left with none, so that the bot asks the max. price.
    """

    rivals: int
    left: int
    goods: int
    emptied: int = 0


async def preview_product(
    tx: ReadTx,
    actor: Actor,
    product_id: UUID,
    filters: RivalFilters,
    delivery_filter: DeliveryFilter | None,
) -> RulesPreview:
    """Say what these rules of a product would leave of its rivals. Raises ProductNotFound.

    Whom the product leaves out or follows by name stays as it is.
    """
    product, store, settings = await queries.get_product(tx, actor, product_id)
    known = RivalFilters.from_json(product.rival_filters)
    wanted = replace(
        filters,
        excluded_merchants=known.excluded_merchants,
        only_merchants=known.only_merchants,
    )
    tried = _with(product, wanted, delivery_filter)
    return await _count(tx, actor, [tried], store, settings)


async def preview_store(
    tx: ReadTx,
    actor: Actor,
    store_id: UUID,
    *,
    filters: RivalFilters,
    delivery_filter: DeliveryFilter | None,
    excluded: Sequence[str],
) -> RulesPreview:
    """Say what these rules of a store would leave of the rivals of a store's goods. Raises NotFound."""
    store = await tx.scalar(
        select(KaspiStore).where(
            col(KaspiStore.id) == store_id, col(KaspiStore.user_id) == actor.owner_id
        )
    )
    if store is None:
        raise NotFound("Магазин не найден.")
    goods = await tx.scalars(
        select(Product)
        .where(
            col(Product.store_id) == store_id,
            col(Product.last_check_time).is_not(None),
            col(Product.external_kaspi_id).is_not(None),
        )
        .order_by(col(Product.last_check_time).desc())
        .limit(MOST_GOODS)
    )
    tried = DempingSettings(
        store_id=store_id,
        rival_filters=filters.to_json(),
        delivery_filter=delivery_filter,
        excluded_merchant_ids=list(excluded),
    )
    return await _count(tx, actor, goods.all(), store, tried)


async def _count(
    tx: ReadTx,
    actor: Actor,
    goods: Sequence[Product],
    store: KaspiStore,
    settings: DempingSettings | None,
) -> RulesPreview:
    rivals = left = seen = emptied = 0
    own_stores = await queries.own_stores(tx, actor)
    for product in goods:
        if product.external_kaspi_id is None:
            continue
        found = await market.latest_market(tx, product.external_kaspi_id, store.home_city_id)
        if found is None:
            continue
        terms, store_terms = rival_terms(own_stores, product, store, settings)
        seen += 1
        stay = len(view_of(found, terms, store_terms).rivals)
        all_ = len(view_of(found, *_without_rules(terms, store_terms)).rivals)
        left, rivals, emptied = left + stay, rivals + all_, emptied + bool(all_ and not stay)
    return RulesPreview(rivals, left, seen, emptied)


def _without_rules(terms: ProductTerms, store: StoreTerms) -> tuple[ProductTerms, StoreTerms]:
    return (
        replace(terms, rival_filters=_NOBODY, delivery_filter=None),
        replace(store, excluded_merchant_ids=frozenset()),
    )


def _with(
    product: Product, filters: RivalFilters, delivery_filter: DeliveryFilter | None
) -> Product:
    """Return a product that is in no session, with other rules: nothing of this is ever written."""
    return Product(
        **product.model_dump(exclude={"rival_filters", "delivery_filter", "shard_key"}),
        rival_filters=filters.to_json(),
        delivery_filter=delivery_filter,
    )
