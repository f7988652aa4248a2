"""Our Telegram bot against the sandbox's: linking, a message, a bot that was stopped."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
from accounts_scene import Scene
from pydantic import SecretStr
from records import add_user, seller
from redis.asyncio import Redis
from web_stage import web_services

from cube_demper.core.clock import FixedClock
from cube_demper.core.errors import NotFound
from cube_demper.core.settings import TelegramSettings
from cube_demper.db.session import Database
from cube_demper.domain.accounts.schemas import SYSTEM, Actor
from cube_demper.domain.notifications import chats
from cube_demper.domain.notifications import service as notifications
from cube_demper.domain.notifications.schemas import Tell
from cube_demper.integrations.attempts.client import RedisAttempts
from cube_demper.integrations.telegram.client import TelegramBot
from cube_demper.sandbox.server import Sandbox
from cube_demper.sandbox.telegram import TOKEN, USERNAME
from workers import alerts, telegram
from workers.outbox import Drain
from workers.topics import telegram_lane

CHAT = 777


class Room:
    """A seller, our bot's two ends, and the sandbox's Telegram."""

    def __init__(self, db: Database, redis: Redis, sandbox: Sandbox) -> None:
        self.db, self.redis, self.server = db, redis, sandbox.telegram
        self.clock = FixedClock(datetime.now(UTC))
        self.services = web_services(Scene(db, self.clock, RedisAttempts(redis)), redis)
        self.services.settings.telegram = TelegramSettings.model_construct(
            bot_token=SecretStr(TOKEN), url=sandbox.telegram_url
        )
        self.bot = TelegramBot(self.services.settings.telegram)

    async def hear(self) -> int:
        return await telegram.Listener(self.services).listen(wait=0)

    async def code(self, actor: Actor) -> str:
        async with self.db.write() as tx:
            return await chats.new_code(tx, actor, self.clock.now())

    async def link(self, actor: Actor) -> None:
        self.server.say(CHAT, f"/start {await self.code(actor)}")
        assert await self.hear() >= 1

    async def chat(self, actor: Actor) -> Any:
        async with self.db.read() as tx:
            return await chats.chat_of(tx, actor)

    async def tell(self, actor: Actor, key: str = "1") -> None:
        async with self.db.write() as tx:
            tell = Tell(actor.person_id, "needs_reauth", "Войдите в Kaspi", key, body="«Тау»")
            await notifications.notify(tx, SYSTEM, tell)
        await alerts.plan(self.services)

    async def carry(self) -> dict[str, int]:
        lane = telegram_lane(self.services)
        assert lane is not None
        drain = Drain(self.services, lane, asyncio.Event())
        await drain.run()
        return dict(drain.counts)

    @property
    def got(self) -> list[str]:
        return self.server.people[CHAT].got


@pytest.fixture
async def room(db: Database, redis: Redis) -> AsyncIterator[Room]:
    async with Sandbox.start(seed=1) as sandbox:
        yield Room(db, redis, sandbox)


@pytest.fixture
async def actor(db: Database) -> Actor:
    async with db.write() as tx:
        return seller(await add_user(tx))


async def test_a_code_from_the_app_links_the_chat_it_came_from(room: Room, actor: Actor) -> None:
    await room.link(actor)
    assert (await room.chat(actor)).chat_id == CHAT
    assert actor.email in room.got[-1]
    assert await room.redis.get(telegram.NAME_KEY) == USERNAME.encode()


async def test_an_urgent_thing_is_in_the_chat_at_once_and_once(room: Room, actor: Actor) -> None:
    await room.link(actor)
    await room.tell(actor)
    assert await room.carry() == {"done": 1}
    assert room.got[1:] == ["<b>Войдите в Kaspi</b>\n«Тау»"]
    await room.tell(actor)
    await room.carry()
    assert len(room.got) == 2


async def test_a_code_works_once_and_not_for_others(room: Room, actor: Actor) -> None:
    code = await room.code(actor)
    room.server.say(CHAT, f"/start {code}")
    room.server.say(CHAT, f"/start {code}")  # Telegram tells again what was not confirmed
    room.server.say(CHAT + 1, f"/start {code}")
    await room.hear()
    assert [("Готово" in text) for text in room.got] == [True, True]
    assert "устарел" in room.server.people[CHAT + 1].got[0]
    assert (await room.chat(actor)).chat_id == CHAT


async def test_a_code_dies_after_a_quarter_of_an_hour_and_with_the_next(
    room: Room, actor: Actor
) -> None:
    first = await room.code(actor)
    second = await room.code(actor)
    room.server.say(CHAT, f"/start {first}")
    await room.hear()
    room.clock.move(minutes=16)
    room.server.say(CHAT, f"/start {second}")
    await room.hear()
    assert all("устарел" in text for text in room.got)
    assert await room.chat(actor) is None


async def test_a_person_who_stopped_the_bot_is_switched_off_and_told(
    room: Room, actor: Actor
) -> None:
    await room.link(actor)
    room.server.block(CHAT)
    await room.tell(actor)
    await room.carry()
    assert (await room.chat(actor)).is_blocked
    await room.hear()
    async with room.db.read() as tx:
        kinds = [row.kind for row in await notifications.list_latest(tx, actor)]
    assert kinds.count("telegram_off") == 1
    room.server.block(CHAT, is_blocked=False)
    await room.hear()
    await room.link(actor)
    assert not (await room.chat(actor)).is_blocked


async def test_stop_forgets_the_chat(room: Room, actor: Actor) -> None:
    await room.link(actor)
    room.server.say(CHAT, "/stop")
    await room.hear()
    assert await room.chat(actor) is None
    with pytest.raises(NotFound):
        async with room.db.write() as tx:
            await chats.unlink(tx, actor)


async def test_a_telegram_that_asks_to_wait_is_waited_for(room: Room, actor: Actor) -> None:
    await room.link(actor)
    room.server.fail_next = [(429, {"parameters": {"retry_after": 30}})]
    await room.tell(actor)
    assert await room.carry() == {"failed": 1}
    room.clock.move(seconds=31)
    assert await room.carry() == {"done": 1}
    assert len(room.got) == 2


async def test_one_process_listens_at_a_time(room: Room, actor: Actor) -> None:
    await room.redis.set("telegram:poll", "other", ex=60)
    room.server.say(CHAT, "привет")
    assert await room.hear() == 0
    await room.redis.delete("telegram:poll")
    assert await room.hear() == 1
    assert "настройках" in room.got[0]


async def test_a_wrong_token_loses_nothing(room: Room, actor: Actor) -> None:
    room.server.say(CHAT, "привет")
    right = room.services.settings.telegram
    room.services.settings.telegram = TelegramSettings.model_construct(
        bot_token=SecretStr("1:wrong"), url=right.url
    )
    assert await room.hear() == 0
    room.services.settings.telegram = right
    assert await room.hear() == 1
