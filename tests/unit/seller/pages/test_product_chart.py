"""The sentence under the chart and the stretches it shades."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from cube_demper.domain.catalog.view_rules import MOST_STEPS, steps
from cube_demper.domain.catalog.view_schemas import PriceSeries, Step
from cube_demper.seller.pages.product.chart import below_floor, caption, price_figure

NOON = datetime(2026, 11, 22, 7, tzinfo=UTC)


def _at(hours: float, price: int | None) -> Step:
    return Step(NOON + timedelta(hours=hours), price)


def _series(own: tuple[Step, ...], rival: tuple[Step, ...], floor: tuple[Step, ...]) -> PriceSeries:
    return PriceSeries(own, rival, floor, NOON, NOON + timedelta(hours=10))


def test_stretches_below_the_floor_are_joined() -> None:
    series = _series(
        (), (_at(1, 80), _at(2, 70), _at(4, 120), _at(8, 90)), (_at(0, 100), _at(9, 50))
    )
    assert below_floor(series) == [
        (NOON + timedelta(hours=1), NOON + timedelta(hours=4)),
        (NOON + timedelta(hours=8), NOON + timedelta(hours=9)),
    ]


def test_the_sentence_counts_changes_and_time_ahead() -> None:
    own = (_at(0, 1_000_000), _at(4, 900_000), _at(5, 1_000_000))
    words = caption(_series(own, (_at(0, 950_000),), (_at(0, 800_000),)))
    assert "менялась 2\u00a0раза: от 9\u00a0000\u00a0₸ до 10\u00a0000\u00a0₸" in words
    assert "10\u00a0% времени" in words
    assert "ниже вашей мин. цены" not in words


def test_nothing_known_is_said_so() -> None:
    assert "ещё не смотрел" in caption(_series((), (), (_at(0, 1),)))


def test_lines_end_now_and_gaps_stay_gaps() -> None:
    figure = price_figure(_series((_at(0, 1_000_000),), (_at(0, None), _at(1, 990_000)), ()))
    rival, own = figure.data
    assert (own.y[0], own.y[-1], own.x[-1]) == (10_000, 10_000, "2026-11-22 22:00:00")
    assert rival.y == (None, 9_900, 9_900)


def test_repeats_are_dropped_and_the_start_is_what_held_then() -> None:
    points = [_at(-5, 1), _at(-1, 2), _at(1, 2), _at(2, 3)]
    assert steps(points, NOON) == (_at(0, 2), _at(2, 3))


def test_too_many_steps_keep_their_peaks() -> None:
    points = [_at(i / 1000, 100 + i % 2) for i in range(9_000)]
    points[4_500] = _at(4.5, 999)
    points[4_501] = _at(4.501, None)
    thinned = steps(points, NOON - timedelta(hours=1))
    assert len(thinned) <= MOST_STEPS + 2
    assert {999, None} <= {step.price for step in thinned}
    assert [it.at for it in thinned] == sorted(it.at for it in thinned)
