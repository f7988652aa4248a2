"""What a store's orders are read with: the token of Kaspi's official orders API."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import LargeBinary, text
from sqlmodel import Field

from cube_demper.db.columns import instant, one_of
from cube_demper.models.base import Row


class TokenOrigin(StrEnum):
    """Where a token came from."""

    CABINET = "cabinet"
    PASTED = "pasted"


class TokenTask(StrEnum):
    """What the worker has to do: take the token from the cabinet, try a pasted one, try ours again."""

    FETCH = "fetch"
    TRY = "try"
    RECHECK = "recheck"


class TokenProblem(StrEnum):
    """Why the last task brought no working token. UNREACHABLE is tried again by itself."""

    WRONG = "wrong"
    OTHER_STORE = "other_store"
    TAKEN = "taken"
    NO_RIGHT = "no_right"
    SIGNED_OUT = "signed_out"
    UNREACHABLE = "unreachable"
    NO_ANSWER = "no_answer"


class OrdersToken(Row, table=True):
    """A store's token. `token` was taken by Kaspi; `offered` still has to be. Both are encrypted.

    A token that is offered never displaces one that works before Kaspi has taken it.
    """

    __tablename__ = "orders_tokens"
    __table_args__ = (
        one_of("origin", TokenOrigin),
        one_of("task", TokenTask),
        one_of("problem", TokenProblem),
    )

    store_id: UUID = Field(foreign_key="kaspi_stores.id", ondelete="CASCADE", unique=True)
    token: str | None = None
    token_hash: bytes | None = Field(default=None, sa_type=LargeBinary, unique=True)
    """Two stores never have one token: Kaspi gives each store its own."""
    tail: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """The last four characters, all that is ever shown."""
    origin: str | None = None
    accepted_at: datetime | None = instant()
    checked_at: datetime | None = instant()
    """When Kaspi last took it."""
    rejected_at: datetime | None = instant()
    """When Kaspi stopped taking it; NULL while it works."""
    orders_seen: int | None = None
    """Orders of the last days that it showed at the last check."""
    is_matched: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    """It is known to be this store's: the cabinet gave it, or an order names a point of the store."""
    offered: str | None = None
    offered_tail: str = Field(default="", sa_column_kwargs={"server_default": ""})
    task: str | None = None
    asked_at: datetime | None = instant()
    """When the task was set; also its number, so that an older message of the outbox does nothing."""
    problem: str | None = None
