"""What pages say of rivals and wars: units, plurals, signs."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from cube_demper.domain.market.rivals.page_schemas import Duel, RivalRow
from cube_demper.domain.market.rivals.schemas import Behaviour, Delay, Place, Profile
from cube_demper.domain.pricing.consent import HeldFall
from cube_demper.domain.pricing.guards import consent_to
from cube_demper.domain.pricing.wars.rules import figures_of
from cube_demper.domain.pricing.wars.schemas import RestForecast, War, WarStep, WarWeek
from cube_demper.models.rivalry import WarEnd
from cube_demper.seller.pages.overview.wars import WarsView, wars_view
from cube_demper.seller.pages.product.guards.rows import (
    allow_question,
    end_question,
    held_view,
    series_of,
    war_view,
)
from cube_demper.seller.pages.rivals.figures import duel_figure, hours_caption
from cube_demper.seller.pages.rivals.rows import panel_view, row_view
from cube_demper.seller.pages.rivals.words import delay_words

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
PROFILE = Profile(
    merchant_id="R1",
    name="Alser",
    goods=3,
    goods_now=2,
    ahead_now=1,
    under_floor=1,
    ahead_percent=40,
    moves=21,
    chances=20,
    answers=17,
    answer_percent=85,
    delay=Delay(120, 240, 60, 600),
    step=100,
    step_percent=94,
    deepest_percent=-12,
    delays=(0, 3, 14, 0, 0, 0, 0),
    hours=(1, *(0,) * 22, 20),
    behaviour=Behaviour.BOT,
    reasons=("Отвечает обычно быстрее чем за 4 мин",),
    places=(
        Place(uuid4(), "Чайник", 899_000, 900_000, 880_000, 890_000, 880_000, 21, 17, 20),
        Place(uuid4(), "Фен", None, 900_000, 950_000, None, None, 0, 0, 0),
    ),
)


def _row(**columns: Any) -> RivalRow:
    return RivalRow(uuid4(), uuid4(), "Тау Маркет", False, NOW, replace(PROFILE, **columns))


def _text(text: str) -> str:
    return text.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("delay", "words"),
    [
        (None, "—"),
        (Delay(120, 240, 0, 0), "2–4 мин"),
        (Delay(40, 240, 0, 0), "40 с – 4 мин"),
        (Delay(180, 190, 0, 0), "3 мин"),
        (Delay(3600, 7200, 0, 0), "60 мин – 2 ч"),
        (Delay(5400, 5500, 0, 0), "1,5 ч"),
    ],
)
def test_a_delay_is_a_range_between_looks(delay: Delay | None, words: str) -> None:
    assert _text(delay_words(delay)) == words


def test_a_line_of_the_list() -> None:
    row = row_view(_row(), with_store=True)
    assert (row.note, row.goods, row.goods_note) == ("Тау Маркет", "2", "из 3 за 30 дней")
    assert [_text(it) for it in (row.share, row.share_note, row.deep)] == [
        "85 %",
        "17 из 20",
        "−12 %",
    ]
    assert row_view(_row(chances=0, answer_percent=None), with_store=False).share == "—"


def test_a_rival_without_a_name_is_told_by_its_number() -> None:
    assert _text(row_view(_row(name=""), with_store=False).name) == "Продавец № R1"


def test_the_panel_says_where_it_likely_stops() -> None:
    panel = panel_view(_row(), frozenset({PROFILE.places[1].product_id}))
    kettle, dryer = panel.places
    assert "ниже 8 800 ₸, вероятно, не пойдёт" in _text(kettle.note)
    assert _text(kettle.prices) == "8 990 ₸, у вас 9 000 ₸"
    assert (dryer.prices, dryer.is_excluded, kettle.is_excluded) == (
        "сейчас не продаёт",
        True,
        False,
    )
    facts = {name: _text(value) for name, value in panel.facts}
    assert facts["Отвечает на ваши цены"] == "85 %: 17 из 20 раз"
    assert facts["Ниже всего опускался"] == "на 12 % ниже вашей мин. цены"
    assert facts["Половина ответов"] == "от 60 с до 10 мин"


def test_hours_are_told_by_night() -> None:
    assert "1 изменение из 21" in _text(hours_caption(PROFILE))
    assert "Ночью, с 0 до 6, цены не меняет" in hours_caption(replace(PROFILE, hours=(0,) * 24))
    assert "не менял" in hours_caption(replace(PROFILE, moves=0, hours=(0,) * 24))


def test_the_duel_is_drawn_in_tenge_up_to_the_last_look() -> None:
    later = NOW + timedelta(hours=2)
    line = ((NOW, 900_000), (NOW + timedelta(hours=1), None))
    figure = duel_figure(Duel(uuid4(), "Чайник", 800_000, NOW, later, line, ((NOW, None),)))
    floor, ours = figure.data
    assert (floor.name, list(floor.y)) == ("мин. цена", [8000.0, 8000.0])
    assert (ours.name, list(ours.y)) == ("моя", [9000.0, None, None])


def _war(**columns: Any) -> War:
    steps = (
        WarStep(NOW - timedelta(minutes=60), 1_299_000, 1_298_000, 900_000),
        WarStep(NOW - timedelta(minutes=30), 1_175_000, 1_170_000, 900_000),
    )
    given: dict[str, Any] = {
        "id": uuid4(),
        "product_id": uuid4(),
        "product_name": "Чайник",
        "store_id": uuid4(),
        "city_id": "750000000",
        "rival_id": "R1",
        "rival_name": "Alser",
        "falls": 5,
        "began_at": steps[0].at,
        "called_at": steps[1].at,
        "ends_at": NOW + timedelta(hours=1),
        "end_reason": None,
        "start_price": 1_299_000,
        "rest_price": 1_200_000,
        "steps": steps,
        "figures": figures_of(1_299_000, 1_200_000, steps, called_at=steps[1].at, until=NOW),
    }
    return War(**(given | columns))


def test_a_war_that_is_on_is_told_by_one_sale() -> None:
    view = war_view(_war(), NOW)
    assert (view.is_on, view.title, view.note) == (True, "Ценовая война", "с «Alser»")
    assert _text(view.cost) == "Каждая продажа за время войны стоит на 620 ₸ меньше."
    assert "на 300 ₸ ниже" in _text(view.spared)
    assert "5 снижений за 30 мин" in _text(view.caption)
    assert dict(view.facts)["Сейчас"] == "пауза до 15:00"


def test_a_war_that_ended_early_says_why() -> None:
    war = _war(ends_at=NOW - timedelta(hours=1), end_reason=WarEnd.RIVAL_GONE)
    view = war_view(war, NOW)
    assert (view.is_on, view.title) == (False, "Последняя ценовая война")
    assert dict(view.facts)["Закончилась"] == "13:00, конкурент ушёл"


def test_the_chart_of_a_war_ends_with_it() -> None:
    series = series_of(_war(ends_at=NOW - timedelta(minutes=10)), NOW)
    assert series.until == NOW - timedelta(minutes=10)
    assert [step.price for step in series.own] == [1_299_000, 1_175_000]
    assert [step.price for step in series.floor] == [900_000]


@pytest.mark.parametrize(
    ("forecast", "words"),
    [
        (RestForecast(1_200_000, None, None, None), "Конкурента на карточке не видно"),
        (RestForecast(1_200_000, 800_000, None, 900_000), "ниже вашей мин. цены"),
        (RestForecast(1_200_000, 950_000, 949_900, 900_000), "снова начнёт отвечать «Alser»"),
    ],
)
def test_ending_the_rest_is_asked_with_what_follows(forecast: RestForecast, words: str) -> None:
    question = end_question(_war(), forecast)
    assert words in question.text
    asked = dict(question.numbers)
    assert ("Цена может стать" in asked) is (forecast.target is not None)


def test_a_held_fall_is_told_in_its_own_numbers() -> None:
    fall = HeldFall(
        "750000000", 1_299_000, 750_000, 1_299_000, "Alser", 750_100, NOW, consent_to(750_000, NOW)
    )
    view = held_view(fall, "Астана")
    assert _text(view.title) == "Цена упадёт с 12 990 ₸ до 7 500 ₸, на 42,3 % (Астана)"
    assert "Обычная цена за сутки 12 990 ₸." in _text(view.text)
    assert "Снижение разрешено до" in held_view(replace(fall, is_allowed=True), "").text
    assert "ниже 7 275 ₸, бот спросит снова" in _text(allow_question(fall).text)


def test_a_week_of_wars_in_plurals() -> None:
    assert wars_view(WarWeek()) == WarsView()
    view = wars_view(WarWeek(wars=22, goods=1, on_now=1, per_sale=124_000))
    assert _text(view.title) == "22 ценовые войны за 7 дней, на 1 товаре"
    assert "в среднем на 1 240 ₸ меньше. Сейчас на паузе 1 товар." in _text(view.text)
    assert "Сейчас войн нет" in wars_view(WarWeek(wars=5, goods=5)).text
