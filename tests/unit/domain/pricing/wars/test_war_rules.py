"""What a war cost, on invented and on random wars."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cube_demper.domain.pricing.wars import rules
from cube_demper.domain.pricing.wars.schemas import WarFigures, WarStep, WarSum, WarWeek

T0 = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
START, REST = 1_299_000, 1_250_000


def step(minute: float, own: int | None = None, rival: int | None = None) -> WarStep:
    return WarStep(T0 + timedelta(minutes=minute), own, rival, 900_000)


def cost(
    *steps: WarStep, minutes: float = 60, called: float = 0, units: int | None = None
) -> WarFigures:
    return rules.figures_of(
        START,
        REST,
        steps,
        called_at=T0 + timedelta(minutes=called),
        until=T0 + timedelta(minutes=minutes),
        units=units,
    )


def test_each_price_weighs_as_long_as_it_stood() -> None:
    figures = cost(step(0, START), step(30, START - 200_000), step(45, START - 100_000))
    assert figures.per_sale == (0 * 30 + 200_000 * 15 + 100_000 * 15) // 60
    assert (figures.lowest, figures.lasted) == (START - 200_000, timedelta(minutes=60))


def test_a_price_that_was_not_seen_stood_where_it_was() -> None:
    assert cost(step(0, START - 100), step(30, None)).per_sale == 100


def test_units_sold_multiply_and_without_them_nothing_is_invented() -> None:
    assert cost(step(0, START - 1_240_00)).total is None
    figures = cost(step(0, START - 124_000), units=12)
    assert figures.total == 12 * 124_000
    assert rules.cost_words(figures, is_on=False) == (
        "Продажи за время войны принесли на 14\u00a0880\u00a0₸ меньше."
    )


def test_the_sentence_is_about_one_sale() -> None:
    figures = cost(step(0, START - 124_000))
    words = "Каждая продажа за время войны стоила на 1\u00a0240\u00a0₸ меньше."
    assert rules.cost_words(figures, is_on=False) == words
    assert "стоит на" in rules.cost_words(figures, is_on=True)


def test_spared_is_how_far_the_rival_went_under_the_rest_price_after_we_stopped() -> None:
    early = cost(step(0, START, rival=500_000), step(20, REST, rival=REST - 90_000), called=10)
    assert early.spared == 90_000
    assert "на 900\u00a0₸ ниже" in rules.spared_words(early, REST)
    assert cost(step(0, START, rival=REST + 100)).spared == 0
    assert cost(step(0, START)).spared is None
    assert rules.spared_words(cost(step(0, START)), REST) == ""


def test_a_look_that_says_nothing_new_is_no_step() -> None:
    steps = (step(0, START, 1),)
    assert rules.with_step(steps, step(1, START, 1)) == steps
    assert rules.with_step(steps, step(-1, 5, 5)) == steps
    assert rules.with_step(steps, step(1, START, 2)) == (*steps, step(1, START, 2))


def test_steps_of_a_long_war_stay_bounded_and_keep_the_beginning() -> None:
    steps: tuple[WarStep, ...] = ()
    for minute in range(rules.MOST_STEPS * 2):
        steps = rules.with_step(steps, step(minute, START - minute))
    assert len(steps) == rules.MOST_STEPS
    assert steps[0] == step(0, START)
    assert steps[-1].own == START - rules.MOST_STEPS * 2 + 1


def test_a_rest_is_prolonged_by_two_hours_up_to_a_day() -> None:
    assert rules.longer_rest(T0 + timedelta(hours=1), T0) == T0 + timedelta(hours=3)
    assert rules.longer_rest(T0 - timedelta(hours=9), T0) == T0 + timedelta(hours=2)
    assert rules.longer_rest(T0 + timedelta(hours=23), T0) is None


def test_a_long_war_weighs_more_in_a_week() -> None:
    one, two = uuid4(), uuid4()
    hours = [(one, -3, 0, 10_000), (one, -9, -8, 50_000), (two, -1, 5, 30_000)]
    wars = [
        WarSum(product, T0 + timedelta(hours=began), T0 + timedelta(hours=ends), price)
        for product, began, ends, price in hours
    ]
    week = rules.week_of(wars, T0)
    assert (week.wars, week.goods, week.on_now) == (3, 2, 1)
    assert week.per_sale == (3 * 10_000 + 50_000 + 30_000) // 5
    assert rules.week_of([], T0) == WarWeek()


@pytest.mark.parametrize(
    ("lowest", "text"), [(START, "0\u00a0%"), (START * 7 // 8, "−12,5\u00a0%")]
)
def test_the_lowest_point_is_a_share(lowest: int, text: str) -> None:
    assert rules.share_below(cost(step(0, lowest)), START) == text


prices = st.none() | st.integers(100_000, 2_000_000)
wars = st.lists(st.tuples(st.integers(0, 600), prices, prices), max_size=12).map(
    lambda rows: tuple(step(m, own, rival) for m, own, rival in sorted(rows, key=lambda r: r[0]))
)


@settings(deadline=None)
@given(wars, st.integers(0, 700))
def test_what_is_given_away_is_never_negative_nor_more_than_the_lowest_point(
    steps: tuple[WarStep, ...], until: int
) -> None:
    figures = cost(*steps, minutes=until)
    assert 0 <= figures.per_sale <= START - figures.lowest
    assert figures.lowest <= START
    assert figures.lasted >= timedelta()
    assert figures.spared is None or 0 <= figures.spared <= REST


@settings(deadline=None)
@given(wars)
def test_a_war_that_nobody_looked_at_costs_as_before(steps: tuple[WarStep, ...]) -> None:
    """Cutting time at moments where nothing changed changes nothing."""
    if not steps:
        return
    last = steps[-1]
    again = WarStep(last.at + timedelta(minutes=5))
    assert cost(*steps, again, minutes=900).per_sale == cost(*steps, minutes=900).per_sale
