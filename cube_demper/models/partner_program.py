"""The partner programme: how a seller came, what that earned and what was paid out. Sums in tiyn."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, LargeBinary, Text, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field

from cube_demper.db.columns import Instant, instant, one_of
from cube_demper.models import accounts, partners  # noqa: F401 - its foreign keys point there
from cube_demper.models.base import Row


class Touch(StrEnum):
    """Whose link counts when a seller came by several: the first one's or the last one's."""

    FIRST = "first"
    LAST = "last"


class ClickVerdict(StrEnum):
    """Whether a click counts, or why it does not."""

    COUNTED = "counted"
    BOT = "bot"
    PREVIEW = "preview"
    """A messenger drew the link's picture: nobody has opened it yet."""
    PREFETCH = "prefetch"
    OWN = "own"
    REPEAT = "repeat"


class LeadWay(StrEnum):
    """How a seller said who sent them."""

    LINK = "link"
    CODE = "code"


class Doubt(StrEnum):
    """A sign of fraud: it holds money until a person decides, and the partner reads which it is."""

    SELF = "self"
    OWN_ADDRESS = "own_address"
    OWN_DEVICE = "own_device"
    OWN_CARD = "own_card"
    MANY_FROM_ADDRESS = "many_from_address"
    THROWAWAY_MAIL = "throwaway_mail"
    MANY_REFUNDS = "many_refunds"


class EntryKind(StrEnum):
    """A line of a partner's account."""

    COMMISSION = "commission"
    TAKE_BACK = "take_back"
    PAYOUT = "payout"
    PAYOUT_RETURNED = "payout_returned"


class EntryStatus(StrEnum):
    """Where a line stands: on hold, in doubt, to be paid; DENIED never will be."""

    HELD = "held"
    DOUBTED = "doubted"
    RELEASED = "released"
    DENIED = "denied"


class PayoutStatus(StrEnum):
    """Steps of a payout; PAID and REFUSED are the ends."""

    REQUESTED = "requested"
    APPROVED = "approved"
    PAID = "paid"
    REFUSED = "refused"


class PartnerTerms(Row, table=True):
    """The programme's rules from a moment on; the newest that has begun is in force."""

    __tablename__ = "partner_terms"
    __table_args__ = (
        one_of("touch", Touch),
        CheckConstraint("cookie_days BETWEEN 1 AND 365", name="cookie"),
        CheckConstraint("hold_days BETWEEN 0 AND 180", name="hold"),
        CheckConstraint("min_payout >= 0", name="min_payout"),
        CheckConstraint("referral_percent BETWEEN 0 AND 100", name="referral"),
    )

    begins_at: datetime = Field(sa_type=Instant, unique=True)
    touch: str
    cookie_days: int
    hold_days: int
    min_payout: int = Field(sa_type=BigInteger)
    referral_percent: int


class PartnerLink(Row, table=True):
    """An address of ours that a partner spreads; `campaign` says where."""

    __tablename__ = "partner_links"

    partner_id: UUID = Field(foreign_key="partners.id", ondelete="CASCADE", index=True)
    code: str = Field(max_length=12, unique=True)
    campaign: str = ""
    archived_at: datetime | None = instant()


class PartnerClick(Row, table=True):
    """Somebody, or something, opened a link. No address is kept, only what tells two apart."""

    __tablename__ = "partner_clicks"
    __table_args__ = (
        one_of("verdict", ClickVerdict),
        Index("ix_partner_clicks_day", "partner_id", "at"),
        Index("ix_partner_clicks_visitor", "link_id", "visitor_hash", "at"),
        Index("ix_partner_clicks_old", "at"),
    )

    partner_id: UUID = Field(foreign_key="partners.id", ondelete="CASCADE")
    link_id: UUID = Field(foreign_key="partner_links.id", ondelete="CASCADE")
    at: datetime = Field(sa_type=Instant)
    verdict: str
    visitor_hash: bytes = Field(sa_type=LargeBinary)
    """Of address and browser together."""


class PartnerClickDay(Row, table=True):
    """How many clicks of a kind a link had on an Almaty day: what pages read, kept for good.

    Clicks themselves are many and are forgotten after a year; their figures are not.
    """

    __tablename__ = "partner_click_days"
    __table_args__ = (
        one_of("verdict", ClickVerdict),
        Index("uq_partner_click_days", "link_id", "day", "verdict", unique=True),
        Index("ix_partner_click_days_day", "partner_id", "day"),
    )

    partner_id: UUID = Field(foreign_key="partners.id", ondelete="CASCADE")
    link_id: UUID = Field(foreign_key="partner_links.id", ondelete="CASCADE")
    day: date
    verdict: str
    clicks: int


class PartnerLead(Row, table=True):
    """A seller whom a partner brought: bound at sign-up, for good."""

    __tablename__ = "partner_leads"
    __table_args__ = (
        one_of("way", LeadWay),
        Index("ix_partner_leads_list", "partner_id", text("signed_up_at DESC")),
        Index("ix_partner_leads_address", "partner_id", "address_hash"),
    )

    partner_id: UUID = Field(foreign_key="partners.id", ondelete="CASCADE")
    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE", unique=True)
    link_id: UUID | None = Field(
        default=None, foreign_key="partner_links.id", ondelete="SET NULL", index=True
    )
    way: str
    clicked_at: datetime | None = instant()
    signed_up_at: datetime = Field(sa_type=Instant)
    address_hash: bytes = Field(sa_type=LargeBinary)
    doubts: list[str] = Field(
        default_factory=list,
        sa_type=ARRAY(Text),
        sa_column_kwargs={"server_default": text("'{}'")},
    )
    """Signs of fraud at sign-up; each payment is held while there is one."""
    cleared_at: datetime | None = instant()
    """When a person said that the signs mean nothing."""


class PartnerTransaction(Row, table=True):
    """A line of a partner's account. Sums never change; what is taken back is a line of its own."""

    __tablename__ = "partner_transactions"
    __table_args__ = (
        one_of("kind", EntryKind),
        one_of("status", EntryStatus),
        CheckConstraint("(kind IN ('commission', 'payout_returned')) = (amount >= 0)", name="sign"),
        Index("ix_partner_transactions_list", "partner_id", text("at DESC")),
        Index(
            "uq_partner_transactions_commission",
            "payment_id",
            unique=True,
            postgresql_where=text("kind = 'commission'"),
        ),
        Index(
            "uq_partner_transactions_payout",
            "payout_id",
            "kind",
            unique=True,
            postgresql_where=text("payout_id IS NOT NULL"),
        ),
        Index(
            "ix_partner_transactions_due",
            "hold_until",
            postgresql_where=text("status = 'held'"),
        ),
    )

    partner_id: UUID = Field(foreign_key="partners.id", ondelete="CASCADE")
    lead_id: UUID | None = Field(
        default=None, foreign_key="partner_leads.id", ondelete="SET NULL", index=True
    )
    kind: str
    status: str
    amount: int = Field(sa_type=BigInteger)
    at: datetime = Field(sa_type=Instant)
    payment_id: UUID | None = Field(default=None, index=True)
    base: int | None = Field(default=None, sa_type=BigInteger)
    """What was really paid by money for it, tiyn."""
    percent: int | None = None
    hold_until: datetime | None = instant()
    released_at: datetime | None = instant()
    doubts: list[str] = Field(
        default_factory=list,
        sa_type=ARRAY(Text),
        sa_column_kwargs={"server_default": text("'{}'")},
    )
    payout_id: UUID | None = Field(default=None, foreign_key="partner_payouts.id")
    note: str = ""


class PartnerPayout(Row, table=True):
    """A request for money: its sum left the account when it was asked for."""

    __tablename__ = "partner_payouts"
    __table_args__ = (
        one_of("status", PayoutStatus),
        CheckConstraint("amount > 0", name="amount"),
        Index("ix_partner_payouts_list", "partner_id", text("requested_at DESC")),
        Index(
            "uq_partner_payouts_open",
            "partner_id",
            unique=True,
            postgresql_where=text("status IN ('requested', 'approved')"),
        ),
    )

    partner_id: UUID = Field(foreign_key="partners.id", ondelete="CASCADE")
    amount: int = Field(sa_type=BigInteger)
    status: str = PayoutStatus.REQUESTED
    payee: str
    """Encrypted: name, БИН or ИИН, IBAN, as they were when asked for."""
    account_end: str = Field(max_length=4)
    """The last four signs of the IBAN, for lists."""
    requested_at: datetime = Field(sa_type=Instant)
    approved_at: datetime | None = instant()
    closed_at: datetime | None = instant()
    reason: str = ""
    """Why it was refused, in words for the partner."""
    not_before: datetime | None = instant()
    """A new account was named: nothing is approved before."""
    bank_note: str = ""
    """Number of the bank's payment order."""
