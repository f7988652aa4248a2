"""Client, limits and proxies against the sandbox Kaspi: real sockets, its real bans."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from limits_crowd import fullest

from cube_demper.core.clock import FixedClock
from cube_demper.core.errors import CredentialsRejected, OutcomeUnknown
from cube_demper.core.settings import KaspiSettings
from cube_demper.domain.catalog.schemas import PriceChange
from cube_demper.integrations.kaspi.client import KaspiClient
from cube_demper.integrations.kaspi.errors import StoreBlocked
from cube_demper.integrations.kaspi.limits.limits import Limits
from cube_demper.integrations.kaspi.limits.rules import LimitRules
from cube_demper.integrations.kaspi.session import CabinetSession
from cube_demper.integrations.proxies.pool import EgressPool
from cube_demper.sandbox.server import Sandbox

ALMATY = "750000000"


@dataclass
class Shop:
    """A store of the sandbox and a client signed in to it."""

    sandbox: Sandbox
    client: KaspiClient
    limits: Limits
    session: CabinetSession

    async def change(self, number: int = 0, price: int = 777_700) -> PriceChange:
        """A change of one product in every city of the enabled points, as the worker sends it."""
        page = await self.client.list_products(self.session, page=0)
        points = await self.client.points(self.session)
        product = page.products[number]
        assert product.availabilities
        cities = {point["cityId"] for point in points if point["enabled"]}
        model = product.model or product.title
        prices = dict.fromkeys(cities, price)
        return PriceChange(product.sku, model, product.brand, prices, product.availabilities)

    async def send(self, *changes: PriceChange) -> tuple[str, ...]:
        async def last_check() -> Sequence[PriceChange]:
            return changes

        return await self.client.send_prices(self.session, len(changes), last_check)


@pytest.fixture
async def shop(
    clock: FixedClock, make_limits: Callable[..., Limits]
) -> AsyncIterator[Callable[..., Shop]]:
    async with Sandbox.start(seed=7, clock=clock) as sandbox:
        sandbox.market.freeze_rivals()
        clients = []

        def make(figures: LimitRules | None = None, *, proxies: int = 8) -> Shop:
            limits = make_limits(figures=figures)
            settings = KaspiSettings(
                KASPI_SHOP_URL=sandbox.shop_url,  # type: ignore[call-arg]
                KASPI_MERCHANT_URL=sandbox.merchant_url,  # type: ignore[call-arg]
            )
            pool = EgressPool(sandbox.proxies[:proxies], clock=clock)
            client = KaspiClient(settings, limits, pool, clock, rng=random.Random(1))
            clients.append(client)
            session = CabinetSession.from_playwright("30000001", sandbox.cookies())
            return Shop(sandbox, client, limits, session)

        yield make
        for client in clients:
            await client.aclose()


async def test_reads_the_whole_cabinet(shop: Callable[..., Shop]) -> None:
    store = shop()
    page = await store.client.list_products(store.session, page=0, limit=10)
    details = await store.client.product_details(
        store.session, [product.sku for product in page.products[:3]]
    )
    points = await store.client.points(store.session)

    assert "30000001" in await store.client.who_am_i(store.session.cookies)
    assert page.total >= len(page.products) > 3
    assert [product.sku for product in details] == [product.sku for product in page.products[:3]]
    assert {point["id"].split("_")[0] for point in points} == {"30000001"}
    for product in details:
        assert product.city_prices
        assert product.availabilities is not None
        sold_at = {row["storeId"] for row in product.availabilities}
        assert sold_at <= {point["id"] for point in points}


async def test_price_that_was_sent_is_seen_in_the_window(
    shop: Callable[..., Shop], clock: FixedClock
) -> None:
    store = shop()
    change = await store.change()
    assert await store.send(change)
    clock.move(seconds=90)
    page = await store.client.offers(card=change.sku.partition("_")[0], city_id=ALMATY)

    (own,) = [offer for offer in page.offers if offer.merchant_sku == change.sku]
    assert (own.merchant_id, own.price) == ("30000001", 777_700)


async def test_150_looks_through_one_address_earn_no_ban(shop: Callable[..., Shop]) -> None:
    store = shop(proxies=1)
    for card in ([*store.sandbox.world.cards] * 20)[:150]:
        await store.client.offers(card=card, city_id=ALMATY)

    arrivals = [
        datetime.fromisoformat(entry["at"])
        for entry in store.sandbox.journal.since(0, kind="request")
    ]
    assert len(arrivals) == 150
    assert fullest(arrivals, timedelta(seconds=1)) <= 8
    assert store.sandbox.audit().bans == []


async def test_price_feed_at_full_speed_earns_no_ban(shop: Callable[..., Shop]) -> None:
    store = shop()
    change = await store.change()
    for number in range(12):
        await store.send(change, await store.change(1, price=600_000 + number * 100))

    assert store.sandbox.audit().bans == []
    assert (await store.limits.store_snapshot("30000001")).used == 24


async def test_ban_of_the_sandbox_is_a_ban_for_every_process(
    shop: Callable[..., Shop], clock: FixedClock
) -> None:
    reckless = shop(LimitRules(pricefeed_gap=timedelta(milliseconds=1)))
    change = await reckless.change()

    async def send_on() -> None:
        for _ in range(20):
            await reckless.send(change)

    with pytest.raises(StoreBlocked) as caught:
        await send_on()
    other = shop()

    assert caught.value.retry_after > timedelta(minutes=29)
    with pytest.raises(StoreBlocked):
        await other.send(change)
    assert [who for _, who in other.sandbox.audit().bans] == ["30000001"]
    assert await other.limits.store_blocked_until("30000001") is not None
    clock.move(minutes=31)
    assert await other.send(change)


async def test_banned_address_is_left_alone_until_it_is_free(
    shop: Callable[..., Shop], clock: FixedClock
) -> None:
    store = shop(proxies=2)
    card = next(iter(store.sandbox.world.cards))
    store.sandbox.fault("status", "offers", status=403, ip="127.0.0.2", seconds=14)
    for _ in range(12):
        await store.client.offers(card=card, city_id=ALMATY)
    requests = [*store.sandbox.journal.since(0, kind="request")]
    refused = [entry for entry in requests if entry["ip"] == "127.0.0.2"]

    assert len(refused) == 1
    clock.move(seconds=16)
    await store.client.offers(card=card, city_id=ALMATY)
    await store.client.offers(card=card, city_id=ALMATY)
    ips = [entry["ip"] for entry in store.sandbox.journal.since(0, kind="request")]
    assert set(ips[-2:]) == {"127.0.0.2", "127.0.0.3"}


@pytest.mark.parametrize("fault", ["reset", "reset_after", "html", "truncated"])
async def test_send_whose_answer_is_lost_is_unknown(shop: Callable[..., Shop], fault: str) -> None:
    store = shop(proxies=0)  # a proxy would turn the reset into its own 502
    change = await store.change()
    store.sandbox.fault(fault, "process", count=1)
    with pytest.raises(OutcomeUnknown):
        await store.send(change)


async def test_dead_session_is_told(shop: Callable[..., Shop]) -> None:
    store = shop()
    stranger = CabinetSession("30000001", (("mc-sid", "nothing"),))
    with pytest.raises(CredentialsRejected):
        await store.client.list_products(stranger, page=0)


async def test_empty_list_is_an_empty_market(shop: Callable[..., Shop]) -> None:
    store = shop()
    page = await store.client.offers(card="1", city_id=ALMATY)

    assert (page.offers, page.total) == ((), 0)
