"""Orders of 100 stores read by one worker process: the first time, then again, at 30 requests a second.

Issue 6: 100 stores with 50 orders each in <= 180 s. `include[orders]=entries`, the sandbox over HTTP.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

from sqlalchemy import func, select, update

from cube_demper.bootstrap import Services, build_kaspi, build_services
from cube_demper.core.ids import token_hash
from cube_demper.domain.accounts.schemas import SYSTEM
from cube_demper.domain.proxies.service import import_proxies
from cube_demper.embedded import Services as Servers
from cube_demper.integrations.kaspi.session import CabinetSession
from cube_demper.models.accounts import User
from cube_demper.models.orders import Order, OrdersToken
from cube_demper.models.polling import OrdersPoll
from cube_demper.models.stores import KaspiStore
from tests.benchmarks._kaspi import Kaspi, kaspi
from tests.benchmarks._stage import ROOT, print_table, servers
from tests.benchmarks._traffic import settings_for

STORES, GOODS, RPS = 100, 56, 30
"""So many goods get a store some 50 orders a week."""
HEAD = ("reading", "s", "≤ 180", "orders", "orders a store", "requests", "requests/s")


def main() -> None:
    """Run and print."""
    folder = Path(tempfile.mkdtemp(prefix="cube-bench-"))
    with servers() as running, kaspi(folder / "kaspi", stores=STORES, goods=GOODS) as shop:
        asyncio.run(_connect(running, shop))
        rows = [_read(running, shop, words) for words in ("all new", "all known")]
        print_table(HEAD, rows)
    shutil.rmtree(folder)


async def _connect(running: Servers, shop: Kaspi) -> None:
    """Give each store a token and a past: its first import is over, so only the last days are read."""
    services = build_services(settings_for(running, shop), name="bench")
    talk = await build_kaspi(services)
    now = services.clock.now()
    async with services.db.write() as tx:
        await import_proxies(tx, SYSTEM, shop.proxies, services.secrets)
    for number, uid in enumerate(shop.stores):
        session = CabinetSession.from_playwright(uid, shop.cookies)
        token = await talk.client.make_orders_token(session)
        user = User(
            email=f"seller{number}@example.kz", password_hash="-", referral_code=f"s{number:03}"
        )
        store = KaspiStore(user_id=user.id, merchant_id=uid, name=uid, orders_polling_enabled=True)
        kept = services.secrets.encrypt(token)
        past = {
            "import_started_at": now - timedelta(days=30),
            "import_finished_at": now,
            "swept_at": now,
        }
        async with services.db.write() as tx:
            for row in (
                user,
                store,
                OrdersToken(store_id=store.id, token=kept, token_hash=token_hash(token)),
                OrdersPoll(store_id=store.id, next_poll_at=now, **past),
            ):
                tx.add(row)
                await tx.flush()
    await talk.close()
    await services.close()


def _read(running: Servers, shop: Kaspi, words: str) -> tuple[str, ...]:
    asyncio.run(_make_due(running, shop))
    before = _requests(shop)
    began = time.monotonic()
    subprocess.run(
        [sys.executable, "-m", "workers", "orders", "--once"],
        cwd=ROOT,
        env={
            **os.environ,
            "DATABASE_URL": running.database_url,
            "REDIS_URL": running.redis_url,
            "KASPI_SHOP_URL": shop.shop_url,
            "KASPI_MERCHANT_URL": shop.merchant_url,
            "KASPI_GLOBAL_RPS": str(RPS),
        },
        capture_output=True,
        check=True,
    )
    took = time.monotonic() - began
    time.sleep(1)  # the sandbox writes its log out twice a second
    asked, orders = _requests(shop) - before, asyncio.run(_orders(running, shop))
    return (
        words, f"{took:.1f}", f"{took / 180:.2f} ×", str(orders), f"{orders / STORES:.0f}",
        str(asked), f"{asked / took:.1f}",
    )  # fmt: skip


def _requests(shop: Kaspi) -> int:
    return sum(
        it["kind"] == "request" and it["route"] in {"orders_list", "order_entries"}
        for it in shop.journal()
    )


async def _make_due(running: Servers, shop: Kaspi) -> None:
    services = build_services(settings_for(running, shop), name="bench")
    async with services.db.write() as tx:
        await tx.execute(update(OrdersPoll).values(next_poll_at=services.clock.now()))
    await services.close()


async def _orders(running: Servers, shop: Kaspi) -> int:
    services: Services = build_services(settings_for(running, shop), name="bench")
    async with services.db.read() as tx:
        found = await tx.scalar(select(func.count()).select_from(Order))
    await services.close()
    return found or 0
