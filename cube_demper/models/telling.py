"""How people are told things outside of the app: wishes, deliveries, their Telegram chats."""

from datetime import datetime, time
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, CheckConstraint, Index, Text, Time, UniqueConstraint, text
from sqlmodel import Field

from cube_demper.db.columns import Instant, instant, one_of
from cube_demper.models import accounts, operations  # noqa: F401 - its foreign keys point there
from cube_demper.models.base import Row


class TellChannel(StrEnum):
    """Where a notification may be read. APP is the bell; it also keeps what the others carry."""

    APP = "app"
    MAIL = "mail"
    TELEGRAM = "telegram"


class NotificationWishes(Row, table=True):
    """What a person wants to be told, and when not. No row: the defaults."""

    __tablename__ = "notification_wishes"
    __table_args__ = (
        CheckConstraint("digest_minutes BETWEEN 5 AND 1440", name="digest_minutes"),
        CheckConstraint(
            "num_nulls(quiet_start, quiet_end) IN (0, 2) AND quiet_start IS DISTINCT FROM quiet_end"
            " OR num_nulls(quiet_start, quiet_end) = 2",
            name="quiet_hours",
        ),
    )

    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE", unique=True)
    off: list[str] = Field(
        default_factory=list,
        sa_type=ARRAY(Text),
        nullable=False,
        sa_column_kwargs={"server_default": text("'{}'")},
    )
    """What is switched off, as «kind:channel»: a new kind is on for everybody."""
    digest_minutes: int = Field(default=30, sa_column_kwargs={"server_default": text("30")})
    quiet_start: time | None = Field(
        default=time(22),
        sa_type=Time().evaluates_none(),
        sa_column_kwargs={"server_default": "22:00"},
    )
    quiet_end: time | None = Field(
        default=time(8),
        sa_type=Time().evaluates_none(),
        sa_column_kwargs={"server_default": "08:00"},
    )


class NotificationDelivery(Row, table=True):
    """One notification on its way through one channel, once: the key keeps a second one out."""

    __tablename__ = "notification_deliveries"
    __table_args__ = (
        one_of("channel", TellChannel),
        UniqueConstraint("notification_id", "channel"),
        Index(
            "ix_notification_deliveries_open",
            "user_id",
            "channel",
            postgresql_where=text("done_at IS NULL"),
        ),
    )

    notification_id: UUID = Field(foreign_key="notifications.id", ondelete="CASCADE")
    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE")
    channel: str
    due_at: datetime = Field(sa_type=Instant)
    done_at: datetime | None = instant()
    note: str | None = None
    """Why it was not sent after all."""


class TelegramLink(Row, table=True):
    """The Telegram chat of a person. `blocked_at`: they stopped the bot there; nothing is sent."""

    __tablename__ = "telegram_links"

    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE", unique=True)
    chat_id: int = Field(sa_type=BigInteger, unique=True)
    name: str = ""
    blocked_at: datetime | None = instant()
