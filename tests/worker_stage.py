"""A seller with a connected store of the sandbox, and demping workers to run against it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from connected import connect, guid_of, read_catalogue
from records import add_user
from redis.asyncio import Redis
from sqlalchemy import func, select, update
from sqlmodel import col

from cube_demper.bootstrap import Services, build_services
from cube_demper.core.clock import ScaledClock
from cube_demper.core.settings import KaspiSettings, Settings, WorkerSettings
from cube_demper.db.session import Database
from cube_demper.models.accounts import User
from cube_demper.models.catalog import Product
from cube_demper.models.pricing import PriceHistory, PriceStatus
from cube_demper.models.stores import DempingSettings, KaspiStore
from cube_demper.sandbox.market import ApplyDelay
from cube_demper.sandbox.seeding import SMALL_PLAN, WorldPlan
from cube_demper.sandbox.server import Sandbox
from workers.demping import Demping, build
from workers.runtime import Options, Process

SECOND = "30000002"


class JumpClock(ScaledClock):
    """Somewhat faster than real time, so that pauses are short, and moved on by tests at will."""

    _ahead = timedelta()

    def now(self) -> datetime:
        return super().now() + self._ahead

    def jump(self, seconds: float) -> None:
        self._ahead += timedelta(seconds=seconds)


@dataclass
class Stage:
    """Everything a worker test touches."""

    sandbox: Sandbox
    services: Services
    db: Database
    clock: JumpClock
    stack: AsyncExitStack
    store_id: UUID = None  # type: ignore[assignment]
    user_id: UUID = None  # type: ignore[assignment]

    @property
    def merchant(self) -> str:
        return "30000001"

    async def worker(self, index: int = 0, count: int = 1, **options: bool) -> Demping:
        """Build one demping process of its own."""
        settings = self.services.settings.model_copy(
            update={"worker": WorkerSettings(INSTANCE_INDEX=index, INSTANCE_COUNT=count)}
        )
        services = replace(build_services(settings, name=f"test-{index}"), clock=self.clock)
        process = Process("demping", services, Options(**options), self.clock.now())
        demping = await build(process)
        self.stack.push_async_callback(services.close)
        self.stack.push_async_callback(demping.close)
        return demping

    async def products(self, store_id: UUID | None = None) -> list[Product]:
        async with self.db.read() as tx:
            rows = await tx.scalars(
                select(Product)
                .where(col(Product.store_id) == (store_id or self.store_id))
                .order_by(col(Product.kaspi_sku))
            )
            return list(rows.all())

    async def history(self, product_id: UUID | None = None) -> list[PriceHistory]:
        query = select(PriceHistory).order_by(col(PriceHistory.created_at))
        if product_id:
            query = query.where(col(PriceHistory.product_id) == product_id)
        async with self.db.read() as tx:
            return list((await tx.scalars(query)).all())

    async def set_product(self, product_id: UUID, **values: object) -> None:
        async with self.db.write() as tx:
            await tx.execute(
                update(Product)
                .where(col(Product.id) == product_id)
                .values(next_check_at=self.clock.now(), **values)
            )

    async def set_settings(self, **values: object) -> None:
        async with self.db.write() as tx:
            await tx.execute(
                update(DempingSettings)
                .where(col(DempingSettings.store_id) == self.store_id)
                .values(**values)
            )

    async def sign_in(self) -> None:
        """Give the store a new session, as the sign-in to Kaspi does."""
        guid = guid_of(self.services, self.sandbox.cookies())
        async with self.db.write() as tx:
            await tx.execute(
                update(KaspiStore).values(needs_reauth=False, reauth_reason=None, guid=guid)
            )

    async def second_store(self) -> UUID:
        """Connect the user's other store of the sandbox and switch all its bots on."""
        async with self.db.read() as tx:
            user = await tx.get_one(User, self.user_id)
        store_id = await _add_store(self, user, SECOND, "Второй прилавок")
        now = self.clock.now()
        async with self.db.write() as tx:
            await tx.execute(
                update(Product)
                .where(col(Product.store_id) == store_id, col(Product.price).is_not(None))
                .values(
                    bot_active=True,
                    bot_enabled_at=now,
                    base_price=col(Product.price),
                    min_price=func.floor(col(Product.price) / 1000) * 700,
                    next_check_at=now,
                )
            )
        return store_id

    async def switch_on(self, limit: int | None = None) -> list[Product]:
        """Switch the bot on for the first goods, with room of 30 % around today's price."""
        chosen = [p for p in await self.products() if p.price and p.is_on_sale][:limit]
        for product in chosen:
            price = product.price or 0
            await self.set_product(
                product.id,
                bot_active=True,
                bot_enabled_at=self.clock.now(),
                base_price=price,
                min_price=price * 7 // 1000 * 100,
                max_price=price * 13 // 1000 * 100,
            )
        return await self.products()

    async def undercut(self) -> tuple[Product, str]:
        """Leave one product with its bot on, and one rival a tenth below us; return both."""
        market = self.sandbox.market
        market.freeze_rivals()
        product = next(p for p in await self.switch_on(limit=1) if p.bot_active)
        card = product.external_kaspi_id or ""
        rival = market.rivals_on(card)[0]
        market.clear_rivals(card)
        market.set_rival(card, rival.merchant.uid, (product.price or 0) // 100 * 9 // 10)
        return product, str(rival.merchant.uid)

    async def queue_lower(self) -> Product:
        """Bring one product to the point where a lower price is queued and nothing was sent."""
        product, _rival = await self.undercut()
        worker = await self.worker(once=True)
        await worker.checker.claim(await worker._ready(is_forced=True), worker.shard_keys)
        await worker.checker.finish()
        assert [row.status for row in await self.history()] == [PriceStatus.QUEUED]
        return product

    async def drain(self, worker: Demping | None = None) -> None:
        """Send what is queued."""
        worker = worker or await self.worker(once=True)
        await worker.send()
        await worker.lane.wait()


@pytest.fixture
def speed() -> float:
    """How much faster the stage's clock runs."""
    return 5


@pytest.fixture
def plan() -> WorldPlan:
    """What the stage's Kaspi is made of."""
    return SMALL_PLAN


@pytest.fixture
async def stage(
    db: Database, redis: Redis, database_url: str, redis_url: str, *, speed: float, plan: WorldPlan
) -> AsyncIterator[Stage]:
    async with open_stage(db, database_url, redis_url, speed=speed, plan=plan) as made:
        yield made


@asynccontextmanager
async def open_stage(
    db: Database, database_url: str, redis_url: str, *, speed: float, plan: WorldPlan = SMALL_PLAN
) -> AsyncIterator[Stage]:
    """Run a sandbox with a seller whose store is connected, while the block runs."""
    now = datetime.now(UTC)
    clock = JumpClock(now, speed)
    async with (
        AsyncExitStack() as stack,
        Sandbox.start(clock=clock, plan=plan, delay=ApplyDelay(2, 4)) as sandbox,
    ):
        settings = Settings(
            DATABASE_URL=database_url,
            REDIS_URL=redis_url,
            CUBE_CLOCK=f"{now.isoformat()}@{speed}",
            kaspi=KaspiSettings(
                KASPI_SHOP_URL=sandbox.shop_url,
                KASPI_MERCHANT_URL=sandbox.merchant_url,
                KASPI_LOGIN_URL=sandbox.login_url,
            ),
        )
        services = replace(build_services(settings, name="stage"), clock=clock)
        stack.push_async_callback(services.close)
        made = Stage(sandbox, services, db, clock, stack)
        await _connect(made)
        yield made


async def _connect(stage: Stage) -> None:
    async with stage.db.write() as tx:
        user = await add_user(tx, now=stage.clock.now(), email="seller@example.kz")
    stage.user_id = user.id
    stage.store_id = await _add_store(stage, user, stage.merchant, "Тестовая лавка")


async def _add_store(stage: Stage, user: User, merchant: str, name: str) -> UUID:
    """Connect a store of the sandbox and read its catalogue."""
    cookies = stage.sandbox.cookies()
    async with stage.db.write() as tx:
        store = await connect(tx, stage.services, user, merchant, cookies, name=name)
    await read_catalogue(stage.services, store.id, merchant, cookies)
    return store.id
