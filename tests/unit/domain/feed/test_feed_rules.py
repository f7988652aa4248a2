"""When a file may be given, and how cards are known."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cube_demper.domain.feed.rules import (
    bare_point,
    card_of_sku,
    card_of_text,
    is_short,
    refusal_of,
)
from cube_demper.domain.feed.schemas import Facts, RefusalCode

NOW = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)
FINE = Facts(
    is_owner_blocked=False,
    is_active=True,
    is_feed=True,
    points=2,
    is_from_cabinet=True,
    synced_at=NOW - timedelta(hours=6),
    offers=100,
    published=100,
)


def test_a_whole_file_is_given() -> None:
    assert refusal_of(FINE, NOW) is None


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"is_owner_blocked": True}, RefusalCode.OWNER_BLOCKED),
        ({"is_active": False}, RefusalCode.STORE_OFF),
        ({"is_feed": False}, RefusalCode.OTHER_CHANNEL),
        ({"points": 0}, RefusalCode.NO_POINTS),
        ({"synced_at": None}, RefusalCode.NEVER_READ),
        ({"synced_at": NOW - timedelta(hours=25)}, RefusalCode.TOO_OLD),
        ({"offers": 0}, RefusalCode.EMPTY),
        ({"offers": 89}, RefusalCode.SHORT),
    ],
)
def test_each_fault_has_its_reason(changes: dict[str, object], code: RefusalCode) -> None:
    refusal = refusal_of(replace(FINE, **changes), NOW)
    assert refusal is not None
    assert refusal.code is code


def test_an_uploaded_list_does_not_grow_old() -> None:
    old = replace(FINE, is_from_cabinet=False, synced_at=NOW - timedelta(days=30))
    assert refusal_of(old, NOW) is None


@given(st.integers(0, 100_000), st.integers(0, 100_000))
def test_short_means_many_and_a_good_share(offers: int, published: int) -> None:
    missing = published - offers
    assert is_short(offers, published) == (missing > 5 and missing / published > 0.1)


@given(st.integers(0, 100_000), st.integers(0, 100_000))
def test_more_goods_are_never_refused_where_fewer_are_not(offers: int, published: int) -> None:
    if not is_short(offers, published):
        assert not is_short(offers + 1, published)


@pytest.mark.parametrize(
    ("sku", "card"),
    [
        ("102298404_940231519", "102298404"),
        ("232130213", None),
        ("A-102298404_1", None),
        ("102298404_", None),
        ("12_34", None),
    ],
)
def test_only_kaspis_own_sku_names_a_card(sku: str, card: str | None) -> None:
    assert card_of_sku(sku) == card


@pytest.mark.parametrize(
    ("text", "card"),
    [
        (" 102298404 ", "102298404"),
        ("https://kaspi.kz/shop/p/apple-iphone-13-128gb-102298404/?c=750000000", "102298404"),
        ("https://kaspi.kz/shop/p/-102298404", "102298404"),
        ("https://kaspi.kz.evil.example/shop/p/x-102298404/", None),
        ("iphone 13", None),
        ("", None),
    ],
)
def test_a_card_is_read_from_what_is_pasted(text: str, card: str | None) -> None:
    assert card_of_text(text) == card


def test_points_lose_their_merchant() -> None:
    assert bare_point("30000001_PP1", "30000001") == "PP1"
    assert bare_point("PP1", "30000001") == "PP1"
