"""Answers at the wire for tests of the client: what is queued, then an empty market."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx
import orjson

from cube_demper.domain.catalog.schemas import PriceChange
from cube_demper.integrations.kaspi.client import KaspiClient
from cube_demper.integrations.kaspi.session import CabinetSession
from cube_demper.integrations.proxies.egress_client import Answer, Client, TransportFailed

PROXIES = ("http://10.0.0.1:8000", "http://10.0.0.2:8000")
SESSION = CabinetSession("30000001", (("mc-session", "a"), ("mc-sid", "b")))

Queued = httpx.Response | TransportFailed


@dataclass
class FakeKaspi:
    """Keeps every request with the proxy it came through."""

    answers: list[Queued] = field(default_factory=list)
    requests: list[httpx.Request] = field(default_factory=list)
    egresses: list[str | None] = field(default_factory=list)
    default: Callable[[], Queued] = lambda: httpx.Response(200, json={"offers": [], "total": 0})

    def answer(self, status: int = 200, json: Any = None, **kwargs: Any) -> None:
        """Queue an answer."""
        if json is not None:
            kwargs["json"] = json
        self.answers.append(httpx.Response(status, **kwargs))

    def fail(self, *, has_left: bool) -> None:
        """Queue a failure of the network, before or after the request left."""
        self.answers.append(TransportFailed("QueuedByTheTest", has_left=has_left))

    def client(self, proxy: str | None) -> Client:
        """Return the way to this Kaspi through `proxy`."""
        return _Way(self, proxy)

    @property
    def body(self) -> Any:
        """Return the body of the only request."""
        (request,) = self.requests
        return orjson.loads(request.content)


@dataclass
class _Way:
    kaspi: FakeKaspi
    proxy: str | None

    async def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str],
        params: Mapping[str, str] | None = None,
        body: bytes | None = None,
        before_first_byte: Callable[[], None],
    ) -> Answer:
        before_first_byte()
        request = httpx.Request(method, url, headers=headers, params=params, content=body)
        self.kaspi.requests.append(request)
        self.kaspi.egresses.append(self.proxy)
        answer = self.kaspi.answers.pop(0) if self.kaspi.answers else self.kaspi.default()
        if isinstance(answer, TransportFailed):
            raise answer
        return Answer(answer.status_code, answer.headers, answer.content)

    async def aclose(self) -> None:
        pass


def change(sku: str = "102_1") -> PriceChange:
    stock = {
        "storeId": "30000001_PP1",
        "available": "yes",
        "stockCount": None,
        "stockSpecified": False,
        "preOrder": None,
    }
    return PriceChange(sku, "Вилка", None, {"750000000": 120_000}, (stock,))  # type: ignore[arg-type]


def offers_of(prices: list[float]) -> dict[str, object]:
    """Return an answer of the offers call."""
    rows = [{"merchantId": str(n), "merchantName": "М", "price": p} for n, p in enumerate(prices)]
    return {"offers": rows, "total": len(rows)}


async def send(
    client: KaspiClient, *changes: PriceChange, session: CabinetSession = SESSION
) -> tuple[str, ...]:
    """Send `changes`, all of which pass the last check."""

    async def last_check() -> Sequence[PriceChange]:
        return changes

    return await client.send_prices(session, max(1, len(changes)), last_check)
