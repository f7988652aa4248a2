"""From table rows to the rows that the seller's list shows. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from cube_demper.core.money import TIYN_IN_TENGE
from cube_demper.domain.catalog.list_schemas import ProductRow
from cube_demper.domain.catalog.rules import StatusFacts, is_available, status_of, stock_of
from cube_demper.domain.pricing.schemas import DEFAULT_TOP_N
from cube_demper.models.catalog import Product
from cube_demper.models.stores import BotMode, DempingSettings, KaspiStore


@dataclass(frozen=True, slots=True)
class Pending:
    """What of a product's home price is on its way or waits for the seller."""

    open_status: str | None = None
    sending_price: int | None = None
    suggestion_id: UUID | None = None
    suggested_price: int | None = None

    @classmethod
    def of(cls, columns: Sequence[list[Any] | None]) -> Pending:
        """Take the newest of each aggregated column."""
        return cls(*(values[0] if values else None for values in columns))

    def unless_shown(self, product: Product) -> Pending:
        """Forget a suggestion that the window shows already, or whose bot is off."""
        if product.bot_active and self.suggested_price != product.price:
            return self
        return Pending(self.open_status, self.sending_price)


def row_of(
    product: Product, store: KaspiStore, settings: DempingSettings | None, pending: Pending
) -> ProductRow:
    """Build one row of the list."""
    pending = pending.unless_shown(product)
    return ProductRow(
        id=product.id,
        store_id=store.id,
        store_name=store.name,
        name=product.name,
        sku=product.kaspi_sku,
        image_url=product.image_url,
        stock=stock_of(product.availabilities),
        is_available=product.is_on_sale and is_available(product.availabilities),
        place=product.position,
        offers_count=product.offers_count,
        price=product.price,
        price_seen_at=seen_at(product, store),
        rival_price=product.competitor_price,
        rival_name=product.competitor_name,
        min_price=product.min_price,
        max_price=product.max_price,
        step=product.price_step_override or store_step(settings),
        is_step_own=product.price_step_override is not None,
        strategy=product.demping_strategy,
        top_n=top_n_of(product),
        bot_active=product.bot_active,
        status=status_of(facts_of(product, store, settings, pending)),
        error=product.last_error,
        suggestion_id=pending.suggestion_id,
        suggested_price=pending.suggested_price,
        sending_price=pending.sending_price,
        is_suggest_mode=is_suggest(settings),
    )


def facts_of(
    product: Product, store: KaspiStore, settings: DempingSettings | None, pending: Pending
) -> StatusFacts:
    """Gather what the status word depends on."""
    return StatusFacts(
        bot_active=product.bot_active,
        has_card=product.external_kaspi_id is not None,
        is_on_sale=product.is_on_sale,
        store_active=store.is_active,
        needs_reauth=store.needs_reauth,
        is_bot_enabled=settings.is_enabled if settings else False,
        price=product.price,
        min_price=product.min_price,
        max_price=product.max_price,
        base_price=product.base_price,
        last_reason=product.last_reason,
        last_error=product.last_error,
        was_checked=product.last_check_time is not None,
        open_status=pending.open_status,
        has_suggestion=pending.suggestion_id is not None,
    )


def seen_at(product: Product, store: KaspiStore) -> datetime | None:
    """Return when the price was last true: the last look, else the last reading of the cabinet."""
    return product.last_check_time or product.supply_read_at or store.synced_at


def store_step(settings: DempingSettings | None) -> int:
    """Return the step of goods that have none of their own."""
    return settings.price_step if settings else TIYN_IN_TENGE


def top_n_of(product: Product) -> int:
    """Return the place to stay within, given or by default."""
    return int(product.strategy_params.get("top_n") or DEFAULT_TOP_N)


def is_suggest(settings: DempingSettings | None) -> bool:
    """Tell whether the store only suggests prices; without settings it sends nothing either."""
    return settings is None or settings.mode == BotMode.SUGGEST
