"""Who looks at a chat and who types in it. Gone from Redis by itself; without Redis nobody is seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import orjson
from redis.asyncio import Redis

from cube_demper.core.optional_redis import OptionalRedis

TYPES_FOR: Final = 6
"""Seconds after the last key; a page repeats itself every 3 s while keys are struck."""
LOOKS_FOR: Final = 30
PERSON: Final = "person"
"""The side of who asks support; staff are on the other, by their ids."""


@dataclass(frozen=True, slots=True)
class Present:
    """Somebody at a chat. `who`: an id, or `PERSON` for the one who asks."""

    who: str
    name: str
    is_typing: bool


class Presence:
    """Keeps and tells it; every change is published as an event, so pages need not ask."""

    def __init__(self, redis: Redis, events_channel: str) -> None:
        """`events_channel`: where the hubs of all web processes listen."""
        self._redis, self._channel = redis, events_channel
        self._optional = OptionalRedis("presence_lost")

    async def type(
        self, chat_id: UUID, who: str, name: str, *, tell: Sequence[tuple[str, str]]
    ) -> None:
        """Note that somebody types. `tell`: (channel, kind) of the event, whose id is the chat's."""
        await self._note(f"{self._key(chat_id)}:typing:{who}", name, TYPES_FOR, chat_id, tell)

    async def look(
        self, chat_id: UUID, who: str, name: str, *, tell: Sequence[tuple[str, str]]
    ) -> None:
        """Note that somebody has the chat open."""
        await self._note(f"{self._key(chat_id)}:looking:{who}", name, LOOKS_FOR, chat_id, tell)

    async def stop(
        self, chat_id: UUID, who: str, *, leaves: bool, tell: Sequence[tuple[str, str]]
    ) -> None:
        """Note that somebody types no more (a message left), or has left the chat."""
        kinds = ("typing", "looking") if leaves else ("typing",)
        pipe = self._redis.pipeline(transaction=False)
        for kind in kinds:
            pipe.delete(f"{self._key(chat_id)}:{kind}:{who}")
            pipe.srem(self._key(chat_id), f"{kind}:{who}")
        self._publish(pipe, chat_id, tell)
        await self._optional.call(pipe.execute)

    async def present(self, chat_id: UUID) -> list[Present]:
        """Return who is at a chat now, by name."""
        pipe = self._redis.pipeline(transaction=False)
        pipe.smembers(self._key(chat_id))
        answer = await self._optional.call(pipe.execute)
        keys = sorted(it.decode() for it in answer[0]) if answer else []
        if not keys:
            return []
        values = await self._optional.call(
            lambda: self._redis.mget([f"{self._key(chat_id)}:{key}" for key in keys])
        )
        found: dict[str, Present] = {}
        for key, value in zip(keys, values or (), strict=False):
            kind, _, who = key.partition(":")
            if value is not None:
                is_typing = kind == "typing" or (who in found and found[who].is_typing)
                found[who] = Present(who, value.decode(), is_typing)
        return sorted(found.values(), key=lambda it: it.name.casefold())

    async def _note(
        self, key: str, name: str, seconds: int, chat_id: UUID, tell: Sequence[tuple[str, str]]
    ) -> None:
        whole = self._key(chat_id)
        pipe = self._redis.pipeline(transaction=False)
        pipe.set(key, name[:100], ex=seconds)
        pipe.sadd(whole, key.removeprefix(f"{whole}:"))
        pipe.expire(whole, LOOKS_FOR)
        self._publish(pipe, chat_id, tell)
        await self._optional.call(pipe.execute)

    def _publish(self, pipe: Redis, chat_id: UUID, tell: Sequence[tuple[str, str]]) -> None:
        for channel, kind in tell:
            pipe.publish(self._channel, orjson.dumps([channel, kind, str(chat_id)]))

    @staticmethod
    def _key(chat_id: UUID) -> str:
        return f"support:present:{chat_id}"
