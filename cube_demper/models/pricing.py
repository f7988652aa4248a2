"""What the bot decided, sent and saw."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Index, text
from sqlmodel import Field, SQLModel

from cube_demper.db.columns import Instant, instant, json, moment_of_row, one_of, tiyn, whole_tenge
from cube_demper.models import catalog, stores  # noqa: F401 - its foreign keys point there
from cube_demper.models.base import Row


class PriceStatus(StrEnum):
    """The life of one decision.

    held / suggested end there. queued -> sending (committed before the call) -> sent (Kaspi accepted)
    -> confirmed (seen on the window). unknown: the call's outcome was lost; a look decides. refused:
    Kaspi said no, or accepted and never showed it. superseded: dropped before sending.
    """

    HELD = "held"
    SUGGESTED = "suggested"
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    CONFIRMED = "confirmed"
    UNKNOWN = "unknown"
    REFUSED = "refused"
    SUPERSEDED = "superseded"


class PriceHistory(Row, table=True):
    """One decision for a product in a city; rows of one SKU change share `send_id`."""

    __tablename__ = "price_history"
    __table_args__ = (
        one_of("status", PriceStatus),
        whole_tenge("new_price"),
        Index("ix_price_history_product", "product_id", text("created_at DESC")),
        Index("ix_price_history_created", text("created_at DESC")),
        Index(
            "ix_price_history_refused",
            "created_at",
            postgresql_where=text("status = 'refused'"),
        ),
        Index(
            "uq_price_history_queued",
            "product_id",
            "city_id",
            unique=True,
            postgresql_where=text("status = 'queued'"),
        ),
        Index(
            "ix_price_history_queue",
            "store_id",
            text("worth DESC"),
            postgresql_where=text("status = 'queued'"),
        ),
        Index(
            "ix_price_history_wanted",
            "store_id",
            "created_at",
            postgresql_where=text("queued_at IS NOT NULL"),
        ),
        Index(
            "ix_price_history_confirm",
            "confirm_at",
            postgresql_where=text("status IN ('sending', 'sent', 'unknown')"),
        ),
        Index("ix_price_history_sent", "store_id", "sent_at"),
        Index(
            "ix_price_history_first_sent",
            "store_id",
            "first_sent_at",
            postgresql_where=text("first_sent_at IS NOT NULL"),
        ),
        Index(
            "ix_price_history_open",
            "product_id",
            postgresql_where=text("status IN ('queued', 'sending', 'sent', 'unknown')"),
        ),
        Index(
            "ix_price_history_suggested",
            "store_id",
            "created_at",
            postgresql_where=text("status = 'suggested'"),
        ),
        Index(
            "ix_price_history_guarded",
            "store_id",
            "created_at",
            postgresql_where=text(
                "change_reason IN"
                " ('below_floor_hold', 'at_floor', 'below_floor_to_floor', 'suspicious_fall')"
            ),
        ),
    )

    product_id: UUID = Field(foreign_key="products.id", ondelete="CASCADE")
    store_id: UUID = Field(foreign_key="kaspi_stores.id", ondelete="CASCADE")
    city_id: str
    old_price: int | None = tiyn()
    new_price: int | None = tiyn()
    competitor_price: int | None = tiyn()
    change_reason: str
    decision: dict[str, Any] = json(dict, sa_column_kwargs={"server_default": text("'{}'")})
    status: str
    note: str | None = None
    """Why it was dropped or refused, in words for the seller."""
    approved_at: datetime | None = instant()
    """When the seller agreed to a suggestion: it is then sent in mode `suggest` too."""
    worth: int = Field(
        default=0, sa_type=BigInteger, sa_column_kwargs={"server_default": text("0")}
    )
    """Its place in the queue, the greatest first (`domain.pricing.worth`)."""
    queued_at: datetime | None = instant()
    """Since when a change waits here to be sent; a newer target takes over the older one's wait."""
    send_id: UUID | None = None
    attempt: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    sent_at: datetime | None = instant()
    """When it left: the last time, when it was tried twice."""
    first_send_id: UUID | None = None
    first_sent_at: datetime | None = instant()
    """When it left first, where it was tried again; both times count for Kaspi's limits."""
    confirm_at: datetime | None = instant()
    confirm_looks: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    confirmed_at: datetime | None = instant()
    """When the look was made that first saw it in the window."""
    unseen_at: datetime | None = instant()
    """When the last look since the send was made that did not see it."""


class PricingMemory(Row, table=True):
    """What `decide` must remember of a product in a city (`domain.pricing.schemas.Memory` as JSON)."""

    __tablename__ = "pricing_memory"
    __table_args__ = (
        Index("uq_pricing_memory_product_city", "product_id", "city_id", unique=True),
    )

    product_id: UUID = Field(foreign_key="products.id", ondelete="CASCADE")
    city_id: str
    memory: dict[str, Any] = json(dict, sa_column_kwargs={"server_default": text("'{}'")})


class MarketSnapshot(SQLModel, table=True):
    """A card's offers in a city, kept when they changed. Partitioned by month, 30 days kept."""

    __tablename__ = "market_snapshots"
    __table_args__ = {"postgresql_partition_by": "RANGE (seen_at)"}

    card: str = Field(primary_key=True)
    city_id: str = Field(primary_key=True)
    seen_at: datetime = Field(primary_key=True, sa_type=Instant)
    total: int
    offers: list[dict[str, Any]] = json(list)
    updated_at: datetime = moment_of_row()
