"""One request to TipTopPay: keys, time-outs, breaker. What moves money is sent once and never repeated."""

from __future__ import annotations

import aiohttp
import orjson

from cube_demper.core.breaker import Breaker
from cube_demper.core.clock import Clock
from cube_demper.core.errors import (
    ConfigurationError,
    ContractChanged,
    IntegrationError,
    Unreachable,
)
from cube_demper.core.settings import TipTopPaySettings
from cube_demper.integrations.proxies.egress_client import (
    Answer,
    Client,
    EgressClient,
    TransportFailed,
)
from cube_demper.integrations.tiptoppay.errors import read
from cube_demper.integrations.tiptoppay.wire import JsonObject

_TIMEOUT = aiohttp.ClientTimeout(total=60.0, connect=5.0, sock_connect=5.0, sock_read=50.0)
"""A charge waits for the bank, which may take most of a minute."""
_PAUSES = (1.0, 3.0)
"""Seconds before the second and the third try."""
_OPEN = "отдыхает после пяти сбоев"


class TipTopPayGateway:
    """The way to one terminal."""

    def __init__(
        self, settings: TipTopPaySettings, clock: Clock, http: Client | None = None
    ) -> None:
        """Read address and keys. Raises ConfigurationError. `http` is given by tests."""
        if settings.public_id is None or settings.api_secret is None:
            raise ConfigurationError("TIPTOPPAY_PUBLIC_ID и TIPTOPPAY_API_SECRET: нужны оба")
        self.base = settings.url.rstrip("/")
        secret = settings.api_secret.get_secret_value()
        self._headers = {
            "Authorization": aiohttp.BasicAuth(settings.public_id, secret).encode(),
            "Accept": "application/json",
            "Content-Type": "application/json",
        }
        self._clock = clock
        self._http = http or EgressClient(None, timeout=_TIMEOUT)
        self._breaker = Breaker(clock.now)

    async def ask(self, path: str, body: JsonObject, *, request_id: str = "") -> JsonObject:
        """Send what may be repeated: it only reads, or its request id makes the second try the same.

        Returns the object of the answer, a refusal too. Raises as `errors.read`, and Unreachable.
        """
        failure: IntegrationError = Unreachable()
        for pause in (0.0, *_PAUSES):
            await self._clock.sleep(pause)
            try:
                return read(await self._send(path, body, request_id))
            except TransportFailed as error:
                failure = Unreachable(f"TipTopPay не отвечает ({error.cause}).")
            except (Unreachable, ContractChanged) as error:
                failure = error
        raise failure

    async def send(self, path: str, body: JsonObject, *, request_id: str) -> Answer:
        """Send once, and again only while surely nothing has left. Raises TransportFailed."""
        for pause in _PAUSES:
            try:
                return await self._send(path, body, request_id)
            except TransportFailed as error:
                if error.has_left or error.cause == _OPEN:
                    raise
            await self._clock.sleep(pause)
        return await self._send(path, body, request_id)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def _send(self, path: str, body: JsonObject, request_id: str) -> Answer:
        if not self._breaker.lets_through():
            raise TransportFailed(_OPEN, has_left=False)
        try:
            answer = await self._http.request(
                "POST",
                f"{self.base}/{path}",
                headers=self._headers | ({"X-Request-ID": request_id} if request_id else {}),
                body=orjson.dumps(body),
                before_first_byte=_nothing,
            )
        except TransportFailed:
            self._breaker.report(is_good=False)
            raise
        self._breaker.report(is_good=answer.status < 500)
        return answer


def _nothing() -> None:
    """Let every request go: TipTopPay publishes no limits of its own."""
