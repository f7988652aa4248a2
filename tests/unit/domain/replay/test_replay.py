"""`replay` over made-up records: what it counts, what it leaves out, and that it keeps the bounds."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from unit.domain.pricing.pricing_cases import (
    T0,
    market,
    minutes,
    ours,
    product,
    rival,
    store,
    tenge,
)

from cube_demper.domain.pricing.schemas import Strategy
from cube_demper.domain.replay.rules import replay
from cube_demper.domain.replay.schemas import Outcome, Recorded, Trial

HOUR = timedelta(hours=1)


def seen(
    at: datetime, own: float | None, *prices: float, before: datetime | None = None
) -> Recorded:
    offers = [rival(price, f"R{number}") for number, price in enumerate(prices)]
    if own is not None:
        offers.append(ours(own))
    return Recorded(market(*offers, at=at), before)


def played(
    *stream: Recorded, until: datetime = T0 + HOUR, looked: datetime | None = None, **terms: object
) -> Outcome:
    trial = Trial(product(**terms), store())  # type: ignore[arg-type]
    return replay(stream, trial, T0, until, looked)


def test_a_rule_that_undercuts_is_first_where_the_real_price_was_not() -> None:
    outcome = played(seen(T0, 12_000, 11_000), looked=T0 + HOUR)
    assert (outcome.real.first_share, outcome.real.mean_price) == (0, tenge(12_000))
    assert outcome.tried.first == HOUR - timedelta(seconds=90)
    assert outcome.tried.changes == 1
    assert outcome.lines.tried[-1].price == tenge(10_999)


def test_the_price_shows_ninety_seconds_after_its_send() -> None:
    outcome = played(seen(T0, 12_000, 11_000))
    assert [(it.at - T0, it.price) for it in outcome.lines.tried] == [
        (timedelta(), tenge(12_000)),
        (timedelta(seconds=90), tenge(10_999)),
    ]


def test_a_rival_below_the_floor_is_not_followed() -> None:
    outcome = played(seen(T0, 12_000, 7_000), min_price=8_000)
    assert (outcome.tried.changes, outcome.tried.first) == (0, timedelta())
    followed = played(seen(T0, 12_000, 8_100), min_price=8_000, strategy=Strategy.ALWAYS_FIRST)
    assert followed.held_falls == 1  # from 12 000 to 8 099 is more than 30 %: the seller is asked


def test_alone_goes_to_the_cap_after_a_second_look() -> None:
    outcome = played(seen(T0, 12_000), max_price=15_000)
    assert [it.price for it in outcome.lines.tried] == [tenge(12_000), tenge(15_000)]
    assert outcome.lines.tried[1].at == T0 + timedelta(seconds=60 + 90)


def test_hours_that_nobody_looked_are_not_counted_and_end_the_lines() -> None:
    late = seen(T0 + timedelta(days=2), 12_000, 13_000, before=T0 + HOUR)
    outcome = played(seen(T0, 12_000, 11_000), late, until=T0 + timedelta(days=2, hours=1))
    assert outcome.recorded == 2 * HOUR
    assert outcome.lines.real[1].price is None
    assert outcome.lines.real[1].at == T0 + HOUR


def test_a_quiet_market_that_was_looked_at_counts_whole() -> None:
    late = seen(T0 + timedelta(days=2), 12_000, 13_000, before=T0 + timedelta(days=2) - HOUR)
    outcome = played(seen(T0, 12_000, 11_000), late, until=T0 + timedelta(days=2))
    assert outcome.recorded == timedelta(days=2)


def test_an_old_look_begins_the_record_at_the_start_of_the_span() -> None:
    old = seen(T0 - timedelta(days=3), 12_000, 11_000)
    outcome = played(old, seen(T0 + HOUR, 12_000, 13_000, before=T0 + minutes(50)))
    assert outcome.recorded == HOUR
    assert outcome.lines.real[0].at == T0


def test_goods_that_were_not_on_sale_count_for_neither_price() -> None:
    outcome = played(
        seen(T0, 12_000, 11_000), seen(T0 + minutes(30), None, 11_000, before=T0 + minutes(29))
    )
    assert outcome.recorded == HOUR
    assert outcome.real.on_sale == outcome.tried.on_sale == minutes(30)


def test_real_changes_are_those_of_our_own_offer() -> None:
    looks = [seen(T0 + minutes(n), 12_000 - n, 13_000) for n in (0, 10, 20)]
    assert played(*looks).real.changes == 2


def test_outside_work_hours_nothing_is_decided() -> None:
    trial = Trial(product(), store(), is_open=lambda now: now >= T0 + minutes(30))
    outcome = replay([seen(T0, 12_000, 11_000)], trial, T0, T0 + HOUR)
    assert outcome.lines.tried[1].at == T0 + minutes(30) + timedelta(seconds=90)


def test_nothing_recorded_says_nothing() -> None:
    outcome = played()
    assert (outcome.recorded, outcome.tried.first_share, outcome.tried.mean_price) == (
        timedelta(),
        None,
        None,
    )


def test_a_war_is_noticed_and_rests() -> None:
    looks = []
    price = 12_000
    for number in range(8):
        price -= 100
        looks.append(seen(T0 + minutes(3 * number), 12_000, price))
    outcome = played(*looks, until=T0 + 2 * HOUR)
    assert outcome.wars == 1
    assert outcome.tried.changes < 8


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(1, 400), st.integers(5_000, 20_000)), max_size=30),
    st.sampled_from(list(Strategy)),
)
def test_no_replayed_price_leaves_the_bounds_and_time_adds_up(
    moves: list[tuple[int, int]], strategy: Strategy
) -> None:
    at, looks = T0, []
    for wait, price in moves:
        looks.append(seen(at, 12_000, price, price + 500, before=at - minutes(1)))
        at += minutes(wait)
    outcome = played(*looks, until=at, strategy=strategy, min_price=8_000, max_price=15_000)
    shown = [it.price for it in outcome.lines.tried if it.price is not None]
    assert all(tenge(8_000) <= price <= tenge(15_000) for price in shown)
    assert outcome.recorded <= at - T0
    assert outcome.tried.first <= outcome.tried.on_sale <= outcome.recorded
    assert outcome.real.on_sale == outcome.tried.on_sale
