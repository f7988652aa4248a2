"""A list's address: whatever is typed into it gives a list, never an error."""

from __future__ import annotations

from urllib.parse import urlencode

from hypothesis import given
from hypothesis import strategies as st
from reflex.istate.data import ReflexURL

from cube_demper.ui.query import ListQuery, read_query


def read(**parts: str) -> ListQuery:
    url = ReflexURL(f"http://localhost/products?{urlencode(parts)}")
    return read_query(url, sorts={"name", "price"}, filters={"tab", "store"}, default_sort="-price")


def test_a_full_address_is_read() -> None:
    query = read(q=" чайник ", sort="-name", page="3", tab="lost", other="x")
    assert query == ListQuery("чайник", "name", True, 3, {"tab": "lost"})


def test_an_empty_address_has_the_defaults() -> None:
    assert read() == ListQuery("", "price", True, 1, {})


def test_an_unknown_sort_falls_back_with_its_direction() -> None:
    assert read(sort="password") == ListQuery("", "price", True, 1, {})


@given(st.dictionaries(st.sampled_from(["q", "sort", "page", "tab"]), st.text(max_size=30)))
def test_garbage_is_never_an_error(parts: dict[str, str]) -> None:
    query = read(**parts)
    assert query.page >= 1
    assert query.sort in {"name", "price"}
    assert len(query.search) <= 200
