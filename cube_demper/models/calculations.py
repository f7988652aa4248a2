"""Calculations that a seller keeps, and the links that let others read them."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, LargeBinary, text
from sqlmodel import Field

from cube_demper.db.columns import instant, json, one_of
from cube_demper.models import accounts  # noqa: F401 - its foreign keys point there
from cube_demper.models.base import Row


class CalculationKind(StrEnum):
    """The calculators, by the words of `cube calc`."""

    PENALTY = "penalty"
    TAX_PENALTY = "tax-penalty"
    TAX = "tax"
    DUTY = "duty"
    UNIT = "unit"


class SavedCalculation(Row, table=True):
    """What was asked of a calculator; the answer is counted anew from the figures of its own day.

    A shared one is found by the hash; `share_token` (encrypted) only serves to show the link again.
    """

    __tablename__ = "saved_calculations"
    __table_args__ = (
        one_of("kind", CalculationKind),
        CheckConstraint("length(title) BETWEEN 1 AND 120", name="title_length"),
        CheckConstraint(
            "num_nonnulls(share_hash, share_token, shared_at) IN (0, 3)", name="share_whole"
        ),
        Index(
            "ix_saved_calculations_newest",
            "user_id",
            "created_at",
            postgresql_where=text("deleted_at IS NULL"),
        ),
    )

    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE", index=True)
    kind: str
    title: str
    input: dict[str, Any] = json(dict)
    """As `cube calc` takes it; of unit economics, {"scenarios": [a case each]}."""
    figures_on: date
    """The day whose figures it uses (the last of them, where scenarios differ)."""
    share_hash: bytes | None = Field(default=None, sa_type=LargeBinary, unique=True)
    share_token: str | None = None
    shared_at: datetime | None = instant()
    deleted_at: datetime | None = instant()
    """Kept for a day, so that a removal can be taken back."""
