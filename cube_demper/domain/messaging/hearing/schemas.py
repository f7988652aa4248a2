"""Shapes of what is heard. The gateway's words stay in its integration."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from cube_demper.domain.messaging.enclosures import Enclosure
from cube_demper.domain.messaging.sessions.schemas import Told


@dataclass(frozen=True, slots=True)
class StatusHeard:
    """A session has moved."""

    session: str
    told: Told


@dataclass(frozen=True, slots=True)
class MessageHeard:
    """Somebody wrote. `is_ours`: the seller; `is_typed`: on the phone itself, not through us.

    `phone`: digits, empty where WhatsApp hides the number behind a lid (`chat_id` «…@lid»).
    """

    session: str
    chat_id: str
    short_id: str
    text: str
    at: datetime
    is_ours: bool = False
    is_typed: bool = False
    phone: str = ""
    name: str = ""
    enclosure: Enclosure | None = None
    """What is attached, as far as it is told."""


@dataclass(frozen=True, slots=True)
class AckHeard:
    """How far one of our messages came: -1 refused, 1 sent, 2 delivered, 3 and 4 read."""

    session: str
    short_id: str
    ack: int
    at: datetime


Heard = StatusHeard | MessageHeard | AckHeard


class LidBook(Protocol):
    """Knows the numbers behind hidden ids, as far as WhatsApp tells."""

    async def phone_of_lid(self, session: str, lid: str) -> str:
        """Return digits, or nothing."""
        ...
