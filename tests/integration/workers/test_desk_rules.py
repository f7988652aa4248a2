"""What a seller sets on the price desk is what the next decision and the next send go by."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update
from sqlmodel import col

from cube_demper.domain.accounts.schemas import Actor, Role
from cube_demper.domain.catalog import service as catalog
from cube_demper.domain.catalog.edit_schemas import CityChange
from cube_demper.models.catalog import Product, ProductCityPrice
from cube_demper.models.pricing import PriceStatus

if TYPE_CHECKING:
    from worker_stage import Stage

ALMATY, ASTANA = "750000000", "710000000"


def _actor(stage: Stage) -> Actor:
    return Actor(Role.USER, stage.user_id, "seller@example.kz")


async def _look(stage: Stage) -> None:
    worker = await stage.worker(once=True)
    while await worker.checker.claim(await worker._ready(is_forced=True), worker.shard_keys):
        await worker.checker.finish()


def _sent(stage: Stage) -> list[dict[str, Any]]:
    return [e for e in stage.sandbox.journal.entries if e["kind"] == "accepted"]


async def test_a_rival_left_out_by_a_rule_is_not_answered_any_more(stage: Stage) -> None:
    product, rival = await stage.undercut()
    await _look(stage)
    first = (await stage.history(product.id))[-1]
    counted = first.decision["rivals_count"]
    assert (first.change_reason, first.decision["rival"]["merchant_id"]) == ("undercut", rival)

    async with stage.db.write() as tx:
        await catalog.exclude_rival(tx, _actor(stage), product.id, rival, stage.clock.now())
    stage.clock.jump(25)
    await _look(stage)

    second = (await stage.history(product.id))[-1]
    assert second.id != first.id
    assert second.decision.get("rivals_count", 0) == counted - 1
    assert (second.decision.get("rival") or {}).get("merchant_id") != rival


async def _keep_astana(stage: Stage, product: Product) -> None:
    price = product.price or 0
    change = CityChange(
        min_price=price * 11 // 1000 * 100, max_price=price * 13 // 1000 * 100, bot_active=True
    )
    async with stage.db.write() as tx:
        now = stage.clock.now()
        await catalog.change_city(tx, _actor(stage), product.id, ASTANA, change, now=now)


async def test_two_cities_leave_in_one_send_each_inside_its_own_bounds(stage: Stage) -> None:
    product, _ = await stage.undercut()
    await _keep_astana(stage, product)
    await _look(stage)
    rows = {row.city_id: row for row in await stage.history(product.id)}
    assert set(rows) == {ALMATY, ASTANA}

    await stage.drain()

    (sent,) = _sent(stage)
    targets = {city: (row.new_price or 0) // 100 for city, row in rows.items()}
    assert sent["city_prices"] == targets
    assert targets[ASTANA] * 100 == (product.price or 0) * 11 // 1000 * 100


async def test_home_city_only_sends_the_other_city_at_its_last_price(stage: Stage) -> None:
    product, _ = await stage.undercut()
    await _keep_astana(stage, product)
    async with stage.db.write() as tx:
        now = stage.clock.now()
        await catalog.set_home_only(tx, _actor(stage), product.id, True, now)
        await tx.execute(
            update(ProductCityPrice)
            .where(
                col(ProductCityPrice.product_id) == product.id,
                col(ProductCityPrice.city_id) == ASTANA,
            )
            .values(price=1_234_500)
        )
        await tx.execute(
            update(Product).where(col(Product.id) == product.id).values(supply_read_at=now)
        )
    await _look(stage)
    (row,) = await stage.history(product.id)
    assert (row.city_id, row.status) == (ALMATY, PriceStatus.QUEUED)

    await stage.drain()

    (sent,) = _sent(stage)
    assert sent["city_prices"] == {ALMATY: (row.new_price or 0) // 100, ASTANA: 12_345}
    async with stage.db.read() as tx:
        bounds = await tx.execute(
            select(col(ProductCityPrice.min_price)).where(
                col(ProductCityPrice.product_id) == product.id,
                col(ProductCityPrice.city_id) == ASTANA,
            )
        )
    assert bounds.scalar_one() is not None
