"""What pages and workers are told about an import. Times aware UTC, prices in tiyn."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from cube_demper.models import GoodsImportStatus, RowVerdict

TOPIC = "catalog.import"
MOST_BYTES = 10 * 2**20
UNDO_IMPORT_FOR = timedelta(days=1)
ROWS_SHOWN = 50
BUSY = frozenset({GoodsImportStatus.READING, GoodsImportStatus.APPLYING, GoodsImportStatus.UNDOING})

Parse = Callable[[bytes], Sequence[tuple[int, list[str]]]]
"""Reads a file into numbered rows of text. Raises InvalidInput."""


@dataclass(frozen=True, slots=True)
class ImportView:
    """One import as the page shows it."""

    id: UUID
    file_name: str
    status: GoodsImportStatus
    note: str
    total: int
    done: int
    changed: int
    same: int
    refused: int
    kept: int
    created_at: datetime
    applied_at: datetime | None

    def can_undo(self, now: datetime) -> bool:
        """Tell whether it can still be taken back."""
        is_applied = self.status is GoodsImportStatus.APPLIED and self.applied_at is not None
        return is_applied and bool(self.applied_at and now - self.applied_at <= UNDO_IMPORT_FOR)


@dataclass(frozen=True, slots=True)
class ImportRow:
    """One row of the file and what it does."""

    number: int
    sku: str
    name: str
    verdict: RowVerdict
    reason: str
    old: Mapping[str, Any]
    new: Mapping[str, Any]
