"""The limits in Redis: calls the one Lua script and reads its answers. Knows when Redis forgot."""

from __future__ import annotations

import asyncio
import hashlib
import secrets
from collections.abc import Awaitable
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from typing import Any, cast

import orjson
from redis.asyncio import Redis
from redis.exceptions import NoScriptError

from cube_demper.core.clock import Clock
from cube_demper.integrations.kaspi.limits import rules
from cube_demper.integrations.kaspi.limits.rules import (
    EgressSnapshot,
    Granted,
    Host,
    LimitRules,
    LimitsSnapshot,
    Refill,
    RequestKind,
    StoreSnapshot,
    Wait,
    WaitReason,
    Wish,
)

_SCRIPT = files(__package__).joinpath("limits.lua").read_text("utf-8")
_FILL = files(__package__).joinpath("fill.lua").read_text("utf-8")
_SHA = hashlib.sha1(_SCRIPT.encode()).hexdigest()  # noqa: S324 - Redis names scripts by SHA-1
_ANSWER_TIMEOUT = 2.0  # real seconds: a Redis that hangs is a Redis that is gone
_LOCK_MS = 15_000
_MAX_AHEAD = timedelta(minutes=1)  # more apart than any two clocks in use, sped-up ones too


class Cold(Exception):
    """Redis does not know the windows: it was flushed, restarted, or lived by another clock."""


class SharedLimits:
    """The script's operations, typed. Raises Cold, and RedisError, OSError or TimeoutError."""

    def __init__(self, redis: Redis, figures: LimitRules, clock: Clock, prefix: str) -> None:
        """`prefix`: under which all keys live, one per Kaspi."""
        self._redis = redis
        self._clock = clock
        self._figures = figures
        self._root = prefix
        self._constants = _constants(figures)

    async def take(self, wish: Wish, ticket: int) -> Granted | Wait:
        """Book a request, or say how long to wait."""
        answer = await self._run(
            "take",
            kind=wish.kind,
            host=wish.host,
            candidates=wish.candidates,
            is_sticky=wish.is_sticky,
            is_counted=wish.host is Host.SHOP,
            ticket=ticket,
            **({"store": wish.store, "changes": wish.changes} if wish.store else {}),
            **({"token": wish.token} if wish.token else {}),
        )
        if answer[0] == b"wait":
            return Wait(int(answer[1]) / 1e6, WaitReason(answer[2].decode()), int(answer[3]))
        return Granted(
            wish, answer[2].decode(), _moment(answer[1]), answer[3] == b"1", int(answer[4])
        )

    async def report(self, grant: Granted, *, is_good: bool) -> None:
        """Tell the breaker of (host, egress) how the request went."""
        await self._run(
            "report",
            host=grant.wish.host,
            egress=grant.egress,
            is_trial=grant.is_trial,
            is_good=is_good,
        )

    async def give_back(self, grant: Granted, changes: int) -> None:
        """Undo changes of a send that never left."""
        store, at = grant.wish.store, _micros(grant.at)
        await self._run("give_back", store=store, changes=changes, at=at)

    async def ban_egress(self, grant: Granted, length: timedelta) -> None:
        """Rest an egress at this host."""
        await self._run(
            "ban_egress", host=grant.wish.host, egress=grant.egress, length=_length(length)
        )

    async def ban_store(self, store: str, length: timedelta) -> None:
        """Stop a store's price feed."""
        await self._run("ban_store", store=store, length=_length(length))

    async def snapshot(self, egresses: tuple[str, ...]) -> LimitsSnapshot:
        """Read the shared budget."""
        groups, kinds = list(rules.SHARES), list(RequestKind)
        answer = await self._run(
            "snapshot", host=Host.SHOP, candidates=egresses, group_names=groups
        )
        numbers = [int(value) for value in answer[1:]]
        tail = iter(numbers[1 + len(groups) + len(kinds) :])
        return LimitsSnapshot(
            used=numbers[0],
            limit=self._figures.global_per_second,
            groups=dict(zip(groups, numbers[1:], strict=False)),
            waiting=dict(zip(map(str, kinds), numbers[1 + len(groups) :], strict=False)),
            egresses=tuple(
                self._egress(key, used, ban, opened, errors)
                for key, (used, ban, opened, errors) in zip(
                    egresses, zip(tail, tail, tail, tail, strict=True), strict=True
                )
            ),
        )

    def _egress(self, key: str, used: int, ban: int, opened: int, errors: int) -> EgressSnapshot:
        now = self._clock.now()
        return EgressSnapshot(
            key=key,
            used=used,
            limit=self._figures.shop_per_second,
            banned_until=_if_after(ban, now),
            breaker_until=_if_after(opened, now),
            errors=errors,
        )

    async def store(self, store: str) -> StoreSnapshot:
        """Read a store's price feed budget."""
        answer = await self._run("store", store=store)
        used, first, ban = (int(value) for value in answer[1:])
        limit = self._figures.changes_per_window
        return StoreSnapshot(
            used=used,
            limit=limit,
            room=max(0, limit - used),
            next_free_at=_moment(first) + rules.CHANGES_WINDOW if first else None,
            blocked_until=_if_after(ban, self._clock.now()),
        )

    async def forget(self) -> None:
        """Remove the marker, so that whoever comes next fills the windows anew."""
        async with asyncio.timeout(_ANSWER_TIMEOUT):
            await self._redis.delete(f"{self._root}state")

    async def lock(self) -> str | None:
        """Become the one that fills a cold Redis; None when another process is at it."""
        token = secrets.token_hex(8)
        async with asyncio.timeout(_ANSWER_TIMEOUT):
            taken = await self._redis.set(f"{self._root}lock", token, nx=True, px=_LOCK_MS)
        return token if taken else None

    async def fill(self, token: str, refill: Refill) -> None:
        """Write what Postgres remembers; all other windows count as full from now on, once."""
        memory = {
            "sends": {uid: sorted(map(_micros, at)) for uid, at in refill.sends.items() if at},
            "bans": {uid: _micros(till) for uid, till in refill.bans.items()},
            "max_ahead": self._constants["max_ahead"],
        }
        now = str(_micros(self._clock.now()))
        async with asyncio.timeout(_ANSWER_TIMEOUT):
            await cast(
                "Awaitable[int]",
                self._redis.eval(_FILL, 1, self._root, token, now, orjson.dumps(memory)),
            )

    async def unlock(self) -> None:
        """Let another process fill."""
        async with asyncio.timeout(_ANSWER_TIMEOUT):
            await self._redis.delete(f"{self._root}lock")

    async def _run(self, operation: str, **arguments: Any) -> list[bytes]:
        now = _micros(self._clock.now())
        body = orjson.dumps(self._constants | arguments)
        try:
            async with asyncio.timeout(_ANSWER_TIMEOUT):
                answer = await cast(
                    "Awaitable[list[bytes]]",
                    self._redis.evalsha(_SHA, 1, self._root, operation, str(now), body),
                )
        except NoScriptError:
            # Scripts do not survive a restart, persisted data may: its last seconds are lost.
            await self.forget()
            async with asyncio.timeout(_ANSWER_TIMEOUT):
                await self._redis.script_load(_SCRIPT)
            raise Cold from None
        if answer[0] == b"cold":
            raise Cold
        return answer


def _constants(figures: LimitRules) -> dict[str, Any]:
    return {
        "kinds": list(RequestKind),
        "groups": {str(kind): group for kind, group in rules.GROUP_OF.items()},
        "shares": dict(rules.SHARES),
        "span": _length(rules.SECOND + rules.CLOCK_SKEW),
        "gap": _length(figures.pricefeed_gap + rules.CLOCK_SKEW),
        "changes_span": _length(rules.CHANGES_WINDOW + rules.CLOCK_SKEW),
        "global_limit": figures.global_per_second,
        "shop_limit": figures.shop_per_second,
        "token_limit": figures.orders_per_second,
        "changes_limit": figures.changes_per_window,
        "breaker_open": _length(rules.BREAKER_OPEN),
        "breaker_errors": rules.BREAKER_ERRORS,
        "longest": _length(rules.LONGEST_WAIT),
        "max_ahead": _length(_MAX_AHEAD),
    }


def _length(delta: timedelta) -> int:
    return delta // timedelta(microseconds=1)


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _micros(moment: datetime) -> int:
    return _length(moment - _EPOCH)


def _moment(micros: bytes | int) -> datetime:
    return _EPOCH + timedelta(microseconds=int(micros))


def _if_after(micros: int, now: datetime) -> datetime | None:
    moment = _moment(micros)
    return moment if moment > now else None
