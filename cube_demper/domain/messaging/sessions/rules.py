"""What statuses of WAHA mean to the seller, what is news, and how long codes live. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from cube_demper.domain.messaging.sessions.schemas import SessionPhase

MOST_NUMBERS: Final = 5
"""A seller's numbers; more of them is what WhatsApp takes for a sending farm."""
CODE_LIVES: Final = timedelta(seconds=160)
"""A pairing code is good for about three minutes; people type slowly."""
_FIRST_QR, _NEXT_QR = timedelta(seconds=60), timedelta(seconds=20)
"""INTEGRATIONS.md A.4: the first QR lives 60 s, the next ones 20 s, six at most."""
SILENT_AFTER: Final = timedelta(minutes=2)
"""WAHA is asked every half minute: what it has not told for so long is not known."""
_PHASES: Final = {
    "STOPPED": SessionPhase.OFF,
    "STARTING": SessionPhase.STARTING,
    "SCAN_QR_CODE": SessionPhase.SCAN,
    "WORKING": SessionPhase.WORKING,
    "FAILED": SessionPhase.FAILED,
}


def phase_of(status: str) -> SessionPhase:
    """Return where a session is; PASSKEY_… and whatever WAHA invents later need a person."""
    return _PHASES.get(status, SessionPhase.NEEDS_ACTION)


def is_news(known_at: datetime | None, at: datetime) -> bool:
    """Tell whether a status of that moment may replace the one that is known: webhooks come in any order."""
    return known_at is None or at >= known_at


def qr_until(asked_at: datetime | None, shown_at: datetime) -> datetime:
    """Return when a QR that was told at `shown_at` stops working; `asked_at`: the first one's moment."""
    is_first = asked_at is None or shown_at - asked_at < timedelta(seconds=1)
    return shown_at + (_FIRST_QR if is_first else _NEXT_QR)


def needs_seller(before: SessionPhase, after: SessionPhase) -> bool:
    """Tell whether a number that worked has gone in a way that does not mend itself."""
    broken = {SessionPhase.FAILED, SessionPhase.SCAN, SessionPhase.NEEDS_ACTION, SessionPhase.OFF}
    return before in {SessionPhase.WORKING, SessionPhase.STARTING} and after in broken
