"""Ids that come from a browser are ids, or nothing."""

from __future__ import annotations

import pytest

from cube_demper.core.errors import InvalidInput
from cube_demper.core.ids import find_id, new_id, read_id


def test_an_id_is_read_as_it_was_written() -> None:
    given = new_id()
    assert find_id(str(given)) == read_id(str(given)) == given


@pytest.mark.parametrize("text", ["", "x", "00000000-0000-0000-0000-00000000000g", "1" * 500])
def test_nonsense_is_nothing_in_an_address_and_refused_from_a_form(text: str) -> None:
    assert find_id(text) is None
    with pytest.raises(InvalidInput, match="Обновите страницу"):
        read_id(text)
