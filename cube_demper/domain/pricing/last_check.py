"""The last check of a queued change, against rows read this instant. Pure.

It builds the whole `cityPrices` too: a city left out would fall back to a price nobody chose.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cube_demper.domain.catalog.schemas import PriceChange
from cube_demper.domain.pricing.bounds import Bounds, bounds_of
from cube_demper.domain.pricing.queries import IN_FLIGHT_STATUSES
from cube_demper.domain.pricing.schemas import Reason, StoreTerms
from cube_demper.domain.pricing.terms import product_terms
from cube_demper.domain.pricing.work import OpenSend, PricedProduct
from cube_demper.domain.stores.schemas import BotCutoff, ReadyStore
from cube_demper.models.catalog import Product
from cube_demper.models.pricing import PriceHistory
from cube_demper.models.stores import BotMode


@dataclass(frozen=True, slots=True)
class Verdict:
    """The change to send, or why it may not leave."""

    change: PriceChange | None = None
    note: str = ""
    needs_sync: bool = False


def last_check(
    row: Product,
    product: PricedProduct,
    queued: Sequence[PriceHistory],
    open_sends: Sequence[OpenSend],
    *,
    store: ReadyStore,
    terms: StoreTerms,
) -> Verdict:
    """Say whether the queued rows of a product may still leave, and as what."""
    if refusal := _refusal(row, queued, store):
        return Verdict(note=refusal)
    targets = {change.city_id: change.new_price for change in queued}
    kept = {city.city_id for city in product.cities}
    if not set(targets) <= kept:
        return Verdict(note="Бот в этом городе выключен.")
    prices = product.known_prices | _in_flight(open_sends) | targets
    for city in product.cities:
        price = prices.get(city.city_id)
        bounds = bounds_of(
            product_terms(product, city, store),
            terms,
            store.floors.of(product.good),
        )
        if price is None or not _is_within(price, bounds):
            return Verdict(note="Цена вышла за границы мин. и макс. цены: пересчитываем.")
    return _whole_change(product, {city: price for city, price in prices.items() if price})


def _refusal(row: Product, queued: Sequence[PriceHistory], store: ReadyStore) -> str:
    """Return why the bot may not send this now, whatever the price; "" when it may."""
    is_by_hand = all(it.approved_at for it in queued)
    if not row.bot_active:
        return "Бот для товара выключен."
    if not store.can_reprice and any(it.change_reason != Reason.PLAN_ENDED for it in queued):
        return "Тариф закончился: бот цены не отправляет."
    if not is_by_hand and _is_past(row, store.cutoff):
        return "Товар больше не помещается в тариф: бот цену не отправляет."
    if not is_by_hand and store.mode is BotMode.SUGGEST:
        return "Магазин в режиме подсказок: цены не отправляются."
    return ""


def _is_past(row: Product, cutoff: BotCutoff | None) -> bool:
    """Tell whether a product is past the last one that the plan pays for."""
    if cutoff is None:
        return False
    since = row.bot_enabled_at or row.created_at
    return (since, row.id) > (cutoff.switched_on_at, cutoff.product_id)


def _whole_change(product: PricedProduct, prices: dict[str, int]) -> Verdict:
    wanted = set(product.known_prices)
    if not wanted or not wanted <= set(prices):
        return Verdict(
            note="Цена в одном из городов неизвестна: обновляем каталог.", needs_sync=True
        )
    if not product.availabilities:
        return Verdict(note="Наличие по точкам неизвестно: обновляем каталог.", needs_sync=True)
    return Verdict(
        change=PriceChange(
            sku=product.sku,
            model=product.model or product.name,
            brand=product.brand,
            city_prices={city: prices[city] for city in sorted(wanted)},
            availabilities=product.availabilities,
        )
    )


def _in_flight(sends: Sequence[OpenSend]) -> dict[str, int | None]:
    """Prices on their way count as the cities' own: to send the old ones would take them back."""
    flying = [send for send in sends if send.status in IN_FLIGHT_STATUSES and send.sent_at]
    return {
        send.city_id: send.target
        for send in sorted(flying, key=lambda send: send.sent_at.timestamp() if send.sent_at else 0)
    }


def _is_within(price: int, bounds: Bounds | None) -> bool:
    return bounds is not None and bounds.floor <= price <= bounds.cap
