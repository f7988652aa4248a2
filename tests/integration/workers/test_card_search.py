"""Cards of goods whose SKU is the seller's own: found by name, proven by our own offer."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update
from sqlmodel import col
from worker_stage import Stage

from cube_demper.core.errors import PermissionDenied
from cube_demper.domain.accounts.schemas import Actor, Role
from cube_demper.domain.feed import service as feed
from cube_demper.models.catalog import Product
from cube_demper.models.stores import Channel, KaspiStore
from workers.card_search import CardSearch


async def _forget_cards(stage: Stage) -> dict[str, str]:
    """Make the store one that sends by price list and knows no card; return the true ones by SKU."""
    cards = {it.kaspi_sku: it.external_kaspi_id or "" for it in await stage.products()}
    async with stage.db.write() as tx:
        await tx.execute(update(Product).values(external_kaspi_id=None))
        await tx.execute(update(KaspiStore).values(channel=Channel.FEED))
    return cards


async def _known(stage: Stage) -> dict[str, str | None]:
    async with stage.db.read() as tx:
        rows = await tx.execute(
            select(col(Product.kaspi_sku), col(Product.external_kaspi_id)).where(
                col(Product.is_on_sale)
            )
        )
        return dict(rows.tuples().all())


async def test_cards_are_found_where_our_offer_stands(stage: Stage) -> None:
    cards = await _forget_cards(stage)
    await CardSearch(stage.services).handle({"store_id": str(stage.store_id)})
    known = await _known(stage)
    assert known
    assert known == {sku: cards[sku] for sku in known}


async def test_a_like_name_without_our_offer_is_no_card(stage: Stage) -> None:
    await _forget_cards(stage)
    async with stage.db.write() as tx:
        await tx.execute(update(KaspiStore).values(merchant_id="39999999"))
    await CardSearch(stage.services).handle({"store_id": str(stage.store_id)})
    assert set((await _known(stage)).values()) == {None}


async def test_only_the_product_itself_writes_what_was_found(stage: Stage) -> None:
    await _forget_cards(stage)
    (product, *_) = await stage.products()
    now, person = stage.clock.now(), Actor(Role.USER, stage.user_id)
    async with stage.db.write() as tx:
        with pytest.raises(PermissionDenied):
            await feed.card_found(tx, person, product.id, "100000001", now)
        with pytest.raises(PermissionDenied):
            await feed.goods_to_seek(tx, person, stage.store_id, product.id, 5)
