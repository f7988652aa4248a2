from __future__ import annotations

from datetime import timedelta

import pytest
from unit.domain.pricing.pricing_cases import T0, choose, market, ours, product, rival, tenge

from cube_demper.domain.pricing.schemas import Action, Decision, Memory, Reason, Strategy

LOOKED = Memory(to_max_since=T0 - timedelta(seconds=60))
TOP_3 = product(Strategy.STAY_TOP_N, top_n=3)


def answer(decision: Decision) -> tuple[Action, Reason, int | None]:
    return decision.action, decision.reason, decision.target


class TestStandard:
    def test_goes_a_step_below_the_cheapest_rival(self) -> None:
        decision = choose([ours(12000), rival(11500), rival(11800, "2")])
        assert answer(decision) == (Action.CHANGE, Reason.UNDERCUT, tenge(11499))

    def test_goes_up_behind_a_rival_too(self) -> None:
        decision = choose([ours(12000), rival(15000)])
        assert answer(decision) == (Action.CHANGE, Reason.RAISED_BEHIND_RIVAL, tenge(14999))

    def test_the_step_is_the_products(self) -> None:
        assert choose([ours(12000), rival(11500)], product(step=50)).target == tenge(11450)

    def test_a_step_of_zero_counts_as_one_tenge(self) -> None:
        assert choose([ours(12000), rival(11500)], product(step=0)).target == tenge(11499)

    def test_targets_are_rounded_down_to_whole_tenge(self) -> None:
        assert choose([ours(12000), rival(11500.5)]).target == tenge(11499)

    def test_holds_at_the_right_price(self) -> None:
        decision = choose([ours(11499), rival(11500)])
        assert answer(decision) == (Action.HOLD, Reason.PRICE_IS_RIGHT, None)

    def test_holds_and_waits_when_the_target_is_below_the_floor(self) -> None:
        decision = choose([ours(12000), rival(7000), rival(15000, "2")])
        assert answer(decision) == (Action.HOLD, Reason.BELOW_FLOOR_HOLD, None)

    def test_a_rival_exactly_at_the_floor_cannot_be_beaten(self) -> None:
        decision = choose([ours(12000), rival(8000)])
        assert decision.reason is Reason.BELOW_FLOOR_HOLD

    def test_the_floor_itself_can_be_the_target(self) -> None:
        decision = choose([ours(11000), rival(8001)])
        assert answer(decision) == (Action.CHANGE, Reason.UNDERCUT, tenge(8000))

    def test_a_target_over_the_cap_is_cut_to_it(self) -> None:
        decision = choose([ours(12000), rival(30000)])
        assert answer(decision) == (Action.CHANGE, Reason.RAISED_TO_CAP, tenge(20000))

    def test_holds_at_the_cap(self) -> None:
        assert choose([ours(20000), rival(30000)]).reason is Reason.PRICE_IS_RIGHT


class TestAlwaysFirst:
    TERMS = product(Strategy.ALWAYS_FIRST)

    def test_goes_a_step_below_the_cheapest_rival(self) -> None:
        assert choose([ours(12000), rival(11500)], self.TERMS).target == tenge(11499)

    def test_goes_to_the_floor_when_the_target_is_below_it(self) -> None:
        decision = choose([ours(11000), rival(7000)], self.TERMS)
        assert answer(decision) == (Action.CHANGE, Reason.BELOW_FLOOR_TO_FLOOR, tenge(8000))

    def test_holds_at_the_floor(self) -> None:
        decision = choose([ours(8000), rival(7000)], self.TERMS)
        assert answer(decision) == (Action.HOLD, Reason.AT_FLOOR, None)

    def test_a_fall_to_the_floor_is_guarded_like_any_other(self) -> None:
        decision = choose([ours(12000), rival(7000)], self.TERMS)
        assert answer(decision) == (Action.HOLD, Reason.SUSPICIOUS_FALL, tenge(8000))


class TestStayTopN:
    def test_goes_a_step_below_the_nth_cheapest_rival(self) -> None:
        offers = [ours(12000), rival(9000, "1"), rival(9500, "2"), rival(11000, "3")]
        decision = choose(offers, TOP_3)
        assert answer(decision) == (Action.CHANGE, Reason.UNDERCUT, tenge(10999))

    def test_goes_up_behind_the_nth(self) -> None:
        offers = [ours(12000), rival(9000, "1"), rival(9500, "2"), rival(13000, "3")]
        assert choose(offers, TOP_3).target == tenge(12999)

    def test_a_rival_counts_once_by_its_cheapest_offer(self) -> None:
        offers = [rival(9000, "1"), rival(9100, "1"), rival(9200, "1"), rival(9500, "2")]
        decision = choose([ours(12000), *offers, rival(11000, "3")], TOP_3)
        assert decision.target == tenge(10999)

    def test_three_places_are_the_default(self) -> None:
        assert product(Strategy.STAY_TOP_N).top_n == 3

    def test_the_first_place_of_one_is_the_standard_rule(self) -> None:
        terms = product(Strategy.STAY_TOP_N, top_n=1)
        assert choose([ours(12000), rival(11000), rival(11500, "2")], terms).target == tenge(10999)

    def test_zero_places_count_as_one(self) -> None:
        terms = product(Strategy.STAY_TOP_N, top_n=0)
        decision = choose([ours(12000), rival(11000), rival(11500, "2")], terms)
        assert (decision.target, decision.top_n) == (tenge(10999), 1)

    def test_holds_when_the_target_is_below_the_floor(self) -> None:
        offers = [ours(12000), rival(5000, "1"), rival(5500, "2"), rival(6000, "3")]
        assert answer(choose(offers, TOP_3)) == (Action.HOLD, Reason.BELOW_FLOOR_HOLD, None)

    def test_fewer_than_n_rivals_go_to_the_max_price_after_two_looks(self) -> None:
        offers = [ours(12000), rival(9000, "1"), rival(9500, "2")]
        first = choose(offers, TOP_3)
        assert answer(first) == (Action.HOLD, Reason.WAITING_SECOND_LOOK, tenge(20000))
        second = choose(offers, TOP_3, memory=LOOKED)
        assert answer(second) == (Action.CHANGE, Reason.FEWER_THAN_N_TO_MAX, tenge(20000))

    def test_fewer_than_n_rivals_hold_without_a_max_price(self) -> None:
        terms = product(Strategy.STAY_TOP_N, max_price=None)
        decision = choose([ours(12000), rival(9000)], terms, memory=LOOKED)
        assert answer(decision) == (Action.HOLD, Reason.FEWER_THAN_N_HOLD, None)

    def test_fewer_than_n_rivals_hold_at_the_max_price(self) -> None:
        decision = choose([ours(20000), rival(9000)], TOP_3, memory=LOOKED)
        assert decision.reason is Reason.FEWER_THAN_N_HOLD

    def test_fewer_than_n_in_a_list_read_in_part_proves_nothing(self) -> None:
        decision = choose(market(ours(12000), rival(9000), total=90), TOP_3, memory=LOOKED)
        assert answer(decision) == (Action.HOLD, Reason.RIVALS_UNREAD, None)


class TestAlone:
    @pytest.mark.parametrize("strategy", Strategy)
    def test_goes_to_the_max_price_after_two_looks_that_agree(self, strategy: Strategy) -> None:
        terms = product(strategy)
        first = choose([ours(12000)], terms)
        assert answer(first) == (Action.HOLD, Reason.WAITING_SECOND_LOOK, tenge(20000))
        second = choose([ours(12000)], terms, memory=LOOKED)
        assert answer(second) == (Action.CHANGE, Reason.ALONE_TO_MAX, tenge(20000))

    def test_holds_without_a_max_price(self) -> None:
        decision = choose([ours(12000)], product(max_price=None), memory=LOOKED)
        assert answer(decision) == (Action.HOLD, Reason.ALONE_HOLD, None)

    def test_holds_at_the_max_price(self) -> None:
        assert choose([ours(20000)], memory=LOOKED).reason is Reason.ALONE_HOLD

    def test_a_list_read_in_part_does_not_make_us_alone(self) -> None:
        decision = choose(market(ours(12000), total=90), memory=LOOKED)
        assert answer(decision) == (Action.HOLD, Reason.RIVALS_UNREAD, None)
