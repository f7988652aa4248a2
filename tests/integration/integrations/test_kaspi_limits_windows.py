"""No window is ever overfull, whatever the interleaving of processes and the error of their clocks."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from limits_crowd import START, Crowd, SkewedClock, fullest, granted, nothing_sent, waits, wish
from redis.asyncio import Redis

from cube_demper.core.clock import FixedClock
from cube_demper.core.errors import InvalidInput
from cube_demper.integrations.kaspi.limits.limits import Limits
from cube_demper.integrations.kaspi.limits.rules import (
    Granted,
    Host,
    LimitRules,
    RequestKind,
    WaitReason,
    Wish,
)

SECOND = timedelta(seconds=1)
_examples = count(1)

# Small limits make a short random history fill every window many times.
SMALL = LimitRules(
    global_per_second=9,
    shop_per_second=3,
    orders_per_second=2,
    pricefeed_gap=timedelta(milliseconds=300),
    changes_per_window=20,
)
_KINDS = st.sampled_from(list(RequestKind))
_WISHES = st.one_of(
    st.builds(lambda kind: wish(kind, "e1", "e2"), _KINDS),
    st.builds(lambda kind: wish(kind, "e1"), _KINDS),
    st.builds(lambda kind: wish(kind, host=Host.CABINET), _KINDS),
    st.builds(
        lambda store, n: wish(host=Host.CABINET, store=store, changes=n),
        st.sampled_from(["s1", "s2"]),
        st.integers(1, 7),
    ),
    st.builds(
        lambda token: wish(RequestKind.ORDERS, host=Host.CABINET, token=token),
        st.sampled_from(["t1", "t2"]),
    ),
)
# A pause of None waits exactly as long as the last refusal said: to the edge of a window.
_HISTORY = st.lists(
    st.tuples(st.integers(0, 2), st.sampled_from([None, None, None, 0, 0, 1, 20, 100]), _WISHES),
    min_size=30,
    max_size=90,
)


def overfull(grants: list[tuple[datetime, Granted]], figures: LimitRules) -> list[str]:
    """Name every window that held more than its limit, by the true time of the grants."""
    windows: dict[str, tuple[int, timedelta, list[datetime]]] = {}

    def add(name: str, limit: int, span: timedelta, at: datetime, amount: int = 1) -> None:
        windows.setdefault(name, (limit, span, []))[2].extend([at] * amount)

    for at, grant in grants:
        asked = grant.wish
        add("all", figures.global_per_second, SECOND, at)
        if asked.host is Host.SHOP:
            add(f"egress {grant.egress}", figures.shop_per_second, SECOND, at)
        if asked.store:
            add(f"pace {asked.store}", 1, figures.pricefeed_gap, at)
            limit = figures.changes_per_window
            add(f"changes {asked.store}", limit, timedelta(minutes=30), at, asked.changes)
        if asked.token:
            add(f"token {asked.token}", figures.orders_per_second, SECOND, at)
    return [name for name, (limit, span, at) in windows.items() if fullest(at, span) > limit]


@settings(
    max_examples=25,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # a shrink would take minutes
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(history=_HISTORY, skews=st.tuples(*[st.integers(-10, 10)] * 3))
async def test_no_window_is_overfull_for_any_interleaving_of_three_processes(
    redis: Redis, history: list[tuple[int, int | None, Wish]], skews: tuple[int, int, int]
) -> None:
    clock = FixedClock(START)
    prefix = f"any-{next(_examples)}:"
    processes = [
        Limits(redis, SMALL, SkewedClock(clock, skew), nothing_sent, prefix=prefix)
        for skew in skews
    ]
    await processes[0].snapshot()
    clock.move(seconds=2)
    grants, told = [], 0.0
    for process, pause_ms, asked in history:
        clock.move(seconds=min(told, 2.0) if pause_ms is None else pause_ms / 1000)
        answer = await processes[process].take(asked)
        if isinstance(answer, Granted):
            grants.append((clock.now(), answer))
        told = 0.0 if isinstance(answer, Granted) else answer.seconds

    assert grants
    assert overfull(grants, SMALL) == []


async def test_no_burst_of_16_passes_a_limit_of_8(limits: Limits, clock: FixedClock) -> None:
    clock.move(seconds=60)  # a bucket would be full by now
    crowd = Crowd(clock)
    await crowd.run([(limits, wish())] * 30, 5)

    moments = [at for at, _ in crowd.grants]
    assert fullest(moments, SECOND) == 8
    assert len(moments) >= 39  # and what is allowed is used: 8 x 5 less one for the skew


async def test_concurrent_processes_share_one_window(
    make_limits: Callable[..., Limits], clock: FixedClock
) -> None:
    processes = [make_limits() for _ in range(4)]
    await processes[0].snapshot()
    clock.move(seconds=2)
    answers = await asyncio.gather(*(limits.take(wish()) for limits in processes * 8))

    assert sum(isinstance(answer, Granted) for answer in answers) == 8


async def test_global_window_holds_over_all_egresses(limits: Limits, clock: FixedClock) -> None:
    crowd = Crowd(clock)
    egresses = [f"e{n}" for n in range(20)]
    await crowd.run([(limits, wish(RequestKind.REPRICE, *egresses))] * 100, 3)

    assert fullest([at for at, _ in crowd.grants], SECOND) == 60


async def test_the_most_rested_egress_goes_first(limits: Limits, clock: FixedClock) -> None:
    order = []
    for _ in range(6):
        order.append((await granted(limits, wish(RequestKind.REPRICE, "a", "b", "c"))).egress)
        clock.move(milliseconds=10)

    assert order == ["a", "b", "c", "a", "b", "c"]


async def test_sticky_request_takes_its_first_candidate(limits: Limits) -> None:
    asked = Wish(RequestKind.SYNC, Host.CABINET, ("b", "a"), is_sticky=True)

    assert {(await granted(limits, asked)).egress for _ in range(5)} == {"b"}


async def test_price_feed_of_a_store_goes_once_in_a_gap(limits: Limits, clock: FixedClock) -> None:
    asked = wish(host=Host.CABINET, store="s1", changes=1)
    await granted(limits, asked)
    wait = await waits(limits, asked)
    await granted(limits, wish(host=Host.CABINET, store="s2", changes=1))

    assert wait.reason is WaitReason.STORE_PACE
    assert wait.seconds == pytest.approx(0.6867, abs=0.001)
    clock.move(seconds=wait.seconds)
    await granted(limits, asked)


async def test_250_changes_count_skus_and_not_requests(limits: Limits, clock: FixedClock) -> None:
    first_at = clock.now()
    for _ in range(5):
        await granted(limits, wish(host=Host.CABINET, store="s1", changes=50))
        clock.move(seconds=10)
    wait = await waits(limits, wish(host=Host.CABINET, store="s1", changes=1))
    snapshot = await limits.store_snapshot("s1")

    assert wait.reason is WaitReason.CHANGES
    assert (snapshot.used, snapshot.room) == (250, 0)
    assert snapshot.next_free_at == first_at + timedelta(minutes=30)
    clock.move(seconds=wait.seconds)
    assert (await limits.store_snapshot("s1")).room == 50


async def test_batch_that_never_fits_is_refused_at_once(limits: Limits) -> None:
    with pytest.raises(InvalidInput):
        await limits.take(wish(host=Host.CABINET, store="s1", changes=251))


async def test_changes_of_a_send_that_never_left_are_given_back(limits: Limits) -> None:
    grant = await granted(limits, wish(host=Host.CABINET, store="s1", changes=50))
    await limits.give_back(grant, 50)

    assert (await limits.store_snapshot("s1")).used == 0


async def test_orders_token_has_six_a_second_of_its_own(limits: Limits) -> None:
    asked = wish(RequestKind.ORDERS, host=Host.CABINET, token="t1")
    for _ in range(6):
        await granted(limits, asked)

    assert (await waits(limits, asked)).reason is WaitReason.ORDERS_PACE
    await granted(limits, wish(RequestKind.ORDERS, host=Host.CABINET, token="t2"))


async def test_a_clock_that_is_ahead_and_only_asks_opens_no_window_for_the_others(
    make_limits: Callable[..., Limits], clock: FixedClock
) -> None:
    behind, ahead = make_limits(), make_limits(skew_ms=200)
    await behind.snapshot()
    clock.move(seconds=2)
    for _ in range(8):
        first = await granted(behind, wish())
    clock.move(seconds=0.9)
    await ahead.snapshot(("direct",))

    later = await behind.take(wish())

    assert not isinstance(later, Granted) or later.at - first.at >= SECOND
