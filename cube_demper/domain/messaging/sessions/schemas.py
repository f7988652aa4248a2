"""Shapes of a number's session."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from cube_demper.domain.messaging.ports import NewChatQuota
from cube_demper.models.linking import LinkTrouble


class SessionPhase(StrEnum):
    """Where a session is, for the seller. Statuses of WAHA that nobody knows are NEEDS_ACTION."""

    OFF = "off"
    STARTING = "starting"
    SCAN = "scan"
    WORKING = "working"
    FAILED = "failed"
    NEEDS_ACTION = "needs_action"


@dataclass(frozen=True, slots=True)
class GatewaySession:
    """A session as the gateway tells it. `phone`: digits, empty until it is connected."""

    name: str
    status: str
    phone: str = ""
    shown_name: str = ""
    webhook_url: str = ""
    quota: NewChatQuota = field(default_factory=NewChatQuota)


@dataclass(frozen=True, slots=True)
class GatewayVersion:
    """What answers at WAHA_URL. `is_old`: before 2026.6.1."""

    version: str
    engine: str
    is_old: bool


@dataclass(frozen=True, slots=True)
class NumberView:
    """A number as its seller sees it.

    `qr` and `code` are there only while a phone can take them. `trouble`: WAHA does not answer, or has
    lost the session. `phone` as `+77010000001`, empty until it was linked once.
    """

    id: UUID
    name: str
    label: str
    phase: SessionPhase
    status: str
    phone: str
    shown_name: str
    is_on: bool
    linked_at: datetime | None
    working_at: datetime | None
    away_since: datetime | None
    checked_at: datetime | None
    trouble: LinkTrouble | None
    qr: str = ""
    qr_until: datetime | None = None
    code: str = ""
    code_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """A status that the gateway told at a moment (its own clock), by webhook or when it was asked."""

    status: str
    at: datetime
    phone: str = ""
    shown_name: str = ""
