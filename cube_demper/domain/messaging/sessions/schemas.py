"""Shapes of a number's session."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from cube_demper.domain.messaging.ports import NewChatQuota


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
