"""Every question put to a language model: by whom, what it cost, what came of it."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, text
from sqlmodel import Field

from cube_demper.db.columns import Instant, instant, one_of
from cube_demper.models import stores  # noqa: F401 - its foreign keys point there
from cube_demper.models.base import Row


class AiStaff(StrEnum):
    """The three of SPEC §7."""

    LAWYER = "lawyer"
    SALESMAN = "salesman"
    ACCOUNTANT = "accountant"


class AiVerdict(StrEnum):
    """What came of a call. RUNNING: it is on its way, or its process was killed: then LOST.

    REJECTED: our check did not let the answer through. BLOCKED: the model refused.
    """

    RUNNING = "running"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    BLOCKED = "blocked"
    FAILED = "failed"
    CANCELLED = "cancelled"
    LOST = "lost"


class AiCall(Row, table=True):
    """One call, committed before it is made. Neither question nor answer is kept here."""

    __tablename__ = "ai_calls"
    __table_args__ = (
        one_of("staff", AiStaff),
        one_of("verdict", AiVerdict),
        CheckConstraint("tokens >= 0", name="tokens"),
        Index("ix_ai_calls_spent", "user_id", "started_at"),
        Index(
            "ix_ai_calls_running",
            "user_id",
            postgresql_where=text("verdict = 'running'"),
        ),
    )

    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE")
    store_id: UUID | None = Field(
        default=None, foreign_key="kaspi_stores.id", ondelete="SET NULL", index=True
    )
    staff: str
    purpose: str
    model: str
    verdict: str = AiVerdict.RUNNING
    reason: str = ""
    """Why it was not accepted, in words; nothing of the answer."""
    tokens: int = Field(sa_type=BigInteger)
    """What counts against the plan: while it runs, and when it is lost, the most that it can cost."""
    prompt_tokens: int = 0
    reply_tokens: int = 0
    thought_tokens: int = 0
    cost: int | None = Field(default=None, sa_type=BigInteger)
    """Millionths of a dollar; NULL where the model's price is not known."""
    started_at: datetime = Field(sa_type=Instant)
    ended_at: datetime | None = instant()
