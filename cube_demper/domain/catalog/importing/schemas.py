"""What pages and workers are told about an import, and what a kind of file must know.

Times aware UTC, prices in tiyn.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.accounts.schemas import Actor, Role
from cube_demper.models.catalog import CostMethod, Product
from cube_demper.models.imports import GoodsImportRow, GoodsImportStatus, ImportKind, RowVerdict
from cube_demper.models.staff import Area

TOPIC = "catalog.import"
MOST_BYTES = 10 * 2**20
UNDO_IMPORT_FOR = timedelta(days=1)
ROWS_SHOWN = 50
CHUNK = 1_000
"""Rows held against our goods, or written, at a time."""
BUSY = frozenset({GoodsImportStatus.READING, GoodsImportStatus.APPLYING, GoodsImportStatus.UNDOING})

Line = tuple[int, list[str]]
"""A row of a sheet: its number and its cells as text."""
Parse = Callable[[bytes], Iterable[Line]]
"""Reads a file row by row. Raises InvalidInput, also on the way."""


@dataclass(frozen=True, slots=True)
class ImportView:
    """One import as the page shows it."""

    id: UUID
    kind: ImportKind
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


@dataclass(frozen=True, slots=True)
class RowOutcome:
    """Old and new values of what a row changes, or why it is left alone."""

    verdict: RowVerdict
    reason: str = ""
    old: dict[str, Any] = field(default_factory=dict)
    new: dict[str, Any] = field(default_factory=dict)


def refused(reason: str) -> RowOutcome:
    """Leave a row alone."""
    return RowOutcome(RowVerdict.REFUSED, reason)


@dataclass(frozen=True, slots=True)
class Draft:
    """One row held against our goods; `product` None: there is no such product, or not one alone."""

    number: int
    sku: str
    product: Product | None
    outcome: RowOutcome


@dataclass(frozen=True, slots=True)
class Job:
    """The import whose rows are written or taken back."""

    id: UUID
    actor: Actor
    method: CostMethod
    """How batches make the costs of their goods; MANUAL: they do not."""
    applied_at: datetime | None
    now: datetime


def message_of(actor: Actor, import_id: UUID) -> dict[str, str]:
    """Return what a worker is told: which import, whose it is, and who asked."""
    return {
        "import_id": str(import_id),
        "user_id": str(actor.owner_id),
        "person_id": str(actor.person_id),
    }


def asked_by(message: Mapping[str, Any]) -> Actor:
    """Return who asked for the work: a manager's right to prices was checked then."""
    owner = UUID(message["user_id"])
    person = UUID(message.get("person_id") or message["user_id"])
    if person == owner:
        return Actor(Role.USER, owner)
    return Actor(Role.USER, person, acts_for=owner, rights=frozenset({Area.PRICES}))


class Reading(Protocol):
    """A file that is being held against our goods, chunk by chunk."""

    @property
    def total(self) -> int:
        """How many rows there are."""
        ...

    def chunks(self) -> Iterator[Sequence[Any]]:
        """Yield all rows, about a thousand at a time."""
        ...

    async def drafts(self, tx: ReadTx, chunk: Sequence[Any]) -> list[Draft]:
        """Say what each row of the next chunk does."""
        ...


class FileKind(Protocol):
    """What is particular to one kind of file; chunks of rows come in the order of their products."""

    def read(self, content: bytes) -> Sequence[Any]:
        """Make sense of a sheet, on a thread. Raises InvalidInput: it cannot be used."""
        ...

    async def begin(self, tx: ReadTx, actor: Actor, rows: Sequence[Any], now: datetime) -> Reading:
        """Begin to hold what was read against the actor's goods."""
        ...

    async def lock(self, tx: WriteTx, job: Job) -> None:
        """Take what must be held before the first chunk."""
        ...

    async def write(self, tx: WriteTx, job: Job, rows: Sequence[GoodsImportRow]) -> None:
        """Do what a chunk of rows says. Raises Stale: the goods are not as they were."""
        ...

    async def take_back(self, tx: WriteTx, job: Job, rows: Sequence[GoodsImportRow]) -> int:
        """Take a chunk back where nobody has changed the goods since; return how many rows."""
        ...
