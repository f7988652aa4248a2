"""Where money is and whose it is: double entry, append-only and zero-sum by triggers."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, SmallInteger, UniqueConstraint, text
from sqlmodel import Field

from cube_demper.db.columns import Instant, one_of
from cube_demper.models import billing  # noqa: F401 - its foreign keys point there
from cube_demper.models.base import Row


class Account(StrEnum):
    """Accounts of the ledger.

    GATEWAY, BANK and KASPI hold money and grow by positive entries, as the costs do. CUSTOMER is what a
    user has with us and REVENUE what we earned: both grow by negative entries. PARTNER_HELD and
    PARTNER_PAYABLE are owed to partners, before and after the refund window.
    """

    GATEWAY = "gateway"
    BANK = "bank"
    KASPI = "kaspi"
    CUSTOMER = "customer"
    REVENUE = "revenue"
    REFERRAL_COST = "referral_cost"
    PARTNER_COST = "partner_cost"
    PARTNER_HELD = "partner_held"
    PARTNER_PAYABLE = "partner_payable"


class LedgerEntry(Row, table=True):
    """One line of a posting; the lines of a posting sum to zero when its transaction commits.

    People and partners are named without a key: what was booked outlives them.
    """

    __tablename__ = "ledger_entries"
    __table_args__ = (
        one_of("account", Account),
        UniqueConstraint("posting_id", "line"),
        CheckConstraint("amount <> 0", name="amount"),
        CheckConstraint("(account = 'customer') = (user_id IS NOT NULL)", name="whose"),
        CheckConstraint("(account LIKE 'partner%') = (partner_id IS NOT NULL)", name="partners"),
        Index(
            "ix_ledger_entries_user",
            "user_id",
            text("at DESC"),
            postgresql_where=text("user_id IS NOT NULL"),
        ),
        Index(
            "ix_ledger_entries_partner",
            "partner_id",
            text("at DESC"),
            postgresql_where=text("partner_id IS NOT NULL"),
        ),
        Index("ix_ledger_entries_payment", "payment_id"),
    )

    posting_id: UUID
    """Made from the posting's key, so that one event is booked once."""
    line: int = Field(sa_type=SmallInteger)
    account: str
    amount: int = Field(sa_type=BigInteger)
    user_id: UUID | None = None
    """Of CUSTOMER alone."""
    partner_id: UUID | None = None
    payment_id: UUID | None = Field(default=None, foreign_key="payments.id", ondelete="RESTRICT")
    refund_id: UUID | None = Field(default=None, foreign_key="refunds.id", ondelete="RESTRICT")
    reason: str
    at: datetime = Field(sa_type=Instant)
