"""What was done about a plan that is about to end or has ended unpaid, and where its prices landed."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field

from cube_demper.db.columns import Instant, instant, one_of, tiyn
from cube_demper.models import billing, catalog  # noqa: F401 - its foreign keys point there
from cube_demper.models.base import Row


class DunningState(StrEnum):
    """OPEN: the period is over and the plan still works. LANDED: the bot has stopped. Others are final."""

    OPEN = "open"
    LANDING = "landing"
    LANDED = "landed"
    RECOVERED = "recovered"
    CLOSED = "closed"


class DunningCase(Row, table=True):
    """One end of a plan that was not paid for in time."""

    __tablename__ = "dunning_cases"
    __table_args__ = (
        one_of("state", DunningState),
        one_of("landing", billing.Landing),
        Index("ix_dunning_cases_user", "user_id", text("opened_at DESC")),
    )

    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE")
    subscription_id: UUID = Field(foreign_key="subscriptions.id", ondelete="CASCADE", unique=True)
    state: str = DunningState.OPEN
    landing: str = Field(default=billing.Landing.STAY, sa_column_kwargs={"server_default": "stay"})
    opened_at: datetime = Field(sa_type=Instant)
    landed_at: datetime | None = instant()
    recovered_at: datetime | None = instant()
    goods: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    """With the bot on when it stopped."""
    at_risk: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    """Of these, those that had rivals at their heels."""


class DunningStepKind(StrEnum):
    """REMIND before the end, RETRY the card, GRACE began, LAND the prices."""

    REMIND = "remind"
    RETRY = "retry"
    GRACE = "grace"
    LAND = "land"


class DunningStep(Row, table=True):
    """One thing done, once: `name` says which («remind_7», «retry_2»)."""

    __tablename__ = "dunning_steps"
    __table_args__ = (
        one_of("kind", DunningStepKind),
        UniqueConstraint("subscription_id", "name"),
    )

    subscription_id: UUID = Field(foreign_key="subscriptions.id", ondelete="CASCADE")
    kind: str
    name: str
    payment_id: UUID | None = Field(default=None, foreign_key="payments.id", ondelete="SET NULL")
    at: datetime = Field(sa_type=Instant)


class LandedPrice(Row, table=True):
    """Where one product's price in one city was frozen; empty `target`: it stays where it was."""

    __tablename__ = "landed_prices"
    __table_args__ = (UniqueConstraint("case_id", "product_id", "city_id"),)

    case_id: UUID = Field(foreign_key="dunning_cases.id", ondelete="CASCADE")
    product_id: UUID = Field(foreign_key="products.id", ondelete="CASCADE", index=True)
    city_id: str
    price: int | None = tiyn()
    target: int | None = tiyn()
    rival_price: int | None = tiyn()
    is_at_risk: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    history_id: UUID | None = None
    """The row of `price_history` that carries it to Kaspi."""
