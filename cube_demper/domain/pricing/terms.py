"""From rows to what `decide` is told. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from cube_demper.core.money import TIYN_IN_TENGE
from cube_demper.domain.economics.service import good_of
from cube_demper.domain.pricing.schemas import (
    DEFAULT_TOP_N,
    DeliveryFilter,
    ProductTerms,
    RivalFilters,
    StoreTerms,
    Strategy,
)
from cube_demper.domain.pricing.work import CityBounds, PricedProduct
from cube_demper.domain.stores.schemas import ReadyStore
from cube_demper.models.catalog import Product, ProductCityPrice


def priced_product(
    row: Product, cities: Iterable[ProductCityPrice], store: ReadyStore
) -> PricedProduct:
    """Gather a product's terms; cities without an enabled point of the store are left out."""
    served = served_cities(store)
    others = [
        city for city in cities if city.city_id in served and city.city_id != store.home_city_id
    ]
    home = CityBounds(
        store.home_city_id, True, row.price, row.min_price, row.max_price, row.base_price
    )
    is_home_only = row.home_city_only or store.settings.home_city_only
    active_rows = [city for city in others if city.bot_active and not is_home_only]
    kept = [_city(city) for city in active_rows]
    known = {city.city_id: city.price for city in others if city not in active_rows}
    active = {city.city_id for city in kept} | {store.home_city_id}
    params: dict[str, Any] = row.strategy_params or {}
    return PricedProduct(
        id=row.id,
        store_id=row.store_id,
        sku=row.kaspi_sku,
        card=row.external_kaspi_id or "",
        name=row.name,
        model=row.model,
        brand=row.brand,
        step=row.price_step_override,
        strategy=Strategy(row.demping_strategy),
        top_n=params.get("top_n"),
        delivery_filter=DeliveryFilter(row.delivery_filter) if row.delivery_filter else None,
        rival_filters=RivalFilters.from_json(row.rival_filters),
        good=good_of(row),
        is_priority=row.is_priority,
        check_failures=row.check_failures,
        availabilities=tuple(row.availabilities) if row.availabilities is not None else None,  # type: ignore[arg-type] # kept as Kaspi speaks
        supply_read_at=row.supply_read_at,
        cities=(home, *kept),
        passive_prices={city: known.get(city) for city in served if city not in active},
    )


def served_cities(store: ReadyStore) -> list[str]:
    """Return the cities of the store's enabled points, each once, in a steady order."""
    return sorted({point["cityId"] for point in store.points if point["enabled"]})


def product_terms(product: PricedProduct, city: CityBounds, store: ReadyStore) -> ProductTerms:
    """Say what `decide` needs of a product in a city. The bounds are that city's own (DESIGN §5)."""
    return ProductTerms(
        kaspi_sku=product.sku,
        city_id=city.city_id,
        cabinet_price=city.price,
        min_price=city.min_price,
        max_price=city.max_price,
        base_price=city.base_price,
        step=product.step or store.settings.price_step,
        strategy=product.strategy,
        top_n=product.top_n or DEFAULT_TOP_N,
        delivery_filter=product.delivery_filter or store.settings.delivery_filter,
        rival_filters=RivalFilters.merged(store.settings.rival_filters, product.rival_filters),
    )


def store_terms(store: ReadyStore, *, min_price_tenge: int, max_fall_percent: int) -> StoreTerms:
    """Say what `decide` needs of a store."""
    return StoreTerms(
        merchant_id=store.merchant_id,
        own_merchant_ids=store.own_merchant_ids,
        excluded_merchant_ids=frozenset(store.settings.excluded_merchant_ids),
        min_price_allowed=min_price_tenge * TIYN_IN_TENGE,
        max_fall_percent=max_fall_percent,
    )


def _city(row: ProductCityPrice) -> CityBounds:
    return CityBounds(row.city_id, False, row.price, row.min_price, row.max_price, row.base_price)
