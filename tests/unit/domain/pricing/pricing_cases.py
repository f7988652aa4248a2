"""Short builders for tests of pricing. Prices in tenge here, tiyn inside."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from cube_demper.domain.market.schemas import Market, Offer
from cube_demper.domain.pricing.rules import decide
from cube_demper.domain.pricing.schemas import (
    Decision,
    Memory,
    PricePoint,
    ProductTerms,
    Rest,
    Returned,
    StoreTerms,
    Strategy,
    UnconfirmedSend,
)

T0 = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
US = "10000001"
SKU = "102298404_1"


def tenge(amount: float) -> int:
    return round(amount * 100)


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


def ours(price: float, **changes: Any) -> Offer:
    return Offer(US, "Мы", tenge(price), **{"merchant_sku": SKU, **changes})


def rival(price: float, merchant_id: str = "20000001", **changes: Any) -> Offer:
    return Offer(merchant_id, changes.pop("name", "Alser"), tenge(price), **changes)


def market(*offers: Offer, total: int | None = None, at: datetime = T0) -> Market:
    return Market("102298404", "750000000", offers, len(offers) if total is None else total, at)


def product(
    strategy: Strategy = Strategy.STANDARD,
    *,
    min_price: float | None = 8000,
    max_price: float | None = 20000,
    base_price: float | None = 12000,
    step: float = 1,
    cabinet_price: float | None = 12000,
    **changes: Any,
) -> ProductTerms:
    return ProductTerms(
        kaspi_sku=SKU,
        city_id=changes.pop("city_id", "750000000"),
        cabinet_price=_tiyn(cabinet_price),
        min_price=_tiyn(min_price),
        max_price=_tiyn(max_price),
        base_price=_tiyn(base_price),
        step=tenge(step),
        strategy=strategy,
        **changes,
    )


def store(**changes: Any) -> StoreTerms:
    return StoreTerms(US, **changes)


def choose(
    seen: Market | Iterable[Offer],
    terms: ProductTerms | None = None,
    *,
    shop: StoreTerms | None = None,
    memory: Memory | None = None,
    floor: float | None = None,
    now: datetime | None = None,
) -> Decision:
    """Decide; what is not said does not matter to the test."""
    look = seen if isinstance(seen, Market) else market(*seen)
    return decide(
        look,
        terms or product(),
        shop or store(),
        memory or Memory(),
        _tiyn(floor),
        now or look.seen_at,
    )


def stood(*prices: tuple[float, float]) -> Memory:
    """Build a memory of (minutes before T0, price) changes of our window price."""
    return Memory(
        window_prices=tuple(PricePoint(T0 - minutes(ago), tenge(price)) for ago, price in prices)
    )


def resting(price: float, *, until: datetime, rival_id: str = "20000001") -> Memory:
    return Memory(rest=Rest(tenge(price), until, rival_id))


def taken_back(price: float, *, hours: float = 1) -> Memory:
    return Memory(returned=Returned(tenge(price), T0 + timedelta(hours=hours)))


def on_its_way(price: float, *, sent: datetime, until: datetime) -> Memory:
    return Memory(last_send=UnconfirmedSend(tenge(price), sent, until))


def _tiyn(amount: float | None) -> int | None:
    return None if amount is None else tenge(amount)
