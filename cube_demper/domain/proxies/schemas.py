"""Proxies as the operator sees them; their passwords are never shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Seen:
    """How an address fared in one process."""

    label: str
    ok_at: datetime | None
    error_at: datetime | None
    error: str | None


@dataclass(frozen=True, slots=True)
class ProxyLine:
    """One address. `state`: «off», «failing» (its last word was an error), «ok» or «unused»."""

    id: UUID
    label: str
    state: str
    email: str
    """Whose plan it is allotted to; empty: the shared pool's."""
    allotted_at: datetime | None
    last_ok_at: datetime | None
    last_error_at: datetime | None
    last_error: str


@dataclass(frozen=True, slots=True)
class Shortage:
    """A seller whose paid plan has fewer addresses than it gives."""

    email: str
    has: int


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """What a text of addresses would do: so many new ones, so many known ones refreshed."""

    new: int
    known: int
