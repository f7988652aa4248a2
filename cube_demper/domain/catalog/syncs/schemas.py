"""Shapes of the catalogue sync."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from cube_demper.domain.catalog.schemas import CabinetPage, CabinetProduct, Point
from cube_demper.models.syncing import SyncState

PAGE_SIZE = 100
"""Goods on a page of the cabinet's list (KASPI.md §2.2)."""


class Cabinet(Protocol):
    """A signed-in cabinet of one store, as sync needs it. Raises errors of `core.errors`."""

    async def points(self) -> tuple[Point, ...]:
        """Return the store's points."""
        ...

    async def page(self, number: int) -> CabinetPage:
        """Return a page (from 0) of `PAGE_SIZE` goods on sale."""
        ...

    async def details(self, skus: Sequence[str]) -> tuple[CabinetProduct, ...]:
        """Return these goods, at most `PAGE_SIZE`; those that Kaspi does not know are absent."""
        ...


@dataclass(slots=True)
class SyncReport:
    """What one sync did."""

    read: int = 0
    added: int = 0
    changed: int = 0
    removed: int = 0


@dataclass(frozen=True, slots=True)
class Saved:
    """What saving one page did."""

    added: int = 0
    changed: int = 0


@dataclass(frozen=True, slots=True)
class SyncRun:
    """One run as people and workers see it."""

    id: UUID
    store_id: UUID
    state: SyncState
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    next_page: int
    is_list_read: bool
    total: int | None
    goods_read: int
    added: int
    changed: int
    removed: int
    tries: int
    trouble: str
    suspected: int | None

    @property
    def is_live(self) -> bool:
        """Tell whether it goes on by itself."""
        return self.state in (SyncState.QUEUED, SyncState.RUNNING)

    @property
    def pages(self) -> int | None:
        """Return how many pages the list has, when that is known."""
        return None if self.total is None else -(-self.total // PAGE_SIZE)
