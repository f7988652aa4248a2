"""Rivals: their moves as looks saw them, what they are like, and the price wars with them."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from cube_demper.db.columns import Instant, instant, json, moment_of_row, one_of, tiyn
from cube_demper.models import catalog, stores  # noqa: F401 - its foreign keys point there
from cube_demper.models.base import Row


class WarEnd(StrEnum):
    """Why a price war ended before its rest was over; none: the rest ran out."""

    RIVAL_GONE = "rival_gone"
    BY_SELLER = "by_seller"


class PriceWar(Row, table=True):
    """A price war over one product in one city, from the first counted fall to the end of the rest.

    It is written when the fifth fall calls it. `ends_at` is a plan that needs no event to come true;
    `steps` is what looks saw meanwhile (`domain.pricing.wars.schemas.WarStep`), `cost` what a sale
    was cheaper by on average so far.
    """

    __tablename__ = "price_wars"
    __table_args__ = (
        UniqueConstraint("product_id", "city_id", "called_at"),
        Index("ix_price_wars_store", "store_id", "ends_at"),
        one_of("end_reason", WarEnd),
    )

    product_id: UUID = Field(foreign_key="products.id", ondelete="CASCADE")
    store_id: UUID = Field(foreign_key="kaspi_stores.id", ondelete="CASCADE")
    city_id: str
    rival_id: str
    rival_name: str
    falls: int
    began_at: datetime = Field(sa_type=Instant)
    called_at: datetime = Field(sa_type=Instant)
    ends_at: datetime = Field(sa_type=Instant)
    end_reason: str | None = None
    start_price: int = tiyn(nullable=False)
    rest_price: int = tiyn(nullable=False)
    lowest_price: int = tiyn(nullable=False)
    cost: int = tiyn(nullable=False)
    steps: list[dict[str, Any]] = json(list)


class MarketLook(SQLModel, table=True):
    """When a card was last looked at in a city, and each seller's price then."""

    __tablename__ = "market_looks"

    card: str = Field(primary_key=True)
    city_id: str = Field(primary_key=True)
    seen_at: datetime = Field(sa_type=Instant)
    prices: dict[str, int] = json(dict)
    updated_at: datetime = moment_of_row()


class MarketMove(SQLModel, table=True):
    """A seller's new price on a card, made after one look and seen by the next; 30 days kept.

    `old_price` None: came. `new_price` None: went. `seen_after` None: the first look of all.
    """

    __tablename__ = "market_moves"
    __table_args__ = (Index("ix_market_moves_seen", "seen_at", postgresql_using="brin"),)

    card: str = Field(primary_key=True)
    city_id: str = Field(primary_key=True)
    seen_at: datetime = Field(primary_key=True, sa_type=Instant)
    merchant_id: str = Field(primary_key=True)
    name: str
    seen_after: datetime | None = instant()
    old_price: int | None = tiyn()
    new_price: int | None = tiyn()
    updated_at: datetime = moment_of_row()


class StoreRival(Row, table=True):
    """What one rival is like for one store (`domain.market.rivals.schemas.Profile` in `profile`).

    The columns beside it are what the list is sorted by.
    """

    __tablename__ = "store_rivals"
    __table_args__ = (UniqueConstraint("store_id", "merchant_id"),)

    store_id: UUID = Field(foreign_key="kaspi_stores.id", ondelete="CASCADE")
    merchant_id: str
    name: str
    goods: int
    ahead_percent: int | None = None
    chances: int
    answers: int
    answer_percent: int | None = None
    delay_seconds: int | None = Field(default=None, sa_type=BigInteger)
    deepest_percent: int | None = None
    moves: int
    behaviour: str
    profile: dict[str, Any] = json(dict, sa_column_kwargs={"server_default": text("'{}'")})
    counted_at: datetime = Field(sa_type=Instant)
