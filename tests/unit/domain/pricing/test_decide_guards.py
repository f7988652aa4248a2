from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from unit.domain.pricing.pricing_cases import (
    T0,
    choose,
    market,
    minutes,
    on_its_way,
    ours,
    product,
    resting,
    rival,
    stood,
    store,
    tenge,
)

from cube_demper.domain.pricing.guards import consent_to, median_price
from cube_demper.domain.pricing.rules import remember, remember_sent
from cube_demper.domain.pricing.schemas import (
    Action,
    Decision,
    Fall,
    Memory,
    PricePoint,
    Reason,
    Rest,
    Strategy,
)

WIDE = product(min_price=100, max_price=1_000_000)


class TestSuspiciousFall:
    def test_more_than_30_percent_under_the_window_price_is_held(self) -> None:
        decision = choose([ours(10000), rival(7000)], WIDE)
        assert (decision.action, decision.reason) == (Action.HOLD, Reason.SUSPICIOUS_FALL)
        assert (decision.target, decision.reference) == (tenge(6999), tenge(10000))

    def test_exactly_30_percent_is_allowed(self) -> None:
        decision = choose([ours(10000), rival(7001)], WIDE)
        assert (decision.action, decision.target) == (Action.CHANGE, tenge(7000))

    def test_it_is_measured_against_the_median_of_the_day_too(self) -> None:
        decision = choose([ours(9000), rival(6900)], WIDE, memory=stood((600, 10000), (60, 9000)))
        assert (decision.reason, decision.reference) == (Reason.SUSPICIOUS_FALL, tenge(10000))

    def test_exactly_30_percent_under_the_median_is_allowed(self) -> None:
        decision = choose([ours(9000), rival(7001)], WIDE, memory=stood((600, 10000), (60, 9000)))
        assert decision.target == tenge(7000)

    def test_small_steps_cannot_add_up_to_a_big_fall(self) -> None:
        memory, price = stood((1440, 10000)), 10000.0
        for step in range(12):
            at = T0 + minutes(15 * step)
            seen = market(ours(price), rival(price * 0.9), at=at)
            decision = choose(seen, WIDE, memory=memory)
            memory = remember(memory, seen, decision, at)
            if decision.is_change and decision.target:
                price = decision.target / 100
        assert price >= 7000

    def test_climbing_back_from_far_under_the_median_is_no_fall(self) -> None:
        decision = choose([ours(5000), rival(6001)], WIDE, memory=stood((600, 10000)))
        assert (decision.reason, decision.target) == (Reason.RAISED_BEHIND_RIVAL, tenge(6000))

    def test_the_seller_can_agree(self) -> None:
        memory = Memory(allowed_fall=consent_to(tenge(4999), T0))
        assert choose([ours(10000), rival(5000)], WIDE, memory=memory).target == tenge(4999)

    def test_the_sellers_consent_runs_out(self) -> None:
        memory = Memory(allowed_fall=consent_to(tenge(4999), T0 - timedelta(hours=6)))
        decision = choose([ours(10000), rival(5000)], WIDE, memory=memory)
        assert decision.reason is Reason.SUSPICIOUS_FALL

    def test_the_consent_covers_that_fall_and_a_little_below_it(self) -> None:
        memory = Memory(allowed_fall=consent_to(tenge(5000), T0))
        assert choose([ours(10000), rival(4851)], WIDE, memory=memory).target == tenge(4850)
        deeper = choose([ours(10000), rival(4850)], WIDE, memory=memory)
        assert deeper.reason is Reason.SUSPICIOUS_FALL

    def test_a_rise_ends_the_consent(self) -> None:
        memory = Memory(allowed_fall=consent_to(tenge(5000), T0))
        fall = choose([ours(10000), rival(5001)], WIDE, memory=memory)
        assert remember_sent(memory, fall, T0).allowed_fall == memory.allowed_fall
        rise = choose([ours(5000), rival(9000)], WIDE, memory=memory)
        assert remember_sent(memory, rise, T0).allowed_fall is None

    @pytest.mark.parametrize("strategy", Strategy)
    def test_it_holds_for_every_strategy(self, strategy: Strategy) -> None:
        terms = replace(WIDE, strategy=strategy, top_n=1)
        assert choose([ours(10000), rival(5000)], terms).reason is Reason.SUSPICIOUS_FALL

    def test_the_limit_is_a_setting(self) -> None:
        shop = store(max_fall_percent=50)
        assert choose([ours(10000), rival(5001)], WIDE, shop=shop).target == tenge(5000)

    def test_a_held_fall_leaves_the_price_alone_even_when_another_rival_is_near(self) -> None:
        decision = choose([ours(10000), rival(5000), rival(9900, "2")], WIDE)
        assert decision.action is Action.HOLD


class TestMedian:
    def test_there_is_none_without_a_past(self) -> None:
        assert median_price((), T0) is None

    def test_prices_weigh_as_long_as_they_stood(self) -> None:
        points = stood((300, 500), (200, 700), (10, 100)).window_prices
        assert median_price(points, T0) == tenge(700)

    def test_what_is_older_than_24_hours_does_not_weigh(self) -> None:
        points = stood((6000, 900), (700, 400), (10, 500)).window_prices
        assert median_price(points, T0) == tenge(900)
        assert median_price(points, T0 + timedelta(hours=12)) == tenge(500)

    def test_two_halves_meet_in_the_middle(self) -> None:
        assert median_price(stood((20, 100), (10, 300)).window_prices, T0) == tenge(200)

    def test_points_of_this_very_instant_still_give_a_price(self) -> None:
        assert median_price((PricePoint(T0, 1), PricePoint(T0, 2)), T0) == 2


def fall(number: int, rival_id: str = "20000001", *, at: datetime = T0) -> Decision:
    """The number-th undercut of one rival, a tenge each."""
    decision = choose(market(ours(10000 - number), rival(10000 - number, rival_id), at=at), WIDE)
    assert decision.reason is Reason.UNDERCUT
    return decision


def after_falls(count: int, *, every: float = 5) -> Memory:
    memory = Memory()
    for number in range(count):
        at = T0 + minutes(number * every)
        memory = remember_sent(memory, fall(number, at=at), at)
    return memory


class TestPriceWar:
    def test_five_falls_against_one_rival_call_a_rest_at_the_price_before_the_last(self) -> None:
        memory = after_falls(5)
        assert memory.rest == Rest(tenge(9996), T0 + minutes(20) + timedelta(hours=2), "20000001")

    def test_four_falls_are_no_war(self) -> None:
        assert after_falls(4).rest is None

    def test_falls_exactly_30_minutes_apart_count_and_older_ones_do_not(self) -> None:
        assert after_falls(5, every=7.5).rest is not None
        assert after_falls(5, every=7.6).rest is None

    def test_falls_against_different_rivals_are_no_war(self) -> None:
        memory = Memory()
        for number in range(8):
            memory = remember_sent(memory, fall(number, str(number % 2)), T0)
        assert memory.rest is None

    def test_raises_are_no_falls(self) -> None:
        memory = Memory()
        for number in range(8):
            decision = choose([ours(9000), rival(9500 + number)], WIDE)
            memory = remember_sent(memory, decision, T0)
        assert (memory.rest, memory.falls) == (None, ())

    def test_moves_into_the_bounds_are_no_falls(self) -> None:
        memory = Memory()
        for _ in range(8):
            decision = choose([ours(3_000_000), rival(500)], WIDE)
            assert decision.reason is Reason.LOWERED_TO_CAP
            memory = remember_sent(memory, decision, T0)
        assert memory.rest is None

    def test_the_price_goes_back_to_before_the_last_fall(self) -> None:
        at = T0 + minutes(22)
        decision = choose(market(ours(9995), rival(9994), at=at), WIDE, memory=after_falls(5))
        assert (decision.action, decision.reason) == (Action.CHANGE, Reason.PRICE_WAR)
        assert decision.target == tenge(9996)

    def test_it_rests_there_whatever_the_rival_does(self) -> None:
        memory = resting(9996, until=T0 + minutes(60))
        for price in (9000, 9990, 9997, 20000):
            decision = choose([ours(9996), rival(price)], WIDE, memory=memory)
            assert (decision.action, decision.reason) == (Action.HOLD, Reason.WAR_REST)

    def test_the_rest_lasts_two_hours_from_going_back(self) -> None:
        back_at = T0 + minutes(25)
        memory = after_falls(5)
        decision = choose(market(ours(9995), rival(9994), at=back_at), WIDE, memory=memory)
        memory = remember_sent(memory, decision, back_at)
        assert memory.rest is not None
        assert memory.rest.until == back_at + timedelta(hours=2)
        again = remember_sent(memory, decision, back_at + minutes(30))
        assert again.rest is not None
        assert again.rest.until == back_at + timedelta(hours=2)

    def test_when_the_rest_is_over_the_strategy_goes_on(self) -> None:
        memory = resting(9996, until=T0)
        decision = choose([ours(9996), rival(9990)], WIDE, memory=memory)
        assert (decision.reason, decision.target) == (Reason.UNDERCUT, tenge(9989))

    def test_a_rest_never_brings_the_price_down(self) -> None:
        memory = resting(9996, until=T0 + minutes(60))
        decision = choose([ours(12000), rival(9000)], WIDE, memory=memory)
        assert (decision.action, decision.reason) == (Action.HOLD, Reason.WAR_REST)

    @pytest.mark.parametrize(
        ("price", "rest", "target"), [(9000, 7000, None), (9000, 15000, 11000)]
    )
    def test_the_rest_price_stays_inside_bounds_the_seller_set_since(
        self, price: float, rest: float, target: float | None
    ) -> None:
        terms = product(min_price=8500, max_price=11000)
        memory = resting(rest, until=T0 + minutes(60))
        decision = choose([ours(price), rival(8900)], terms, memory=memory)
        assert decision.target == (tenge(target) if target else None)

    def test_a_new_war_needs_five_new_falls(self) -> None:
        memory = after_falls(5)
        assert memory.falls == ()
        memory = replace(memory, rest=None)
        assert remember_sent(memory, fall(6), T0 + minutes(21)).rest is None

    def test_going_to_the_floor_after_a_rival_is_a_fall(self) -> None:
        terms = product(Strategy.ALWAYS_FIRST, min_price=9000)
        decision = choose([ours(9500), rival(8000)], terms)
        memory = remember_sent(Memory(), decision, T0)
        assert memory.falls == (Fall(T0, "20000001", tenge(9500), tenge(9000)),)


class TestSecondLook:
    def alone(self, *, at: datetime, memory: Memory) -> tuple[Decision, Memory]:
        seen = market(ours(12000), at=at)
        decision = choose(seen, memory=memory)
        return decision, remember(memory, seen, decision, at)

    def test_two_looks_60_seconds_apart_are_needed(self) -> None:
        first, memory = self.alone(at=T0, memory=Memory())
        soon, memory = self.alone(at=T0 + timedelta(seconds=59), memory=memory)
        then, memory = self.alone(at=T0 + timedelta(seconds=60), memory=memory)
        assert [first.reason, soon.reason] == [Reason.WAITING_SECOND_LOOK] * 2
        assert first.wait_until == soon.wait_until == T0 + timedelta(seconds=60)
        assert (then.action, then.reason) == (Action.CHANGE, Reason.ALONE_TO_MAX)

    def test_one_look_decided_on_twice_stays_one_look(self) -> None:
        seen = market(ours(12000), at=T0)
        memory = remember(Memory(), seen, choose(seen), T0)
        decision = choose(seen, memory=memory, now=T0 + timedelta(minutes=5))
        assert decision.reason is Reason.WAITING_SECOND_LOOK

    def test_a_look_between_that_disagrees_starts_anew(self) -> None:
        _, memory = self.alone(at=T0, memory=Memory())
        busy = market(ours(12000), rival(12001), at=T0 + timedelta(seconds=30))
        memory = remember(memory, busy, choose(busy, memory=memory), busy.seen_at)
        decision, _ = self.alone(at=T0 + timedelta(seconds=70), memory=memory)
        assert decision.reason is Reason.WAITING_SECOND_LOOK


class TestSamePriceTwice:
    def test_an_unconfirmed_price_is_not_sent_again(self) -> None:
        memory = on_its_way(11499, sent=T0 - minutes(2), until=T0 + minutes(8))
        decision = choose([ours(12000), rival(11500)], memory=memory)
        assert (decision.action, decision.reason) == (Action.HOLD, Reason.WAITING_CONFIRMATION)
        assert (decision.target, decision.wait_until) == (tenge(11499), T0 + minutes(8))

    def test_another_price_may_follow_an_unconfirmed_one(self) -> None:
        memory = on_its_way(11499, sent=T0 - minutes(2), until=T0 + minutes(8))
        assert choose([ours(12000), rival(11400)], memory=memory).target == tenge(11399)

    def test_a_send_that_no_look_saw_in_time_may_be_repeated(self) -> None:
        memory = on_its_way(11499, sent=T0 - minutes(10), until=T0)
        assert choose([ours(12000), rival(11500)], memory=memory).is_change

    def test_an_old_look_does_not_end_the_wait(self) -> None:
        memory = on_its_way(11499, sent=T0 - minutes(10), until=T0 + minutes(1))
        seen = market(ours(12000), rival(11500), at=T0)
        decision = choose(seen, memory=memory, now=T0 + minutes(5))
        assert decision.reason is Reason.WAITING_CONFIRMATION

    def test_the_window_price_is_never_sent_whatever_is_on_its_way(self) -> None:
        memory = on_its_way(11000, sent=T0 - minutes(1), until=T0 + minutes(9))
        assert choose([ours(11499), rival(11500)], memory=memory).reason is Reason.PRICE_IS_RIGHT
