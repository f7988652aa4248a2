"""What a product's state means to the seller. Pure; what may be set is `pricing.checks`."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Protocol

from cube_demper.domain.catalog.edit_schemas import Refusal
from cube_demper.domain.catalog.list_schemas import ProductStatus
from cube_demper.domain.pricing.schemas import Reason

AT_FLOOR_REASONS = frozenset(
    {Reason.BELOW_FLOOR_HOLD, Reason.BELOW_FLOOR_TO_FLOOR, Reason.AT_FLOOR}
)
WAR_REASONS = frozenset({Reason.PRICE_WAR, Reason.WAR_REST})


@dataclass(frozen=True, slots=True)
class StatusFacts:
    """All that decides the word beside the bot's switch."""

    bot_active: bool
    has_card: bool
    is_on_sale: bool
    store_active: bool
    needs_reauth: bool
    is_bot_enabled: bool
    price: int | None
    min_price: int | None
    max_price: int | None
    base_price: int | None
    last_reason: str | None
    last_error: str | None
    was_checked: bool
    open_status: str | None
    has_suggestion: bool

    @property
    def has_no_bounds(self) -> bool:
        """Tell whether both bounds are blank."""
        return self.min_price is None and self.max_price is None

    @property
    def is_at_floor(self) -> bool:
        """Tell whether the window price has come down to the floor."""
        floor = self.base_price if self.min_price is None else self.min_price
        is_low = self.price is not None and floor is not None and self.price <= floor
        return is_low or self.last_reason == Reason.AT_FLOOR


_STATUSES: tuple[tuple[ProductStatus, Callable[[StatusFacts], bool]], ...] = (
    (ProductStatus.NO_CARD, lambda it: not it.has_card),
    (ProductStatus.NO_MIN_PRICE, lambda it: not it.bot_active and it.has_no_bounds),
    (ProductStatus.OFF, lambda it: not it.bot_active),
    (ProductStatus.STORE_OFF, lambda it: not it.store_active),
    (ProductStatus.NEEDS_REAUTH, lambda it: it.needs_reauth),
    (
        ProductStatus.NOT_ON_SALE,
        lambda it: not it.is_on_sale or it.last_reason == Reason.NOT_ON_SALE,
    ),
    (ProductStatus.ERROR, lambda it: bool(it.last_error)),
    (ProductStatus.STOPPED, lambda it: not it.is_bot_enabled),
    (
        ProductStatus.BOUNDS_WRONG,
        lambda it: it.last_reason in (Reason.FLOOR_OVER_CAP, Reason.BOUNDS_MISSING),
    ),
    (ProductStatus.NEEDS_YOU, lambda it: it.last_reason == Reason.SUSPICIOUS_FALL),
    (ProductStatus.QUEUED, lambda it: it.open_status == "queued"),
    (ProductStatus.SENDING, lambda it: it.open_status is not None),
    (ProductStatus.SUGGESTED, lambda it: it.has_suggestion),
    (ProductStatus.AT_WAR, lambda it: it.last_reason in WAR_REASONS),
    (ProductStatus.WAITING, lambda it: not it.was_checked),
    (ProductStatus.AT_FLOOR, lambda it: it.is_at_floor),
    (ProductStatus.RIVAL_BELOW_FLOOR, lambda it: it.last_reason == Reason.BELOW_FLOOR_HOLD),
)


def status_of(facts: StatusFacts) -> ProductStatus:
    """Return the one word for a product's bot: the first trouble, else what it is doing."""
    found = (status for status, holds in _STATUSES if holds(facts))
    return next(found, ProductStatus.HOLDING)


class Switchable(Protocol):
    """What of a product decides whether its bot may be switched on."""

    external_kaspi_id: str | None
    min_price: int | None
    max_price: int | None
    price: int | None


def why_not_on(product: Switchable, *, has_slot: bool) -> Refusal | None:
    """Return why this bot must not be switched on, or None."""
    if product.external_kaspi_id is None:
        return Refusal.NO_CARD
    if product.min_price is None and product.max_price is None:
        return Refusal.NO_BOUND
    if product.price is None:
        return Refusal.PRICE_UNKNOWN
    return None if has_slot else Refusal.OVER_PLAN


def stock_of(availabilities: Sequence[Any] | None) -> int | None:
    """Add up the pieces at all points; None where no point tells a number."""
    counts = [
        point["stockCount"]
        for point in availabilities or ()
        if point.get("available") == "yes" and point.get("stockCount") is not None
    ]
    return int(sum(counts)) if counts else None


def is_available(availabilities: Sequence[Any] | None) -> bool:
    """Tell whether any point sells it; unknown is not «nowhere»."""
    return availabilities is None or any(p.get("available") == "yes" for p in availabilities)


class HasTerms(Protocol):
    """The columns that are a product's own terms."""

    min_price: int | None
    max_price: int | None
    price_step_override: int | None
    demping_strategy: str
    strategy_params: dict[str, Any]
    delivery_filter: str | None
    rival_filters: dict[str, Any]


def terms_mark(product: HasTerms) -> str:
    """Return what differs whenever a product's own terms do: a form says by it what it was drawn from."""
    terms = [getattr(product, name) for name in HasTerms.__annotations__]
    return sha256(json.dumps(terms, sort_keys=True).encode()).hexdigest()[:16]
