"""Bans and breakers, seen by every process and stopping nobody else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from limits_crowd import granted, waits, wish

from cube_demper.core.clock import FixedClock
from cube_demper.integrations.kaspi.limits.limits import Limits
from cube_demper.integrations.kaspi.limits.rules import Host, RequestKind, WaitReason, Wish

MINUTE = timedelta(minutes=1)


def send(store: str) -> Wish:
    return wish(host=Host.CABINET, store=store, changes=1)


async def fail(limits: Limits, times: int, asked: Wish | None = None) -> None:
    for _ in range(times):
        await limits.failed(await granted(limits, asked or wish()))


class TestStoreBan:
    async def test_one_process_is_banned_and_the_others_know(
        self, make_limits: Callable[..., Limits], limits: Limits, clock: FixedClock
    ) -> None:
        other = make_limits()
        await limits.ban_store("s1", timedelta(minutes=30))
        wait = await waits(other, send("s1"))

        assert wait.reason is WaitReason.STORE_BAN
        assert wait.seconds == pytest.approx(1800)
        assert await other.store_blocked_until("s1") == clock.now() + timedelta(minutes=30)
        clock.move(minutes=30, seconds=1)
        assert await other.store_blocked_until("s1") is None
        await granted(other, send("s1"))

    async def test_ban_of_one_store_delays_no_other(self, limits: Limits) -> None:
        await limits.ban_store("s1", timedelta(minutes=30))
        for _ in range(70):
            await waits(limits, send("s1"))

        await granted(limits, send("s2"))
        assert (await limits.snapshot()).used == 1

    async def test_shorter_ban_does_not_shorten_a_longer_one(
        self, limits: Limits, clock: FixedClock
    ) -> None:
        await limits.ban_store("s1", timedelta(minutes=30))
        await limits.ban_store("s1", timedelta(minutes=1))

        assert await limits.store_blocked_until("s1") == clock.now() + timedelta(minutes=30)


class TestEgressBan:
    async def test_banned_egress_is_passed_over_by_every_process(
        self, make_limits: Callable[..., Limits], limits: Limits, clock: FixedClock
    ) -> None:
        await limits.ban_egress(await granted(limits, wish()), timedelta(seconds=15))
        other = make_limits()

        assert (await granted(other, wish(RequestKind.REPRICE, "direct", "b"))).egress == "b"
        wait = await waits(other, wish())
        assert (wait.reason, round(wait.seconds)) == (WaitReason.EGRESS_BAN, 15)
        clock.move(seconds=15.1)
        await granted(other, wish())

    async def test_ban_at_the_shop_does_not_close_the_cabinet(self, limits: Limits) -> None:
        await limits.ban_egress(await granted(limits, wish()), timedelta(seconds=15))

        await granted(limits, wish(host=Host.CABINET))


class TestBreaker:
    async def test_five_errors_open_it_for_a_minute_for_every_process(
        self, make_limits: Callable[..., Limits], limits: Limits
    ) -> None:
        await fail(limits, 4)
        await granted(limits, wish())
        await fail(make_limits(), 1)
        wait = await waits(limits, wish())

        assert (wait.reason, wait.seconds) == (WaitReason.BREAKER, pytest.approx(60))

    async def test_a_success_between_starts_the_count_anew(self, limits: Limits) -> None:
        await fail(limits, 4)
        await limits.worked(await granted(limits, wish()))
        await fail(limits, 2)

        await granted(limits, wish())

    async def test_after_the_minute_exactly_one_trial_goes(
        self, make_limits: Callable[..., Limits], limits: Limits, clock: FixedClock
    ) -> None:
        await fail(limits, 5)
        clock.move(seconds=61)
        trial = await granted(limits, wish())

        assert trial.is_trial
        assert (await waits(make_limits(), wish())).reason is WaitReason.BREAKER
        await limits.worked(trial)
        assert not (await granted(make_limits(), wish())).is_trial

    async def test_failed_trial_closes_the_way_for_another_minute(
        self, limits: Limits, clock: FixedClock
    ) -> None:
        await fail(limits, 5)
        clock.move(seconds=61)
        await fail(limits, 1)

        assert (await waits(limits, wish())).seconds == pytest.approx(60)

    async def test_late_answers_of_others_neither_close_nor_lengthen_it(
        self, limits: Limits, clock: FixedClock
    ) -> None:
        late_good, late_bad = await granted(limits, wish()), await granted(limits, wish())
        await fail(limits, 5)
        clock.move(seconds=30)
        await limits.worked(late_good)
        await limits.failed(late_bad)

        assert (await waits(limits, wish())).seconds == pytest.approx(30)

    async def test_trial_whose_process_died_is_followed_by_another(
        self, limits: Limits, clock: FixedClock
    ) -> None:
        await fail(limits, 5)
        clock.move(seconds=61)
        await granted(limits, wish())
        clock.move(seconds=61)

        assert (await granted(limits, wish())).is_trial

    async def test_breaker_belongs_to_one_host_and_one_egress(self, limits: Limits) -> None:
        await fail(limits, 5)

        await granted(limits, wish(host=Host.CABINET))
        assert (await granted(limits, wish(RequestKind.REPRICE, "direct", "b"))).egress == "b"

    async def test_snapshot_shows_it(self, limits: Limits, clock: FixedClock) -> None:
        await fail(limits, 5)
        snapshot = await limits.snapshot(("direct", "b"))

        assert snapshot.egresses[0].breaker_until == clock.now() + MINUTE
        assert snapshot.egresses[0].used == 5
        assert snapshot.egresses[1].breaker_until is None
        assert snapshot.groups == {"sign_in": 0, "demping": 5, "orders": 0, "sync": 0}
