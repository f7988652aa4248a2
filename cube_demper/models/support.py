"""The talk between a person and our support: one chat a person, and in it a round for each matter."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Computed,
    Identity,
    Index,
    LargeBinary,
    SmallInteger,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlmodel import Field

from cube_demper.db.columns import Instant, instant, one_of
from cube_demper.models import accounts  # noqa: F401 - its foreign keys point there
from cube_demper.models.base import Row

_ZERO = {"server_default": text("0")}


class ChatStatus(StrEnum):
    """SPEC §11.2. PENDING: nobody has taken it. REOPENED: closed before, and it goes on."""

    PENDING = "pending"
    OPEN = "open"
    CLOSED = "closed"
    REOPENED = "reopened"


class MessageKind(StrEnum):
    """Who says it. NOTE: staff to staff, never shown to the person. EVENT: what was done to the chat."""

    USER = "user"
    STAFF = "staff"
    NOTE = "note"
    EVENT = "event"


class SupportChat(Row, table=True):
    """All that a person and support ever said to each other. A manager has a chat of their own."""

    __tablename__ = "support_chats"
    __table_args__ = (
        one_of("status", ChatStatus),
        CheckConstraint("user_unread >= 0 AND staff_unread >= 0", name="unread"),
        Index("ix_support_chats_latest", text("talked_at DESC"), text("id DESC")),
        Index("ix_support_chats_status", "status", text("talked_at DESC"), text("id DESC")),
        Index(
            "ix_support_chats_assigned",
            "assigned_to",
            postgresql_where=text("assigned_to IS NOT NULL"),
        ),
    )

    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE", unique=True)
    """The person who writes to us."""
    owner_id: UUID | None = Field(
        default=None, foreign_key="users.id", ondelete="SET NULL", index=True
    )
    """The seller whose business it was last: the person, or whom they work for."""
    status: str = ChatStatus.PENDING
    assigned_to: UUID | None = Field(default=None, foreign_key="users.id", ondelete="SET NULL")
    rounds: int = Field(default=1, sa_column_kwargs={"server_default": text("1")})
    """How many matters there were; the last one's row in `support_rounds` has this number."""
    talked_at: datetime = Field(sa_type=Instant)
    waiting_since: datetime | None = instant()
    """Since when the person waits for an answer; NULL: the last word is ours."""
    user_unread: int = Field(default=0, sa_column_kwargs=_ZERO)
    """Answers that the person has not seen."""
    staff_unread: int = Field(default=0, sa_column_kwargs=_ZERO)
    """The person's messages that nobody of support has seen."""
    user_read_at: datetime | None = instant()
    staff_read_at: datetime | None = instant()
    mail_at: datetime | None = instant()
    """When answers that were not seen go out by mail, by a row of the outbox; NULL: none waits."""
    mailed_number: int = Field(
        default=0, sa_type=BigInteger, sa_column_kwargs={"server_default": text("0")}
    )
    """`support_messages.number` up to which answers went out by mail."""


class SupportRound(Row, table=True):
    """One matter of a chat, from the person's first message to its closing: what SLA is counted by."""

    __tablename__ = "support_rounds"
    __table_args__ = (
        UniqueConstraint("chat_id", "number"),
        CheckConstraint("rating BETWEEN 1 AND 5", name="rating"),
        Index("ix_support_rounds_opened", text("opened_at DESC")),
        Index(
            "ix_support_rounds_due", "resolve_due_at", postgresql_where=text("closed_at IS NULL")
        ),
    )

    chat_id: UUID = Field(foreign_key="support_chats.id", ondelete="CASCADE")
    number: int
    priority: int = Field(sa_type=SmallInteger)
    """Of the plan in force when it was opened, `plans.priority`: the greater, the sooner."""
    opened_at: datetime = Field(sa_type=Instant)
    answer_due_at: datetime = Field(sa_type=Instant)
    resolve_due_at: datetime = Field(sa_type=Instant)
    taken_at: datetime | None = instant()
    answered_at: datetime | None = instant()
    """Our first answer."""
    answer_seconds: int | None = None
    """How long the person waited for it, by working hours."""
    answered_by: UUID | None = Field(default=None, foreign_key="users.id", ondelete="SET NULL")
    closed_at: datetime | None = instant()
    closed_by: UUID | None = Field(default=None, foreign_key="users.id", ondelete="SET NULL")
    rating: int | None = Field(default=None, sa_type=SmallInteger)
    rating_words: str = Field(default="", sa_column_kwargs={"server_default": text("''")})
    rated_at: datetime | None = instant()


class SupportMessage(Row, table=True):
    """What was said. `number` grows with time within a chat: pages are cut by it."""

    __tablename__ = "support_messages"
    __table_args__ = (
        one_of("kind", MessageKind),
        UniqueConstraint("chat_id", "key"),
        Index("ix_support_messages_page", "chat_id", text("number DESC")),
        Index("ix_support_messages_words", "words", postgresql_using="gin"),
    )

    number: int = Field(
        default=None,
        sa_column=Column(BigInteger, Identity(always=True), nullable=False, unique=True),
    )
    chat_id: UUID = Field(foreign_key="support_chats.id", ondelete="CASCADE")
    kind: str
    author_id: UUID | None = Field(default=None, foreign_key="users.id", ondelete="SET NULL")
    body: str = ""
    """Plain text, shown as text. Of an EVENT: its code and the name it concerns, `taken:Айгуль`."""
    key: str
    """Made by the writer's browser: the same one twice is one message."""
    sent_at: datetime = Field(sa_type=Instant)
    words: Any = Field(
        default=None,
        sa_column=Column(
            TSVECTOR,
            Computed("to_tsvector('russian'::regconfig, body)", persisted=True),
        ),
    )


class SupportFile(Row, table=True):
    """A picture or a PDF of a message. `content` is encrypted; without a message it goes in a day."""

    __tablename__ = "support_files"
    __table_args__ = (
        Index("ix_support_files_added", "user_id", "added_at"),
        Index("ix_support_files_message", "message_id"),
        Index("ix_support_files_expiry", "expires_at"),
    )

    user_id: UUID | None = Field(default=None, foreign_key="users.id", ondelete="SET NULL")
    """Who uploaded it."""
    message_id: UUID | None = Field(
        default=None, foreign_key="support_messages.id", ondelete="CASCADE"
    )
    name: str
    mimetype: str
    size: int
    """Bytes, as they are kept: pictures are drawn anew without what cameras add."""
    width: int | None = None
    height: int | None = None
    content: bytes = Field(sa_type=LargeBinary)
    added_at: datetime = Field(sa_type=Instant)
    expires_at: datetime = Field(sa_type=Instant)


class SupportReply(Row, table=True):
    """A text at hand of all support people; `{name}` in it is the person's name."""

    __tablename__ = "support_replies"
    __table_args__ = (Index("uq_support_replies_shortcut", text("lower(shortcut)"), unique=True),)

    shortcut: str
    """What is typed after «/»."""
    title: str
    message: str
    used: int = Field(default=0, sa_column_kwargs=_ZERO)


class SupportLabel(Row, table=True):
    """A word that chats are sorted by."""

    __tablename__ = "support_labels"
    __table_args__ = (Index("uq_support_labels_title", text("lower(title)"), unique=True),)

    title: str
    tone: str = "gray"
    """A tone of the kit: gray, blue, green, amber, red."""


class SupportChatLabel(Row, table=True):
    """A label on a chat."""

    __tablename__ = "support_chat_labels"
    __table_args__ = (UniqueConstraint("chat_id", "label_id"),)

    chat_id: UUID = Field(foreign_key="support_chats.id", ondelete="CASCADE")
    label_id: UUID = Field(foreign_key="support_labels.id", ondelete="CASCADE", index=True)


class SupportDesk(Row, table=True):
    """A support person's place: whether they take chats, and when their page was last open."""

    __tablename__ = "support_desks"
    __table_args__ = (CheckConstraint("most_chats BETWEEN 1 AND 100", name="most_chats"),)

    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE", unique=True)
    is_available: bool = Field(default=True, sa_column_kwargs={"server_default": text("true")})
    most_chats: int = Field(default=10, sa_column_kwargs={"server_default": text("10")})
    seen_at: datetime = Field(sa_type=Instant)
