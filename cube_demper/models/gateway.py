"""What we keep of the card gateway: saved cards, every try to take or give money, every webhook."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Index, LargeBinary, UniqueConstraint, text
from sqlmodel import Field

from cube_demper.db.columns import Instant, instant, one_of
from cube_demper.models import billing  # noqa: F401 - its foreign keys point there
from cube_demper.models.base import Row


class PaymentCard(Row, table=True):
    """A card that its holder paid with. The token charges it again; its number never reached us."""

    __tablename__ = "payment_cards"
    __table_args__ = (
        UniqueConstraint("user_id", "token_hash"),
        Index(
            "uq_payment_cards_default",
            "user_id",
            unique=True,
            postgresql_where=text("is_default"),
        ),
        Index("ix_payment_cards_token_hash", "token_hash"),
        Index("ix_payment_cards_face", "last_four", "expires", "first_six"),
    )

    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE")
    token: str
    """Encrypted."""
    token_hash: bytes = Field(sa_type=LargeBinary)
    first_six: str = Field(default="", sa_column_kwargs={"server_default": ""})
    last_four: str = Field(default="", sa_column_kwargs={"server_default": ""})
    brand: str = Field(default="", sa_column_kwargs={"server_default": ""})
    expires: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """«MM/YY», as the gateway shows it."""
    is_default: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    removed_at: datetime | None = instant()


class ChargeResult(StrEnum):
    """How a try to charge a card ended.

    SENT: it is on its way, or its process was killed. UNKNOWN: its answer was lost. Neither is ever
    followed by a new try. ABSENT: the gateway surely knows of no such charge. NOT_SENT: nothing left us.
    """

    SENT = "sent"
    APPROVED = "approved"
    DECLINED = "declined"
    THREE_DS = "three_ds"
    UNKNOWN = "unknown"
    ABSENT = "absent"
    NOT_SENT = "not_sent"


class ChargeAttempt(Row, table=True):
    """One try to take a payment from a saved card, committed before the call."""

    __tablename__ = "charge_attempts"
    __table_args__ = (
        one_of("outcome", ChargeResult),
        Index(
            "uq_charge_attempts_open",
            "payment_id",
            unique=True,
            postgresql_where=text("outcome IN ('sent', 'unknown')"),
        ),
        Index("ix_charge_attempts_payment", "payment_id", "started_at"),
    )

    payment_id: UUID = Field(foreign_key="payments.id", ondelete="RESTRICT")
    request_id: UUID = Field(unique=True)
    """Goes as X-Request-ID."""
    card_id: UUID | None = Field(default=None, foreign_key="payment_cards.id", ondelete="SET NULL")
    started_at: datetime = Field(sa_type=Instant)
    looked_at: datetime | None = instant()
    """When the gateway was last asked what became of it."""
    tries: int = Field(default=1, sa_column_kwargs={"server_default": text("1")})
    """How often it was begun: what did not leave is begun again in the same row."""
    outcome: str = ChargeResult.SENT
    transaction_id: str | None = None
    code: str | None = None
    words: str | None = None


class RefundResult(StrEnum):
    """How sending a refund ended; SENT and UNKNOWN are repeated under the same id for an hour only."""

    SENT = "sent"
    UNKNOWN = "unknown"
    NOT_SENT = "not_sent"
    DONE = "done"
    REFUSED = "refused"


class RefundAttempt(Row, table=True):
    """A refund on its way: since when its request id is in use."""

    __tablename__ = "refund_attempts"
    __table_args__ = (one_of("outcome", RefundResult),)

    refund_id: UUID = Field(foreign_key="refunds.id", ondelete="RESTRICT", unique=True)
    started_at: datetime = Field(sa_type=Instant)
    """When it may first have left."""
    looked_at: datetime | None = instant()
    """When the gateway was last asked what became of it."""
    outcome: str = RefundResult.SENT
    words: str | None = None


class EventStanding(StrEnum):
    """What became of a webhook. WAITING: what it is about is not known yet, it is tried again later."""

    APPLIED = "applied"
    WAITING = "waiting"
    REFUSED = "refused"


class GatewayEventRow(Row, table=True):
    """A webhook as it came, kept once."""

    __tablename__ = "gateway_events"
    __table_args__ = (
        one_of("standing", EventStanding),
        UniqueConstraint("kind", "transaction_id"),
        Index("ix_gateway_events_invoice", "invoice_id"),
        Index(
            "ix_gateway_events_waiting",
            "received_at",
            postgresql_where=text("standing = 'waiting'"),
        ),
        Index(
            "ix_gateway_events_refused",
            "received_at",
            postgresql_where=text("standing = 'refused'"),
        ),
    )

    kind: str
    transaction_id: str
    invoice_id: str = Field(default="", sa_column_kwargs={"server_default": ""})
    payload: str
    """Encrypted: the fields as they came, with the payer's name and address in them."""
    standing: str
    reason: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """Why it was refused, or waits: the code of the error."""
    received_at: datetime = Field(sa_type=Instant)
    handled_at: datetime | None = instant()
    answer: int = 0
    """The code that it was answered with."""
