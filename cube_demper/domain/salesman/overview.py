"""How the salesman stands: stores, the month's tokens, and what his letters have brought."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from cube_demper.db.session import ReadTx
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.ai import budget
from cube_demper.domain.ai.budget import Tokens
from cube_demper.domain.salesman import queries
from cube_demper.models.salesman import SalesmanMode

MEASURED: Final = timedelta(days=90)
WITHIN: Final = timedelta(days=14)
"""A buyer who orders again so soon after a letter may have done so because of it."""
ENOUGH: Final = 30
"""Buyers of each group without which a share says nothing."""


@dataclass(frozen=True, slots=True)
class StoreDesk:
    """A store's salesman. `can_write`: its buyers may be written to over WhatsApp."""

    id: UUID
    name: str
    is_on: bool
    mode: SalesmanMode
    can_write: bool


@dataclass(frozen=True, slots=True)
class Gain:
    """Buyers who were written to and those left alone, and how many of each ordered again in time."""

    told: int = 0
    told_again: int = 0
    alone: int = 0
    alone_again: int = 0

    @property
    def is_known(self) -> bool:
        """Tell whether both groups are large enough to be compared."""
        return min(self.told, self.alone) >= ENOUGH

    @property
    def points(self) -> float:
        """Return by how many percentage points more of those who were written to came back."""
        return 100 * (self.told_again / self.told - self.alone_again / self.alone)


@dataclass(frozen=True, slots=True)
class Standing:
    """What the page says above the messages."""

    stores: Sequence[StoreDesk]
    tokens: Tokens
    gain: Gain


async def standing_of(tx: ReadTx, actor: Actor, now: datetime) -> Standing:
    """Return how the actor's salesman stands. Raises PlanLacks, PermissionDenied."""
    tokens = await budget.tokens_of(tx, actor, actor.owner_id, now)
    rows = await queries.list_stores(tx, actor.owner_id)
    stores = [
        StoreDesk(
            store.id,
            store.name,
            row is not None and row.is_on,
            SalesmanMode(row.mode) if row else SalesmanMode.APPROVE,
            can_write,
        )
        for store, row, can_write in rows
    ]
    ids = [it.id for it in stores]
    found = await queries.uplift(tx, ids, now - MEASURED, now, WITHIN) if ids else {}
    (told, told_again), (alone, alone_again) = found.get(True, (0, 0)), found.get(False, (0, 0))
    return Standing(stores, tokens, Gain(told, told_again, alone, alone_again))
