"""What lets a seller trust the bot: places kept over time, and rules replayed over the recorded market."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Index, text
from sqlmodel import Field, SQLModel

from cube_demper.db.columns import Instant, instant, json, moment_of_row, one_of, tiyn
from cube_demper.models import accounts, catalog, stores  # noqa: F401 - its foreign keys point there
from cube_demper.models.base import Row


class PlaceTally(SQLModel, table=True):
    """How many goods of a store stood where, counted each half hour; 30 days kept.

    `at_floor` counts goods whose bot stands because a rival is below the floor, whatever their place.
    """

    __tablename__ = "place_tallies"

    store_id: UUID = Field(primary_key=True, foreign_key="kaspi_stores.id", ondelete="CASCADE")
    at: datetime = Field(primary_key=True, sa_type=Instant)
    bots: int
    first: int
    second_third: int
    lower: int
    at_floor: int
    updated_at: datetime = moment_of_row()


class ReplayStatus(StrEnum):
    """The life of a replay: a worker takes it in slices, so it may be cancelled between two goods."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"


class ReplayRun(Row, table=True):
    """A rule tried over the recorded market of many goods. `rule` is `TermsChange` as JSON."""

    __tablename__ = "replay_runs"
    __table_args__ = (
        one_of("status", ReplayStatus),
        Index("ix_replay_runs_user", "user_id", text("created_at DESC")),
    )

    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE")
    store_id: UUID = Field(foreign_key="kaspi_stores.id", ondelete="CASCADE")
    product_ids: list[str] | None = json()
    """None: every product of the store whose bot is on."""
    rule: dict[str, Any] = json(dict)
    since: datetime = Field(sa_type=Instant)
    until: datetime = Field(sa_type=Instant)
    status: str = ReplayStatus.QUEUED
    total: int = 0
    done: int = 0
    finished_at: datetime | None = instant()


class ReplayResult(SQLModel, table=True):
    """One product of a replay. Seconds count only while the market was recorded and ours was on sale."""

    __tablename__ = "replay_results"

    run_id: UUID = Field(primary_key=True, foreign_key="replay_runs.id", ondelete="CASCADE")
    product_id: UUID = Field(primary_key=True, foreign_key="products.id", ondelete="CASCADE")
    recorded_s: int = Field(sa_type=BigInteger)
    real_first_s: int = Field(sa_type=BigInteger)
    tried_first_s: int = Field(sa_type=BigInteger)
    real_floor_s: int = Field(sa_type=BigInteger)
    tried_floor_s: int = Field(sa_type=BigInteger)
    real_price: int | None = tiyn()
    """Mean over the recorded time."""
    tried_price: int | None = tiyn()
    real_changes: int
    tried_changes: int
    updated_at: datetime = moment_of_row()
