"""What a question takes for granted, beside what the articles say."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cube_demper.domain.lawyer.premises import Amount, amounts, doubt
from cube_demper.domain.lawyer.scope import outside

LAW = "Покупатель вправе в течение четырнадцати календарных дней вернуть товар. Срок давности три года."


@pytest.mark.parametrize(
    ("text", "number", "unit"),
    [
        ("14 дней", 14, "день"),
        ("четырнадцати календарных дней", 14, "день"),
        ("десять рабочих дней", 10, "день"),
        ("пятидесяти процентов", 50, "процент"),
        ("12,5 %", 12.5, "процент"),
        ("двадцать четыре календарных дня", 24, "день"),
        ("трех лет", 3, "год"),
        ("три года", 3, "год"),
        ("шести месяцев", 6, "месяц"),
        ("сорока часов", 40, "час"),
        ("семнадцать суток", 17, "день"),
        ("восьми недель", 8, "неделя"),
    ],
)
def test_amount_is_read_in_figures_and_in_words(text: str, number: float, unit: str) -> None:
    assert list(amounts(f"в течение {text} со дня")) == [Amount(number, unit)]


@pytest.mark.parametrize(
    "question",
    [
        "Раз на возврат 60 дней, я успеваю?",
        "Закон даёт два месяца и 30 дней на возврат, верно?",
        "Срок давности же десять лет?",
    ],
)
def test_wrong_amount_is_doubted_with_the_right_one(question: str) -> None:
    assert doubt(question, [LAW])


@pytest.mark.parametrize(
    "question",
    [
        "Раз на возврат 14 дней, я успеваю?",
        "Прошло 60 дней, принимать ли возврат?",
        "Раз на возврат 5 часов, я успеваю?",
        "Верно ли, что товар можно вернуть?",
    ],
)
def test_right_amount_a_fact_and_an_unknown_unit_are_not(question: str) -> None:
    assert not doubt(question, [LAW])


@given(st.text(max_size=300), st.text(max_size=300))
def test_any_text_is_read(question: str, law: str) -> None:
    assert isinstance(doubt(f"раз {question}, верно?", [law]), str)


@pytest.mark.parametrize(
    "question", ["По закону России сколько дней?", "статья 18 ГК РФ", "Как оформить развод?"]
)
def test_other_law_is_named_as_such(question: str) -> None:
    assert outside(question)


@pytest.mark.parametrize(
    "question",
    ["Пришёл брак, покупатель злится", "Поставщик из Китая не везёт", "Везу товар из России"],
)
def test_seller_s_own_matter_is_not_turned_away(question: str) -> None:
    assert not outside(question)
