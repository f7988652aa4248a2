"""What the trial, the replay and the overview say."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from cube_demper.core.errors import InvalidInput
from cube_demper.domain.catalog.edit_schemas import KEEP
from cube_demper.domain.catalog.view_schemas import Step
from cube_demper.domain.overview.schemas import PlacePoint, Places
from cube_demper.domain.replay.schemas import Figures, Lines, Outcome, Spread
from cube_demper.domain.replay.store_rule import (
    StoreRule,
    store_rule_from_json,
    store_rule_to_json,
)
from cube_demper.domain.trial.schemas import FirstSteps, Suggestion
from cube_demper.domain.trial.schemas import Step as FirstStep
from cube_demper.seller.pages.overview.places import caption, places_figure
from cube_demper.seller.pages.overview.steps import step_rows
from cube_demper.seller.pages.product.replay.figure import MOST_STEPS, replay_figure, thinned
from cube_demper.seller.pages.product.replay.reading import read_rule
from cube_demper.seller.pages.product.replay.words import result_view
from cube_demper.seller.pages.replay.figure import spread_figure, spread_words
from cube_demper.seller.pages.replay.rule import Listed, rule_words
from cube_demper.seller.pages.replay.rule import read_rule as read_rule_of_many
from cube_demper.seller.pages.trial.acts import read_floors
from cube_demper.seller.pages.trial.rows import question_of, suggestion_row

NOON = datetime(2026, 11, 22, 7, tzinfo=UTC)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def figures(first: float, price: int, changes: int = 0, *, days: float = 3) -> Figures:
    on_sale = days * DAY
    return Figures(on_sale, on_sale * first, timedelta(), price * on_sale.total_seconds(), changes)


def outcome(
    real: Figures, tried: Figures, *, recorded: timedelta = 3 * DAY, **more: Any
) -> Outcome:
    return Outcome(NOON - 7 * DAY, NOON, recorded, real, tried, Lines(), **more)


def test_a_result_says_both_shares_what_is_recorded_and_no_sales() -> None:
    shown = result_view(outcome(figures(0.13, 1_000_000), figures(0.68, 967_500, 96)))
    assert shown.title == (
        "С этим правилом вы были бы первыми 68\u00a0% времени, на деле — 13\u00a0%"
    )
    assert shown.recorded.startswith("Рынок записан за 3\u00a0дня из 7 дней")
    assert shown.is_thin
    assert "не выручку" in shown.assumed
    rows = {row.name: (row.real, row.tried) for row in shown.rows}
    assert rows["Средняя цена"] == ("10\u00a0000\u00a0₸", "9\u00a0675\u00a0₸")
    assert rows["Разница с каждой продажи"][1] == "−325\u00a0₸"
    assert "Цена минус себестоимость" not in rows


def test_a_known_cost_adds_the_margin() -> None:
    shown = result_view(outcome(figures(0, 1_000_000), figures(1, 950_000)), 700_000)
    rows = {row.name: (row.real, row.tried) for row in shown.rows}
    assert rows["Цена минус себестоимость"] == ("3\u00a0000\u00a0₸", "2\u00a0500\u00a0₸")


def test_a_whole_record_a_cut_one_and_none_are_told_apart() -> None:
    week = figures(0.5, 1_000_000, days=7)
    assert (
        result_view(outcome(week, week, recorded=7 * DAY)).recorded
        == "Рынок записан за все 7\u00a0дней."
    )
    cut = result_view(outcome(week, week, recorded=6 * DAY, is_cut=True)).recorded
    assert "только первая часть" in cut
    nothing = result_view(outcome(Figures(), Figures(), recorded=timedelta()))
    assert nothing.title.startswith("Проверить не на чем")
    assert nothing.rows == []


def test_a_long_line_is_thinned_and_keeps_gaps_and_extremes() -> None:
    steps = tuple(
        Step(NOON + timedelta(minutes=n), None if n == 4_321 else n % 97) for n in range(9_000)
    )
    kept = thinned(steps)
    assert len(kept) <= 2 * MOST_STEPS
    assert steps[4_321] in kept
    assert {0, 96} <= {step.price for step in kept}
    assert [it.at for it in kept] == sorted(it.at for it in kept)


def test_the_plot_of_a_replay_has_four_lines() -> None:
    line = (Step(NOON - DAY, 1_000_000), Step(NOON - HOUR, None))
    drawn = replay_figure(
        replace(outcome(figures(0, 1), figures(0, 1)), lines=Lines(line, line, line, floor=900_000))
    )
    assert [trace.name for trace in drawn.data] == ["лучший конкурент", "пол", "было", "по правилу"]


def places(*firsts: tuple[float, int]) -> Places:
    points = tuple(PlacePoint(NOON - hours * HOUR, first, 2, 1) for hours, first in firsts)
    return Places(points, NOON - DAY, NOON, HOUR / 2)


def test_places_say_the_difference_and_where_the_bot_did_not_work() -> None:
    assert caption(places((1, 3), (0.5, 5))) == "Первых мест на 2 больше, чем в начале графика."
    assert caption(places((9, 5), (0.5, 5))).endswith("Там, где линии нет, бот не работал.")
    assert "Первая точка" in caption(places())
    assert len(places_figure(places((9, 5), (0.5, 5))).data) == 6


def test_steps_show_one_next_thing_and_nothing_when_put_away() -> None:
    done = dict.fromkeys(FirstStep, False) | {FirstStep.EMAIL: True}
    rows = step_rows(FirstSteps(done))
    assert [row.is_next for row in rows] == [False, True, False, False, False, False]
    assert (rows[0].title, rows[1].link) == ("Почта подтверждена", "/stores/connect")
    assert step_rows(FirstSteps({}, is_closed=True)) == []


def suggestion(old: int, new: int) -> Suggestion:
    return Suggestion(
        uuid4(), uuid4(), "Чайник", None, "1", "750000000", old, new, "потому", NOON, None, 3, 1
    )


def test_a_suggestion_and_the_question_about_all_are_in_numbers() -> None:
    fall, rise = suggestion(1_349_000, 1_299_000), suggestion(1_000_000, 1_010_000)
    row = suggestion_row(fall)
    assert (row.new_price, row.old_price) == ("12\u00a0990\u00a0₸", "13\u00a0490\u00a0₸")
    assert (row.change, suggestion_row(rise).change) == ("−3,7\u00a0%", "+1\u00a0%")
    asked = question_of([fall, rise])
    assert asked.title == "Отправить в Kaspi 2\u00a0цены?"
    assert asked.numbers == [
        ("Снизим", "1\u00a0цену, самое большее на 500\u00a0₸"),
        ("Поднимем", "1\u00a0цену, самое большее на 100\u00a0₸"),
    ]


def test_only_ticked_goods_are_begun_with_and_each_needs_a_floor() -> None:
    one, other = uuid4(), uuid4()
    form = {f"on:{one}": "on", f"floor:{one}": "9 500", f"floor:{other}": "1"}
    assert read_floors(form) == {one: 950_000}
    with pytest.raises(InvalidInput) as refused:
        read_floors({f"on:{one}": "on", f"floor:{one}": ""})
    assert refused.value.field == str(one)
    with pytest.raises(InvalidInput) as refused:
        read_floors({f"on:{one}": "on", f"on:{other}": "on", f"floor:{other}": "1,5"})
    assert set(refused.value.faults) == {str(one), str(other)}
    with pytest.raises(InvalidInput):
        read_floors({f"floor:{one}": "9500"})
    with pytest.raises(InvalidInput):
        read_floors({"on:nonsense": "on", "floor:nonsense": "9500"})


def test_rules_are_read_from_their_forms() -> None:
    rule = read_rule({"try_min": "9 400", "try_strategy": "standard", "try_top_n": "3"})
    assert (rule.min_price, rule.max_price, rule.step, rule.top_n) == (940_000, None, None, KEEP)
    with pytest.raises(InvalidInput):
        read_rule({"try_min": "9400", "try_strategy": "stay_top_n", "try_top_n": "третье"})
    many, whole = read_rule_of_many({"step": "5"})
    assert (many.step, many.strategy, whole) == (500, KEEP, StoreRule())
    with pytest.raises(InvalidInput):
        read_rule_of_many({})


def test_a_rule_of_many_goods_reads_per_cents_and_rules_of_rivals_and_says_them() -> None:
    form = {"min_percent": "15 %", "max_percent": "20", "min_rating": "4,5", "min_reviews": "0"}
    form |= {"ignore_preorder": "count", "rival_delivery": "any"}
    terms, whole = read_rule_of_many(form)
    assert terms.given() == {}
    assert whole == StoreRule(85, 120, 4.5, 0, ignore_preorder=False, rival_delivery="any")
    said = ", ".join(rule_words(store_rule_to_json(whole))).replace("\u00a0", " ")
    assert said == (
        "мин. цена 85 % от цены, макс. цена 120 % от цены, рейтинг от 4,5, любое число отзывов, "
        "срок доставки: любой, предзаказы учитываются"
    )
    assert store_rule_from_json(store_rule_to_json(whole) | {"step": 100}) == whole


def test_lists_of_merchants_count_where_they_are_not_as_today() -> None:
    today = Listed(excluded=frozenset({"R1"}), only=frozenset())
    form = {"step": "5", "excluded_merchant_ids": "R1", "only_merchants": ""}
    assert read_rule_of_many(form, today)[1] == StoreRule()
    form |= {"excluded_merchant_ids": "", "only_merchants": "R2, R3, R2"}
    whole = read_rule_of_many(form, today)[1]
    assert whole == StoreRule(excluded_merchants=(), only_merchants=("R2", "R3"))
    assert store_rule_from_json(store_rule_to_json(whole)) == whole
    said = ", ".join(rule_words(store_rule_to_json(whole))).replace("\u00a0", " ")
    assert said == "никто не исключён, только 2 выбранных продавца"


@pytest.mark.parametrize(
    "form",
    [
        {"min_percent": "100"},
        {"max_percent": "-5"},
        {"min_rating": "6"},
        {"min_rating": "хороший"},
        {"min_reviews": "много"},
        {"rival_delivery": "вчера"},
    ],
)
def test_what_is_typed_wrong_names_its_field(form: dict[str, str]) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_rule_of_many(form)
    assert refused.value.field in form


def test_the_spread_says_how_many_goods_are_first_most_of_the_time() -> None:
    spread = Spread((9, 0, 0, 0, 0, 1, 0, 0, 0, 0), (2, 0, 0, 0, 0, 0, 0, 0, 0, 8))
    words = spread_words(spread).replace("\u00a0", " ")
    assert words.startswith("Больше половины времени первыми были бы 8 товаров, на деле — 1.")
    was, would_be = spread_figure(spread).data
    assert (list(was.y), list(would_be.y)) == (list(spread.real), list(spread.tried))
    assert was.x[-1] == "90–100"
