"""What a seller pays for: plans, subscriptions, payments and what was given back. Sums in tiyn."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, CheckConstraint, Index, Text, text
from sqlmodel import Field

from cube_demper.db.columns import Instant, instant, json, moment_of_row, one_of, tiyn
from cube_demper.models import accounts  # noqa: F401 - its foreign keys point there
from cube_demper.models.base import Row


class Plan(StrEnum):
    """The plans of SPEC §8.1."""

    FREE = "free"
    BASIC = "basic"
    PRO = "pro"


class PlanTerms(Row, table=True):
    """What a plan costs for 30 days and what it gives; `features` are `billing.schemas.Feature`."""

    __tablename__ = "plans"
    __table_args__ = (
        one_of("code", Plan),
        CheckConstraint("price >= 0", name="price"),
        CheckConstraint("bot_limit >= 0", name="bot_limit"),
        CheckConstraint("trial_days >= 0", name="trial_days"),
        CheckConstraint("ai_tokens >= 0", name="ai_tokens"),
    )

    code: str = Field(unique=True)
    title: str
    price: int = Field(sa_type=BigInteger)
    bot_limit: int
    """Goods: with the bot on, or watched where the plan does not reprice."""
    features: list[str] = Field(default_factory=list, sa_type=ARRAY(Text), nullable=False)
    priority: int = 0
    """Of the person in support's queue; more is sooner."""
    is_sold: bool = True
    trial_days: int = 0
    ai_tokens: int = Field(
        default=0, sa_type=BigInteger, sa_column_kwargs={"server_default": text("0")}
    )
    """What the AI staff may spend in a calendar month of Almaty."""


class SubscriptionStatus(StrEnum):
    """A user has at most one active subscription."""

    ACTIVE = "active"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class Landing(StrEnum):
    """At which prices the bot stops when a plan is over: as they are, the floors, or those it began with."""

    STAY = "stay"
    FLOOR = "floor"
    BASE = "base"


class Subscription(Row, table=True):
    """A plan for a period."""

    __tablename__ = "subscriptions"
    __table_args__ = (
        one_of("plan", Plan),
        one_of("next_plan", Plan),
        one_of("first_plan", Plan),
        CheckConstraint("(first_plan IS NULL) = (first_until IS NULL)", name="first"),
        one_of("status", SubscriptionStatus),
        one_of("landing", Landing),
        CheckConstraint("current_period_end > current_period_start", name="period"),
        CheckConstraint("price >= 0", name="price"),
        CheckConstraint("grace_until >= current_period_end", name="grace"),
        Index(
            "uq_subscriptions_active",
            "user_id",
            unique=True,
            postgresql_where=text("status = 'active'"),
        ),
        Index("ix_subscriptions_due", "next_step_at", postgresql_where=text("status = 'active'")),
        Index("ix_subscriptions_latest", "user_id", text("current_period_start DESC")),
    )

    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE")
    plan: str
    status: str = SubscriptionStatus.ACTIVE
    is_trial: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    current_period_start: datetime = Field(sa_type=Instant)
    current_period_end: datetime = Field(sa_type=Instant)
    price: int | None = tiyn()
    """What the next 30 days cost; empty: what the plan costs then."""
    next_plan: str | None = None
    """A cheaper plan that follows at the period's end."""
    first_plan: str | None = None
    first_until: datetime | None = instant()
    """What was had before and is kept until then: the rest of a trial, of a bigger plan paid for."""
    cancel_at_period_end: bool = Field(
        default=False, sa_column_kwargs={"server_default": text("false")}
    )
    card_id: UUID | None = None
    """The saved card that renews it (`payment_cards`)."""
    grace_until: datetime | None = instant()
    """The plan works until then although its period is over and not paid."""
    landing: str = Field(default=Landing.STAY, sa_column_kwargs={"server_default": "stay"})
    landed_at: datetime | None = instant()
    next_step_at: datetime = moment_of_row()
    """When the billing worker looks at it again (reminders, renewal, retries, landing)."""


class PaymentPurpose(StrEnum):
    """What a payment buys: a new plan, the same for longer, a bigger one for the days left."""

    SUBSCRIBE = "subscribe"
    RENEW = "renew"
    UPGRADE = "upgrade"


class PaymentMethod(StrEnum):
    """How it is paid. BANK_INVOICE and KASPI_TRANSFER are confirmed by a person."""

    CARD = "card"
    BANK_INVOICE = "bank_invoice"
    KASPI_TRANSFER = "kaspi_transfer"
    BALANCE = "balance"


class PaymentStatus(StrEnum):
    """The states of money (`domain.billing.machine`)."""

    CREATED = "created"
    AUTHORIZED = "authorized"
    PAID = "paid"
    FAILED = "failed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    PARTLY_REFUNDED = "partly_refunded"
    REFUNDED = "refunded"


class Payment(Row, table=True):
    """One payment. A user has at most one that is open, so that two tabs make one."""

    __tablename__ = "payments"
    __table_args__ = (
        one_of("plan", Plan),
        one_of("purpose", PaymentPurpose),
        one_of("method", PaymentMethod),
        one_of("status", PaymentStatus),
        CheckConstraint("currency = 'KZT'", name="currency"),
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("from_balance BETWEEN 0 AND amount", name="from_balance"),
        CheckConstraint("refunded BETWEEN 0 AND amount", name="refunded"),
        CheckConstraint("(method = 'balance') = (from_balance = amount)", name="balance_alone"),
        Index(
            "uq_payments_open",
            "user_id",
            unique=True,
            postgresql_where=text("status IN ('created', 'authorized')"),
        ),
        Index("ix_payments_user", "user_id", text("created_at DESC")),
        Index("ix_payments_latest", text("created_at DESC")),
        Index("ix_payments_shown", text("COALESCE(paid_at, created_at) DESC"), "id"),
        Index("ix_payments_paid", "paid_at", postgresql_where=text("paid_at IS NOT NULL")),
        Index(
            "ix_payments_expiring",
            "expires_at",
            postgresql_where=text("status IN ('created', 'authorized')"),
        ),
        Index("ix_payments_subscription", "subscription_id"),
    )

    user_id: UUID = Field(foreign_key="users.id", ondelete="RESTRICT")
    subscription_id: UUID | None = Field(
        default=None, foreign_key="subscriptions.id", ondelete="SET NULL"
    )
    """The subscription that it pays for: the one it changes until it is paid, then the new one."""
    plan: str
    purpose: str
    method: str
    status: str = PaymentStatus.CREATED
    amount: int = Field(sa_type=BigInteger)
    """The whole price; `amount - from_balance` is what is asked of the card or the bank."""
    from_balance: int = Field(
        default=0, sa_type=BigInteger, sa_column_kwargs={"server_default": text("0")}
    )
    refunded: int = Field(
        default=0, sa_type=BigInteger, sa_column_kwargs={"server_default": text("0")}
    )
    currency: str = Field(default="KZT", sa_column_kwargs={"server_default": "KZT"})
    invoice_id: str = Field(unique=True)
    """What the gateway and papers call it."""
    card_id: UUID | None = None
    gateway_transaction_id: str | None = Field(default=None, unique=True)
    gateway_order_id: str | None = None
    pay_url: str | None = None
    failure_code: str | None = None
    failure_words: str | None = None
    is_test: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    is_credited: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    """The money came when there was nothing left to buy with it: it lies on the person's balance."""
    expires_at: datetime | None = instant()
    paid_at: datetime | None = instant()
    service_from: datetime | None = instant()
    service_to: datetime | None = instant()
    """The days it paid for, once it is paid."""
    quote: dict[str, Any] = json(dict)
    """The proration as it was shown before paying (`billing.quotes`)."""


class RefundStatus(StrEnum):
    """REQUESTED: it has not left. SENT: it may have left. DONE and REFUSED are final."""

    REQUESTED = "requested"
    SENT = "sent"
    DONE = "done"
    REFUSED = "refused"


class Refund(Row, table=True):
    """Money given back, whole or a part; `to_balance` of it returns to the person's balance."""

    __tablename__ = "refunds"
    __table_args__ = (
        one_of("status", RefundStatus),
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("to_balance BETWEEN 0 AND amount", name="to_balance"),
        Index("ix_refunds_payment", "payment_id"),
        Index(
            "ix_refunds_open",
            "created_at",
            postgresql_where=text("status IN ('requested', 'sent')"),
        ),
    )

    payment_id: UUID = Field(foreign_key="payments.id", ondelete="RESTRICT")
    amount: int = Field(sa_type=BigInteger)
    to_balance: int = Field(
        default=0, sa_type=BigInteger, sa_column_kwargs={"server_default": text("0")}
    )
    status: str = RefundStatus.REQUESTED
    request_id: UUID = Field(unique=True)
    gateway_refund_id: str | None = Field(default=None, unique=True)
    reason: str = Field(default="", sa_column_kwargs={"server_default": ""})
    requested_by: UUID | None = Field(default=None, foreign_key="users.id", ondelete="SET NULL")
    done_at: datetime | None = instant()
    failure_words: str | None = None
