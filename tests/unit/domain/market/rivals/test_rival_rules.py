"""Profiles of invented rivals: each must be recognised for what it was made to be."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from market_histories import DAY, US, Scene, chase, clearance, human, tenge, vanishing

from cube_demper.domain.market.moves import Move, Sight, look_on
from cube_demper.domain.market.rivals.reading import read_ground
from cube_demper.domain.market.rivals.rules import delay_of, profile_of, stops_at
from cube_demper.domain.market.rivals.schemas import Answer, Behaviour, Ground, Meeting, Profile
from cube_demper.domain.market.schemas import Market

FLOOR = tenge(8500)


def meetings_of(
    looks: Iterable[Market], *, friends: frozenset[str] = frozenset()
) -> dict[str, Meeting]:
    sight: Sight | None = None
    moves: list[Move] = []
    for look in looks:
        sight, moved = look_on(sight, look)
        moves += moved
    assert sight is not None
    ground = Ground(uuid4(), "Чайник", FLOOR, DAY, sight.seen_at, sight.prices, moves)
    return read_ground(ground, US, friends)


def profile(
    name: str, days: float, act: Callable[[Scene], None], *, every: int = 1, **prices: float
) -> Profile:
    scene = Scene(prices={US: 9300, **prices})
    looks = [scene.look(), *scene.play(round(days * 1440), act, every=every)]
    return profile_of(name, [meetings_of(looks)[name]])


def test_a_bot_is_known_by_its_speed_step_floor_and_nights() -> None:
    found = profile("BOT", 3, chase(), BOT=9200)
    assert found.behaviour is Behaviour.BOT
    assert found.delay is not None
    assert (found.delay.median_from, found.delay.median_to) == (120, 240)
    assert (found.step, found.step_percent) == (tenge(1), 100)
    assert found.places[0].stops_at == tenge(9000)
    assert found.places[0].lowest == tenge(9000)
    assert found.answer_percent is not None
    assert 80 <= found.answer_percent < 100
    assert [reason.split()[0] for reason in found.reasons] == ["Отвечает", "Постоянный", "Меняет"]
    assert sum(found.delays) >= found.answers
    assert sum(found.hours) == found.moves


def test_sparse_looks_widen_the_bounds_of_the_delay_and_never_miss_it() -> None:
    found = profile("BOT", 6, chase(pause=60), every=7, BOT=9200)
    assert found.delay is not None
    assert found.delay.median_from <= 180 <= found.delay.median_to
    assert found.delay.median_to - found.delay.median_from >= 7 * 60


def test_a_human_moves_by_day_and_answers_nobody_at_once() -> None:
    found = profile("HAND", 12, human(), HAND=9600)
    assert found.behaviour is Behaviour.HUMAN
    assert found.answers == 0
    assert found.moves >= 8
    assert sum(found.hours[:6]) == 0


def test_a_clearance_only_falls() -> None:
    found = profile("SALE", 5, clearance(), SALE=12_000)
    assert found.behaviour is Behaviour.CLEARANCE
    assert found.deepest_percent is not None
    assert found.deepest_percent < 0
    assert "41" in found.reasons[0]


def test_someone_who_vanished_is_gone() -> None:
    found = profile("GONE", 1, vanishing(), GONE=9100)
    assert found.behaviour is Behaviour.GONE
    assert (found.goods, found.goods_now) == (1, 0)
    assert found.last_seen_at == DAY + timedelta(minutes=600)


def test_a_rival_that_stands_is_counted_all_the_time() -> None:
    found = profile("STILL", 1, lambda _: None, STILL=9200)
    assert (found.behaviour, found.ahead_percent, found.ahead_now) == (Behaviour.STANDS, 100, 1)


def test_our_own_stores_are_no_rivals() -> None:
    scene = Scene(prices={US: 9300, "SISTER": 9200, "R": 9400})
    looks = [scene.look(), *scene.play(30, lambda _: None)]
    assert set(meetings_of(looks, friends=frozenset({"SISTER"}))) == {"R"}


def test_time_before_us_is_the_time_that_both_were_there() -> None:
    def act(scene: Scene) -> None:
        if scene.minute == 60:
            scene.prices["R"] = 9400
        if scene.minute == 80:
            scene.prices["R"] = None

    found = profile("R", 200 / 1440, act, R=9200)
    assert found.ahead_percent == 75


def test_a_rise_over_the_rival_takes_the_challenge_back() -> None:
    def act(scene: Scene) -> None:
        scene.prices[US] = {10: 9100, 20: 9500}.get(scene.minute, scene.prices[US])

    found = profile("R", 0.2, act, R=9200)
    assert (found.chances, found.answers, found.answer_percent) == (0, 0, None)


def test_a_share_waits_until_the_two_hours_are_over() -> None:
    """Else a young history would know only of what was answered."""

    def act(scene: Scene) -> None:
        if scene.minute == 10:
            scene.prices[US] = 9100
        if scene.minute == 13:
            scene.prices["R"] = 9099

    young = profile("R", 120 / 1440, act, R=9200)
    assert (young.chances, young.answer_percent) == (0, None)
    assert young.delay is not None
    old = profile("R", 131 / 1440, act, R=9200)
    assert (old.chances, old.answers, old.answer_percent) == (1, 1, 100)


def test_an_answer_after_two_hours_is_none() -> None:
    def act(scene: Scene) -> None:
        if scene.minute == 10:
            scene.prices[US] = 9100
        if scene.minute == 140:
            scene.prices["R"] = 9099

    found = profile("R", 0.2, act, R=9200)
    assert (found.chances, found.answers) == (1, 0)


def test_where_it_stops_needs_a_price_that_it_let_stand() -> None:
    met = Meeting(uuid4(), "Чайник", FLOOR, answers=[Answer(60, 120, tenge(9001), tenge(9000))])
    assert stops_at(met) is None
    met.unanswered = [tenge(9500)]
    assert stops_at(met) is None
    met.unanswered = [tenge(8999)]
    assert stops_at(met) == tenge(9000)


@pytest.mark.parametrize("more", [0, 5])
def test_a_seller_out_of_sight_has_not_gone(more: int) -> None:
    scene = Scene(prices={"A": 100, "FAR": 500})
    sight, _ = look_on(None, scene.look())
    scene.prices["FAR"], scene.minute, scene.total_more = None, 1, more
    after, moves = look_on(sight, scene.look())
    assert [move.new_price for move in moves] == ([None] if not more else [])
    assert ("FAR" in after.prices) is bool(more)


prices = st.none() | st.integers(8_000, 12_000)
histories = st.lists(
    st.fixed_dictionaries({US: prices, "A": prices, "B": prices}), min_size=2, max_size=40
)


def _looks(history: list[dict[str, int | None]], every: int = 1) -> list[Market]:
    return [
        Scene(prices=dict(state), minute=number * 10 * every).look()
        for number, state in enumerate(history)
    ]


@settings(deadline=None)
@given(histories)
def test_moves_replayed_give_the_last_look(history: list[dict[str, int | None]]) -> None:
    sight: Sight | None = None
    replayed: dict[str, int] = {}
    for look in _looks(history):
        sight, moves = look_on(sight, look)
        for move in moves:
            assert replayed.get(move.merchant_id) == move.old_price != move.new_price
            if move.new_price is None:
                del replayed[move.merchant_id]
            else:
                replayed[move.merchant_id] = move.new_price
    assert sight is not None
    assert replayed == sight.prices == {o.merchant_id: o.price for o in _looks(history)[-1].offers}


@settings(deadline=None)
@given(histories)
def test_figures_of_any_history_hold_together(history: list[dict[str, int | None]]) -> None:
    for name, met in meetings_of(_looks(history)).items():
        found = profile_of(name, [met])
        assert found.answers <= found.chances
        assert met.ahead <= met.together
        assert found.answer_percent is None or 0 <= found.answer_percent <= 100
        assert sum(found.hours) == found.moves
        assert all(answer.theirs < answer.ours for answer in met.answers)
        assert all(0 <= answer.shortest <= answer.longest for answer in met.answers)
        delay = found.delay
        assert delay is None or delay.quick <= delay.median_from <= delay.median_to <= delay.slow


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 7200), st.integers(0, 600)), min_size=1))
def test_the_median_lies_between_the_looks(pairs: list[tuple[int, int]]) -> None:
    answers = [Answer(low, low + width, 100, 99) for low, width in pairs]
    delay = delay_of(answers)
    assert delay is not None
    assert min(it.shortest for it in answers) <= delay.median_from
    assert delay.median_from <= delay.median_to <= max(it.longest for it in answers)


@settings(deadline=None)
@given(histories)
def test_a_look_that_is_not_newer_changes_nothing(history: list[dict[str, int | None]]) -> None:
    first, *rest = _looks(history)
    sight, _ = look_on(None, rest[-1])
    assert look_on(sight, first) == (sight, ())
