"""What the client does when Kaspi or the way to it fails (ORIGINAL.md C7: 7, 10, 11, 38)."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from datetime import timedelta

import httpx
import pytest
from fake_kaspi import PROXIES, SESSION, FakeKaspi, change, offers_of, send

from cube_demper.core.clock import FixedClock
from cube_demper.core.errors import ContractChanged, OutcomeUnknown, Unreachable
from cube_demper.core.settings import KaspiSettings
from cube_demper.domain.catalog.schemas import PriceChange
from cube_demper.integrations.kaspi.client import KaspiClient
from cube_demper.integrations.kaspi.errors import ChangesSpent, EgressBlocked, StoreBlocked
from cube_demper.integrations.kaspi.limits.limits import Limits
from cube_demper.integrations.kaspi.session import CabinetSession
from cube_demper.integrations.proxies.pool import EgressPool

HTML = "<html><body>Доступ ограничен</body></html>"


async def look(client: KaspiClient) -> int:
    return len((await client.offers(card="1", city_id="750000000")).offers)


class TestRead:
    @pytest.mark.parametrize("status", [500, 502, 503])
    async def test_5xx_is_tried_three_times_with_a_rest_of_1_to_7_s(
        self, client: KaspiClient, kaspi: FakeKaspi, clock: FixedClock, status: int
    ) -> None:
        started = clock.now()
        for _ in range(3):
            kaspi.answer(status)
        with pytest.raises(Unreachable):
            await look(client)

        assert len(kaspi.requests) == 3
        assert timedelta(seconds=2) <= clock.now() - started <= timedelta(seconds=15)

    @pytest.mark.parametrize("has_left", [True, False])
    async def test_failure_of_the_network_goes_round_by_another_egress(
        self, client: KaspiClient, kaspi: FakeKaspi, *, has_left: bool
    ) -> None:
        kaspi.fail(has_left=has_left)
        kaspi.answer(json=offers_of([5000]))

        assert await look(client) == 1
        assert len(set(kaspi.egresses)) == 2

    @pytest.mark.parametrize("status", [403, 429, 526])
    async def test_blocked_address_rests_and_the_other_goes_on(
        self, client: KaspiClient, kaspi: FakeKaspi, status: int
    ) -> None:
        kaspi.answer(status)
        kaspi.answer(json=offers_of([5000]))

        assert await look(client) == 1
        banned, other = kaspi.egresses
        assert banned != other
        for _ in range(3):
            await look(client)
        assert set(kaspi.egresses[2:]) == {other}

    async def test_all_addresses_blocked_says_for_how_long(
        self, client: KaspiClient, kaspi: FakeKaspi
    ) -> None:
        kaspi.answer(403, headers={"Retry-After": "60"})
        kaspi.answer(429, headers={"Retry-After": "40"})
        with pytest.raises(EgressBlocked) as caught:
            await look(client)

        assert timedelta(seconds=25) < caught.value.retry_after <= timedelta(seconds=40)
        assert len(kaspi.requests) == 2

    async def test_html_with_status_200_is_tried_elsewhere(
        self, client: KaspiClient, kaspi: FakeKaspi
    ) -> None:
        kaspi.answer(html=HTML)
        kaspi.answer(json=offers_of([5000]))

        assert await look(client) == 1
        assert len(set(kaspi.egresses)) == 2

    async def test_truncated_json_everywhere_is_a_changed_contract(
        self, client: KaspiClient, kaspi: FakeKaspi
    ) -> None:
        for _ in range(3):
            kaspi.answer(content=b'{"data":[{"sku":')
        with pytest.raises(ContractChanged) as caught:
            await client.list_products(SESSION, page=0)

        assert caught.value.sample == '{"data":[{"sku":'
        assert len(kaspi.requests) == 3

    async def test_proxy_replaced_while_waiting_is_not_missed(
        self, client: KaspiClient, kaspi: FakeKaspi, pool: EgressPool
    ) -> None:
        await look(client)
        await pool.replace(["http://10.0.0.9:8000"])

        await look(client)
        assert kaspi.egresses[-1] == "http://10.0.0.9:8000"


class TestBreaker:
    async def test_http_500_opens_the_breaker_and_one_trial_closes_it(
        self, limits: Limits, kaspi: FakeKaspi, clock: FixedClock
    ) -> None:
        pool = EgressPool([None], clock=clock, client=kaspi.client)
        client = KaspiClient(KaspiSettings(), limits, pool, clock, rng=random.Random(1))
        for _ in range(5):
            kaspi.answer(500)
        for _ in range(2):
            with pytest.raises(Unreachable):
                await look(client)
        with pytest.raises(Unreachable, match="через минуту"):
            await look(client)
        assert len(kaspi.requests) == 5

        clock.move(seconds=61)
        await look(client)
        await look(client)
        assert len(kaspi.requests) == 7

    async def test_refusals_of_kaspi_never_open_it(
        self, client: KaspiClient, kaspi: FakeKaspi
    ) -> None:
        for _ in range(20):
            kaspi.answer(400)
            with pytest.raises(Exception, match="отказал"):
                await look(client)

        await look(client)


class TestSend:
    async def test_lost_answer_is_unknown_and_never_sent_twice(
        self, client: KaspiClient, kaspi: FakeKaspi, limits: Limits
    ) -> None:
        kaspi.fail(has_left=True)
        with pytest.raises(OutcomeUnknown):
            await send(client, change())

        assert len(kaspi.requests) == 1
        assert (await limits.store_snapshot("30000001")).used == 1

    @pytest.mark.parametrize(
        "answer",
        [
            httpx.Response(500),
            httpx.Response(502, text="bad gateway"),
            httpx.Response(200, html=HTML),
            httpx.Response(200, content=b'{"id":'),
            httpx.Response(200, json={"ok": True}),
        ],
        ids=["500", "502", "html", "truncated", "no id"],
    )
    async def test_answer_that_tells_nothing_is_unknown(
        self, client: KaspiClient, kaspi: FakeKaspi, answer: httpx.Response
    ) -> None:
        kaspi.answers.append(answer)
        with pytest.raises(OutcomeUnknown):
            await send(client, change())
        assert len(kaspi.requests) == 1

    async def test_429_stops_the_store_for_every_process_and_no_other_store(
        self,
        client: KaspiClient,
        kaspi: FakeKaspi,
        make_limits: Callable[..., Limits],
        clock: FixedClock,
    ) -> None:
        kaspi.answer(429)
        with pytest.raises(StoreBlocked) as caught:
            await send(client, change())
        assert caught.value.retry_after == timedelta(minutes=30)

        shard_b = KaspiClient(
            KaspiSettings(),
            make_limits(),
            EgressPool(PROXIES, clock=clock, client=kaspi.client),
            clock,
        )
        with pytest.raises(StoreBlocked):
            await send(shard_b, change())
        assert len(kaspi.requests) == 1

        started = clock.now()
        kaspi.answer(json={"id": "op"})
        await send(shard_b, change(), session=CabinetSession("30000009", SESSION.cookies))
        assert clock.now() - started < timedelta(seconds=1)

    async def test_spent_budget_is_said_before_anything_leaves(
        self, client: KaspiClient, kaspi: FakeKaspi
    ) -> None:
        kaspi.default = lambda: httpx.Response(200, json=[{"id": "op"}])
        for _ in range(5):
            await send(client, *[change(str(n)) for n in range(50)])
        with pytest.raises(ChangesSpent) as caught:
            await send(client, change())

        assert len(kaspi.requests) == 5
        assert caught.value.retry_after > timedelta(minutes=29)

    async def test_short_wait_for_the_stores_pace_is_waited_for(
        self, client: KaspiClient, kaspi: FakeKaspi, clock: FixedClock
    ) -> None:
        kaspi.default = lambda: httpx.Response(200, json={"id": "op"})
        started = clock.now()
        for _ in range(4):
            await send(client, change())

        assert clock.now() - started >= timedelta(seconds=3 * 0.667)


async def test_every_request_is_preceded_by_a_random_pause(
    client: KaspiClient, kaspi: FakeKaspi, clock: FixedClock
) -> None:
    pauses = []
    for _ in range(8):
        started = clock.now()
        await look(client)
        pauses.append((clock.now() - started).total_seconds())

    assert all(0.010 <= pause <= 0.300 for pause in pauses)
    assert len(set(pauses)) == len(pauses)


class TestLastCheck:
    async def test_is_asked_after_the_limits_and_right_before_the_call(
        self, client: KaspiClient, kaspi: FakeKaspi, clock: FixedClock
    ) -> None:
        kaspi.default = lambda: httpx.Response(200, json={"id": "op"})
        await send(client, change())
        asked_at = []

        async def last_check() -> Sequence[PriceChange]:
            asked_at.append((clock.now(), len(kaspi.requests)))
            return [change()]

        started = clock.now()
        await client.send_prices(SESSION, 1, last_check)

        ((at, requests),) = asked_at
        assert at - started >= timedelta(seconds=0.3)  # the store's pace was waited for before
        assert at == clock.now()
        assert (requests, len(kaspi.requests)) == (1, 2)

    async def test_is_not_asked_when_the_limits_refuse(
        self, client: KaspiClient, limits: Limits
    ) -> None:
        await limits.ban_store("30000001", timedelta(minutes=30))

        async def last_check() -> Sequence[PriceChange]:
            pytest.fail("nothing may be marked as being sent")

        with pytest.raises(StoreBlocked):
            await client.send_prices(SESSION, 1, last_check)

    @pytest.mark.parametrize("left", [0, 1, 2])
    async def test_what_it_drops_is_not_charged(
        self, client: KaspiClient, kaspi: FakeKaspi, limits: Limits, left: int
    ) -> None:
        async def last_check() -> Sequence[PriceChange]:
            return [change(str(n)) for n in range(left)]

        kaspi.answer(json=[{"id": "op"}])
        await client.send_prices(SESSION, 10, last_check)

        assert len(kaspi.requests) == min(left, 1)
        assert (await limits.store_snapshot("30000001")).used == left

    async def test_its_own_failure_sends_and_charges_nothing(
        self, client: KaspiClient, kaspi: FakeKaspi, limits: Limits
    ) -> None:
        async def last_check() -> Sequence[PriceChange]:
            raise OSError("no database")

        with pytest.raises(OSError, match="no database"):
            await client.send_prices(SESSION, 10, last_check)
        assert kaspi.requests == []
        assert (await limits.store_snapshot("30000001")).used == 0
