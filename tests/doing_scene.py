"""A store of the sandbox with orders to act on, and what came of the actions."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from orders_scene import OrdersScene
from sqlalchemy import select
from sqlmodel import col

from cube_demper.domain.accounts.schemas import Actor, Role
from cube_demper.domain.orders.doing import service
from cube_demper.domain.orders.doing.schemas import Request
from cube_demper.models.doing import ActionKind, OrderAction
from cube_demper.models.operations import Notification
from cube_demper.models.orders import Order
from cube_demper.models.polling import OrdersPoll
from cube_demper.sandbox.order_deeds import Deed
from cube_demper.sandbox.order_lives import DAY_MS, End, Life, Way, of_day

HOUR_MS = 3_600_000


@dataclass
class DoingScene(OrdersScene):
    """An orders scene whose orders wait for their seller for as long as a test takes."""

    made: list[Life] = field(default_factory=list)

    @property
    def actor(self) -> Actor:
        return Actor(Role.USER, self.stage.user_id, "seller@example.kz")

    async def open_shop(self, *ways: Way, with_token: bool = True) -> list[Order]:
        """Give the store one new order a way and nothing else, read them, and return them."""
        await self.begin(with_token=with_token)
        now = self.stage.clock.now()
        poll = {"import_started_at": now - timedelta(days=1), "import_finished_at": now}
        async with self.stage.db.write() as tx:
            store_id = self.stage.store_id
            tx.add(OrdersPoll(store_id=store_id, next_poll_at=now, swept_at=now, **poll))
        self._plant(ways)
        await self.work()
        orders = await self.orders()
        return [orders[life.code] for life in self.made]

    def _plant(self, ways: tuple[Way, ...]) -> None:
        world, merchant = self.stage.sandbox.world, self.stage.merchant
        now = int(self.stage.clock.now().timestamp() * 1000)
        today = (now - 60_000) // DAY_MS
        template = next(
            life for back in range(30) for life in of_day(world, merchant, today - back)
        )
        for day in range(today - 60, today + 3):
            world.order_days[merchant, day] = ()
        for number, way in enumerate(ways):
            self.made.append(_waiting(template, f"{today}{number:04d}", way, now - 60_000))
        world.order_days[merchant, today] = tuple(self.made)

    def deed(self, order: Order) -> Deed:
        return self.stage.sandbox.world.order_deeds.get(order.kaspi_order_code) or Deed()

    async def ask(self, order: Order, kind: ActionKind, **given: Any) -> None:
        """Ask for an action as the seller."""
        services = self.stage.services
        request = Request(kind, **given)
        async with services.db.write() as tx:
            await service.ask(
                tx,
                self.actor,
                order.id,
                request,
                secrets=services.secrets,
                now=self.stage.clock.now(),
            )

    async def do(self, order: Order, kind: ActionKind, **given: Any) -> OrderAction:
        """Ask for an action, let a worker do it, and return how it went."""
        await self.ask(order, kind, **given)
        await self.act()
        return await self.last(order.id)

    async def act(self) -> None:
        """Let a worker do the actions that are due, and read nothing."""
        await (await self.worker(until_idle=True)).actions.run_until_idle()

    async def last(self, order_id: UUID) -> OrderAction:
        async with self.stage.db.read() as tx:
            query = select(OrderAction).where(col(OrderAction.order_id) == order_id)
            newest = query.order_by(col(OrderAction.asked_at).desc()).limit(1)
            found = await tx.scalars(newest.execution_options(populate_existing=True))
            return found.one()

    async def order(self, order: Order) -> Order:
        async with self.stage.db.read() as tx:
            return await tx.get_one(Order, order.id, populate_existing=True)

    def requests(
        self, order: Order | None = None, *, accepted: bool = False
    ) -> list[dict[str, Any]]:
        """Return what the sandbox was asked to change, or only what it changed."""
        return [
            entry
            for entry in self.stage.sandbox.journal.entries
            if entry["kind"] == "request"
            and entry.get("to")
            and (order is None or entry["order"] == order.kaspi_order_code)
            and not (accepted and entry.get("refusal"))
        ]

    async def notices(self) -> list[Notification]:
        async with self.stage.db.read() as tx:
            kind = col(Notification.kind) == "order_not_done"
            return list((await tx.scalars(select(Notification).where(kind))).all())


def _waiting(template: Life, code: str, way: Way, made: int) -> Life:
    """Return a life that waits long at every step, so that only its seller moves it."""
    month = 30 * DAY_MS
    return replace(
        template,
        code=code,
        way=way,
        end=End.COMPLETED,
        made=made,
        accepted=made + 20 * DAY_MS,
        assembled=made + 21 * DAY_MS,
        handed=made + month,
        arrived=made + month + HOUR_MS,
        ended=made + 2 * month,
        closed=made + 3 * month,
        phone=f"7020{code[-6:]}",
        is_express=False,
        is_pre_order=False,
    )
