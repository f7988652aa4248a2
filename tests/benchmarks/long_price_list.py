"""A price list of 60,000 goods in three cities: read, taken in, given with 2,000 changed prices, given again.

Memory is what the process's peak rose by during the step.
"""

from __future__ import annotations

import asyncio
import io
import resource
import sys
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import text

from cube_demper.core.crypto import SecretBox
from cube_demper.db.session import Database
from cube_demper.domain.accounts.schemas import Actor, Role
from cube_demper.domain.feed import service as feed
from cube_demper.domain.feed.schemas import FeedOffer, FeedPoint
from cube_demper.integrations.kaspi.pricelist import writing
from cube_demper.integrations.kaspi.pricelist.reading import read_list
from cube_demper.models.accounts import User
from cube_demper.models.billing import Plan, Subscription
from tests.benchmarks._stage import print_table, servers

GOODS, CHANGES = 60_000, 2_000
_CITIES = {"PP1": "750000000", "PP2": "710000000", "PP3": "511010000"}
_BOX = SecretBox(["bench"])
_NOW = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)


def main() -> None:
    """Play the steps, print seconds and megabytes of each."""
    with servers() as services:
        rows = asyncio.run(_play(services.database_url))
    print_table(("", "seconds", "peak rose by, MB", ""), rows)


async def _play(url: str) -> list[tuple[str, str, str, str]]:
    db = Database(url, name="bench")
    rows: list[tuple[str, str, str, str]] = []

    async def step(name: str, work: Callable[[], Awaitable[Any]]) -> Any:
        peak, started = _peak(), time.perf_counter()
        result = await work()
        seconds = time.perf_counter() - started
        note = result if isinstance(result, str) else ""
        rows.append((name, f"{seconds:.2f}", f"{_peak() - peak:.0f}", note))
        return result

    body = writing.head("30000001", "Bench", _NOW) + writing.offers(_offers()) + writing.TAIL
    sys.stdout.write(f"{GOODS:,} goods, file of {len(body) / 1e6:.1f} MB\n")
    actor = await _seller(db)

    async def read() -> Any:
        return await asyncio.to_thread(read_list, io.BytesIO(body))

    found = await step("read the uploaded XML", read)

    async def take_in() -> None:
        async with db.write() as tx:
            saved = await feed.save_upload(tx, actor, "a.xml", found, _NOW)
        given = {"merchant_id": "30000001", "merchant_name": "Bench", "cities": _CITIES}
        async with db.write() as tx:
            await feed.confirm_import(tx, actor, saved, now=_NOW, **given)
        async with db.write() as tx:
            await feed.take_in(tx, saved, _BOX, _NOW)

    await step("take it in", take_in)
    token = await _queue_changes(db, actor)
    await step(f"give it, {CHANGES:,} prices changed", lambda: _give(db, token))
    await step("give it again", lambda: _give(db, token))
    await db.close()
    return rows


async def _give(db: Database, token: str) -> str:
    now = _NOW + timedelta(hours=1)
    file = await feed.open_file(db, token, now, feed.PriceLimits(10, 30))
    size = 0
    async for found in feed.offers(db, file):
        size += len(writing.offers(found))
    await feed.check_whole(db, file)
    changes = await feed.delivered(db, file, now, digest="x", is_unchanged=False)
    return f"{file.count:,} goods, {changes:,} changes, {size / 1e6:.1f} MB"


def _offers() -> list[FeedOffer]:
    points = tuple(FeedPoint(code, is_available=True, stock=5) for code in _CITIES)
    prices = dict(zip(_CITIES.values(), (1_299_000, 1_319_000, 1_329_000), strict=True))
    return [
        FeedOffer(
            sku=f"{100_000_000 + number}_{900_000_000 + number}",
            model=f"Влажные полотенца Солнышко {number} шт, без запаха",
            brand="Солнышко",
            points=points,
            city_prices=prices,
        )
        for number in range(GOODS)
    ]


async def _seller(db: Database) -> Actor:
    async with db.write() as tx:
        user = User(
            id=uuid4(),
            email="bench@example.kz",
            password_hash="-",
            referral_code="bench",
            email_confirmed_at=_NOW,
        )
        tx.add(user)
        await tx.flush()
        span = {"current_period_start": _NOW, "current_period_end": _NOW + timedelta(days=30)}
        tx.add(Subscription(user_id=user.id, plan=Plan.PRO, **span))
    return Actor(Role.USER, user.id)


async def _queue_changes(db: Database, actor: Actor) -> str:
    """Switch the bot on for some goods and queue a change for each; return the file's secret."""
    decision = (
        '{"action": "change", "reason": "undercut", "strategy": "standard", "step": 100,'
        ' "target": 1298000, "window_price": 1299000}'
    )
    async with db.write() as tx:
        store_id = await tx.scalar(text("SELECT id FROM kaspi_stores"))
        await tx.execute(
            text(
                "UPDATE demping_settings SET mode = 'auto', work_hours_start = NULL, work_hours_end = NULL"
            )
        )
        changed = (
            "UPDATE products SET bot_active = true, base_price = price, min_price = 1000000 "
            "WHERE id IN (SELECT id FROM products ORDER BY kaspi_sku LIMIT :most)"
        )
        await tx.execute(text(changed), {"most": CHANGES})
        queued = (
            "INSERT INTO price_history (product_id, store_id, city_id, old_price, new_price,"
            " change_reason, decision, status, queued_at, created_at)"
            " SELECT id, store_id, '750000000', price, 1298000, 'undercut', :decision, 'queued',"
            " :now, :now FROM products WHERE bot_active"
        )
        await tx.execute(
            text(queued.replace(":decision", "CAST(:decision AS jsonb)")),
            {"decision": decision, "now": _NOW},
        )
        path = await feed.rotate(tx, actor, store_id, _BOX, _NOW)
    return path.rpartition("/")[2].removesuffix(".xml")


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
