"""Reading a pasted token, and telling whose it is by the points of its orders."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cube_demper.core.errors import InvalidInput
from cube_demper.domain.orders import rules
from cube_demper.domain.orders.schemas import Belongs

TOKEN = "AbCdEf0123456789+/=="


@pytest.mark.parametrize("text", [TOKEN, f"  {TOKEN}\n", "AbCdEf0123\n456789+/=="])
def test_a_token_is_read_without_the_spaces_of_its_copying(text: str) -> None:
    assert rules.read_token(text) == TOKEN


@pytest.mark.parametrize(
    "text", ["", "  ", "short", "токен-кириллицей-длинный", "a" * 257, "x" * 20 + "\x00"]
)
def test_what_is_no_token_is_refused_at_its_field(text: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        rules.read_token(text)
    assert refusal.value.field == "token"


@given(st.text(max_size=300))
def test_whatever_is_read_fits_into_a_header(text: str) -> None:
    try:
        token = rules.read_token(text)
    except InvalidInput:
        return
    assert token.isascii()
    assert token.isprintable()
    assert " " not in token


@pytest.mark.parametrize(
    ("seen", "whose"),
    [
        ((), Belongs.UNKNOWN),
        (("30000001_PP1",), Belongs.OURS),
        (("30000009_PP1",), Belongs.OTHERS),
        (("30000009_PP1", "30000001_PP2"), Belongs.OURS),
        (("Applecity_PP1",), Belongs.UNKNOWN),
        (("PP1",), Belongs.UNKNOWN),
    ],
)
def test_the_points_of_orders_tell_whose_a_token_is(seen: tuple[str, ...], whose: Belongs) -> None:
    assert rules.belongs(seen, "30000001", ()) is whose


def test_a_shop_with_a_word_for_its_number_is_known_by_its_own_points() -> None:
    assert rules.belongs(("Applecity_PP1",), "30000001", ("Applecity_PP1",)) is Belongs.OURS
