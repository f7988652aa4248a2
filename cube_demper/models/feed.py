"""The store's own price list (XML): its secret address, who took it when, lists that wait to be read in."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Index, LargeBinary, text
from sqlmodel import Field

from cube_demper.db.columns import Instant, instant, json, one_of
from cube_demper.models import accounts, stores  # noqa: F401 - its foreign keys point there
from cube_demper.models.base import Row


class CatalogSource(StrEnum):
    """Where the goods of a feed store come from: its cabinet, or a list that the seller uploaded."""

    CABINET = "cabinet"
    LIST = "list"


class PullOutcome(StrEnum):
    """What a request for the file got. BROKEN: the connection ended before the file did."""

    TAKEN = "taken"
    UNCHANGED = "unchanged"
    REFUSED = "refused"
    BROKEN = "broken"


class ImportStatus(StrEnum):
    """READY waits for the seller's word, QUEUED for the worker."""

    READY = "ready"
    QUEUED = "queued"
    DONE = "done"
    FAILED = "failed"


class StoreFeed(Row, table=True):
    """A store's file. A request is found by the hash; `token` (encrypted) only serves to show it again."""

    __tablename__ = "store_feeds"
    __table_args__ = (one_of("source", CatalogSource),)

    store_id: UUID = Field(foreign_key="kaspi_stores.id", ondelete="CASCADE", unique=True)
    token_hash: bytes = Field(sa_type=LargeBinary, unique=True)
    token: str
    rotated_at: datetime = Field(sa_type=Instant)
    source: str
    published_at: datetime | None = instant()
    """When the file was last taken whole, or found unchanged."""
    changed_at: datetime | None = instant()
    """When its content last became another one: the file's own `date`."""
    digest: str | None = None
    published_count: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    refusal: str | None = None
    refused_at: datetime | None = instant()
    problems: list[dict[str, Any]] = json(list, sa_column_kwargs={"server_default": text("'[]'")})
    problem_count: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})


class FeedPull(Row, table=True):
    """One request for the file."""

    __tablename__ = "feed_pulls"
    __table_args__ = (
        one_of("outcome", PullOutcome),
        Index("ix_feed_pulls_store", "store_id", text("at DESC")),
    )

    store_id: UUID = Field(foreign_key="kaspi_stores.id", ondelete="CASCADE")
    at: datetime = Field(sa_type=Instant)
    outcome: str
    offers: int = 0
    changes: int = 0
    """Changed prices that the file carried for the first time."""
    note: str | None = None
    user_agent: str = ""


class FeedImport(Row, table=True):
    """A price list that was uploaded and read; `offers` are its lines, packed, until they are taken in."""

    __tablename__ = "feed_imports"
    __table_args__ = (
        one_of("status", ImportStatus),
        Index("ix_feed_imports_user", "user_id", text("created_at DESC")),
    )

    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE")
    store_id: UUID | None = Field(default=None, foreign_key="kaspi_stores.id", ondelete="CASCADE")
    file_name: str
    status: str
    merchant_id: str = ""
    merchant_name: str = ""
    points: list[dict[str, Any]] = json(list, sa_column_kwargs={"server_default": text("'[]'")})
    """The list's points as `kaspi_stores.points` has them; `cityId` may still be blank."""
    total: int
    problems: list[dict[str, Any]] = json(list, sa_column_kwargs={"server_default": text("'[]'")})
    problem_count: int = 0
    offers: bytes | None = Field(default=None, sa_type=LargeBinary)
    note: str | None = None
    result: dict[str, Any] | None = json()
