"""WhatsApp's numbers and people: a seller's agreement, numbers linked through WAHA, stores, contacts.

What names a person is encrypted; hashes (`SecretBox.fingerprint`) find it again.
"""

from datetime import date, datetime, time
from enum import StrEnum
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    Column,
    Computed,
    Index,
    LargeBinary,
    SmallInteger,
    Time,
    UniqueConstraint,
    text,
)
from sqlmodel import Field

from cube_demper.db.columns import instant, one_of
from cube_demper.models import accounts, stores  # noqa: F401 - its foreign keys point there
from cube_demper.models.base import Row


class TriggerEvent(StrEnum):
    """What a buyer may be written about (SPEC §6.3); REVIEW_BONUS only where the operator allows it."""

    ORDER_APPROVED = "order_approved"
    ORDER_SHIPPED = "order_shipped"
    ORDER_DELIVERED = "order_delivered"
    ORDER_COMPLETED = "order_completed"
    REVIEW_REQUEST = "review_request"
    REVIEW_BONUS = "review_bonus"


class Language(StrEnum):
    """Of a text to a buyer."""

    RU = "ru"
    KK = "kk"


class PauseReason(StrEnum):
    """Why a number says nothing until somebody decides.

    SELLER: «стоп». FAILED: WhatsApp signed it out. CAPPED: its quota of new chats is spent. TIMELOCK:
    WhatsApp forbids it new chats for a time. REFUSED: sends are refused in a row, as before a ban.
    OUTAGE: it was away for an hour or more and an old queue waits for its owner's word.
    """

    SELLER = "seller"
    FAILED = "failed"
    CAPPED = "capped"
    TIMELOCK = "timelock"
    REFUSED = "refused"
    OUTAGE = "outage"


class WhatsAppSettings(Row, table=True):
    """A seller's agreement to write to buyers. No row: never agreed, nothing is sent."""

    __tablename__ = "whatsapp_settings"

    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE", unique=True)
    consented_at: datetime | None = instant()
    consent_version: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """Which wording of the risks was agreed to; the audit log keeps who and when."""
    stopped_at: datetime | None = instant()
    """«Стоп»: since when nothing leaves for this seller; NULL while all goes on."""


class WhatsAppSession(Row, table=True):
    """One number linked through WAHA. `status` is WAHA's own word: an unknown one is «нужно действие»."""

    __tablename__ = "whatsapp_sessions"
    __table_args__ = (
        one_of("pause_reason", PauseReason),
        CheckConstraint("daily_limit BETWEEN 1 AND 100", name="daily_limit"),
        CheckConstraint("quiet_start <> quiet_end", name="quiet_hours"),
        Index(
            "ix_whatsapp_sessions_due",
            "shard_key",
            "next_at",
            postgresql_where=text("next_at IS NOT NULL"),
        ),
    )

    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE", index=True)
    name: str = Field(unique=True)
    """The session's name in WAHA."""
    label: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """The seller's own word for the number."""
    shard_key: int | None = Field(
        default=None,
        sa_column=Column(
            SmallInteger, Computed("hashtext(id::text) & 1023", persisted=True), nullable=False
        ),
    )
    status: str = Field(default="STOPPED", sa_column_kwargs={"server_default": "STOPPED"})
    status_at: datetime | None = instant()
    """WAHA's time of that status: an older one changes nothing."""
    engine: str = Field(default="", sa_column_kwargs={"server_default": ""})
    phone: str | None = None
    """Encrypted, `+77010000001`: whose number it is; kept after a sign-out."""
    phone_hash: bytes | None = Field(default=None, sa_type=LargeBinary)
    push_name: str = Field(default="", sa_column_kwargs={"server_default": ""})
    lid: str | None = None
    linked_at: datetime | None = instant()
    """When this number was last linked (QR or code)."""
    working_at: datetime | None = instant()
    """When it was last known to work."""
    away_since: datetime | None = instant()
    """Since when it cannot send though it was linked; the gate clears it when it goes on."""
    paused_at: datetime | None = instant()
    pause_reason: str | None = None
    paused_until: datetime | None = instant()
    """A time-lock's end; NULL: until the seller goes on."""
    capping: str | None = None
    """WAHA's `cappingStatus`, raw."""
    quota_total: int | None = None
    """New chats that WhatsApp allows in its cycle; NULL or -1: no cap."""
    quota_used: int | None = None
    quota_ends_at: datetime | None = instant()
    capping_at: datetime | None = instant()
    """When capping and time-lock were last asked for."""
    refusals: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    """Sends refused in a row."""
    in_use_since: date | None = None
    """Since when people use this number, in the seller's words: an old one warms up faster."""
    is_warm: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    """The seller takes it as warmed up."""
    daily_limit: int = Field(default=100, sa_column_kwargs={"server_default": text("100")})
    quiet_start: time = Field(
        default=time(21), sa_type=Time, sa_column_kwargs={"server_default": "21:00"}
    )
    quiet_end: time = Field(
        default=time(9), sa_type=Time, sa_column_kwargs={"server_default": "09:00"}
    )
    """Nobody is written to from quiet_start to quiet_end, Almaty time."""
    free_at: datetime | None = instant()
    """Not before then: the pace between two messages."""
    next_at: datetime | None = instant()
    """When its queue is to be looked at; NULL: nothing waits."""
    claimed_until: datetime | None = instant()
    claim: UUID | None = None
    """Whose turn it is; a process with another one has lost it."""


class WhatsAppStore(Row, table=True):
    """Whether a store's buyers are written to, from which number and in which language. No row: no."""

    __tablename__ = "whatsapp_stores"
    __table_args__ = (one_of("language", Language),)

    store_id: UUID = Field(foreign_key="kaspi_stores.id", ondelete="CASCADE", unique=True)
    session_id: UUID | None = Field(
        default=None, foreign_key="whatsapp_sessions.id", ondelete="SET NULL", index=True
    )
    is_enabled: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    language: str = Field(default="ru", sa_column_kwargs={"server_default": "ru"})


class WhatsAppRule(Row, table=True):
    """One event of one store: told or not, and how long after. No row: the event's default."""

    __tablename__ = "whatsapp_rules"
    __table_args__ = (
        UniqueConstraint("store_id", "trigger_event"),
        one_of("trigger_event", TriggerEvent),
        CheckConstraint("delay_minutes BETWEEN 0 AND 43200", name="delay"),
    )

    store_id: UUID = Field(foreign_key="kaspi_stores.id", ondelete="CASCADE")
    trigger_event: str
    is_on: bool
    delay_minutes: int = 0


class WhatsAppContact(Row, table=True):
    """A person as one seller knows them in WhatsApp: by phone, by hidden id (`lid`), or both."""

    __tablename__ = "whatsapp_contacts"
    __table_args__ = (
        UniqueConstraint("user_id", "phone_hash"),
        UniqueConstraint("user_id", "lid"),
        one_of("language", Language),
        CheckConstraint("num_nonnulls(phone_hash, lid) > 0", name="somebody"),
        Index(
            "ix_whatsapp_contacts_talks",
            "user_id",
            text("talked_at DESC"),
            text("id DESC"),
            postgresql_where=text("talked_at IS NOT NULL"),
        ),
        Index("ix_whatsapp_contacts_name", "name_hashes", postgresql_using="gin"),
    )

    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE")
    phone: str | None = None
    """Encrypted, `+77010000001`."""
    phone_hash: bytes | None = Field(default=None, sa_type=LargeBinary)
    lid: str | None = None
    """`123@lid`: who writes to us when WhatsApp hides the number."""
    name: str | None = None
    """Encrypted."""
    chat_id: str | None = None
    """Encrypted: what WAHA said to write to, `77010000001@c.us` or a lid."""
    is_on_whatsapp: bool | None = None
    checked_at: datetime | None = instant()
    """When WAHA last told whether the number is there."""
    opted_out_at: datetime | None = instant()
    """They asked not to be written to; replies to their own letters are still allowed."""
    language: str | None = None
    """The language they wrote to us in."""
    heard_at: datetime | None = instant()
    """When they last wrote."""
    talked_at: datetime | None = instant()
    """When anything was last said in this talk, by either side; NULL: nothing was."""
    name_hashes: list[bytes] = Field(
        default_factory=list,
        sa_type=ARRAY(LargeBinary),
        nullable=False,
        sa_column_kwargs={"server_default": text("'{}'")},
    )
    """One hash a word of the name, as orders have."""
