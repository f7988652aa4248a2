"""People and how they are let in."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, Index, LargeBinary, Text, text
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

    TELEGRAM is what a person sends to our bot as `/start …`, so that it knows whose chat that is. SECOND is
    the half of a sign-in that waits for the second factor; VISIT lets an admin in as somebody else.
    """

    EMAIL = "email"
    RESET = "reset"
    LOGIN = "login"
    TELEGRAM = "telegram"
    SECOND = "second"
    VISIT = "visit"


_NEWEST_FIRST = (text("created_at DESC"), text("id DESC"))
_NARROWED_BY = [
    "role", "is_blocked", "deleted_at", "email_confirmed_at", "plan", "plan_until", "plan_before",
    "plan_before_until", "stores", "stores_lost", "has_paid",
]  # fmt: skip
"""What lists of people are narrowed by stands in the index of their order: none of their rows is read."""


class User(Row, table=True):
    """A person with an e-mail and a password."""

    __tablename__ = "users"
    __table_args__ = (
        Index("uq_users_email_lower", text("lower(email)"), unique=True),
        Index("ix_users_seen", "last_seen_at"),
        Index("ix_users_email_prefix", text("lower(email) text_pattern_ops")),
        Index(
            "ix_users_name_words",
            text("to_tsvector('simple', full_name)"),
            postgresql_using="gin",
        ),
        Index("ix_users_latest", *_NEWEST_FIRST, postgresql_include=_NARROWED_BY),
        *(
            Index(
                f"ix_users_{name}",
                *_NEWEST_FIRST,
                postgresql_include=_NARROWED_BY,
                postgresql_where=text(fits),
            )
            for name, fits in (("plan", "plan IS NOT NULL"), ("paid", "has_paid"))
        ),
        *(
            Index(f"ix_users_{name}", *_NEWEST_FIRST, postgresql_where=text(fits))
            for name, fits in (
                ("stores_lost", "stores_lost > 0"),
                ("stores", "stores > 0"),
                ("deleted", "deleted_at IS NOT NULL"),
                ("unconfirmed", "email_confirmed_at IS NULL"),
            )
        ),
        Index(
            "ix_users_staff",
            text("created_at DESC"),
            text("id DESC"),
            postgresql_where=text("role <> 'user'"),
        ),
        Index(
            "ix_users_shut_out",
            text("created_at DESC"),
            text("id DESC"),
            postgresql_where=text("is_blocked"),
        ),
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
    referred_by: UUID | None = Field(
        default=None, foreign_key="users.id", ondelete="SET NULL", index=True
    )
    partner_id: UUID | None = Field(
        default=None, foreign_key="partners.id", ondelete="SET NULL", index=True
    )
    """The partner who brought them."""
    last_seen_at: datetime | None = instant()
    acts_for: UUID | None = Field(default=None, foreign_key="users.id", ondelete="SET NULL")
    """The seller whose goods this person looks after now, if a live `staff_members` row lets them."""
    first_steps_closed_at: datetime | None = instant()
    """When the list of first steps was put away on the overview."""
    deleted_at: datetime | None = instant()
    """When the personal data was erased; the row stays for payments and papers that the law keeps."""
    # Noted by triggers when a transaction that changes them ends (`note_facts_of_user`), for lists of people.
    plan: str | None = None
    """Of the active subscription, "trial" for a trial; empty: none."""
    plan_until: datetime | None = instant()
    """When its period ends, or the grace after it; it may have passed."""
    plan_before: str | None = None
    """The plan that is had until `plan_before_until`, and only then `plan`."""
    plan_before_until: datetime | None = instant()
    stores: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    stores_lost: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    """Stores that must sign in to Kaspi again."""
    has_paid: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})


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
    proved_at: datetime | None = instant()
    """When the password was last asked again for something dangerous."""


class UserToken(Row, table=True):
    """A one-time token: e-mail confirmation, password reset, the hand-over of a sign-in."""

    __tablename__ = "user_tokens"
    __table_args__ = (one_of("kind", TokenKind),)

    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE", index=True)
    kind: str
    token_hash: bytes = Field(sa_type=LargeBinary, unique=True)
    expires_at: datetime = Field(sa_type=Instant)
    used_at: datetime | None = instant()
    issued_by: UUID | None = Field(default=None, foreign_key="users.id", ondelete="CASCADE")
    """The admin who goes in by a VISIT."""


class SecondFactor(Row, table=True):
    """The secret of a person's authenticator (RFC 6238)."""

    __tablename__ = "second_factors"

    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE", unique=True)
    secret: str
    """Encrypted: the key in base32."""
    confirmed_at: datetime | None = instant()
    """When the first code fitted; before that it is only shown."""
    last_step: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    """The 30 seconds of the last code taken: it and all before are used up."""


class RecoveryCode(Row, table=True):
    """A code for whoever lost the authenticator. Works once; only its hash is kept."""

    __tablename__ = "recovery_codes"

    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE", index=True)
    code_hash: bytes = Field(sa_type=LargeBinary, unique=True)
    used_at: datetime | None = instant()


class AdminToken(Row, table=True):
    """What opens the REST actions to a program. Only the hash is kept."""

    __tablename__ = "admin_tokens"

    title: str = Field(max_length=80)
    token_hash: bytes = Field(sa_type=LargeBinary, unique=True)
    scopes: list[str] = Field(default_factory=list, sa_type=ARRAY(Text), nullable=False)
    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE", index=True)
    """The admin on whose behalf it acts, for as long as they are one."""
    expires_at: datetime = Field(sa_type=Instant)
    last_used_at: datetime | None = instant()
    last_ip: str = ""
    revoked_at: datetime | None = instant()
