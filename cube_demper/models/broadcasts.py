"""Broadcasts: one text to many of a seller's own buyers, and who of them was to get it."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field

from cube_demper.db.columns import Instant, instant, json, one_of
from cube_demper.models import messages, messaging, orders  # noqa: F401 - foreign keys point there
from cube_demper.models.base import Row


class BroadcastStatus(StrEnum):
    """Where a broadcast stands. STOPPED: ended by its seller. DONE: everybody was dealt with."""

    DRAFT = "draft"
    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"
    DONE = "done"


class Broadcast(Row, table=True):
    """What is said, to whom and from which number; changed only while it is a draft."""

    __tablename__ = "broadcasts"
    __table_args__ = (
        one_of("status", BroadcastStatus),
        Index("ix_broadcasts_list", "user_id", text("written_at DESC"), "id"),
        # The forecast counts on it: a number's budget is never shared by two of them.
        Index(
            "uq_broadcasts_running",
            "session_id",
            unique=True,
            postgresql_where=text("status = 'running'"),
        ),
    )

    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE")
    session_id: UUID | None = Field(
        default=None, foreign_key="whatsapp_sessions.id", ondelete="SET NULL"
    )
    """The number that says it; NULL: not chosen yet, or unlinked since."""
    name: str
    text_ru: str = Field(default="", sa_column_kwargs={"server_default": ""})
    text_kk: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """Empty: people who wrote in that language get the other one."""
    audience: dict[str, Any] = json(dict, sa_column_kwargs={"server_default": text("'{}'")})
    """The filter (`domain.messaging.broadcasts.schemas.Audience`)."""
    status: str = Field(default="draft", sa_column_kwargs={"server_default": "draft"})
    written_at: datetime = Field(sa_type=Instant)
    """When the draft was made."""
    consented_at: datetime | None = instant()
    """When the risk of this very broadcast was agreed to; the audit log keeps who."""
    started_at: datetime | None = instant()
    fed_at: datetime | None = instant()
    """When its queue was last looked after: the one longest ago comes first."""
    ended_at: datetime | None = instant()


class BroadcastPerson(Row, table=True):
    """One person of a broadcast, fixed when it starts. Neither `queued_at` nor `reason`: still to come."""

    __tablename__ = "broadcast_people"
    __table_args__ = (
        UniqueConstraint("broadcast_id", "contact_id"),
        Index(
            "ix_broadcast_people_next",
            "broadcast_id",
            "position",
            postgresql_where=text("queued_at IS NULL AND reason IS NULL"),
        ),
        Index("ix_broadcast_people_contact", "contact_id"),
        Index("ix_broadcast_people_message", "message_id"),
    )

    broadcast_id: UUID = Field(foreign_key="broadcasts.id", ondelete="CASCADE")
    contact_id: UUID = Field(foreign_key="whatsapp_contacts.id", ondelete="CASCADE")
    order_id: UUID | None = Field(default=None, foreign_key="orders.id", ondelete="SET NULL")
    """The newest order that fits the filter: it fills the text."""
    position: int
    queued_at: datetime | None = instant()
    """When it went into the gate's queue; not emptied by whatever becomes of the message there."""
    message_id: UUID | None = Field(
        default=None, foreign_key="scheduled_messages.id", ondelete="SET NULL"
    )
    reason: str | None = None
    """Why it never went there (`domain.messaging.gate_schemas.Reason`)."""
