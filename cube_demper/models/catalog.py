"""Goods of a store and their prices by city."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    REAL,
    CheckConstraint,
    Column,
    Computed,
    Index,
    SmallInteger,
    Text,
    UniqueConstraint,
    text,
)
from sqlmodel import Field

from cube_demper.db.columns import instant, json, moment_of_row, one_of, tiyn, whole_tenge
from cube_demper.models.base import Row
from cube_demper.models.stores import DeliveryFilter


class Strategy(StrEnum):
    """What the bot aims at (SPEC §3.3, DESIGN §5)."""

    STANDARD = "standard"
    ALWAYS_FIRST = "always_first"
    STAY_TOP_N = "stay_top_n"


class CostMethod(StrEnum):
    """Where a product's `cost_price` comes from: typed or imported, or from its batches."""

    MANUAL = "manual"
    FIFO = "fifo"
    AVERAGE = "average"


class Product(Row, table=True):
    """One SKU of one store. `price` is what the shop window shows in the home city, in tiyn."""

    __tablename__ = "products"
    __table_args__ = (
        UniqueConstraint("store_id", "kaspi_sku"),
        Index(
            "ix_products_due",
            "shard_key",
            "next_check_at",
            postgresql_where=text(
                "bot_active AND external_kaspi_id IS NOT NULL AND parked_at IS NULL"
            ),
        ),
        Index(
            "ix_products_parked",
            "store_id",
            text("coalesce(bot_enabled_at, created_at)"),
            "id",
            postgresql_where=text("parked_at IS NOT NULL"),
        ),
        Index("ix_products_card", "external_kaspi_id", postgresql_where=text("bot_active")),
        Index(
            "ix_products_failing",
            "last_error",
            postgresql_where=text("bot_active AND check_failures > 0"),
        ),
        Index("ix_products_rival", "competitor_id", postgresql_where=text("bot_active")),
        Index(
            "ix_products_first_lost",
            "first_lost_at",
            postgresql_where=text("first_lost_at IS NOT NULL"),
        ),
        whole_tenge("min_price"),
        whole_tenge("max_price"),
        whole_tenge("base_price"),
        whole_tenge("price_step_override"),
        CheckConstraint("price > 0", name="price_positive"),
        CheckConstraint("cost_price >= 0", name="cost_price"),
        CheckConstraint("weight_g BETWEEN 1 AND 5000000", name="weight"),
        CheckConstraint("min_price <= max_price", name="bounds_in_order"),
        CheckConstraint(
            "NOT bot_active OR num_nonnulls(min_price, max_price) > 0", name="bot_needs_bound"
        ),
        CheckConstraint("pre_order_days BETWEEN 0 AND 30", name="pre_order_days"),
        CheckConstraint(
            "NOT strategy_params ? 'top_n' OR (strategy_params->>'top_n')::int BETWEEN 1 AND 64",
            name="top_n",
        ),
        one_of("demping_strategy", Strategy),
        one_of("delivery_filter", DeliveryFilter),
        one_of("cost_method", CostMethod),
    )

    store_id: UUID = Field(foreign_key="kaspi_stores.id", ondelete="CASCADE", index=True)
    kaspi_product_id: str
    kaspi_sku: str
    external_kaspi_id: str | None = None
    name: str
    brand: str | None = None
    model: str | None = None
    category: str | None = None
    image_url: str | None = None
    is_on_sale: bool = Field(default=True, sa_column_kwargs={"server_default": text("true")})
    price: int | None = tiyn()
    min_price: int | None = tiyn()
    max_price: int | None = tiyn()
    cost_price: int | None = tiyn()
    cost_method: str = Field(
        default=CostMethod.MANUAL, sa_column_kwargs={"server_default": "manual"}
    )
    """What wrote `cost_price` last: the seller, or their batches."""
    weight_g: int | None = None
    """Grams, for the price of delivery; empty: its store's usual weight."""
    tariff_category: list[str] | None = Field(default=None, sa_type=ARRAY(Text))
    """Kaspi's tariff category by its path, where the seller corrected what `category` says."""
    base_price: int | None = tiyn()
    bot_active: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    bot_enabled_at: datetime | None = instant()
    price_step_override: int | None = tiyn()
    demping_strategy: str = Field(
        default=Strategy.STANDARD, sa_column_kwargs={"server_default": "standard"}
    )
    strategy_params: dict[str, Any] = json(dict, sa_column_kwargs={"server_default": text("'{}'")})
    rival_filters: dict[str, Any] = json(dict, sa_column_kwargs={"server_default": text("'{}'")})
    delivery_filter: str | None = None
    home_city_only: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    """The bot leaves the other cities alone; their bounds are kept for later."""
    big_fall_allowed_until: datetime | None = instant()
    terms_changed_at: datetime | None = instant()
    """When the seller last changed bounds, strategy or switch: the median counts from here."""
    availabilities: list[dict[str, Any]] | None = json()
    pre_order_days: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    supply_read_at: datetime | None = instant()
    """When availabilities and passive cities' prices were last read from the cabinet."""
    is_priority: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    shard_key: int | None = Field(
        default=None,
        sa_column=Column(
            SmallInteger, Computed("hashtext(id::text) & 1023", persisted=True), nullable=False
        ),
    )
    next_check_at: datetime = moment_of_row()
    claimed_until: datetime | None = instant()
    claimed_by: UUID | None = None
    parked_at: datetime | None = instant()
    """When it was found due while its store could not be served; empty again when that can be."""
    last_check_time: datetime | None = instant()
    last_reason: str | None = None
    last_error: str | None = None
    check_failures: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    position: int | None = None
    first_lost_at: datetime | None = instant()
    """When a look first saw it behind after it had been first; empty while it is first or unseen."""
    offers_count: int | None = None
    competitor_price: int | None = tiyn()
    competitor_name: str | None = None
    competitor_id: str | None = None
    pace: int | None = Field(default=None, sa_type=SmallInteger)
    """How much looks at it are worth (`domain.market.tempo.pace_of`), for the census."""
    look_share: float = Field(
        default=1.0, sa_type=REAL, sa_column_kwargs={"server_default": text("1")}
    )
    """Its part of a look that it shares with the other sellers of its card."""
    looked_for: str | None = None
    """The rival whose move elsewhere made us look sooner."""


class ProductCityPrice(Row, table=True):
    """A product in a city other than the home one: its known price and, when active, its own bounds."""

    __tablename__ = "product_city_prices"
    __table_args__ = (
        UniqueConstraint("product_id", "city_id"),
        whole_tenge("min_price"),
        whole_tenge("max_price"),
        whole_tenge("base_price"),
        CheckConstraint("price > 0", name="price_positive"),
        CheckConstraint("min_price <= max_price", name="bounds_in_order"),
    )

    product_id: UUID = Field(foreign_key="products.id", ondelete="CASCADE")
    city_id: str
    price: int | None = tiyn()
    min_price: int | None = tiyn()
    max_price: int | None = tiyn()
    base_price: int | None = tiyn()
    bot_active: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    position: int | None = None
    competitor_price: int | None = tiyn()
    last_check_time: datetime | None = instant()
