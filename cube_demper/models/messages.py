"""What is said over WhatsApp: texts of events, messages, the queue of what is still to be said.

What names a person or quotes them is encrypted.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Index,
    LargeBinary,
    SmallInteger,
    UniqueConstraint,
    text,
)
from sqlmodel import Field

from cube_demper.db.columns import Instant, instant, json, one_of
from cube_demper.models import accounts, orders, stores  # noqa: F401 - its foreign keys point there
from cube_demper.models.base import Row
from cube_demper.models.messaging import Language, TriggerEvent


class MessageKind(StrEnum):
    """Which module says it; the gate's priorities go by it.

    REPLY: a person answers one who wrote a short while ago. LETTER: a person writes first.
    """

    TEST = "test"
    REPLY = "reply"
    LETTER = "letter"
    ORDER = "order"
    REVIEW = "review"
    SALESMAN = "salesman"
    BROADCAST = "broadcast"


class QueueStatus(StrEnum):
    """Where a message of the queue stands.

    SENDING: the call may have left. UNKNOWN: nobody can tell whether it arrived; never repeated by
    itself. DROPPED: not sent on purpose, `reason` says why. FAILED: WhatsApp refused it.
    """

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    UNKNOWN = "unknown"
    FAILED = "failed"
    DROPPED = "dropped"


class MessageStatus(StrEnum):
    """What became of a message; acks only move it forward. RECEIVED: written to us."""

    SENDING = "sending"
    UNKNOWN = "unknown"
    FAILED = "failed"
    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"
    RECEIVED = "received"


class WhatsAppDefault(Row, table=True):
    """A text for all who have none of their own; each change is a row, the highest `version` holds.

    No row, or one whose `message` is None: the text that we ship.
    """

    __tablename__ = "whatsapp_defaults"
    __table_args__ = (
        UniqueConstraint("trigger_event", "language", "version"),
        one_of("trigger_event", TriggerEvent),
        one_of("language", Language),
        CheckConstraint("version > 0", name="version"),
    )

    trigger_event: str
    language: str
    version: int
    message: str | None = None
    written_by: UUID | None = Field(default=None, foreign_key="users.id", ondelete="SET NULL")


class WhatsAppTemplate(Row, table=True):
    """A seller's own text of an event in one language. No row: the default."""

    __tablename__ = "whatsapp_templates"
    __table_args__ = (
        UniqueConstraint("user_id", "trigger_event", "language"),
        one_of("trigger_event", TriggerEvent),
        one_of("language", Language),
    )

    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE")
    trigger_event: str
    language: str
    message: str


class WhatsAppMessage(Row, table=True):
    """One message, sent or received, of this product, the seller's phone or the buyer."""

    __tablename__ = "whatsapp_messages"
    __table_args__ = (
        UniqueConstraint("session_id", "short_id"),
        one_of("kind", MessageKind),
        one_of("status", MessageStatus),
        Index("ix_whatsapp_messages_created", text("created_at DESC")),
        Index("ix_whatsapp_messages_thread", "contact_id", text("happened_at DESC")),
        Index("ix_whatsapp_messages_order", "order_id"),
        Index(
            "ix_whatsapp_messages_unread",
            "user_id",
            "contact_id",
            postgresql_where=text("NOT is_outgoing AND read_at IS NULL"),
        ),
    )

    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE", index=True)
    session_id: UUID | None = Field(
        default=None, foreign_key="whatsapp_sessions.id", ondelete="SET NULL"
    )
    contact_id: UUID = Field(foreign_key="whatsapp_contacts.id", ondelete="CASCADE")
    order_id: UUID | None = Field(default=None, foreign_key="orders.id", ondelete="SET NULL")
    order_code: str | None = None
    kind: str | None = None
    """Which module said it; NULL for what came in or was typed on the phone."""
    trigger_event: str | None = None
    is_outgoing: bool
    body: str
    """Encrypted."""
    media: dict[str, Any] | None = json()
    short_id: str
    """WhatsApp's own id, the last part of WAHA's: the same in acks, whatever the chat is called."""
    status: str
    happened_at: datetime = Field(sa_type=Instant)
    """When it was sent or received, by the clock of who did it."""
    delivered_at: datetime | None = instant()
    read_at: datetime | None = instant()
    """For an incoming one: when the seller read it."""
    error: str | None = None


class ScheduledMessage(Row, table=True):
    """One message of the queue; the same `dedupe_key` of a seller is one message for ever."""

    __tablename__ = "scheduled_messages"
    __table_args__ = (
        UniqueConstraint("user_id", "dedupe_key"),
        one_of("kind", MessageKind),
        one_of("trigger_event", TriggerEvent),
        one_of("status", QueueStatus),
        Index(
            "ix_scheduled_messages_due",
            "session_id",
            "priority",
            "scheduled_at",
            postgresql_where=text("status = 'waiting'"),
        ),
        Index(
            "ix_scheduled_messages_open",
            "session_id",
            postgresql_where=text("status IN ('sending', 'unknown')"),
        ),
        Index("ix_scheduled_messages_list", "user_id", "status", text("scheduled_at DESC"), "id"),
        Index(
            "uq_scheduled_messages_text",
            "contact_id",
            "text_hash",
            unique=True,
            postgresql_where=text("text_hash IS NOT NULL"),
        ),
        Index("ix_scheduled_messages_order", "order_id"),
        Index(
            "ix_scheduled_messages_thread",
            "contact_id",
            text("scheduled_at DESC"),
            postgresql_where=text("kind IN ('reply', 'letter') AND message_id IS NULL"),
        ),
    )

    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE")
    store_id: UUID | None = Field(
        default=None, foreign_key="kaspi_stores.id", ondelete="CASCADE", index=True
    )
    session_id: UUID | None = Field(
        default=None, foreign_key="whatsapp_sessions.id", ondelete="SET NULL"
    )
    """The number that will say it; NULL: the store has none now."""
    contact_id: UUID = Field(foreign_key="whatsapp_contacts.id", ondelete="CASCADE")
    order_id: UUID | None = Field(default=None, foreign_key="orders.id", ondelete="CASCADE")
    order_code: str | None = None
    kind: str
    priority: int = Field(sa_type=SmallInteger)
    """Lower goes first (`domain.messaging.rules.PRIORITIES`)."""
    trigger_event: str | None = None
    language: str | None = None
    body: str | None = None
    """Encrypted; NULL: the event's template, as it stands when the message is sent."""
    media: dict[str, Any] | None = json()
    """What goes with it (`domain.messaging.enclosures`); the text is its caption then."""
    dedupe_key: str
    scheduled_at: datetime = Field(sa_type=Instant)
    """Not before then."""
    expires_at: datetime | None = instant()
    """Later it is stale and dropped."""
    status: str = Field(default="waiting", sa_column_kwargs={"server_default": "waiting"})
    reason: str | None = None
    """Why it was dropped, failed or put off (`domain.messaging.rules.Reason`)."""
    attempts: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    """Calls that surely did not reach WhatsApp."""
    text_hash: bytes | None = Field(default=None, sa_type=LargeBinary)
    """Of the text that was sent: the same one is not sent to the same person again."""
    message_id: UUID | None = Field(
        default=None, foreign_key="whatsapp_messages.id", ondelete="SET NULL", unique=True
    )
    begun_at: datetime | None = instant()
    """When the call was about to be made."""
    done_at: datetime | None = instant()
    """When its end was known, or given up as unknown."""


class WhatsAppDay(Row, table=True):
    """What a number has said on one day of Almaty, by the number: a new link of it changes nothing."""

    __tablename__ = "whatsapp_days"
    __table_args__ = (UniqueConstraint("phone_hash", "day"),)

    phone_hash: bytes = Field(sa_type=LargeBinary)
    day: date
    sent: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    new_chats: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    """Of them to people who never wrote to this number."""
