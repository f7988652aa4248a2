"""Two stores of one seller on the same cards, through the whole bot: neither undercuts the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cube_demper.models.catalog import Product
from cube_demper.models.pricing import PriceStatus
from cube_demper.sandbox.cities import ALMATY_CITY

if TYPE_CHECKING:
    from worker_stage import Stage

_SENT = (PriceStatus.SENT, PriceStatus.CONFIRMED)
_STEP = 100


async def test_the_bot_never_fights_the_sellers_own_stores(stage: Stage) -> None:
    stage.sandbox.market.freeze_rivals(is_frozen=True)
    await stage.switch_on()
    second = await stage.second_store()
    worker = await stage.worker(until_idle=True)
    for _ in range(4):
        await worker.run_bounded()
        stage.clock.jump(400)
    mine = {it.id: it for it in await stage.products()}
    others = {it.id: it for it in await stage.products(second)}
    shared = _cards(mine) & _cards(others)
    assert len(shared) >= 3
    goods = {key: it for key, it in (mine | others).items() if it.external_kaspi_id in shared}
    decided = [
        row
        for row in await stage.history()
        if row.product_id in goods and row.city_id == ALMATY_CITY.id
    ]
    assert {row.store_id for row in decided} == {stage.store_id, second}, "both bots were at work"
    assert any(row.status in _SENT for row in decided)
    for row in decided:
        lowest = _cheapest_rival(stage, goods[row.product_id].external_kaspi_id or "")
        assert row.new_price is None or row.new_price >= lowest - _STEP


def _cards(goods: dict[object, Product]) -> set[str | None]:
    return {it.external_kaspi_id for it in goods.values() if it.bot_active}


def _cheapest_rival(stage: Stage, card: str) -> int:
    """Return the cheapest price in Almaty of those who are not this seller, in tiyn."""
    rivals = stage.sandbox.market.rivals_on(card)
    prices = [price for it in rivals if (price := it.price_in(ALMATY_CITY.id)) is not None]
    return min(prices) * 100
