"""What a store's card says of its price list."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from records import NOON

from cube_demper.domain.feed.schemas import FeedBrief, Refusal, RefusalCode
from cube_demper.models.feed import CatalogSource
from cube_demper.seller.pages.stores.feed_rows import feed_line

_FEED = FeedBrief(
    source=CatalogSource.LIST,
    is_used=True,
    published_at=NOON - timedelta(minutes=40),
    offers=10,
    waiting=0,
    refusal=None,
)


@pytest.mark.parametrize(
    ("change", "words", "tone"),
    [
        ({}, "В последнем файле 10\u00a0товаров.", "green"),
        (
            {"waiting": 2},
            "В последнем файле 10\u00a0товаров, следующего ждут 2\u00a0новые цены.",
            "green",
        ),
        (
            {"waiting": 1, "published_at": NOON - timedelta(hours=4)},
            "Kaspi давно не забирал файл, ждёт 1\u00a0новая цена. Проверьте адрес в кабинете.",
            "amber",
        ),
        (
            {"published_at": None},
            "Kaspi ещё не забирал файл: впишите его адрес в кабинете Kaspi.",
            "amber",
        ),
        ({"refusal": Refusal(RefusalCode.EMPTY, "Пусто.")}, "Не отдаётся. Пусто.", "red"),
        (
            {"is_used": False, "published_at": None},
            "Адрес есть, но цены уходят через кабинет: файл не отдаётся.",
            "gray",
        ),
    ],
)
def test_the_worst_is_said(change: dict[str, object], words: str, tone: str) -> None:
    line = feed_line(replace(_FEED, **change), NOON)  # type: ignore[arg-type]
    assert (line.words, line.tone) == (words, tone)


def test_a_store_without_an_address_has_no_line() -> None:
    assert not feed_line(None, NOON).is_there
