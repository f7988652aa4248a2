"""The terminal's webhooks: .NET forms with both HMACs, repeated at growing intervals until code 0."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
from dataclasses import dataclass
from urllib.parse import unquote_plus

import aiohttp
import orjson

from cube_demper.core.clock import Clock
from cube_demper.sandbox.tiptoppay.payloads import encode
from cube_demper.sandbox.tiptoppay.world import API_SECRET

_TIMEOUT = aiohttp.ClientTimeout(total=20)
_FIRST_WAIT, _LONGEST_WAIT = 5.0, 1800.0
_KEPT = 200
EVENTS = ("Check", "Pay", "Fail", "Confirm", "Refund", "Recurrent", "Cancel")
NO_ANSWER = -1


@dataclass(slots=True)
class Delivery:
    """One event on its way to one address. `code`: the last answer's, -1 for none in good form."""

    event: str
    url: str
    body: bytes
    tries: int = 0
    code: int | None = None

    def headers(self) -> dict[str, str]:
        """Sign the body as it goes and as it reads."""
        return {
            "Content-Type": "application/x-www-form-urlencoded",
            "Content-HMAC": sign(self.body),
            "X-Content-HMAC": sign(unquote_plus(self.body.decode()).encode()),
        }


class Webhooks:
    """Delivers in the background. Tests hold deliveries back, turn their order, repeat and delay them."""

    def __init__(self, clock: Clock) -> None:
        """Deliver at once until told otherwise; no address: the event is off."""
        self._clock = clock
        self.addresses: dict[str, str] = {}
        self.is_held = False
        self.repeats = 1
        self.delay = 0.0
        self.attempts = 100
        self.held: list[Delivery] = []
        self.log: list[Delivery] = []
        self._running: set[asyncio.Task[None]] = set()

    def listen_at(self, base: str) -> None:
        """Send every event to `base`/webhooks/tiptoppay/…, one address each."""
        self.addresses = {it: f"{base}/webhooks/tiptoppay/{it.lower()}" for it in EVENTS}

    async def check(self, fields: dict[str, str]) -> int:
        """Ask whether a payment may go on; without an answer it may not. Never repeated."""
        if not (url := self.addresses.get("Check")):
            return 0
        delivery = self._noted(Delivery("Check", url, encode(fields)))
        async with aiohttp.ClientSession(timeout=_TIMEOUT) as http:
            await _post(http, delivery)
        return NO_ANSWER if delivery.code is None else delivery.code

    def emit(self, event: str, fields: dict[str, str]) -> None:
        """Send an event."""
        if not (url := self.addresses.get(event)):
            return
        delivery = self._noted(Delivery(event, url, encode(fields)))
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
        """Send something a second time: the same body and signatures."""
        self._start(Delivery(delivery.event, delivery.url, delivery.body))

    async def settled(self) -> None:
        """Wait until nothing is on its way."""
        while self._running:
            await asyncio.gather(*self._running, return_exceptions=True)

    async def stop(self) -> None:
        """Lose what is on its way."""
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    def _noted(self, delivery: Delivery) -> Delivery:
        self.log = [*self.log, delivery][-_KEPT:]
        return delivery

    def _start(self, delivery: Delivery) -> None:
        for _ in range(self.repeats):
            task = asyncio.create_task(self._deliver(delivery))
            self._running.add(task)
            task.add_done_callback(self._running.discard)

    async def _deliver(self, delivery: Delivery) -> None:
        if self.delay:
            await self._clock.sleep(self.delay)
        async with aiohttp.ClientSession(timeout=_TIMEOUT) as http:
            for tries in range(self.attempts):
                await _post(http, delivery)
                if delivery.code == 0:
                    return
                await self._clock.sleep(min(_FIRST_WAIT * 2 ** min(tries, 20), _LONGEST_WAIT))


async def _post(http: aiohttp.ClientSession, delivery: Delivery) -> None:
    delivery.tries += 1
    try:
        headers = delivery.headers()
        async with http.post(delivery.url, data=delivery.body, headers=headers) as answer:
            content = await answer.read()
            delivery.code = _code(content) if answer.status == 200 else NO_ANSWER
    except (aiohttp.ClientError, TimeoutError):
        delivery.code = NO_ANSWER


def _code(content: bytes) -> int:
    try:
        body = orjson.loads(content)
    except orjson.JSONDecodeError:
        return NO_ANSWER
    code = body.get("code") if isinstance(body, dict) else None
    return code if isinstance(code, int) else NO_ANSWER


def sign(message: bytes) -> str:
    """Return the terminal's signature of a message."""
    return base64.b64encode(
        hmac.new(API_SECRET.encode(), message, hashlib.sha256).digest()
    ).decode()
