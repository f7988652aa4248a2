"""WAHA's webhooks: signed with HMAC-SHA512 of the raw body, repeated until a 2xx or the last attempt."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from typing import Any

import aiohttp
import orjson

from cube_demper.core.clock import Clock

_TIMEOUT = aiohttp.ClientTimeout(total=20)


@dataclass(frozen=True, slots=True)
class Delivery:
    """One event on its way to one address."""

    url: str
    body: bytes
    headers: dict[str, str]
    event: str
    policy: str = "constant"
    delay: float = 2.0
    attempts: int = 15

    def wait(self, tries: int) -> float:
        """Return the pause after so many tries, in seconds."""
        doubled: int = 2 ** (tries - 1)
        factor = {"linear": tries, "exponential": doubled}.get(self.policy, 1)
        return self.delay * factor


class Webhooks:
    """Delivers in the background. Tests hold deliveries back, turn their order and repeat them."""

    def __init__(self, clock: Clock) -> None:
        """Deliver at once until told otherwise."""
        self._clock = clock
        self.is_held = False
        self.repeats = 1
        """How many times each event is sent: 2 for a WAHA that lost the first answer."""
        self.held: list[Delivery] = []
        self.dropped: list[Delivery] = []
        """What no attempt brought there."""
        self.delivered: list[Delivery] = []
        self._running: set[asyncio.Task[None]] = set()

    def emit(self, config: dict[str, Any], envelope: dict[str, Any], now: float) -> None:
        """Send an event to every webhook of a session that wants it."""
        for hook in config.get("webhooks") or []:
            if envelope["event"] not in hook.get("events", []) and "*" not in hook.get(
                "events", []
            ):
                continue
            delivery = _delivery(hook, envelope, now)
            if self.is_held:
                self.held.append(delivery)
            else:
                self._start(delivery)

    def release(self, *, backwards: bool = False) -> None:
        """Send what was held back; `backwards`: the newest first."""
        held, self.held, self.is_held = self.held, [], False
        for delivery in reversed(held) if backwards else held:
            self._start(delivery)

    def again(self, delivery: Delivery) -> None:
        """Send something a second time: the same body, id and signature."""
        self._start(delivery)

    async def settled(self) -> None:
        """Wait until nothing is on its way."""
        while self._running:
            await asyncio.gather(*self._running, return_exceptions=True)

    async def stop(self) -> None:
        """Lose what is on its way, as a restart of WAHA does."""
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    def _start(self, delivery: Delivery) -> None:
        for _ in range(self.repeats):
            task = asyncio.create_task(self._deliver(delivery))
            self._running.add(task)
            task.add_done_callback(self._running.discard)

    async def _deliver(self, delivery: Delivery) -> None:
        async with aiohttp.ClientSession(timeout=_TIMEOUT) as http:
            for tries in range(1, delivery.attempts + 1):
                if await _post(http, delivery):
                    self.delivered.append(delivery)
                    return
                if tries < delivery.attempts:
                    await self._clock.sleep(delivery.wait(tries))
        self.dropped.append(delivery)


async def _post(http: aiohttp.ClientSession, delivery: Delivery) -> bool:
    try:
        async with http.post(delivery.url, data=delivery.body, headers=delivery.headers) as answer:
            return answer.status < 300
    except (aiohttp.ClientError, TimeoutError):
        return False


def _delivery(hook: dict[str, Any], envelope: dict[str, Any], now: float) -> Delivery:
    body = orjson.dumps(envelope)
    headers = {
        "Content-Type": "application/json",
        "User-Agent": f"WAHA/{envelope['environment']['version']}",
        "X-Webhook-Request-Id": secrets.token_hex(16),
        "X-Webhook-Timestamp": str(int(now * 1000)),
        **{it["name"]: it["value"] for it in hook.get("customHeaders") or []},
    }
    if key := (hook.get("hmac") or {}).get("key"):
        headers["X-Webhook-Hmac"] = sign(key, body)
        headers["X-Webhook-Hmac-Algorithm"] = "sha512"
    retries = hook.get("retries") or {}
    return Delivery(
        hook["url"],
        body,
        headers,
        envelope["event"],
        retries.get("policy", "constant"),
        float(retries.get("delaySeconds", 2)),
        int(retries.get("attempts", 15)),
    )


def sign(key: str, body: bytes) -> str:
    """Return the signature of a raw body, in hex."""
    return hmac.new(key.encode(), body, hashlib.sha512).hexdigest()
