"""Kaspi's payout reports: the file, its lines as they were sent, and how they differ from our orders."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Index, LargeBinary, UniqueConstraint, text
from sqlmodel import Field

from cube_demper.db.columns import instant, json, one_of, tiyn
from cube_demper.models import stores  # noqa: F401 - its foreign keys point there
from cube_demper.models.base import Row


class PayoutStatus(StrEnum):
    """How far a report has come. COLUMNS: the seller has to say which column is which."""

    READING = "reading"
    COLUMNS = "columns"
    MATCHING = "matching"
    READY = "ready"
    REFUSED = "refused"
    CANCELLED = "cancelled"
    """The seller stopped the work on a new report; it can go on."""


class PayoutOperation(StrEnum):
    """What a line of a report is. OTHER: a charge or a payment that belongs to no order."""

    PURCHASE = "purchase"
    RETURN = "return"
    OTHER = "other"


class DifferenceKind(StrEnum):
    """How a report and our orders disagree."""

    COMMISSION_HIGHER = "commission_higher"
    COMMISSION_LOWER = "commission_lower"
    DELIVERY = "delivery"
    AMOUNT = "amount"
    LINE_SUM = "line_sum"
    MISSING = "missing"
    AWAITED = "awaited"
    """Completed in the last days of the period: it may come in the next report."""
    UNKNOWN_ORDER = "unknown_order"
    OTHER_CHARGE = "other_charge"
    TWICE = "twice"
    CANCELLED_PAID = "cancelled_paid"
    RETURN_MISSING = "return_missing"
    RETURN_UNEXPECTED = "return_unexpected"
    TOTAL = "total"
    CURRENCY = "currency"
    DATE = "date"
    UNREADABLE = "unreadable"


class PayoutReport(Row, table=True):
    """One file of one store. `content` is kept until its lines are read."""

    __tablename__ = "payout_reports"
    __table_args__ = (
        UniqueConstraint("store_id", "file_hash"),
        Index("ix_payout_reports_period", "store_id", "period_to"),
        one_of("status", PayoutStatus),
    )

    store_id: UUID = Field(foreign_key="kaspi_stores.id", ondelete="CASCADE")
    file_name: str
    file_hash: bytes = Field(sa_type=LargeBinary)
    """SHA-256: the same file sent twice is one report."""
    content: bytes | None = Field(default=None, sa_type=LargeBinary)
    status: str = PayoutStatus.READING
    note: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """Why it was refused, or which columns are missing."""
    columns: dict[str, str] = json(dict, sa_column_kwargs={"server_default": text("'{}'")})
    """Field → heading, as the file was read."""
    headings: list[dict[str, str]] = json(list, sa_column_kwargs={"server_default": text("'[]'")})
    """What the file's columns are called, each with a value from it, for the seller to choose from."""
    period_from: date | None = None
    period_to: date | None = None
    stated_total: int | None = tiyn()
    """What the file says that its lines add up to."""
    is_total_net: bool = Field(default=True, sa_column_kwargs={"server_default": text("true")})
    """Whether `stated_total` is of the sums paid out, else of the operations."""
    total: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    done: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    matched_at: datetime | None = instant()


class PayoutLine(Row, table=True):
    """One line of a report, tiyn. Fees are what was withheld: negative where it was given back."""

    __tablename__ = "payout_lines"
    __table_args__ = (
        UniqueConstraint("report_id", "number"),
        Index("ix_payout_lines_order", "report_id", "order_code", "number"),
        Index("ix_payout_lines_code", "order_code"),
        one_of("operation", PayoutOperation),
    )

    report_id: UUID = Field(foreign_key="payout_reports.id", ondelete="CASCADE")
    number: int
    order_code: str
    operation: str
    operated_on: date | None = None
    gross: int = Field(default=0, sa_type=BigInteger)
    commission: int = Field(default=0, sa_type=BigInteger)
    kaspi_pay: int = Field(default=0, sa_type=BigInteger)
    delivery: int = Field(default=0, sa_type=BigInteger)
    bonus: int = Field(default=0, sa_type=BigInteger)
    net: int | None = tiyn()
    currency: str = Field(default="", sa_column_kwargs={"server_default": ""})
    document: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """The number of the operation's own document, and its time: two lines that share all are one twice."""
    details: str = Field(default="", sa_column_kwargs={"server_default": ""})
    trouble: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """Why the line cannot be read."""
    raw: list[str] = json(list)
    """The cells under the report's `headings`, buyers' data left blank."""
    expected_commission: int | None = tiyn()
    expected_delivery: int | None = tiyn()
    is_estimate: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    is_fine: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    """Nothing of it differs from what was expected."""


class PayoutDifference(Row, table=True):
    """One difference, tiyn. `amount` is what the seller is short of; negative: what they got too much."""

    __tablename__ = "payout_differences"
    __table_args__ = (
        UniqueConstraint("report_id", "kind", "subject"),
        Index("ix_payout_differences_kind", "report_id", "kind", "number"),
        one_of("kind", DifferenceKind),
    )

    report_id: UUID = Field(foreign_key="payout_reports.id", ondelete="CASCADE")
    kind: str
    subject: str
    """What it is about, the same at every matching: a line's number, an order's code."""
    number: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    """The line; 0 where there is none."""
    order_code: str
    ours: int | None = tiyn()
    theirs: int | None = tiyn()
    amount: int = Field(default=0, sa_type=BigInteger)
    is_estimate: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    facts: dict[str, Any] = json(dict)
    """What the sentence needs: the figure, its source, since when."""
    resolved_at: datetime | None = instant()
    note: str = Field(default="", sa_column_kwargs={"server_default": ""})


class PayoutLayout(Row, table=True):
    """Which heading a store's seller chose for which field, for reports that come later."""

    __tablename__ = "payout_layouts"

    store_id: UUID = Field(foreign_key="kaspi_stores.id", ondelete="CASCADE", unique=True)
    columns: dict[str, str] = json(dict)
