"""The list's address: `?tab=lost&q=чайник&store=…&sort=-price&page=2`, read and never trusted."""

from __future__ import annotations

from uuid import UUID

from reflex.istate.data import ReflexURL

from cube_demper import bootstrap
from cube_demper.core.ids import find_id
from cube_demper.domain.catalog.list_schemas import ProductFilter, ProductSort, ProductTab
from cube_demper.domain.pricing.alerts.rules import lost_before
from cube_demper.ui.query import read_query


def filter_of(url: ReflexURL) -> ProductFilter:
    """Return what the address asks for; nonsense in it is ignored."""
    asked = read_query(
        url,
        sorts=tuple(ProductSort),
        filters=("tab", "store", "lost"),
        default_sort=ProductSort.NAME,
    )
    tab = asked.filters.get("tab", "")
    return ProductFilter(
        tab=ProductTab(tab) if tab in tuple(ProductTab) else ProductTab.ALL,
        search=asked.search,
        store_id=find_id(asked.filters.get("store", "")),
        lost_before=lost_before(asked.filters.get("lost", ""), bootstrap.web().clock.now()),
        sort=ProductSort(asked.sort),
        is_descending=asked.descending,
        page=asked.page,
    )


def product_of(url: ReflexURL) -> UUID | None:
    """Return the product that a page's address names."""
    return find_id(url.path.rstrip("/").rsplit("/", 1)[-1])
