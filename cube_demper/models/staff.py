"""Who works for a seller besides the seller, and what each may do."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ARRAY, Index, LargeBinary, Text, text
from sqlmodel import Field

from cube_demper.db.columns import Instant, instant
from cube_demper.models import accounts  # noqa: F401 - its foreign keys point there
from cube_demper.models.base import Row


class Area(StrEnum):
    """What a right is about. The seller has all of them; STAFF and MONEY are never a default."""

    PRICES = "prices"
    STORES = "stores"
    ORDERS = "orders"
    MESSAGES = "messages"
    MONEY = "money"
    STAFF = "staff"


class StaffMember(Row, table=True):
    """A manager of a seller: invited by letter, then a person of their own, until revoked.

    `token_hash` is that of the invitation's link; NULL until the letter is written, and after use.
    """

    __tablename__ = "staff_members"
    __table_args__ = (
        Index(
            "uq_staff_members_live",
            "owner_id",
            text("lower(email)"),
            unique=True,
            postgresql_where=text("revoked_at IS NULL"),
        ),
        Index("ix_staff_members_user", "user_id", postgresql_where=text("revoked_at IS NULL")),
    )

    owner_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE")
    user_id: UUID | None = Field(default=None, foreign_key="users.id", ondelete="CASCADE")
    email: str = Field(max_length=254)
    rights: list[str] = Field(
        default_factory=list,
        sa_type=ARRAY(Text),
        nullable=False,
        sa_column_kwargs={"server_default": text("'{}'")},
    )
    token_hash: bytes | None = Field(default=None, sa_type=LargeBinary, unique=True)
    expires_at: datetime = Field(sa_type=Instant)
    accepted_at: datetime | None = instant()
    revoked_at: datetime | None = instant()
