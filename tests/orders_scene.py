"""A store of the sandbox whose orders are read, and orders workers to read them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update
from sqlmodel import col
from worker_stage import Stage

from cube_demper.bootstrap import build_services
from cube_demper.core.ids import token_hash
from cube_demper.core.settings import WorkerSettings
from cube_demper.domain.orders import taking
from cube_demper.models.operations import OutboxMessage
from cube_demper.models.orders import Order, OrderItem, OrderStatusHistory, OrdersToken
from cube_demper.models.polling import OrdersPoll, PollProblem
from cube_demper.models.stores import KaspiStore
from cube_demper.sandbox.order_lives import DAY_MS, Life, of_day
from workers.orders import Orders, build
from workers.runtime import Options, Process


@dataclass
class OrdersScene:
    """What tests of the orders worker ask and do."""

    stage: Stage
    _worker: Orders | None = None

    async def begin(self, *, with_token: bool = True) -> str:
        """Switch the reading on; return the token."""
        stage, token = self.stage, ""
        async with stage.db.write() as tx:
            await tx.execute(update(KaspiStore).values(orders_polling_enabled=True))
            if with_token:
                token = stage.sandbox.make_token(stage.merchant)
                sealed = stage.services.secrets.encrypt(token)
                hashed = token_hash(token)
                tx.add(
                    OrdersToken(
                        store_id=stage.store_id, token=sealed, token_hash=hashed, tail=token[-4:]
                    )
                )
        return token

    async def worker(self, index: int = 0, count: int = 1, **options: bool) -> Orders:
        """Build one orders process of its own."""
        stage = self.stage
        settings = stage.services.settings.model_copy(
            update={"worker": WorkerSettings(INSTANCE_INDEX=index, INSTANCE_COUNT=count)}
        )
        services = replace(build_services(settings, name=f"orders-{index}"), clock=stage.clock)
        process = Process("orders", services, Options(**options), stage.clock.now())
        worker = await build(process)
        stage.stack.push_async_callback(services.close)
        stage.stack.push_async_callback(worker.close)
        return worker

    async def work(self) -> None:
        """Let a worker, the same one each time, do all that is due."""
        if self._worker is None:
            self._worker = await self.worker(until_idle=True)
        await self._worker.run_bounded()

    async def later(self, **passed: float) -> None:
        """Let time pass, then let a worker do all that is due."""
        self.stage.clock.jump(timedelta(**passed).total_seconds())
        await self.work()

    def lives(self, days: int) -> list[Life]:
        """Return the orders of the last days as the sandbox has them, up to now."""
        now = int(self.stage.clock.now().timestamp() * 1000)
        today = now // DAY_MS
        found: list[Life] = []
        for day in range(today - days, today + 1):
            found += of_day(self.stage.sandbox.world, self.stage.merchant, day)
        return [life for life in found if now - days * DAY_MS < life.made <= now]

    def change(self, code: str, changes: dict[str, Any] | None) -> None:
        """Put attributes over an order of the sandbox; None: it has disappeared."""
        self.stage.sandbox.world.order_changes[code] = changes

    async def orders(self) -> dict[str, Order]:
        async with self.stage.db.read() as tx:
            rows = await tx.scalars(select(Order).execution_options(populate_existing=True))
            return {row.kaspi_order_code: row for row in rows.all()}

    async def items(self, order_id: UUID) -> Sequence[OrderItem]:
        query = select(OrderItem).where(col(OrderItem.order_id) == order_id)
        async with self.stage.db.read() as tx:
            return (await tx.scalars(query.order_by(col(OrderItem.entry_number)))).all()

    async def history(self, order_id: UUID) -> Sequence[OrderStatusHistory]:
        query = select(OrderStatusHistory).where(col(OrderStatusHistory.order_id) == order_id)
        async with self.stage.db.read() as tx:
            return (await tx.scalars(query.order_by(col(OrderStatusHistory.seen_at)))).all()

    async def news(self) -> list[dict[str, Any]]:
        """Return the messages that were queued about orders."""
        query = select(OutboxMessage).where(col(OutboxMessage.topic) == taking.TOPIC)
        async with self.stage.db.read() as tx:
            rows = await tx.scalars(query.order_by(col(OutboxMessage.created_at)))
            return [row.payload for row in rows.all()]

    async def poll(self) -> OrdersPoll:
        async with self.stage.db.read() as tx:
            query = select(OrdersPoll).where(col(OrdersPoll.store_id) == self.stage.store_id)
            return (await tx.scalars(query)).one()

    async def problem(self) -> PollProblem | None:
        found = (await self.poll()).problem
        return PollProblem(found) if found else None

    async def count(self, model: type[Any]) -> int:
        async with self.stage.db.read() as tx:
            return await tx.scalar(select(func.count()).select_from(model)) or 0
