"""The egress pool: one client each, rotation, cool-down, replacement while requests run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from cube_demper.core.clock import FixedClock
from cube_demper.core.errors import InvalidInput
from cube_demper.integrations.proxies.pool import DIRECT, EgressPool

P1, P2 = "http://user:secret@10.0.0.1:8000", "http://user:secret@10.0.0.2:8000"


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(datetime(2026, 11, 22, tzinfo=UTC))


@dataclass
class Closable:
    """A client of which the pool only needs to know how to close it."""

    proxy: str | None
    is_closed: bool = False

    async def aclose(self) -> None:
        self.is_closed = True


PoolFactory = Callable[..., EgressPool]


@pytest.fixture
def make_pool(clock: FixedClock) -> PoolFactory:
    return lambda *urls: EgressPool(urls, clock=clock, client=Closable)  # type: ignore[arg-type]


def test_without_proxies_requests_leave_directly(make_pool: PoolFactory) -> None:
    assert make_pool().candidates() == (DIRECT,)


def test_key_and_label_keep_the_password_to_themselves(make_pool: PoolFactory) -> None:
    (egress,) = make_pool(P1).egresses()

    assert "secret" not in egress.key + egress.label
    assert egress.label == "10.0.0.1:8000"


def test_same_address_with_another_login_is_another_egress(make_pool: PoolFactory) -> None:
    assert len(make_pool(P1, P1.replace("user", "other")).candidates()) == 2


@pytest.mark.parametrize(
    "url", ["10.0.0.1:8000", "ftp://10.0.0.1:1", "http://10.0.0.1", "http://a:b:c"]
)
def test_unreadable_proxy_is_refused_with_its_format(make_pool: PoolFactory, url: str) -> None:
    with pytest.raises(InvalidInput, match="http://"):
        make_pool(url)


def test_failing_egress_rests_longer_each_time_and_returns(
    make_pool: PoolFactory, clock: FixedClock
) -> None:
    pool = make_pool(P1, P2)
    bad, good = pool.egresses()
    pool.failed(bad, "ConnectError")
    pool.failed(bad, "ConnectError")

    assert pool.candidates() == (good.key,)
    clock.move(seconds=3)
    assert pool.candidates() == (good.key,)
    clock.move(seconds=2)
    assert set(pool.candidates()) == {bad.key, good.key}
    assert (bad.health.errors, bad.health.last_error) == (2, "ConnectError")


def test_all_resting_is_not_a_reason_to_stop(make_pool: PoolFactory) -> None:
    pool = make_pool(P1, P2)
    for egress in pool.egresses():
        pool.failed(egress, "ConnectError")

    assert len(pool.candidates()) == 2


def test_success_forgets_the_errors_in_a_row(make_pool: PoolFactory) -> None:
    pool = make_pool(P1, P2)
    egress = pool.egresses()[0]
    pool.failed(egress, "ReadTimeout")
    pool.worked(egress)

    assert (egress.health.consecutive_errors, egress.health.cool_until) == (0, None)
    assert egress.health.ok == 1


def test_a_store_meets_the_same_egress_first_in_every_process(make_pool: PoolFactory) -> None:
    urls = [f"http://10.0.0.{n}:8000" for n in range(1, 9)]
    first, second = make_pool(*urls), make_pool(*reversed(urls))

    assert first.candidates("30000001") == second.candidates("30000001")
    firsts = {first.candidates(str(store))[0] for store in range(100)}
    assert len(firsts) > 4


async def test_replacing_keeps_those_that_stay_and_lets_requests_finish(
    make_pool: PoolFactory,
) -> None:
    pool = make_pool(P1, P2)
    leaving, staying = pool.egresses()
    async with pool.using(leaving.key) as in_use:
        await pool.replace([P2, None])
        assert not in_use.client.is_closed
        assert pool.egresses()[0] is staying
        assert set(pool.candidates()) == {staying.key, DIRECT}

    assert leaving.client.is_closed
    with pytest.raises(KeyError):
        async with pool.using(leaving.key):
            pass
