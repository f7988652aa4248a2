"""One product as its page shows it: terms, chart, sellers, decisions in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from cube_demper.db.session import ReadTx
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.catalog import list_queries, queries, view_queries
from cube_demper.domain.catalog.errors import ProductNotFound
from cube_demper.domain.catalog.rows import store_step
from cube_demper.domain.catalog.rules import terms_mark
from cube_demper.domain.catalog.view_rules import market_steps, sellers_of, steps
from cube_demper.domain.catalog.view_schemas import (
    CityRow,
    LogEntry,
    PriceSeries,
    ProductView,
    SellersNow,
    Step,
)
from cube_demper.domain.market import service as market
from cube_demper.domain.market.schemas import Market
from cube_demper.domain.pricing.explain import explain, headline
from cube_demper.domain.pricing.schemas import (
    LOWEST_PRICE,
    Decision,
    DeliveryFilter,
    ProductTerms,
    Reason,
    RivalFilters,
    StoreTerms,
    Strategy,
)
from cube_demper.models.catalog import Product, ProductCityPrice
from cube_demper.models.pricing import PriceHistory, PriceStatus
from cube_demper.models.stores import Channel, DempingSettings, KaspiStore

BY_LOOKS = timedelta(days=3)
"""Longer charts are drawn from decisions alone: a month of looks is tens of megabytes."""
_DEFAULT_INTERVAL = 15


async def product_view(tx: ReadTx, actor: Actor, product_id: UUID) -> ProductView:
    """Return everything about a product but its past. Raises ProductNotFound."""
    product, store, settings = await queries.get_product(tx, actor, product_id)
    rows = await list_queries.list_by_ids(tx, actor, (product_id,))
    if not rows:
        raise ProductNotFound  # it went between the two questions
    (row,) = rows
    cities = await queries.list_cities(tx, product_id)
    hours = None
    if settings and settings.work_hours_start and settings.work_hours_end:
        hours = (settings.work_hours_start, settings.work_hours_end)
    return ProductView(
        row=row,
        card=product.external_kaspi_id,
        city_id=store.home_city_id,
        city_name=_city_names(store).get(store.home_city_id, ""),
        base_price=product.base_price,
        cost_price=product.cost_price,
        delivery_filter=product.delivery_filter,
        rival_filters=RivalFilters.from_json(product.rival_filters),
        store_delivery_filter=settings.delivery_filter if settings else None,
        store_rival_filters=RivalFilters.from_json(settings.rival_filters if settings else {}),
        home_city_only=product.home_city_only,
        is_store_home_only=bool(settings and settings.home_city_only),
        big_fall_allowed_until=product.big_fall_allowed_until,
        last_reason=product.last_reason,
        checked_at=product.last_check_time,
        next_check_at=product.next_check_at,
        store_step=store_step(settings),
        check_interval_minutes=settings.check_interval_minutes if settings else _DEFAULT_INTERVAL,
        work_hours=hours,
        cities=_cities(product, store, cities),
        terms_mark=terms_mark(product),
    )


async def price_series(
    tx: ReadTx, actor: Actor, product_id: UUID, since: datetime, now: datetime
) -> PriceSeries:
    """Return the lines of the home city's chart.

    Our price: what looks, decisions and confirmations saw in the window. The rival: the cheapest
    that the filters of today leave. The floor: what each decision was held to, then today's bound.
    """
    product, store, settings = await queries.get_product(tx, actor, product_id)
    city_id = store.home_city_id
    rows = await view_queries.list_decisions_since(tx, product_id, city_id, since)
    own, rival, floor = _decided(rows)
    if product.external_kaspi_id and now - since <= BY_LOOKS:
        looks = await _looks(tx, product.external_kaspi_id, city_id, since)
        terms = rival_terms(await queries.own_stores(tx, actor), product, store, settings)
        seen, cheapest = market_steps(looks, *terms)
        own, rival = own + seen, cheapest or rival
    if product.last_check_time and product.price:
        own.append(Step(product.last_check_time, product.price))
    bound = product.base_price if product.min_price is None else product.min_price
    changed_at = product.terms_changed_at or since
    if bound is not None and (not floor or floor[-1].at < changed_at):
        floor.append(Step(changed_at, max(bound, LOWEST_PRICE)))
    return PriceSeries(
        own=steps(own, since),
        rival=steps(rival, since),
        floor=steps(floor, since),
        since=since,
        until=now,
    )


async def sellers_now(tx: ReadTx, actor: Actor, product_id: UUID) -> SellersNow:
    """Return who sells the card in the home city, as last seen, at which price."""
    product, store, settings = await queries.get_product(tx, actor, product_id)
    if product.external_kaspi_id is None:
        return SellersNow((), 0, None)
    found = await market.latest_market(tx, product.external_kaspi_id, store.home_city_id)
    if found is None:
        return SellersNow((), 0, None)
    terms = rival_terms(await queries.own_stores(tx, actor), product, store, settings)
    # The same offers are not kept twice, so what was kept is as fresh as the last look.
    seen_at = max(found.seen_at, product.last_check_time or found.seen_at)
    return SellersNow(sellers_of(found, *terms), found.total, seen_at)


async def decision_log(
    tx: ReadTx,
    actor: Actor,
    product_id: UUID,
    *,
    only_changes: bool,
    limit: int = 20,
    before: tuple[datetime, UUID] | None = None,
) -> tuple[LogEntry, ...]:
    """Return decisions in words, newest first. Raises ProductNotFound."""
    product, store, _ = await queries.get_product(tx, actor, product_id)
    channel = Channel(store.channel)
    rows = await view_queries.list_decisions(
        tx, product_id, only_changes=only_changes, before=before, limit=limit
    )
    newest = rows[0].id if rows and before is None else None
    return tuple(_entry(row, product, channel, is_newest=row.id == newest) for row in rows)


def _entry(row: PriceHistory, product: Product, channel: Channel, *, is_newest: bool) -> LogEntry:
    decision = _decision(row)
    is_suspicious = row.change_reason == Reason.SUSPICIOUS_FALL
    waits = is_suspicious and row.status == PriceStatus.HELD and is_newest and product.bot_active
    return LogEntry(
        id=row.id,
        at=row.created_at,
        city_id=row.city_id,
        headline=headline(decision) if decision else "Решение бота",
        text=explain(decision) if decision else "",
        status=row.status,
        reason=row.change_reason,
        old_price=row.old_price,
        new_price=row.new_price,
        note=row.note,
        sent_at=row.sent_at,
        confirmed_at=row.confirmed_at,
        unseen_at=row.unseen_at,
        look_at=row.confirm_at,
        attempt=row.attempt,
        needs_consent=waits,
        channel=channel,
        first_sent_at=row.first_sent_at,
    )


def _decision(row: PriceHistory) -> Decision | None:
    """Read a stored decision; one that another release wrote differently costs its words only."""
    try:
        return Decision.from_json(row.decision)
    except ValueError:
        return None


def _decided(rows: Sequence[PriceHistory]) -> tuple[list[Step], list[Step], list[Step]]:
    own: list[Step] = []
    rival: list[Step] = []
    floor: list[Step] = []
    for row in rows:
        decision = _decision(row)
        if decision is not None:
            if decision.is_window_seen and decision.window_price:
                own.append(Step(row.created_at, decision.window_price))
            if decision.floor:
                floor.append(Step(row.created_at, decision.floor))
        rival.append(Step(row.created_at, row.competitor_price))
        if row.confirmed_at and row.new_price:
            own.append(Step(row.confirmed_at, row.new_price))
    return own, rival, floor


async def _looks(tx: ReadTx, card: str, city_id: str, since: datetime) -> list[Market]:
    earlier = await market.latest_market(tx, card, city_id, before=since)
    return [*([earlier] if earlier else []), *await market.markets_since(tx, card, city_id, since)]


def rival_terms(
    own_stores: Iterable[str],
    product: Product,
    store: KaspiStore,
    settings: DempingSettings | None,
) -> tuple[ProductTerms, StoreTerms]:
    """Say who is a rival today, by the product's filters over the store's."""
    filters = settings.rival_filters if settings else {}
    chosen = product.delivery_filter or (settings.delivery_filter if settings else None)
    terms = ProductTerms(
        kaspi_sku=product.kaspi_sku,
        city_id=store.home_city_id,
        cabinet_price=product.price,
        min_price=product.min_price,
        max_price=product.max_price,
        base_price=product.base_price,
        step=product.price_step_override or store_step(settings),
        strategy=Strategy(product.demping_strategy),
        delivery_filter=DeliveryFilter(chosen) if chosen else None,
        rival_filters=RivalFilters.merged(
            RivalFilters.from_json(filters), RivalFilters.from_json(product.rival_filters)
        ),
    )
    excluded = settings.excluded_merchant_ids if settings else []
    return terms, StoreTerms(
        merchant_id=store.merchant_id,
        own_merchant_ids=frozenset(own_stores) - {store.merchant_id},
        excluded_merchant_ids=frozenset(excluded),
    )


def _city_names(store: KaspiStore) -> dict[str, str]:
    return {point["cityId"]: point.get("cityName") or point["cityId"] for point in store.points}


def _cities(
    product: Product, store: KaspiStore, rows: dict[str, ProductCityPrice]
) -> tuple[CityRow, ...]:
    """List the cities of the store's enabled points, the home one first."""
    names = _city_names(store)
    enabled = {point["cityId"] for point in store.points if point.get("enabled")}
    others = sorted(enabled - {store.home_city_id}, key=lambda it: names[it])
    home = CityRow(
        city_id=store.home_city_id,
        name=names.get(store.home_city_id, store.home_city_id),
        is_home=True,
        price=product.price,
        min_price=product.min_price,
        max_price=product.max_price,
        bot_active=product.bot_active,
        place=product.position,
        rival_price=product.competitor_price,
        checked_at=product.last_check_time,
    )
    return (home, *(_city(city_id, names[city_id], rows.get(city_id)) for city_id in others))


def _city(city_id: str, name: str, row: ProductCityPrice | None) -> CityRow:
    return CityRow(
        city_id=city_id,
        name=name,
        is_home=False,
        price=row.price if row else None,
        min_price=row.min_price if row else None,
        max_price=row.max_price if row else None,
        bot_active=row.bot_active if row else False,
        place=row.position if row else None,
        rival_price=row.competitor_price if row else None,
        checked_at=row.last_check_time if row else None,
    )
