"""The stage of one fault run: a seller with two stores in a lively market, and two worker processes."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from connected import connect, guid_of, read_catalogue
from faults.clock import LeapingClock, make_shared
from faults.crew import Crew
from faults.servers import Servers
from records import add_user
from sqlalchemy import Executable, func, select, update
from sqlmodel import col

from cube_demper.bootstrap import Services, build_services
from cube_demper.core.settings import KaspiSettings, Settings
from cube_demper.db.session import is_gone
from cube_demper.models.catalog import Product
from cube_demper.models.stores import KaspiStore
from cube_demper.sandbox.cities import ALMATY_CITY
from cube_demper.sandbox.limits import LimitRules
from cube_demper.sandbox.market import ApplyDelay
from cube_demper.sandbox.options import SandboxOptions
from cube_demper.sandbox.seeding import StorePlan, WorldPlan
from cube_demper.sandbox.server import Sandbox

SPEED = 10.0
"""Calm enough for a busy machine, whose pause of a second is ten here; leaps make time pass quicker."""
EMAIL = "seller@example.kz"
FIRST, SECOND = "30000001", "30000002"
#: Ours far under the sandbox's: a pause of the machine lets what was granted apart arrive together.
LIMITS = {
    "KASPI_OFFERS_RPS_PER_IP": "2",
    "KASPI_PRICEFEED_RPS_PER_STORE": "0.5",
    "KASPI_CHANGES_PER_30_MIN": "100",
}
_SANDBOX_LIMITS = LimitRules(feed_changes=120)
_PLAN = WorldPlan(
    stores=(
        StorePlan(FIRST, "Тестовая лавка", goods=8, shared=4),
        StorePlan(SECOND, "Второй прилавок", goods=8, shared=4, cities=(ALMATY_CITY,)),
    ),
    rivals=8,
    rivals_per_card=(2, 3),
    lively_share=1.0,
    alone_share=0.0,
)


@dataclass
class FaultStage:
    """Everything that faults and judgements touch."""

    servers: Servers
    chance: random.Random
    clock: LeapingClock
    sandbox: Sandbox
    services: Services
    crew: Crew
    stores: dict[str, UUID] = field(default_factory=dict)
    bounds: dict[tuple[str, str], tuple[int, int]] = field(default_factory=dict)
    """(merchant, SKU) → lowest and highest allowed price, whole tenge."""
    broken: list[str] = field(default_factory=list)
    """What a fault itself saw go wrong."""
    _locks: dict[str, asyncio.Lock] = field(default_factory=dict)

    def lock(self, thing: str) -> asyncio.Lock:
        """Two faults that overlap take turns at one thing: Redis, Postgres, a worker."""
        return self._locks.setdefault(thing, asyncio.Lock())

    def accepted(self, since: int = 0, store: str | None = None) -> int:
        """Count the changes that Kaspi took after entry `since` of its log."""
        entries = self.sandbox.journal.since(since, kind="accepted")
        return sum(store in (None, entry["store"]) for entry in entries)

    async def until(self, is_met: Callable[[], bool], minutes: float) -> bool:
        """Wait for something, at most so long by the clock."""
        end = self.clock.now() + timedelta(minutes=minutes)
        while not is_met():
            if self.clock.now() > end:
                return False
            await asyncio.sleep(0.02)
        return True

    async def leap(self, minutes: float, *, steps: int = 1) -> None:
        """Let time pass quicker, with moments in between at which everybody works."""
        for _ in range(steps):
            self.clock.leap(minutes * 60 / steps)
            await asyncio.sleep(0.3)

    async def ask(self, question: Executable) -> object:
        """Ask the database, also while another fault restarts it."""
        while True:
            try:
                async with self.services.db.write() as tx:
                    return (await tx.execute(question)).scalars().first()
            except Exception as error:
                if not is_gone(error):
                    raise
                await asyncio.sleep(0.05)

    async def sign_in(self) -> None:
        """Give the seller's stores a new session, as the sign-in to Kaspi does."""
        guid = guid_of(self.services, self.sandbox.cookies(EMAIL))
        await self.ask(
            update(KaspiStore)
            .values(needs_reauth=False, reauth_reason=None, guid=guid)
            .returning(col(KaspiStore.id))
        )


@asynccontextmanager
async def fault_stage(servers: Servers, seed: int, folder: Path) -> AsyncIterator[FaultStage]:
    """Set everything up: a database, an empty Redis, a market of its own, two workers at work."""
    start = datetime.now(UTC)
    shared = make_shared(folder / "clock")
    clock = LeapingClock(start, SPEED, shared)
    await servers.empty_redis()
    options = SandboxOptions(seed=seed, plan=_PLAN, delay=ApplyDelay(5, 30), limits=_SANDBOX_LIMITS)
    async with AsyncExitStack() as stack:
        database_url = await stack.enter_async_context(servers.database())
        sandbox = await stack.enter_async_context(Sandbox.start(clock=clock, options=options))
        environment = {
            "DATABASE_URL": database_url,
            "REDIS_URL": servers.redis_url,
            "CUBE_CLOCK": f"{start.isoformat()}@{SPEED}",
            "KASPI_SHOP_URL": sandbox.shop_url,
            "KASPI_MERCHANT_URL": sandbox.merchant_url,
            **LIMITS,
        }
        settings = Settings(
            DATABASE_URL=database_url,
            REDIS_URL=servers.redis_url,
            CUBE_CLOCK=environment["CUBE_CLOCK"],
            kaspi=KaspiSettings(
                KASPI_SHOP_URL=sandbox.shop_url, KASPI_MERCHANT_URL=sandbox.merchant_url
            ),
        )
        services = replace(build_services(settings, name="harness", pool_size=2), clock=clock)
        stack.push_async_callback(services.close)
        on_clock = {"start": start.isoformat(), "speed": SPEED, "shared": str(shared)}
        crew = Crew(servers.nursery, folder, environment, on_clock)
        stage = FaultStage(servers, random.Random(seed), clock, sandbox, services, crew)
        await _connect(stage)
        stack.push_async_callback(crew.wipe)
        await asyncio.gather(crew.start("first", 0), crew.start("second", 1))
        await _first_price(stage)
        yield stage


async def _first_price(stage: FaultStage) -> None:
    """Wait until the bot is at work: faults that find it idle would prove little."""
    for _ in range(100):
        if await stage.until(lambda: stage.accepted() > 0, minutes=0.05):
            return
        stage.clock.leap(5)
    raise AssertionError(stage.crew.log())


async def _connect(stage: FaultStage) -> None:
    now = stage.clock.now()
    async with stage.services.db.write() as tx:
        user = await add_user(tx, now=now, email=EMAIL)
        cookies = stage.sandbox.cookies(EMAIL)
        for merchant in (FIRST, SECOND):
            store = await connect(tx, stage.services, user, merchant, cookies, minutes=1)
            stage.stores[merchant] = store.id
    for merchant, store_id in stage.stores.items():
        await read_catalogue(stage.services, store_id, merchant, cookies)
    await _switch_on(stage)


async def _switch_on(stage: FaultStage) -> None:
    """Switch every bot on, with room of 30 % around today's price."""
    whole = func.floor(col(Product.price) / 1000)
    async with stage.services.db.write() as tx:
        await tx.execute(
            update(Product)
            .where(col(Product.price) > 0, col(Product.is_on_sale))
            .values(
                bot_active=True,
                bot_enabled_at=stage.clock.now(),
                base_price=col(Product.price),
                min_price=whole * 700,
                max_price=whole * 1300,
                next_check_at=stage.clock.now(),
            )
        )
        rows = await tx.execute(
            select(
                col(KaspiStore.merchant_id),
                col(Product.kaspi_sku),
                col(Product.min_price),
                col(Product.max_price),
            )
            .join(KaspiStore, col(KaspiStore.id) == col(Product.store_id))
            .where(col(Product.bot_active))
        )
        for merchant, sku, low, high in rows:
            stage.bounds[merchant, sku] = (low // 100, high // 100)
