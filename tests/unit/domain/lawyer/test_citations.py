"""Articles that a question names itself, however it spells them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cube_demper.domain.lawyer.citations import citations, codes_of

FIRST, SECOND, CONSUMERS = "K940001000_", "K990000409_", "Z100000274_"


@pytest.mark.parametrize(
    ("asked", "number", "code"),
    [
        ("ст. 353 ГК", "353", FIRST),
        ("ст.353 ГК РК", "353", FIRST),
        ("ст353 гк", "353", FIRST),
        ("Статья 353 Гражданского кодекса", "353", FIRST),
        ("по статье №353 гражданского кодекса", "353", FIRST),
        ("что в 353-й статье ГК", "353", FIRST),
        ("353 статья гк рк", "353", FIRST),
        ("п. 2 ст. 454 ГК", "454", SECOND),
        ("гк 454", "454", SECOND),
        ("коап 190", "190", "K1400000235"),
        ("КоАП РК ст. 280-1 ч. 2", "280-1", "K1400000235"),
        ("статью 42-4 ЗоЗПП", "42-4", CONSUMERS),
        ("ст. 14 закона о защите прав потребителей", "14", CONSUMERS),
        ("Z100000274_ ст. 14", "14", CONSUMERS),
        ("Азаматтық кодекстің 353-бабы", "353", FIRST),
        ("АК 353-бап", "353", FIRST),
        ("еңбек кодексі 88 бап", "88", "K1500000414"),
    ],
)
def test_spelling_is_understood(asked: str, number: str, code: str) -> None:
    (cited,) = citations(asked)
    assert (cited.number, cited.law_codes) == (number, (code,))


@pytest.mark.parametrize(
    "asked",
    [
        "вернули через 14 дней",
        "должен 353 тысячи, что делать",
        "стоит 5000 тенге",
        "статья расходов магазина",
        "как работает ГК",
        "возраст 18 лет",
        "",
    ],
)
def test_number_that_is_no_article_is_left_alone(asked: str) -> None:
    assert citations(asked) == ()


def test_article_without_an_act_may_be_anywhere() -> None:
    (cited,) = citations("что говорит статья 14?")
    assert (cited.number, cited.law_codes) == ("14", ())


def test_several_articles_come_in_their_order_once() -> None:
    found = citations("ст. 353 и ст. 293 ГК, ещё раз ст. 353")
    assert [it.number for it in found] == ["353", "293"]


def test_act_is_known_by_name_and_by_code() -> None:
    assert codes_of(["ГК", "Z100000274_", "Z99"]) == [FIRST, SECOND, CONSUMERS, "Z99"]


@given(st.text(max_size=200))
@settings(deadline=None, max_examples=100)
def test_any_text_is_read(asked: str) -> None:
    assert len(citations(asked)) <= len(asked)
