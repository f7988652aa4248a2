"""People and how they are let in."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, LargeBinary, text
from sqlmodel import Field

from cube_demper.core.settings import CubeApp
from cube_demper.db.columns import Instant, instant, one_of
from cube_demper.models import partners  # noqa: F401 - its foreign keys point there
from cube_demper.models.base import Row


class UserRole(StrEnum):
    """What a person may be. Partners are not users: they have a table of their own."""

    USER = "user"
    ADMIN = "admin"
    SUPPORT = "support"


class TokenKind(StrEnum):
    """What a one-time token opens. LOGIN lives 30 s and only carries a sign-in to `/api/session`.

    TELEGRAM is what a person sends to our bot as `/start …`, so that it knows whose chat that is.
    """

    EMAIL = "email"
    RESET = "reset"
    LOGIN = "login"
    TELEGRAM = "telegram"


class User(Row, table=True):
    """A person with an e-mail and a password."""

    __tablename__ = "users"
    __table_args__ = (
        Index("uq_users_email_lower", text("lower(email)"), unique=True),
        Index("ix_users_seen", "last_seen_at"),
        one_of("role", UserRole),
    )

    email: str = Field(max_length=254)
    password_hash: str
    full_name: str = ""
    role: str = UserRole.USER
    locale: str = "ru"
    is_blocked: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    email_confirmed_at: datetime | None = instant()
    referral_code: str = Field(max_length=8, unique=True)
    referred_by: UUID | None = Field(default=None, foreign_key="users.id", ondelete="SET NULL")
    partner_id: UUID | None = Field(
        default=None, foreign_key="partners.id", ondelete="SET NULL", index=True
    )
    """The partner who brought them."""
    last_seen_at: datetime | None = instant()
    acts_for: UUID | None = Field(default=None, foreign_key="users.id", ondelete="SET NULL")
    """The seller whose goods this person looks after now, if a live `staff_members` row lets them."""
    first_steps_closed_at: datetime | None = instant()
    """When the list of first steps was put away on the overview."""


class UserSession(Row, table=True):
    """A signed-in browser. Valid for its app only; only the token's hash is kept."""

    __tablename__ = "user_sessions"
    __table_args__ = (
        one_of("app", CubeApp),
        CheckConstraint("num_nonnulls(user_id, partner_id) = 1", name="one_owner"),
    )

    token_hash: bytes = Field(sa_type=LargeBinary, unique=True)
    app: str
    user_id: UUID | None = Field(
        default=None, foreign_key="users.id", ondelete="CASCADE", index=True
    )
    partner_id: UUID | None = Field(
        default=None, foreign_key="partners.id", ondelete="CASCADE", index=True
    )
    impersonated_by: UUID | None = Field(default=None, foreign_key="users.id", ondelete="CASCADE")
    ip: str = ""
    user_agent: str = ""
    expires_at: datetime = Field(sa_type=Instant)
    revoked_at: datetime | None = instant()


class UserToken(Row, table=True):
    """A one-time token: e-mail confirmation, password reset, the hand-over of a sign-in."""

    __tablename__ = "user_tokens"
    __table_args__ = (one_of("kind", TokenKind),)

    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE", index=True)
    kind: str
    token_hash: bytes = Field(sa_type=LargeBinary, unique=True)
    expires_at: datetime = Field(sa_type=Instant)
    used_at: datetime | None = instant()
