"""Reading a store's orders: when it is due, how far the first import has come, what is wrong."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Column, Computed, Index, SmallInteger, text
from sqlmodel import Field

from cube_demper.db.columns import Instant, instant, one_of
from cube_demper.models import stores  # noqa: F401 - its foreign keys point there
from cube_demper.models.base import Row
from cube_demper.models.orders import OrderSource


class PollProblem(StrEnum):
    """Why a store's orders could not be read the last time.

    TOKEN: Kaspi no longer takes the token. SIGNED_OUT: no token and no sign-in. NO_RIGHT: the sign-in
    may not see orders. SILENT: Kaspi does not answer. CROWDED: it asks to go slower. CHANGED: its
    answer has another form.
    """

    TOKEN = "token"  # noqa: S105 - the name of a reason
    SIGNED_OUT = "signed_out"
    NO_RIGHT = "no_right"
    SILENT = "silent"
    CROWDED = "crowded"
    CHANGED = "changed"


class OrdersPoll(Row, table=True):
    """A store whose orders are read. The first import goes from now back to `import_since`."""

    __tablename__ = "orders_polls"
    __table_args__ = (
        one_of("source", OrderSource),
        one_of("problem", PollProblem),
        CheckConstraint("failures >= 0 AND imported >= 0", name="progress"),
        Index("ix_orders_polls_due", "shard_key", "next_poll_at"),
    )

    store_id: UUID = Field(foreign_key="kaspi_stores.id", ondelete="CASCADE", unique=True)
    shard_key: int | None = Field(
        default=None,
        sa_column=Column(
            SmallInteger,
            Computed("hashtext(store_id::text) & 1023", persisted=True),
            nullable=False,
        ),
    )
    """DESIGN §5: its value modulo INSTANCE_COUNT is the worker's index."""
    next_poll_at: datetime = Field(sa_type=Instant)
    claimed_until: datetime | None = instant()
    source: str | None = None
    """Where the last orders came from."""
    polled_at: datetime | None = instant()
    """When the last complete reading began."""
    swept_at: datetime | None = instant()
    """When a reading last went back far enough to see late returns."""
    orders_seen: int | None = None
    """How many orders it showed."""
    import_since: datetime | None = instant()
    import_cursor: datetime | None = instant()
    """Everything made from here to the beginning of the import has been read."""
    import_started_at: datetime | None = instant()
    """Orders made before then raise no event when first seen."""
    import_finished_at: datetime | None = instant()
    imported: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    failures: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    """In a row."""
    problem: str | None = None
    problem_since: datetime | None = instant()
