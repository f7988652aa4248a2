"""Filters, sort and page of a list live in the address: read here, changed in the browser.

A change is a navigation, so the page's `on_load` handlers read the list anew; no handler of a state
is needed for it, and every view can be bookmarked and sent.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

import reflex as rx
from reflex.istate.data import ReflexURL

from cube_demper.ui.browser import js_function


@dataclass(frozen=True, slots=True)
class ListQuery:
    """What a list's address asks for: `?q=…&sort=-price&page=2&tab=lost`."""

    search: str = ""
    sort: str = ""
    descending: bool = False
    page: int = 1
    filters: Mapping[str, str] = field(default_factory=dict)


def read_query(
    url: ReflexURL, *, sorts: Collection[str], filters: Collection[str], default_sort: str = ""
) -> ListQuery:
    """Read an address; unknown names and broken values are ignored, never an error."""
    given = url.query_parameters
    sort = given.get("sort", default_sort)
    name = sort.removeprefix("-")
    if name not in sorts:
        sort, name = default_sort, default_sort.removeprefix("-")
    page = given.get("page", "1")
    return ListQuery(
        search=given.get("q", "").strip()[:200],
        sort=name,
        descending=sort.startswith("-"),
        page=max(1, int(page)) if page.isdecimal() and len(page) < 7 else 1,
        filters={key: given[key] for key in filters if given.get(key)},
    )


def change_query(**changes: object) -> rx.event.EventSpec:
    """Return an event that changes parts of the address; None or "" drops a part.

    The page goes back to the first one unless `page` is among the changes. `q` is the search.
    """
    address = js_function("query", "withQuery").call(changes).to(str)
    return rx.redirect(address, replace=True)


def toggle_sort(name: str) -> rx.event.EventSpec:
    """Return an event that sorts by a column, or turns its order round."""
    address = js_function("query", "withSort").call(name).to(str)
    return rx.redirect(address, replace=True)


def clear_query(*keep: str) -> rx.event.EventSpec:
    """Return an event that drops every filter but those named."""
    address = js_function("query", "cleared").call(list(keep)).to(str)
    return rx.redirect(address, replace=True)
