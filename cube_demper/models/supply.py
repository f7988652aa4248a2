"""What a seller changed about stock and pre-orders, on its way to Kaspi."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, text
from sqlmodel import Field

from cube_demper.db.columns import instant, json, one_of
from cube_demper.models import catalog, stores  # noqa: F401 - its foreign keys point there
from cube_demper.models.base import Row
from cube_demper.models.pricing import PriceStatus


class SupplyChange(Row, table=True):
    """One change of a product's availability; it lives through the statuses of a price (`PriceStatus`).

    `edits` and `before` name only the points and fields that were edited, in the price feed's words:
    `{"30000001_PP1": {"stockCount": 5}}`.
    """

    __tablename__ = "supply_changes"
    __table_args__ = (
        one_of("status", PriceStatus),
        Index("ix_supply_changes_product", "product_id", text("created_at DESC")),
        Index(
            "uq_supply_changes_queued",
            "product_id",
            unique=True,
            postgresql_where=text("status = 'queued'"),
        ),
        Index("ix_supply_changes_queue", "try_at", postgresql_where=text("status = 'queued'")),
        Index(
            "ix_supply_changes_confirm",
            "confirm_at",
            postgresql_where=text("status IN ('sending', 'sent', 'unknown')"),
        ),
        Index("ix_supply_changes_sent", "store_id", "sent_at"),
    )

    product_id: UUID = Field(foreign_key="products.id", ondelete="CASCADE")
    store_id: UUID = Field(foreign_key="kaspi_stores.id", ondelete="CASCADE")
    edits: dict[str, Any] = json(dict)
    before: dict[str, Any] = json(dict)
    status: str
    note: str | None = None
    """Why it waits or was refused, in words for the seller."""
    try_at: datetime | None = instant()
    """When a queued one may be tried next."""
    send_id: UUID | None = None
    attempt: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    sent_at: datetime | None = instant()
    confirm_at: datetime | None = instant()
    confirmed_at: datetime | None = instant()
    """When the cabinet was read that first showed it."""
