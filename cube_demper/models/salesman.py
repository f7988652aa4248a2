"""The AI salesman: a store's switch, and every message that was thought of, sent or not."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    Index,
    SmallInteger,
    Text,
    UniqueConstraint,
    text,
)
from sqlmodel import Field

from cube_demper.db.columns import Instant, instant, one_of
from cube_demper.models import messages, orders  # noqa: F401 - its foreign keys point there
from cube_demper.models.base import Row


class Trigger(StrEnum):
    """Why the salesman writes (SPEC §7.3). REPLY: the buyer answered."""

    NEW_ORDER = "new_order"
    REPEAT_CUSTOMER = "repeat_customer"
    REVIEW_REQUEST = "review_request"
    REPLY = "reply"


class SalesmanMode(StrEnum):
    """APPROVE: each message waits for the seller's word. AUTO: what passes the checks leaves by itself."""

    APPROVE = "approve"
    AUTO = "auto"


class ThoughtStatus(StrEnum):
    """Where a message stands.

    PLANNED: to be written. HELD_OUT: of the group that is left alone, so that the others' gain can be
    measured. WAITING: for the seller's word. QUEUED: given to the send gate. REJECTED: no answer of the
    model passed the checks. HANDED_OVER: a person has to answer. SKIPPED: no longer to be said, `reason`
    says why. DECLINED: by the seller.
    """

    PLANNED = "planned"
    HELD_OUT = "held_out"
    WAITING = "waiting"
    QUEUED = "queued"
    REJECTED = "rejected"
    HANDED_OVER = "handed_over"
    SKIPPED = "skipped"
    DECLINED = "declined"


class SalesmanSettings(Row, table=True):
    """A store's salesman. No row: off. What it may offer stands in the store's own `ai_*` columns."""

    __tablename__ = "ai_salesman_settings"
    __table_args__ = (
        one_of("mode", SalesmanMode),
        CheckConstraint("holdout_percent BETWEEN 0 AND 50", name="holdout_percent"),
    )

    store_id: UUID = Field(foreign_key="kaspi_stores.id", ondelete="CASCADE", unique=True)
    is_on: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    mode: str = Field(default=SalesmanMode.APPROVE, sa_column_kwargs={"server_default": "approve"})
    triggers: list[str] = Field(
        default_factory=lambda: [it for it in Trigger if it is not Trigger.REPLY],
        sa_type=ARRAY(Text),
        nullable=False,
        sa_column_kwargs={"server_default": text("'{new_order,repeat_customer,review_request}'")},
    )
    holdout_percent: int = Field(
        default=10, sa_type=SmallInteger, sa_column_kwargs={"server_default": text("10")}
    )


class SalesmanMessage(Row, table=True):
    """One message of the salesman. The same buyer is never written to twice for one order and trigger."""

    __tablename__ = "ai_salesman_messages"
    __table_args__ = (
        one_of("trigger", Trigger),
        one_of("status", ThoughtStatus),
        UniqueConstraint("user_id", "dedupe_key"),
        Index("ix_ai_salesman_messages_list", "user_id", "status", text("created_at DESC"), "id"),
        Index("ix_ai_salesman_messages_contact", "contact_id", text("created_at DESC")),
        Index("ix_ai_salesman_messages_store_day", "store_id", "written_at"),
    )

    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE")
    store_id: UUID = Field(foreign_key="kaspi_stores.id", ondelete="CASCADE")
    contact_id: UUID = Field(foreign_key="whatsapp_contacts.id", ondelete="CASCADE")
    order_id: UUID | None = Field(
        default=None, foreign_key="orders.id", ondelete="SET NULL", index=True
    )
    trigger: str
    status: str = ThoughtStatus.PLANNED
    reason: str = Field(default="", sa_column_kwargs={"server_default": ""})
    dedupe_key: str
    body: str | None = None
    """Encrypted: the text as it was filled."""
    template: str | None = None
    """Encrypted: the model's text with its variables, filled anew when it is approved later."""
    language: str | None = None
    skus: list[str] = Field(
        default_factory=list,
        sa_type=ARRAY(Text),
        nullable=False,
        sa_column_kwargs={"server_default": text("'{}'")},
    )
    prices: list[int] = Field(
        default_factory=list,
        sa_type=ARRAY(BigInteger),
        nullable=False,
        sa_column_kwargs={"server_default": text("'{}'")},
    )
    """Tiyn, of `skus`, as they were offered."""
    discount_percent: int = Field(
        default=0, sa_type=SmallInteger, sa_column_kwargs={"server_default": text("0")}
    )
    due_at: datetime = Field(sa_type=Instant)
    """Not to be said before then."""
    written_at: datetime | None = instant()
    decided_at: datetime | None = instant()
    """When a person approved or declined it."""
    queue_id: UUID | None = Field(
        default=None, foreign_key="scheduled_messages.id", ondelete="SET NULL", unique=True
    )
