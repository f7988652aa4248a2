"""What a seller earns by bringing friends. Sums in tiyn."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, CheckConstraint, Index, Text, text
from sqlmodel import Field

from cube_demper.db.columns import Instant, instant, one_of
from cube_demper.models import accounts  # noqa: F401 - its foreign keys point there
from cube_demper.models.base import Row


class ReferralKind(StrEnum):
    """A line of a seller's bonus account; spending is the ledger's own."""

    BONUS = "bonus"
    TAKE_BACK = "take_back"


class ReferralTransaction(Row, table=True):
    """A bonus for a friend's first payment, or what a refund takes of it.

    `released_at`: when it went to the balance; until then it waits for the refund window to end, and with
    `doubts` for a person, who wrote `cleared_at`, or `denied_at` with a `note` that the seller reads.
    """

    __tablename__ = "referral_transactions"
    __table_args__ = (
        one_of("kind", ReferralKind),
        CheckConstraint("(kind = 'bonus') = (amount >= 0)", name="sign"),
        Index("ix_referral_transactions_list", "user_id", text("at DESC")),
        Index(
            "uq_referral_transactions_bonus",
            "referred_user_id",
            unique=True,
            postgresql_where=text("kind = 'bonus'"),
        ),
        Index(
            "ix_referral_transactions_due",
            "hold_until",
            postgresql_where=text("kind = 'bonus' AND released_at IS NULL AND denied_at IS NULL"),
        ),
    )

    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE")
    referred_user_id: UUID | None = Field(
        default=None, foreign_key="users.id", ondelete="SET NULL", index=True
    )
    kind: str
    amount: int = Field(sa_type=BigInteger)
    payment_id: UUID = Field(index=True)
    at: datetime = Field(sa_type=Instant)
    hold_until: datetime | None = instant()
    released_at: datetime | None = instant()
    doubts: list[str] = Field(
        default_factory=list,
        sa_type=ARRAY(Text),
        nullable=False,
        sa_column_kwargs={"server_default": text("'{}'")},
    )
    """Signs of fraud: `partner_program.Doubt`."""
    cleared_at: datetime | None = instant()
    denied_at: datetime | None = instant()
    note: str = Field(default="", sa_column_kwargs={"server_default": ""})
