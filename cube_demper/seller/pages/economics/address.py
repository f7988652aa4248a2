"""The table's address: `?tab=loss&q=утюг&store=…&sort=-profit&page=2`, read and never trusted."""

from __future__ import annotations

from reflex.istate.data import ReflexURL

from cube_demper.core.ids import find_id
from cube_demper.domain.economics.shop.schemas import MarginQuery, MarginSort, MarginTab
from cube_demper.ui.query import read_query


def query_of(url: ReflexURL) -> MarginQuery:
    """Return what the address asks for; nonsense in it is ignored."""
    asked = read_query(
        url, sorts=tuple(MarginSort), filters=("tab", "store"), default_sort=MarginSort.MARGIN
    )
    tab = asked.filters.get("tab", "")
    return MarginQuery(
        tab=MarginTab(tab) if tab in tuple(MarginTab) else MarginTab.ALL,
        search=asked.search,
        store_id=find_id(asked.filters.get("store", "")),
        sort=MarginSort(asked.sort),
        is_descending=asked.descending,
        page=asked.page,
    )
