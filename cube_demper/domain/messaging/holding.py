"""Holding a number: one process at a time speaks with it, and one that was frozen notices."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from cube_demper.core.crypto import SecretBox
from cube_demper.core.errors import PermissionDenied
from cube_demper.db.session import WriteTx
from cube_demper.domain.accounts.schemas import Actor, Role
from cube_demper.domain.messaging import turn_queries as queries
from cube_demper.domain.messaging.errors import TurnLost
from cube_demper.domain.messaging.turn_queries import Taken
from cube_demper.models.messaging import WhatsAppSession

LEASE: Final = timedelta(seconds=120)
"""A turn takes some 15 s; after so long its worker is dead or cut off."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A number in hand.

    `own_phone`: `+77010000001`, for one that was away; None while WAHA has not told it.
    """

    session_id: UUID
    claim: UUID
    name: str
    own_phone: str | None
    away_since: datetime | None
    asked_quota_at: datetime | None


async def claim(
    tx: WriteTx,
    actor: Actor,
    keys: list[int] | None,
    now: datetime,
    *,
    secrets: SecretBox,
    due: datetime | None = None,
    limit: int = 50,
) -> list[Turn]:
    """Take numbers that have something to do; `keys` None: of any shard. Raises PermissionDenied."""
    if actor.role is not Role.SYSTEM:
        raise PermissionDenied
    rows = await queries.claim(tx, keys, due or now, now, until=now + LEASE, most=limit)
    return [_turn(row, secrets) for row in rows]


async def hold(tx: WriteTx, turn: Turn) -> WhatsAppSession:
    """Lock the number of a turn. Raises TurnLost when another process has it since."""
    session = await queries.lock_session(tx, turn.session_id)
    if session is None or session.claim != turn.claim:
        raise TurnLost
    return session


def release(session: WhatsAppSession, next_at: datetime | None) -> None:
    """End a turn: the queue is looked at again at `next_at`; None: when something changes."""
    session.next_at = next_at
    free(session)


def free(session: WhatsAppSession) -> None:
    """End a turn whose next one is planned already."""
    session.claim = session.claimed_until = None


def _turn(row: Taken, secrets: SecretBox) -> Turn:
    phone = secrets.decrypt(row.phone) if row.phone and row.away_since else None
    return Turn(row.session_id, row.claim, row.name, phone, row.away_since, row.capping_at)
