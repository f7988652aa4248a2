"""Shares of the budget: guarantees, lending, the order of kinds, and a fair queue."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from limits_crowd import Crowd, granted, waits, wish

from cube_demper.core.clock import FixedClock
from cube_demper.integrations.kaspi.limits.limits import Limits
from cube_demper.integrations.kaspi.limits.rules import Host, RequestKind, WaitReason, Wish

EIGHT = tuple(f"e{n}" for n in range(8))
LOOK = wish(RequestKind.REPRICE, *EIGHT)
CONFIRM = wish(RequestKind.CONFIRM, *EIGHT)
ORDERS = wish(RequestKind.ORDERS, host=Host.CABINET)
SYNC = wish(RequestKind.SYNC, host=Host.CABINET)
SIGN_IN = wish(RequestKind.SIGN_IN, host=Host.LOGIN)


async def test_every_kind_gets_its_guarantee_when_all_want_more(
    limits: Limits, clock: FixedClock
) -> None:
    crowd = Crowd(clock)
    everyone = [SYNC] * 40 + [ORDERS] * 40 + [LOOK] * 80 + [SIGN_IN] * 20
    start = clock.now() + timedelta(seconds=1.1)  # the first second is lent out before others came
    await crowd.run([(limits, asked) for asked in everyone], 1.1 + 10.2)

    assert crowd.count(RequestKind.REPRICE, after=start) >= 360
    assert crowd.count(RequestKind.ORDERS, after=start) >= 114
    assert crowd.count(RequestKind.SYNC, after=start) >= 54
    assert crowd.count(RequestKind.SIGN_IN, after=start) >= 57


@pytest.mark.parametrize("asked", [SYNC, ORDERS, LOOK, SIGN_IN, CONFIRM])
async def test_what_others_leave_unused_is_lent(
    limits: Limits, clock: FixedClock, asked: Wish
) -> None:
    crowd = Crowd(clock)
    await crowd.run([(limits, asked)] * 80, 3)

    assert len(crowd.grants) >= 175


async def test_low_kind_is_served_while_higher_ones_want_everything(
    limits: Limits, clock: FixedClock
) -> None:
    crowd = Crowd(clock)
    demands = [LOOK] * 100 + [SIGN_IN] * 30 + [SYNC] * 6
    await crowd.run([(limits, asked) for asked in demands], 5.1)

    assert crowd.count(RequestKind.SYNC) >= 4 * 6


async def test_confirming_look_does_not_stand_behind_repricing(
    make_limits: Callable[..., Limits], limits: Limits, clock: FixedClock
) -> None:
    other = make_limits()
    crowd = Crowd(clock)
    await crowd.run([(limits, wish())] * 30, 1.5)
    free_at = await waits(other, wish(RequestKind.CONFIRM))
    await crowd.run([(limits, wish())] * 30, free_at.seconds - 0.0005)
    clock.move(milliseconds=1)

    assert (await waits(limits, wish())).reason is WaitReason.EGRESS
    await granted(other, wish(RequestKind.CONFIRM), free_at.ticket)


async def test_higher_kind_waits_for_one_free_place_at_most(
    limits: Limits, clock: FixedClock
) -> None:
    for _ in range(60):
        await granted(limits, SYNC)
        clock.move(milliseconds=10)
    sign_in = await waits(limits, SIGN_IN)
    sync = await waits(limits, SYNC)

    assert sign_in.seconds == pytest.approx(0.42, abs=0.001)  # when the oldest of the 60 leaves
    assert sync.seconds == pytest.approx(0.43, abs=0.001)  # the next one
    clock.move(seconds=sign_in.seconds)
    assert (await waits(limits, SYNC)).reason is WaitReason.BUDGET
    await granted(limits, SIGN_IN, sign_in.ticket)


async def test_queue_of_a_kind_is_first_come_first_served(
    limits: Limits, clock: FixedClock
) -> None:
    for _ in range(8):
        await granted(limits, wish())
        clock.move(milliseconds=10)
    first, second = await waits(limits, wish()), await waits(limits, wish())
    clock.move(seconds=first.seconds)

    assert second.seconds > first.seconds
    assert (await waits(limits, wish())).ticket > second.ticket
    await granted(limits, wish(), first.ticket)


async def test_waiter_that_died_stops_nobody_for_long(limits: Limits, clock: FixedClock) -> None:
    for _ in range(60):
        await granted(limits, SYNC)
    await waits(limits, SIGN_IN)  # never asks again
    clock.move(seconds=2)

    for _ in range(60):
        await granted(limits, SYNC)
    assert (await limits.snapshot()).waiting["sign_in"] == 0


async def test_queue_costs_few_questions(limits: Limits, clock: FixedClock) -> None:
    crowd = Crowd(clock)
    await crowd.run([(limits, LOOK)] * 64, 5)

    assert crowd.asked <= 3 * len(crowd.grants)
