"""Dated figures of law and of Kaspi, as they are in force for this installation."""

from datetime import date, datetime
from enum import StrEnum

from sqlmodel import Field

from cube_demper.db.columns import instant, json, one_of
from cube_demper.models.base import Row


class RateKind(StrEnum):
    """The tables that share this one (`domain.rates.rows`)."""

    COMMISSION = "commission"
    DELIVERY = "delivery"
    FEE = "fee"
    TAX = "tax"
    BASE_RATE = "base_rate"
    INDEX = "index"
    DUTY = "duty"


class RateConfidence(StrEnum):
    """How sure a figure is (`domain.rates.rows.Confidence`)."""

    HIGH = "high"
    MEDIUM_HIGH = "medium-high"
    MEDIUM = "medium"
    LOW = "low"


class Rate(Row, table=True):
    """One row of a dated table; `figures` are the columns of its kind as texts (`domain.rates.codec`)."""

    __tablename__ = "rates"
    __table_args__ = (one_of("kind", RateKind), one_of("confidence", RateConfidence))

    kind: str
    figures: dict[str, str] = json(dict)
    valid_from: date | None = None
    valid_to: date | None = None
    """The last day in force."""
    source: str
    confidence: str
    note: str = Field(default="", sa_column_kwargs={"server_default": ""})
    shipped_as: str | None = Field(default=None, unique=True)
    """Which row of the program's own files it came from; None: added by hand."""
    edited_at: datetime | None = instant()
    """When a person changed it: from then on no new version of the program does."""
