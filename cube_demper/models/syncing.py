"""Runs of the catalogue sync: how far each has come, so that it goes on wherever it was stopped."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field

from cube_demper.db.columns import instant, one_of
from cube_demper.models import stores  # noqa: F401 - its foreign keys point there
from cube_demper.models.base import Row


class SyncState(StrEnum):
    """QUEUED and RUNNING are live: a store has at most one such run."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"
    FAILED = "failed"


class CatalogSync(Row, table=True):
    """One reading of a store's whole cabinet list."""

    __tablename__ = "catalog_syncs"
    __table_args__ = (
        one_of("state", SyncState),
        CheckConstraint("next_page >= 0 AND goods_read >= 0", name="progress"),
        Index("ix_catalog_syncs_store", "store_id", "created_at"),
        Index(
            "uq_catalog_syncs_live",
            "store_id",
            unique=True,
            postgresql_where=text("state IN ('queued', 'running')"),
        ),
    )

    store_id: UUID = Field(foreign_key="kaspi_stores.id", ondelete="CASCADE")
    state: str = Field(default=SyncState.QUEUED, sa_column_kwargs={"server_default": "queued"})
    started_at: datetime | None = instant()
    """When the first page was asked for: what was not met since then is gone from the list."""
    finished_at: datetime | None = instant()
    next_page: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    is_list_read: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    total: int | None = None
    """How many goods the cabinet says it has on sale."""
    goods_read: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    added: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    changed: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    removed: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    tries: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    """Failures in a row at this place."""
    trouble: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """The last failure in words for the seller."""
    suspected: int | None = None
    """Goods whose disappearance was not believed at once."""
