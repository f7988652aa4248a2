"""Shapes of a store's orders token; none but `TokenJob` holds a secret."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from cube_demper.models.orders import TokenOrigin, TokenProblem, TokenTask


class Belongs(StrEnum):
    """Whose a token is, as far as the points of its orders tell."""

    OURS = "ours"
    OTHERS = "others"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class TokenView:
    """A store's token as its seller sees it.

    `tail`: the last four characters of the token that works (or worked: `rejected_at`), "" for none.
    `task`: what is being done now, with `offered_tail` when a pasted token is tried. `problem`: why
    the last task brought nothing. `orders_seen`: how many orders of the last days it showed.
    """

    tail: str = ""
    origin: TokenOrigin | None = None
    accepted_at: datetime | None = None
    checked_at: datetime | None = None
    rejected_at: datetime | None = None
    orders_seen: int | None = None
    is_matched: bool = False
    offered_tail: str = ""
    task: TokenTask | None = None
    problem: TokenProblem | None = None

    @property
    def works(self) -> bool:
        """Tell whether orders can be read with it."""
        return bool(self.tail) and self.rejected_at is None


@dataclass(frozen=True, slots=True)
class TokenJob:
    """A task in the worker's hands. `token`: the one to try, "" when it is still to be fetched."""

    id: UUID
    store_id: UUID
    merchant_id: str
    points: tuple[str, ...]
    task: TokenTask
    asked_at: datetime
    token: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class OrdersSeen:
    """What a token showed: how many orders, and the points that hand them out (`30000001_PP1`)."""

    count: int
    points: tuple[str, ...] = ()
