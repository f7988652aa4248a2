"""How the budget of looks is spent: all of it, fairly, and nobody past twice the promise."""

from __future__ import annotations

from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cube_demper.domain.market.tempo import (
    LOWEST_PRICE,
    PROMISES_AT_MOST,
    PROMISES_SHARE,
    SHORTEST_WAIT,
    STRETCH_AT_MOST,
    SURE_SHARE,
    Demand,
    Tempo,
    pace_of,
    pull_of,
    solve,
)
from cube_demper.domain.market.together import how_many_elsewhere

A, B, C = (UUID(int=number) for number in range(1, 4))
MINUTES_15 = 900.0

demands = st.lists(
    st.builds(
        Demand,
        store=st.sampled_from([A, B, C]),
        promise=st.sampled_from([180.0, 300.0, MINUTES_15, 3600.0]),
        pace=st.integers(-20, 24),
        looks=st.floats(0.2, 3_000),
    ),
    min_size=1,
    max_size=30,
)
budgets = st.floats(1, 60)


def _used(goods: list[Demand], tempo: Tempo) -> float:
    return sum(d.looks / tempo.wait(d.store, d.promise, pull_of(d.pace)) for d in goods)


@settings(deadline=None)
@given(demands, budgets)
def test_the_budget_is_not_passed_and_used_where_it_is_wanted(
    goods: list[Demand], budget: float
) -> None:
    tempo = solve(goods, budget)
    used = _used(goods, tempo)
    assert used <= budget * 1.01
    is_capped = bool(tempo.stores)
    if tempo.price > LOWEST_PRICE * 1.001 and not is_capped and tempo.stretch < STRETCH_AT_MOST:
        assert used >= budget * 0.9


@settings(deadline=None)
@given(demands, budgets)
def test_nothing_waits_longer_than_the_stretched_promise(
    goods: list[Demand], budget: float
) -> None:
    tempo = solve(goods, budget)
    promised = sum(d.looks / d.promise for d in goods)
    for demand in goods:
        wait = tempo.wait(demand.store, demand.promise, pull_of(demand.pace))
        assert min(SHORTEST_WAIT, demand.promise) <= wait <= tempo.stretch * demand.promise + 1e-6
    if promised <= budget * STRETCH_AT_MOST * PROMISES_AT_MOST:
        assert tempo.stretch <= STRETCH_AT_MOST + 1e-9
    if promised <= budget * PROMISES_SHARE:
        assert tempo.stretch == 1.0


@settings(deadline=None)
@given(st.floats(0.01, 200), st.floats(0.01, 200), budgets)
def test_the_livelier_never_waits_longer(left: float, right: float, budget: float) -> None:
    goods = [Demand(A, MINUTES_15, pace_of(left), 50), Demand(A, MINUTES_15, pace_of(right), 50)]
    tempo = solve(goods, budget)
    waits = [tempo.wait(A, MINUTES_15, pull) for pull in sorted([left, right])]
    assert waits[0] >= waits[1]


def test_promises_that_do_not_fit_stretch_alike() -> None:
    tempo = solve([Demand(A, MINUTES_15, 0, 54_000), Demand(B, 300.0, 0, 18_000)], 60)
    assert tempo.stretch == pytest.approx(2.0 / PROMISES_AT_MOST)
    assert tempo.wait(A, MINUTES_15, 0.0) == pytest.approx(2 * MINUTES_15 / PROMISES_AT_MOST)
    assert tempo.wait(B, 300.0, 0.0) == pytest.approx(2 * 300.0 / PROMISES_AT_MOST)


def test_a_store_of_war_does_not_eat_the_looks_of_quiet_ones() -> None:
    """Every good of A moves 60 times an hour, those of B and C once: these get their sure part."""
    goods = [Demand(A, MINUTES_15, pace_of(60), 2_000)]
    goods += [Demand(store, MINUTES_15, pace_of(1), 500) for store in (B, C)]
    tempo = solve(goods, 20)
    surplus = 20 - sum(d.looks / (tempo.stretch * d.promise) for d in goods)
    for demand in goods[1:]:
        calm = demand.looks / (tempo.stretch * demand.promise)
        assert _used([demand], tempo) >= calm + 0.99 * SURE_SHARE * surplus * 500 / 3_000


@settings(deadline=None)
@given(demands, budgets)
def test_every_store_gets_its_sure_part_or_all_it_wants(goods: list[Demand], budget: float) -> None:
    tempo = solve(goods, budget)
    surplus = max(0.0, budget - sum(d.looks / (tempo.stretch * d.promise) for d in goods))
    total = sum(d.looks for d in goods)
    for store in {d.store for d in goods}:
        own = [d for d in goods if d.store == store]
        sure = SURE_SHARE * surplus * sum(d.looks for d in own) / total
        sure += sum(d.looks / (tempo.stretch * d.promise) for d in own)
        wanted = _used(own, Tempo(LOWEST_PRICE, tempo.stretch))
        assert _used(own, tempo) >= min(sure, wanted) * 0.99


def test_looks_that_nobody_needs_are_not_made() -> None:
    tempo = solve([Demand(A, MINUTES_15, pace_of(1 / 24), 50)], 60)
    assert tempo.price == LOWEST_PRICE
    assert tempo.wait(A, MINUTES_15, 1 / 24) > 250
    assert tempo.wait(A, MINUTES_15, 3_600) == SHORTEST_WAIT


def test_goods_that_cannot_be_sent_wait_for_their_promise() -> None:
    tempo = solve([Demand(A, MINUTES_15, pace_of(0.0), 10)], 60)
    assert tempo.wait(A, MINUTES_15, 0.0) == MINUTES_15
    assert pull_of(pace_of(0.0)) == 0.0


@given(st.floats(0.01, 5_000))
def test_paces_are_read_back_within_an_eighth_of_an_octave_of_the_wait(pull: float) -> None:
    assert (pull_of(pace_of(pull)) / pull) ** 0.5 == pytest.approx(1, rel=0.1)


def test_who_moves_everywhere_is_followed_and_who_does_not_is_left() -> None:
    assert how_many_elsewhere(0, 0) >= 2
    assert how_many_elsewhere(20, 0) == 1, "once more now and then: habits change"
    assert how_many_elsewhere(1_000, 0) == 0
    assert how_many_elsewhere(100, 95) >= 15
