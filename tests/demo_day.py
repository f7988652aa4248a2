"""The demo day: orders arrive in the sandbox, move through all that can happen to them, buyers are told.

Kaspi and WAHA are the sandbox's; orders, outbox and messages go the way that the product's workers go.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Final
from uuid import UUID

from messaging_scene import ALL_KEYS, add_number
from orders_scene import OrdersScene
from sqlalchemy import select
from sqlmodel import col
from worker_stage import Stage

from cube_demper.core.clock import ALMATY
from cube_demper.core.settings import WahaSettings
from cube_demper.domain.accounts.schemas import SYSTEM
from cube_demper.domain.messaging import scheduling
from cube_demper.domain.messaging.gate_schemas import TriggerEvent
from cube_demper.domain.orders import taking
from cube_demper.integrations.waha.gateway import WahaGateway
from cube_demper.integrations.waha.sender import WahaSender
from cube_demper.models.accounts import User
from cube_demper.models.messages import QueueStatus, ScheduledMessage, WhatsAppMessage
from cube_demper.models.messaging import (
    WhatsAppRule,
    WhatsAppSession,
    WhatsAppSettings,
    WhatsAppStore,
)
from cube_demper.models.operations import OutboxMessage
from cube_demper.models.polling import OrdersPoll
from cube_demper.sandbox.order_lives import DAY_MS, End, Life, Way, of_day
from cube_demper.sandbox.waha.host import KEY
from cube_demper.sandbox.waha.world import Message, Phone, Session
from workers.messaging import Messaging
from workers.runtime import Options, Process

EVENTS: Final = (
    TriggerEvent.ORDER_APPROVED,
    TriggerEvent.ORDER_SHIPPED,
    TriggerEvent.ORDER_DELIVERED,
    TriggerEvent.ORDER_COMPLETED,
    TriggerEvent.REVIEW_REQUEST,
)
_SELLER: Final = "77010000099"
_MINUTE_MS: Final = 60_000
_STEP: Final = timedelta(minutes=10)
_BEGINS: Final = time(9, 5)
_LETTER: Final = 61.0
"""Seconds after which the number may say the next thing."""


@dataclass(frozen=True, slots=True)
class Line:
    """One event: how many buyers were to hear of it, and did. `twice`, `wrong`: letters too many."""

    event: TriggerEvent
    wanted: int
    arrived: int
    buyers: int
    missing: int
    twice: int
    wrong: int


@dataclass
class DemoDay:
    """One day of one store."""

    scene: OrdersScene
    phone: Session
    lives: tuple[Life, ...]
    worker: Messaging

    async def play(self) -> None:
        """Let the day pass, its night, and the day on which reviews are asked for."""
        opens = self.lives[0].made
        over = max(life.closed for life in self.lives)
        while self._now_ms() < over + 30 * _MINUTE_MS:
            await self._step(_STEP)
        while self._now_ms() < opens + 2 * DAY_MS:
            await self._step(timedelta(hours=3))

    async def table(self) -> list[Line]:
        """Count what arrived at the buyers' phones by event."""
        told = await self._told()
        wanted = {life.code: expected(life) for life in self.lives}
        lines = []
        for event in EVENTS:
            here = Counter({who: n for (who, what), n in told.items() if what == event})
            due = {code for code, events in wanted.items() if event in events}
            lines.append(
                Line(
                    event,
                    wanted=len(due),
                    arrived=here.total(),
                    buyers=len(here),
                    missing=len(due - here.keys()),
                    twice=here.total() - len(here),
                    wrong=len(here.keys() - due),
                )
            )
        return lines

    async def untracked(self) -> int:
        """Count letters that arrived and are not known as sent."""
        async with self.scene.stage.db.read() as tx:
            known = (await tx.scalars(select(col(WhatsAppMessage.short_id)))).all()
        return len({it.id for it in self._arrived()} - set(known))

    async def dropped(self) -> Counter[str]:
        """Count what was not sent on purpose, by its reason."""
        async with self.scene.stage.db.read() as tx:
            query = select(col(ScheduledMessage.reason)).where(
                col(ScheduledMessage.status) == QueueStatus.DROPPED
            )
            return Counter(str(it) for it in (await tx.scalars(query)).all())

    def _arrived(self) -> Sequence[Message]:
        return [it for it in self.phone.messages if it.from_me]

    async def _told(self) -> Counter[tuple[str, str]]:
        """Count letters at the buyers' phones by order and event; the phone must be the order's own."""
        phones = {f"7{life.phone}": life.code for life in self.lives}
        async with self.scene.stage.db.read() as tx:
            rows = (await tx.scalars(select(WhatsAppMessage))).all()
        events = {row.short_id: row.trigger_event for row in rows}
        return Counter((phones[it.chat], str(events.get(it.id))) for it in self._arrived())

    async def _step(self, passed: timedelta) -> None:
        scene = self.scene
        scene.stage.clock.jump(passed.total_seconds())
        await scene.work()
        await self._follow()
        before = -1
        while before != len(self.phone.messages):
            before = len(self.phone.messages)
            await self.worker.run_bounded()
            scene.stage.clock.jump(_LETTER)

    async def _follow(self) -> None:
        """Handle what the outbox says of orders, as its worker does: each message once."""
        stage = self.scene.stage
        async with stage.db.write() as tx:
            found = await tx.scalars(
                select(OutboxMessage).where(
                    col(OutboxMessage.topic) == taking.TOPIC, col(OutboxMessage.done_at).is_(None)
                )
            )
            for message in found.all():
                now, secrets = stage.clock.now(), stage.services.secrets
                await scheduling.follow_order(tx, SYSTEM, message.payload, now, secrets=secrets)
                message.done_at = now

    def _now_ms(self) -> int:
        return int(self.scene.stage.clock.now().timestamp() * 1000)


def expected(life: Life) -> frozenset[TriggerEvent]:
    """Return what a buyer is to hear of an order that lives so, all events switched on.

    Read with a token, Kaspi tells of an arrival at the seller's own points alone, never at a postomat
    (KASPI.md §4.1): what it does not tell is not told on.
    """
    events = {TriggerEvent.ORDER_APPROVED}
    if life.end is End.CANCELLED_NEW:
        return frozenset(events)
    if life.way is not Way.PICKUP:
        events.add(TriggerEvent.ORDER_SHIPPED)
    if life.end is End.CANCELLED_ON_WAY:
        return frozenset(events)
    if life.way is Way.PICKUP:
        events.add(TriggerEvent.ORDER_DELIVERED)
    events.add(TriggerEvent.ORDER_COMPLETED)
    if life.end is End.COMPLETED:
        events.add(TriggerEvent.REVIEW_REQUEST)
    return frozenset(events)


async def begin_day(stage: Stage, *, of_each: int = 1) -> DemoDay:
    """Open the shop in the morning; `of_each`: orders of each way and end that are possible."""
    scene = OrdersScene(stage)
    await scene.begin()
    _wait_for_morning(stage)
    session_id, phone = await _link(stage)
    await _switch_on(stage, session_id)
    lives = tuple(_lives(stage, of_each))
    merchant, today = stage.merchant, lives[0].made // DAY_MS
    world = stage.sandbox.world
    for day in range(today - 60, today + 4):
        world.order_days[merchant, day] = ()
    for day in {life.made // DAY_MS for life in lives}:
        world.order_days[merchant, day] = tuple(it for it in lives if it.made // DAY_MS == day)
    services = replace(stage.services, clock=stage.clock)
    process = Process("messaging", services, Options(until_idle=True), stage.clock.now())
    settings = WahaSettings(
        WAHA_URL=stage.sandbox.waha_url, WAHA_PASSWORD=KEY, WAHA_HMAC_KEY="unused"
    )
    gateway = WahaGateway(settings)
    worker = Messaging(process, WahaSender(gateway), ALL_KEYS, gateway)
    stage.stack.push_async_callback(worker.close)
    return DemoDay(scene, phone, lives, worker)


def _wait_for_morning(stage: Stage) -> None:
    now = stage.clock.now().astimezone(ALMATY)
    morning = datetime.combine(now.date() + timedelta(days=1), _BEGINS, ALMATY)
    stage.clock.jump((morning - now).total_seconds())


async def _link(stage: Stage) -> tuple[UUID, Session]:
    async with stage.db.read() as tx:
        user = await tx.get_one(User, stage.user_id)
    session_id = await add_number(stage.db, stage.services, user, own_phone=f"+{_SELLER}")
    async with stage.db.read() as tx:
        name = (await tx.get_one(WhatsAppSession, session_id)).name
    stage.sandbox.waha.phones[_SELLER] = Phone(_SELLER, "Магазин")
    session = Session(name, {}, status="WORKING", phone=_SELLER)
    stage.sandbox.waha.sessions[name] = session
    return session_id, session


async def _switch_on(stage: Stage, session_id: UUID) -> None:
    """Agree, write from the store, tell of the end, too; reading began this morning."""
    now = stage.clock.now()
    begun = {"import_started_at": now, "import_finished_at": now}
    async with stage.db.write() as tx:
        tx.add(WhatsAppSettings(user_id=stage.user_id, consented_at=now, consent_version="1"))
        tx.add(WhatsAppStore(store_id=stage.store_id, session_id=session_id, is_enabled=True))
        rule = {"trigger_event": TriggerEvent.ORDER_COMPLETED, "is_on": True}
        tx.add(WhatsAppRule(store_id=stage.store_id, **rule))
        tx.add(OrdersPoll(store_id=stage.store_id, next_poll_at=now, swept_at=now, **begun))


def _lives(stage: Stage, of_each: int) -> Sequence[Life]:
    """Return orders that live through everything within a day, a few minutes after one another."""
    now = int(stage.clock.now().timestamp() * 1000)
    world, today = stage.sandbox.world, now // DAY_MS
    template = next(
        life for back in range(30) for life in of_day(world, stage.merchant, today - back)
    )
    kinds = [(way, end) for way in Way for end in End if _is_possible(way, end)] * of_each
    return [
        _day_of(template, f"{today}{number:04d}", way, end, now + (number * 3 + 1) * _MINUTE_MS)
        for number, (way, end) in enumerate(kinds, 1)  # a phone of zeros is not on WhatsApp
    ]


def _is_possible(way: Way, end: End) -> bool:
    """Leave out what has no end on its way: a buyer who comes for it cancels before."""
    return end is not End.CANCELLED_ON_WAY or way not in (Way.PICKUP, Way.OWN)


_AFTER: Final[Mapping[str, int]] = {
    "accepted": 40, "assembled": 80, "handed": 120, "arrived": 200, "ended": 300, "closed": 420,
}  # fmt: skip
"""Minutes after it was made."""


def _day_of(template: Life, code: str, way: Way, end: End, made: int) -> Life:
    at = {name: made + minutes * _MINUTE_MS for name, minutes in _AFTER.items()}
    if end is End.CANCELLED_NEW:
        at["ended"] = at["accepted"]
    if end is End.CANCELLED_ON_WAY:
        at["ended"] = at["handed"] + 60 * _MINUTE_MS
    return replace(
        template,
        code=code,
        way=way,
        end=end,
        made=made,
        phone=f"7020{code[-6:]}",
        is_express=False,
        is_pre_order=False,
        **at,
    )
