"""Partners: people who bring sellers. They are no users: a table and a sign-in of their own."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, LargeBinary, text
from sqlmodel import Field

from cube_demper.db.columns import Instant, instant, one_of
from cube_demper.models.base import Row


class PartnerTokenKind(StrEnum):
    """What a one-time token of a partner opens. LOGIN lives 30 s, RESET also begins an invitation."""

    LOGIN = "login"
    RESET = "reset"


class Partner(Row, table=True):
    """A partner with an e-mail and a password, a spoken code and a share of their own."""

    __tablename__ = "partners"
    __table_args__ = (
        Index("uq_partners_email_lower", text("lower(email)"), unique=True),
        CheckConstraint("commission_percent BETWEEN 0 AND 100", name="percent"),
    )

    email: str = Field(max_length=254)
    password_hash: str
    full_name: str = ""
    code: str = Field(max_length=12, unique=True)
    """What they say aloud or print; capitals and digits without 0, O, 1, I and L."""
    commission_percent: int = Field(default=20, sa_column_kwargs={"server_default": text("20")})
    is_blocked: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    blocked_at: datetime | None = instant()
    """Payments from then on earn nothing; what was on hold stays there until the operator decides."""
    payee: str | None = None
    """Encrypted: the bank details of the last request, to fill in the next."""
    payee_changed_at: datetime | None = instant()
    """When another account took the place of a known one: money waits a day for its owner's protest."""
    last_seen_at: datetime | None = instant()


class PartnerToken(Row, table=True):
    """A one-time token of a partner; only its hash is kept."""

    __tablename__ = "partner_tokens"
    __table_args__ = (one_of("kind", PartnerTokenKind),)

    partner_id: UUID = Field(foreign_key="partners.id", ondelete="CASCADE", index=True)
    kind: str
    token_hash: bytes = Field(sa_type=LargeBinary, unique=True)
    expires_at: datetime = Field(sa_type=Instant)
    used_at: datetime | None = instant()
