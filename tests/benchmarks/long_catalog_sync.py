"""How long a whole catalogue sync takes: 5,000 goods through the sandbox over HTTP, first and again.

The target of issue 4 is 3 minutes for 5,000 goods. Another number of goods is an argument:
`python -m tests.benchmarks.catalog_sync 60000`.
"""

from __future__ import annotations

import asyncio
import json
import resource
import sys
import time
from contextlib import AsyncExitStack

from cube_demper.bootstrap import build_services
from cube_demper.core.settings import KaspiSettings, Settings
from cube_demper.domain.accounts.schemas import SYSTEM
from cube_demper.domain.catalog.syncs import service as syncs
from cube_demper.domain.catalog.syncs.schemas import SyncRun
from cube_demper.embedded import Services
from cube_demper.models.accounts import User
from cube_demper.models.stores import KaspiStore
from cube_demper.sandbox.seeding import StorePlan, WorldPlan
from cube_demper.sandbox.server import Sandbox
from tests.benchmarks._stage import print_table, servers
from workers.catalog import CatalogSync

UID = "30000001"
GOODS = 5_000


async def _measure(running: Services, goods: int) -> list[tuple[str, float, SyncRun, float]]:
    plan = WorldPlan(stores=(StorePlan(UID, "Большая лавка", goods=goods),), rivals=1)
    async with AsyncExitStack() as stack:
        sandbox = await stack.enter_async_context(Sandbox.start(plan=plan))
        settings = Settings(
            DATABASE_URL=running.database_url,
            REDIS_URL=running.redis_url,
            kaspi=KaspiSettings(
                KASPI_SHOP_URL=sandbox.shop_url, KASPI_MERCHANT_URL=sandbox.merchant_url
            ),
        )
        services = build_services(settings, name="bench")
        stack.push_async_callback(services.close)
        cookies = services.secrets.encrypt(json.dumps(sandbox.cookies()))
        async with services.db.write() as tx:
            user = User(email="seller@example.kz", password_hash="-", referral_code="abcdefgh")
            tx.add(user)
            await tx.flush()
            guid = {"v": 1, "cookies": cookies, "password": None, "merchant_uid": UID}
            store = KaspiStore(user_id=user.id, merchant_id=UID, name=UID, guid=guid)
            tx.add(store)
        worker = CatalogSync(services)
        stack.push_async_callback(worker.close)
        megabytes = _megabytes()
        return [
            (name, *await _sync(services, worker, store), _megabytes() - megabytes)
            for name in ("first", "again")
        ]


def _megabytes() -> float:
    """Return the most that this process, sandbox and worker, has taken so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


async def _sync(services: object, worker: CatalogSync, store: KaspiStore) -> tuple[float, SyncRun]:
    """Ask and walk, message after message, as the outbox worker does."""
    async with services.db.write() as tx:  # type: ignore[attr-defined]
        run = await syncs.ask(tx, SYSTEM, store.id, services.clock.now())  # type: ignore[attr-defined]
    began = time.perf_counter()
    while run.is_live:
        await worker.handle({"run_id": str(run.id)})
        async with services.db.read() as tx:  # type: ignore[attr-defined]
            run = (await syncs.last_runs(tx, SYSTEM, [store.id]))[store.id]
    return time.perf_counter() - began, run


def main() -> None:
    """Measure and print."""
    goods = int(sys.argv[1]) if sys.argv[1:] else GOODS
    with servers() as running:
        results = asyncio.run(_measure(running, goods))
    print_table(
        [f"sync of {goods:,} goods", "seconds", "state", "read", "new", "changed", "removed", "MB"],
        [
            [
                name,
                f"{seconds:.1f}",
                run.state,
                *(str(it) for it in (run.goods_read, run.added, run.changed, run.removed)),
                f"+{megabytes:.0f}",
            ]
            for name, seconds, run, megabytes in results
        ],
    )
    print_table(
        ["memory", "MB"], [["sandbox and worker in one process, at most", f"{_megabytes():.0f}"]]
    )


if __name__ == "__main__":
    main()
