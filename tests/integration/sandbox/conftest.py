from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

import httpx
import pytest

from cube_demper.core.clock import FixedClock
from cube_demper.core.errors import ConfigurationError
from cube_demper.sandbox.listeners import bind
from cube_demper.sandbox.server import Sandbox

ALMATY, ASTANA = "750000000", "710000000"
STORE, OTHER_STORE = "30000001", "30000002"


@dataclass
class Client:
    """Speaks to the sandbox as the product does."""

    sandbox: Sandbox
    clock: FixedClock
    http: httpx.AsyncClient
    headers: dict[str, str]

    async def offers(self, card: str, **body: Any) -> httpx.Response:
        url = f"{self.sandbox.shop_url}/yml/offer-view/offers/{card}"
        return await self.http.post(url, json={"cityId": ALMATY} | body)

    async def get(self, path: str, **query: Any) -> httpx.Response:
        url = self.sandbox.merchant_url + path
        return await self.http.get(url, params=query, headers=self.headers)

    async def post(self, path: str, body: Any, **query: Any) -> httpx.Response:
        url = self.sandbox.merchant_url + path
        return await self.http.post(url, json=body, params=query, headers=self.headers)

    async def change(self, **body: Any) -> httpx.Response:
        return await self.post("/pricefeed/upload/merchant/process", self.body(**body))

    async def batch(self, *bodies: dict[str, Any]) -> httpx.Response:
        return await self.post("/pricefeed/upload/merchant/process/process/batch", list(bodies))

    def body(self, **given: Any) -> dict[str, Any]:
        """Build what the cabinet itself would send for the first product, changed by `given`."""
        listing = self.sandbox.world.stores[STORE][given.get("sku", self.sku)]
        body = {
            "merchantUid": STORE,
            "sku": listing.sku,
            "model": listing.model,
            "cityPrices": [{"cityId": ALMATY, "value": 5000}],
            "availabilities": [
                {"storeId": f"{STORE}_{code}", "available": "yes"} for code in listing.stocks
            ],
        }
        return {key: value for key, value in (body | given).items() if value is not None}

    @cached_property
    def sku(self) -> str:
        """A product that is sold in Almaty."""
        goods = self.sandbox.world.stores[STORE].values()
        return next(g.sku for g in goods if g.price_in(ALMATY) is not None)

    @property
    def card(self) -> str:
        return self.sku.partition("_")[0]

    async def window_price(self, sku: str, city: str = ALMATY) -> float | None:
        """The price that the shop shows for our product."""
        answer = await self.offers(sku.partition("_")[0], cityId=city, limit=64)
        prices = [o["price"] for o in answer.json()["offers"] if o["merchantSku"] == sku]
        return prices[0] if prices else None


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    clock = FixedClock(datetime(2026, 11, 22, 9, tzinfo=UTC))
    async with Sandbox.start(seed=7, clock=clock) as sandbox:
        sandbox.market.freeze_rivals()
        async with httpx.AsyncClient(timeout=5, trust_env=False) as http:
            yield Client(sandbox, clock, http, auth_headers(sandbox))


@pytest.fixture
def port_base() -> int:
    """A base whose sandbox ports are all free at this moment."""
    for base in range(20_000 + os.getpid() % 200 * 40, 32_000, 40):
        with suppress(ConfigurationError), ExitStack() as stack:
            for offset in (*range(10, 16), *range(20, 28)):
                stack.enter_context(bind(base + offset))
            return base
    raise AssertionError("no free ports")


def auth_headers(sandbox: Sandbox) -> dict[str, str]:
    cookies = "; ".join(f"{c['name']}={c['value']}" for c in sandbox.cookies())
    return {"Cookie": cookies, "X-Auth-Version": "3"}
