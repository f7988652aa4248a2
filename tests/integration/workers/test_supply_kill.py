"""kill -9 of the real worker in the middle of sending stock: each edit arrives once, none is lost."""

from __future__ import annotations

import asyncio
import signal
from collections import Counter
from collections.abc import Callable
from copy import deepcopy
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select
from sqlmodel import col
from worker_process import Forked, Nursery, stage_environment

from cube_demper.domain.accounts.schemas import Actor, Role
from cube_demper.domain.supply import service as supply
from cube_demper.models.catalog import Product
from cube_demper.models.pricing import PriceStatus
from cube_demper.models.supply import SupplyChange

if TYPE_CHECKING:
    from worker_stage import Stage

pytestmark = pytest.mark.slow
EDITS = 10
"""One batch: all goods of the stage's store."""


@pytest.fixture
def speed() -> float:
    """Two minutes until a lost answer is proved are four seconds."""
    return 30


def _accepted(stage: Stage) -> Counter[str]:
    return Counter(it["sku"] for it in stage.sandbox.journal.entries if it["kind"] == "accepted")


async def _until(met: Callable[[], Any], child: Forked) -> None:
    while not await met():
        assert child.returncode is None, f"the worker ended with {child.returncode}"
        await asyncio.sleep(0.05)


async def _count(stage: Stage, *statuses: PriceStatus) -> int:
    query = select(func.count()).where(col(SupplyChange.status).in_(statuses))
    async with stage.db.read() as tx:
        return await tx.scalar(query) or 0


async def _edit_all(stage: Stage) -> dict[str, str]:
    """Edit stock and pre-order at one point of each product; return SKU to point."""
    actor, edited = Actor(Role.USER, stage.user_id, "seller@example.kz"), {}
    for product in (await stage.products())[:EDITS]:
        point = _selling_point(product)
        async with stage.db.write() as tx:
            wanted: Any = {point: {"stockCount": 41, "preOrder": 9}}
            now = datetime.now(UTC)
            assert await supply.change_supply(tx, actor, product.id, wanted, seen={}, now=now)
        edited[product.kaspi_sku] = point.split("_", 1)[1]
    assert len(edited) == EDITS
    return edited


def _selling_point(product: Product) -> str:
    rows = product.availabilities or []
    return str(next(row["storeId"] for row in rows if row["available"] == "yes"))


def _stocks(stage: Stage, sku: str) -> dict[str, Any]:
    listing = stage.sandbox.market.listing_of_store(stage.merchant, sku)
    assert listing is not None
    return deepcopy(dict(listing.stocks))


@pytest.mark.parametrize("fault", ["slow", "hang"])
async def test_a_worker_killed_while_it_sends_sends_nothing_twice_and_loses_nothing(
    stage: Stage, nursery: Nursery, fault: str
) -> None:
    """`slow`: Kaspi has taken the batch, the answer has not come; `hang`: Kaspi has not taken it."""
    stage.sandbox.market.freeze_rivals()
    before = {
        product.kaspi_sku: _stocks(stage, product.kaspi_sku) for product in await stage.products()
    }
    edited = await _edit_all(stage)
    broken = stage.sandbox.fault(fault, "pricefeed", delay=600)

    async with nursery.worker("demping", stage_environment(stage)) as child:

        async def is_on_its_way() -> bool:
            return broken.hits > 0

        await _until(is_on_its_way, child)
        child.send_signal(signal.SIGKILL)
    assert await _count(stage, PriceStatus.SENDING) > 0
    taken = _accepted(stage)
    assert bool(taken) == (fault == "slow")
    stage.sandbox.faults.clear()

    async with nursery.worker("demping", stage_environment(stage)) as child:

        async def is_done() -> bool:
            return await _count(stage, PriceStatus.CONFIRMED) == EDITS

        await _until(is_done, child)
        child.send_signal(signal.SIGTERM)
        assert await child.wait() == 0

    assert _accepted(stage) == Counter(dict.fromkeys(edited, 1))
    for sku, was in before.items():
        stocks = _stocks(stage, sku)
        if sku in edited:
            there = stocks.pop(edited[sku])
            assert (there["stockCount"], there["preOrder"]) == (41, 9)
            was.pop(edited[sku])
        assert stocks == was
    assert stage.sandbox.audit().sent_twice == []
