"""What a seller pays for."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field

from cube_demper.db.columns import Instant, one_of
from cube_demper.models import accounts  # noqa: F401 - its foreign keys point there
from cube_demper.models.base import Row


class Plan(StrEnum):
    """The plans of SPEC §8.1."""

    FREE = "free"
    BASIC = "basic"
    PRO = "pro"


class SubscriptionStatus(StrEnum):
    """A user has at most one active subscription."""

    ACTIVE = "active"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class Subscription(Row, table=True):
    """A plan for a period."""

    __tablename__ = "subscriptions"
    __table_args__ = (
        one_of("plan", Plan),
        one_of("status", SubscriptionStatus),
        CheckConstraint("current_period_end > current_period_start", name="period"),
        Index(
            "uq_subscriptions_active",
            "user_id",
            unique=True,
            postgresql_where=text("status = 'active'"),
        ),
    )

    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE")
    plan: str
    status: str = SubscriptionStatus.ACTIVE
    is_trial: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    current_period_start: datetime = Field(sa_type=Instant)
    current_period_end: datetime = Field(sa_type=Instant)
