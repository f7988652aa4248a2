"""A seller's WhatsApp for tests: the sandbox's WAHA, our webhook on a real port, the work done by hand."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import UUID

import orjson
from accounts_scene import Scene
from fastapi import FastAPI
from redis.asyncio import Redis
from sqlalchemy import select, update
from web_stage import web_services

from cube_demper import bootstrap
from cube_demper.api.waha import PATH, waha_routes
from cube_demper.core.errors import CubeError
from cube_demper.db import outbox
from cube_demper.domain.accounts.schemas import Actor, Role
from cube_demper.domain.messaging.hearing import work as hearing
from cube_demper.domain.messaging.hearing.work import Ear
from cube_demper.domain.messaging.sessions import service
from cube_demper.domain.messaging.sessions import work as sessions
from cube_demper.domain.messaging.sessions.schemas import NumberView
from cube_demper.domain.messaging.sessions.work import Room
from cube_demper.integrations.waha.client import WahaSessions
from cube_demper.integrations.waha.events import heard_of
from cube_demper.integrations.waha.gateway import WahaGateway
from cube_demper.integrations.waha.sender import WahaSender
from cube_demper.models.operations import OutboxMessage
from cube_demper.sandbox.listeners import WebListener, bind
from cube_demper.sandbox.server import Sandbox
from cube_demper.sandbox.waha.host import KEY
from cube_demper.sandbox.waha.world import Session

HMAC_KEY = "a webhook key"
PHONE, OTHER_PHONE = "77010000001", "77010000002"
BUYER = "77051112233"


@dataclass
class Stage:
    """Everything that takes part."""

    scene: Scene
    sandbox: Sandbox
    services: bootstrap.Services
    room: Room
    sender: WahaSender
    ear: Ear
    hook_url: str
    seller: Actor

    async def add(self, *, label: str = "Магазин") -> UUID:
        """Agree, and begin to link a number."""
        async with self.services.db.write() as tx:
            await service.agree(tx, self.seller, self.scene.clock.now())
        async with self.services.db.write() as tx:
            return await service.add_number(tx, self.seller, label, self.scene.clock.now())

    async def linked(self) -> UUID:
        """Link a number as far as «Подключено»."""
        session_id = await self.add()
        await self.settle()
        await self.pass_time(2)
        await self.pass_time(1)
        assert self.sandbox.waha.scan(self.session, self.sandbox.waha.phones[PHONE])
        await self.settle()
        return session_id

    @property
    def session(self) -> Session:
        """Return the only session of the sandbox."""
        (found,) = self.sandbox.waha.sessions.values()
        return found

    async def number(self) -> NumberView:
        """Return the only number as its seller sees it."""
        async with self.services.db.read() as tx:
            now = self.scene.clock.now()
            (found,) = await service.list_numbers(tx, self.seller, self.services.secrets, now)
        return found

    async def pass_time(self, seconds: float) -> None:
        """Let time pass for everybody, then do what is due."""
        self.scene.clock.move(seconds=seconds)
        self.sandbox.waha.advance()
        await self.settle()

    async def settle(self) -> None:
        """Let webhooks arrive and do what is queued, until nothing is left that succeeds."""
        while True:
            await self.sandbox.waha.hooks.settled()
            if not await self.work():
                return

    async def work(self) -> int:
        """Handle each queued message once; return how many succeeded."""
        handlers = {
            service.TOPIC: lambda it: sessions.carry_out(self.room, it),
            hearing.TOPIC: lambda it: hearing.take_in(self.ear, it["sealed"]),
        }
        async with self.services.db.read() as tx:
            rows = await tx.execute(
                select(OutboxMessage.id, OutboxMessage.topic, OutboxMessage.payload)
                .where(OutboxMessage.done_at.is_(None), OutboxMessage.topic.in_(handlers))
                .order_by(OutboxMessage.created_at)
            )
            waiting = [row.tuple() for row in rows]
        done = 0
        for message_id, topic, payload in waiting:
            try:
                await handlers[topic](payload)
            except CubeError:
                continue
            async with self.services.db.write() as tx:
                await outbox.complete(tx, message_id, self.scene.clock.now())
            done += 1
        return done

    async def repeat_all(self) -> None:
        """Take in everything that was ever queued once more, as after a kill before the marks."""
        async with self.services.db.write() as tx:
            await tx.execute(
                update(OutboxMessage)
                .where(OutboxMessage.topic == hearing.TOPIC)
                .values(done_at=None)
            )
        await self.work()


@asynccontextmanager
async def waha_stage(
    scene: Scene, redis: Redis, sandbox: Sandbox, patch: object
) -> AsyncIterator[Stage]:
    """Set the stage; `patch` is pytest's monkeypatch."""
    services = web_services(
        scene,
        redis,
        waha={"WAHA_URL": sandbox.waha_url, "WAHA_PASSWORD": KEY, "WAHA_HMAC_KEY": HMAC_KEY},
    )
    patch.setattr(bootstrap, "web", lambda: services)  # type: ignore[attr-defined]
    api = FastAPI()
    api.include_router(waha_routes())
    listener = WebListener(api, bind(0))
    await listener.start()
    hook_url = f"http://127.0.0.1:{listener.port}{PATH}"
    gateway = WahaGateway(services.settings.waha)
    client = WahaSessions(gateway, services.settings.waha, hook_url)
    room = Room(services.db, services.secrets, client, scene.clock.now)
    ear = Ear(room, lambda text: heard_of(orjson.loads(text)), client)
    seller = Actor(Role.USER, await scene.add("seller@example.kz"))
    try:
        yield Stage(scene, sandbox, services, room, WahaSender(gateway), ear, hook_url, seller)
    finally:
        await gateway.aclose()
        await listener.stop()
