"""Answers at the wire for tests of the client: what is queued, then an empty market."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx
import orjson

from cube_demper.domain.catalog.schemas import PriceChange
from cube_demper.integrations.kaspi.client import KaspiClient
from cube_demper.integrations.kaspi.session import CabinetSession

PROXIES = ("http://10.0.0.1:8000", "http://10.0.0.2:8000")
SESSION = CabinetSession("30000001", (("mc-session", "a"), ("mc-sid", "b")))

Answer = httpx.Response | type[httpx.HTTPError]


@dataclass
class FakeKaspi:
    """Keeps every request with the proxy it came through."""

    answers: list[Answer] = field(default_factory=list)
    requests: list[httpx.Request] = field(default_factory=list)
    egresses: list[str | None] = field(default_factory=list)
    default: Callable[[], Answer] = lambda: httpx.Response(200, json={"offers": [], "total": 0})

    def answer(self, status: int = 200, json: Any = None, **kwargs: Any) -> None:
        """Queue an answer."""
        if json is not None:
            kwargs["json"] = json
        self.answers.append(httpx.Response(status, **kwargs))

    def fail(self, error: type[httpx.HTTPError]) -> None:
        """Queue a failure of the network."""
        self.answers.append(error)

    def transport(self, url: str | None) -> httpx.AsyncBaseTransport:
        """Return the way to this Kaspi through proxy `url`."""

        def handle(request: httpx.Request) -> httpx.Response:
            self.requests.append(request)
            self.egresses.append(url)
            answer = self.answers.pop(0) if self.answers else self.default()
            if isinstance(answer, httpx.Response):
                return answer
            raise answer("queued by the test")

        return httpx.MockTransport(handle)

    @property
    def body(self) -> Any:
        """Return the body of the only request."""
        (request,) = self.requests
        return orjson.loads(request.content)


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
