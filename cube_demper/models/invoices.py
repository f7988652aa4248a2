"""Papers of payments, numbered by the year, and the requisites that stand on them."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field

from cube_demper.db.columns import Instant, json, one_of
from cube_demper.models import billing  # noqa: F401 - its foreign keys point there
from cube_demper.models.base import Row


class PaperKind(StrEnum):
    """INVOICE: счёт на оплату. ACT: акт оказанных услуг, once the days it paid for are over."""

    INVOICE = "invoice"
    ACT = "act"


class Invoice(Row, table=True):
    """One paper as it was issued: nothing on it changes later. Numbers have no gaps within a year."""

    __tablename__ = "invoices"
    __table_args__ = (
        one_of("kind", PaperKind),
        UniqueConstraint("kind", "year", "number"),
        UniqueConstraint("payment_id", "kind"),
        CheckConstraint("number > 0", name="number"),
        CheckConstraint("amount > 0", name="amount"),
        Index("ix_invoices_user", "user_id", text("issued_at DESC")),
    )

    kind: str
    year: int
    number: int
    user_id: UUID = Field(foreign_key="users.id", ondelete="RESTRICT")
    payment_id: UUID = Field(foreign_key="payments.id", ondelete="RESTRICT")
    title: str
    """What for, as the paper says it."""
    amount: int = Field(sa_type=BigInteger)
    issued_at: datetime = Field(sa_type=Instant)
    issued_on: date
    """The day in Almaty."""
    requisites: dict[str, Any] = json(dict)
    """Both sides as they were: `{"seller": {…}, "buyer": {…}}`."""


class BillingRequisites(Row, table=True):
    """Who pays: a seller's company for papers."""

    __tablename__ = "billing_requisites"

    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE", unique=True)
    company: str
    bin: str
    """БИН of a company or ИИН of a person: 12 digits with a control digit."""
    address: str = Field(default="", sa_column_kwargs={"server_default": ""})
    iban: str = Field(default="", sa_column_kwargs={"server_default": ""})
    bank: str = Field(default="", sa_column_kwargs={"server_default": ""})
    bik: str = Field(default="", sa_column_kwargs={"server_default": ""})
