"""What an operator steers by: days of figures, dated prices of plans, switches, announcements."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field

from cube_demper.db.columns import Instant, instant, json, one_of
from cube_demper.models.base import Row
from cube_demper.models.billing import Plan


class StatisticsDay(Row, table=True):
    """The figures of one day of Almaty. Those of its end are empty for days before the first collecting."""

    __tablename__ = "statistics_days"

    day: date = Field(unique=True)
    changed: int = 0
    """Changes of prices that left for Kaspi."""
    refused: int = 0
    suggested: int = 0
    errors: dict[str, int] = json(dict, sa_column_kwargs={"server_default": text("'{}'")})
    """By kind (`domain.statistics.schemas.ErrorKind`)."""
    stores: int | None = None
    """Working, at the day's end as are those below."""
    bots: int | None = None
    goods: int | None = None
    paying: int | None = None
    trials: int | None = None
    mrr: int | None = Field(default=None, sa_type=BigInteger)


class PlanPrice(Row, table=True):
    """What a plan costs from a moment on. What was bought before keeps its price (`subscriptions.price`)."""

    __tablename__ = "plan_prices"
    __table_args__ = (
        one_of("plan", Plan),
        CheckConstraint("price >= 0 AND price % 100 = 0", name="price"),
        UniqueConstraint("plan", "begins_at"),
        Index("ix_plan_prices_due", "begins_at", postgresql_where=text("applied_at IS NULL")),
    )

    plan: str
    price: int = Field(sa_type=BigInteger)
    begins_at: datetime = Field(sa_type=Instant)
    applied_at: datetime | None = instant()


class Switch(StrEnum):
    """What can be switched off for everybody in an incident."""

    REGISTRATION = "registration"
    PRICE_SENDING = "price_sending"
    BROADCASTS = "broadcasts"
    CARD_PAYMENTS = "card_payments"


class FeatureFlag(Row, table=True):
    """A switch that somebody has touched; one without a row is on."""

    __tablename__ = "feature_flags"
    __table_args__ = (one_of("code", Switch),)

    code: str = Field(unique=True)
    is_on: bool
    reason: str = ""
    """Why it is off: people who meet it read this."""


class AnnouncementTone(StrEnum):
    """How loud it is: to know, needs attention, something is broken."""

    INFO = "blue"
    WARNING = "amber"
    TROUBLE = "red"


class Announcement(Row, table=True):
    """A word to all sellers, or to those of one plan; shown as a bar until it ends or is closed."""

    __tablename__ = "announcements"
    __table_args__ = (
        one_of("plan", Plan),
        one_of("tone", AnnouncementTone),
        CheckConstraint("ends_at > starts_at", name="span"),
        Index("ix_announcements_latest", text("starts_at DESC")),
    )

    title: str
    body: str = ""
    link: str = ""
    plan: str | None = None
    tone: str = AnnouncementTone.INFO
    starts_at: datetime = Field(sa_type=Instant)
    ends_at: datetime = Field(sa_type=Instant)
    told_at: datetime | None = instant()
    """When the sellers were told."""
    told: int = 0
    withdrawn_at: datetime | None = instant()
