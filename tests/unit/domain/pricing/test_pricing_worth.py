"""What goes first while Kaspi's changes are short."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from unit.domain.pricing.pricing_cases import (
    T0,
    choose,
    minutes,
    ours,
    product,
    resting,
    rival,
    store,
    tenge,
)

from cube_demper.domain.pricing.schemas import Decision, Reason, Strategy
from cube_demper.domain.pricing.worth import (
    CHANGES_WINDOW,
    DOUBLING,
    MOST_DOUBLINGS,
    UNRESERVED_WINDOW,
    URGENT,
    may_leave,
    reserve,
    standing,
    worth,
)

_PRICES = st.integers(100, 500_000)
_WAITS = st.integers(0, 7 * 24 * 3600).map(lambda seconds: T0 - timedelta(seconds=seconds))
_LONGEST = MOST_DOUBLINGS * DOUBLING


@st.composite
def decisions(draw: st.DrawFn) -> Decision:
    """Draw decisions on markets around our price, inside and outside the bounds."""
    price, floor = draw(_PRICES), draw(_PRICES)
    cap = floor + draw(_PRICES)
    rivals = draw(st.lists(_PRICES, min_size=1, max_size=6))
    offers = [rival(it, f"2000000{number}") for number, it in enumerate(rivals)]
    strategy = draw(st.sampled_from([*Strategy]))
    terms = product(strategy, min_price=floor, max_price=cap, base_price=price)
    shop = store(max_fall_percent=100)
    return choose([ours(price), *offers], terms, shop=shop, now=T0)


@st.composite
def changes_inside(draw: st.DrawFn) -> Decision:
    """Draw answers to rivals from a price within the bounds."""
    floor = draw(_PRICES)
    price = floor + draw(_PRICES)
    others = draw(st.lists(_PRICES, max_size=5))
    cheapest = floor + 2 + draw(_PRICES)
    cheapest += cheapest - 1 == price
    offers = [rival(cheapest + it, f"2000000{number}") for number, it in enumerate([0, *others])]
    terms = product(min_price=floor, max_price=price + draw(_PRICES), base_price=price)
    decision = choose([ours(price), *offers], terms, shop=store(max_fall_percent=100))
    assert decision.is_change
    return decision


def _fall(*rivals: float, price: float = 12_000, **terms: float) -> Decision:
    offers = [rival(it, f"2000000{number}") for number, it in enumerate(rivals)]
    decision = choose([ours(price), *offers], product(**terms))
    assert decision.is_change
    return decision


def test_below_the_floor_then_over_the_cap_then_what_the_seller_agreed_to_then_the_rest() -> None:
    below = choose([ours(7_999), rival(9_000)])
    over = choose([ours(30_000), rival(9_000)])
    fall = _fall(9_000)
    assert (below.reason, over.reason) == (Reason.RAISED_TO_FLOOR, Reason.LOWERED_TO_CAP)
    agreed = worth(_fall(11_999), is_approved=True)
    assert worth(below) > worth(over) > agreed > worth(fall, is_priority=True)


def test_a_fall_that_wins_the_first_place_then_a_rise_then_a_small_correction() -> None:
    wins_first = _fall(11_500)
    rise = _fall(13_000, price=12_000)
    leaves_a_tie = _fall(12_000)
    assert (wins_first.place, wins_first.target_place) == (2, 1)
    assert rise.target == tenge(12_999)
    assert leaves_a_tie.target == tenge(11_999)
    assert worth(wins_first) > worth(rise) > 0
    assert worth(wins_first) > worth(leaves_a_tie)
    step_up = _fall(12_003, price=12_000)
    assert worth(rise) > worth(step_up)


def test_more_places_a_dearer_product_and_more_above_the_floor_are_worth_more() -> None:
    assert worth(_fall(11_500, 11_800, 11_900)) > worth(_fall(11_500))
    dear = _fall(115_000, price=120_000, min_price=80_000, max_price=200_000, base_price=120_000)
    assert worth(dear) > worth(_fall(11_500))
    assert worth(_fall(11_500, min_price=5_000)) > worth(_fall(11_500, min_price=11_000))


def test_a_higher_rise_is_worth_more() -> None:
    assert worth(_fall(14_000)) > worth(_fall(13_000)) > worth(_fall(12_100))


def test_a_priority_product_counts_for_four_and_a_war_halves_each_change() -> None:
    fall = _fall(11_500)
    doublings = DOUBLING.total_seconds()
    assert abs(worth(fall, is_priority=True) - worth(fall) - 2 * doublings) <= 2
    assert abs(worth(fall) - worth(fall, wanted_lately=1) - doublings) <= 2
    assert worth(fall, wanted_lately=9) < worth(fall, wanted_lately=3)


def test_what_ends_a_war_is_not_worth_less_for_the_changes_that_made_it() -> None:
    memory = resting(12_000, until=T0 + minutes(90))
    end = choose([ours(9_000), rival(9_001)], memory=memory)
    assert end.reason is Reason.PRICE_WAR
    assert worth(end, wanted_lately=5) == worth(end) > 0


def test_our_own_offer_not_read_means_far_behind() -> None:
    unread = replace(_fall(11_500), place=None, is_window_seen=False)
    assert worth(unread) > worth(_fall(11_500))


def test_a_decision_of_another_release_without_the_new_place_is_still_weighed() -> None:
    assert worth(replace(_fall(11_500), target_place=None)) == worth(_fall(11_500))


@settings(deadline=None)
@given(decisions(), st.booleans(), st.integers(0, 50))
def test_worth_never_falls_below_nothing_and_is_bounded_within_its_kind(
    decision: Decision, is_priority: bool, sent: int
) -> None:
    value = worth(decision, is_priority=is_priority, wanted_lately=sent)
    assert 0 <= value % 10**10 <= _LONGEST.total_seconds()


@settings(deadline=None)
@given(changes_inside(), st.integers(0, 50), st.booleans())
def test_more_changes_lately_are_never_worth_more_and_priority_never_less(
    decision: Decision, sent: int, is_priority: bool
) -> None:
    value = worth(decision, is_priority=is_priority, wanted_lately=sent)
    assert value >= worth(decision, is_priority=is_priority, wanted_lately=sent + 1)
    assert value >= worth(decision, wanted_lately=sent)


@settings(deadline=None)
@given(changes_inside(), changes_inside(), _WAITS, _WAITS)
def test_who_waits_six_hours_longer_goes_first_whatever_the_other_brings(
    mine: Decision, other: Decision, my_wait: datetime, other_wait: datetime
) -> None:
    first, second = (
        standing(worth(mine), my_wait, my_wait),
        standing(worth(other), other_wait, other_wait),
    )
    if my_wait + _LONGEST < other_wait:
        assert first > second
    if my_wait <= other_wait and worth(mine) >= worth(other):
        assert first >= second


@settings(deadline=None)
@given(decisions(), changes_inside(), _WAITS, _WAITS)
def test_a_move_into_the_bounds_goes_before_anything_that_has_waited_a_week(
    move: Decision, other: Decision, recent: datetime, long_ago: datetime
) -> None:
    is_move = move.reason in {Reason.RAISED_TO_FLOOR, Reason.LOWERED_TO_CAP}
    mine = standing(worth(move, is_approved=not is_move), recent, recent)
    if move.is_change:
        assert mine >= URGENT > standing(worth(other, is_priority=True), long_ago, long_ago)


@given(_WAITS, _WAITS, _WAITS)
def test_a_newer_price_keeps_half_of_the_wait_so_that_a_lively_card_does_not_starve(
    first: datetime, second: datetime, other: datetime
) -> None:
    since, decided = min(first, second), max(first, second)
    assert standing(0, decided, decided) <= standing(0, decided, since) <= standing(0, since, since)
    if decided - other < (decided - since) / 2:
        assert standing(0, decided, since) >= standing(0, other, other)


@given(st.lists(st.booleans(), max_size=30), st.integers(0, 400), st.integers(1, 400), st.data())
def test_the_reserve_is_touched_by_urgent_changes_only(
    kinds: list[bool], room: int, limit: int, data: st.DataObject
) -> None:
    room = min(room, limit)
    used = data.draw(st.integers(0, limit - room))
    queue = sorted((URGENT + 1 if it else -1 for it in kinds), reverse=True)
    count = may_leave(queue, room=room, limit=limit, used=used)
    urgent = sum(it >= URGENT for it in queue[:count])
    assert count <= min(len(queue), room)
    assert urgent == min(sum(kinds), room)
    assert count == urgent or used + count <= limit - reserve(limit)
    if count < min(len(queue), room):
        assert used + count >= limit - reserve(limit)


def test_a_tenth_of_kaspis_changes_is_kept() -> None:
    assert reserve(250) == 25
    assert may_leave([-1] * 10, room=26, limit=250, used=224) == 1
    assert may_leave([-1] * 10, room=25, limit=250, used=225) == 0
    assert may_leave([URGENT, -1], room=25, limit=250, used=225) == 1


def test_the_reserve_does_not_slow_the_others_down() -> None:
    """Those that left 27 minutes ago and more free their places soon."""
    assert may_leave([-1] * 10, room=5, limit=250, used=215) == 5
    assert UNRESERVED_WINDOW / (250 - reserve(250)) == CHANGES_WINDOW / 250


def test_what_the_place_would_be_is_part_of_a_decision_to_change_only() -> None:
    held = choose([ours(12_000), rival(12_001)])
    assert (held.is_change, held.target_place) == (False, None)
    assert _fall(11_500).to_json()["target_place"] == 1
