from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st
from unit.domain.pricing.pricing_cases import choose, ours, product, rival, taken_back, tenge

from cube_demper.domain.pricing.bounds import Bounds
from cube_demper.domain.pricing.returning.rules import Standing, target_of
from cube_demper.domain.pricing.returning.schemas import Skip
from cube_demper.domain.pricing.rules import forget
from cube_demper.domain.pricing.schemas import Reason

PRICES = st.integers(1, 10**6).map(lambda tenge: tenge * 100)
USUAL = Standing(
    is_bot_on=True, price=950_00, before=1_000_00, bounds=Bounds(900_00, 2_000_00, 2_000_00)
)


@settings(deadline=None)
@given(PRICES, st.integers(1, 10**8), PRICES, PRICES)
def test_it_never_leaves_the_bounds_of_now(price: int, before: int, one: int, two: int) -> None:
    bounds = Bounds(min(one, two), max(one, two), None)
    target = target_of(replace(USUAL, price=price, before=before, bounds=bounds))
    if not isinstance(target, Skip):
        assert bounds.floor <= target <= bounds.cap
        assert target % 100 == 0
        assert target != price


def test_the_price_of_an_hour_ago_comes_back() -> None:
    assert target_of(USUAL) == 1_000_00


def test_what_cannot_go_back_says_why() -> None:
    cases = {
        Skip.BOT_OFF: replace(USUAL, is_bot_on=False),
        Skip.ON_ITS_WAY: replace(USUAL, is_outcome_unknown=True),
        Skip.NO_PRICE: replace(USUAL, before=None),
        Skip.NO_BOUNDS: replace(USUAL, bounds=Bounds(2_000_00, 1_000_00, None)),
        Skip.SAME: replace(USUAL, price=1_000_00),
        Skip.ALREADY: replace(USUAL, queued_back_to=1_000_00),
    }
    assert {it: target_of(standing) for it, standing in cases.items()} == {it: it for it in cases}


class TestWhileItRests:
    def test_the_bot_answers_nobody(self) -> None:
        decision = choose([ours(12000), rival(9000)], memory=taken_back(12000))
        assert (decision.reason, decision.is_change) == (Reason.RETURN_REST, False)

    def test_a_price_that_is_not_back_yet_is_brought_back(self) -> None:
        decision = choose([ours(11000), rival(9000)], memory=taken_back(12000))
        assert (decision.reason, decision.target) == (Reason.RETURNED_BY_SELLER, tenge(12000))

    def test_the_floor_of_now_holds(self) -> None:
        decision = choose([ours(12500)], product(min_price=12400), memory=taken_back(12000))
        assert decision.target == tenge(12400)

    def test_it_ends_as_told_or_with_other_terms(self) -> None:
        for memory in (taken_back(12000, hours=0), forget(taken_back(12000))):
            decision = choose([ours(12000), rival(11000)], memory=memory)
            assert decision.reason is Reason.UNDERCUT
