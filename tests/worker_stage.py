"""A seller with a connected store of the sandbox, and demping workers to run against it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from redis.asyncio import Redis
from sqlalchemy import func, select, update
from sqlmodel import col

from cube_demper.bootstrap import Services, build_kaspi, build_services
from cube_demper.core.clock import ScaledClock
from cube_demper.core.settings import KaspiSettings, Settings, WorkerSettings
from cube_demper.db.session import Database
from cube_demper.domain.accounts.schemas import SYSTEM
from cube_demper.domain.catalog.sync import sync_store
from cube_demper.integrations.kaspi.cabinet import StoreCabinet
from cube_demper.integrations.kaspi.session import CabinetSession
from cube_demper.models import (
    BotMode,
    DempingSettings,
    KaspiStore,
    Plan,
    PriceHistory,
    Product,
    Subscription,
    User,
)
from cube_demper.sandbox.market import ApplyDelay
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
        cookies = self.services.secrets.encrypt(json.dumps(self.sandbox.cookies()))
        async with self.db.write() as tx:
            await tx.execute(
                update(KaspiStore).values(
                    needs_reauth=False,
                    reauth_reason=None,
                    guid={"v": 1, "cookies": cookies, "password": None},
                )
            )

    async def second_store(self) -> UUID:
        """Connect the user's other store of the sandbox and switch all its bots on."""
        store_id = await _add_store(self, self.user_id, SECOND, "Второй прилавок")
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


@pytest.fixture
def speed() -> float:
    """How much faster the stage's clock runs."""
    return 5


@pytest.fixture
async def stage(
    db: Database, redis: Redis, database_url: str, redis_url: str, speed: float
) -> AsyncIterator[Stage]:
    now = datetime.now(UTC)
    clock = JumpClock(now, speed)
    async with (
        AsyncExitStack() as stack,
        Sandbox.start(clock=clock, delay=ApplyDelay(2, 4)) as sandbox,
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
    now = stage.clock.now()
    async with stage.db.write() as tx:
        user = User(email="seller@example.kz", password_hash="-", referral_code="abcdefgh")
        tx.add(user)
        await tx.flush()
        tx.add(
            Subscription(
                user_id=user.id,
                plan=Plan.PRO,
                current_period_start=now,
                current_period_end=now + timedelta(days=30),
            )
        )
    stage.user_id = user.id
    stage.store_id = await _add_store(stage, user.id, stage.merchant, "Тестовая лавка")


async def _add_store(stage: Stage, user_id: UUID, merchant: str, name: str) -> UUID:
    """Connect a store of the sandbox and read its catalogue."""
    now = stage.clock.now()
    async with stage.db.write() as tx:
        cookies = stage.services.secrets.encrypt(json.dumps(stage.sandbox.cookies()))
        store = KaspiStore(
            user_id=user_id,
            merchant_id=merchant,
            name=name,
            guid={"v": 1, "cookies": cookies, "password": None, "merchant_uid": merchant},
        )
        tx.add(store)
        await tx.flush()
        tx.add(
            DempingSettings(
                store_id=store.id,
                mode=BotMode.AUTO,
                price_step=100,
                check_interval_minutes=5,
                work_hours_start=None,
                work_hours_end=None,
            )
        )
    kaspi = await build_kaspi(stage.services)
    stage.stack.push_async_callback(kaspi.close)
    session = CabinetSession.from_playwright(merchant, stage.sandbox.cookies())
    await sync_store(stage.db, SYSTEM, store.id, StoreCabinet(kaspi.client, session), now)
    return store.id
