"""Who of support is at work: told by their open page, and by the switch «принимаю чаты»."""

from __future__ import annotations

from datetime import datetime, timedelta

from cube_demper.core.errors import InvalidInput
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.audit import service as audit
from cube_demper.domain.support import desk_queries, sharing
from cube_demper.domain.support.access import name_of, require_staff
from cube_demper.domain.support.desk_queries import Sat
from cube_demper.domain.support.schemas import CHANNEL, Colleague

DESK_EVENT = "support_desk"
"""Somebody of support came or went; on `CHANNEL`."""
_LONG_AGO = timedelta(days=1)


async def touch(tx: WriteTx, actor: Actor, now: datetime) -> None:
    """Note that the actor's page is open; who has just come gets what waits. Staff only."""
    user_id = require_staff(actor)
    before = await desk_queries.touch(tx, user_id, now)
    if before is None or before <= now - sharing.ONLINE_FOR:
        await sharing.share_out(tx, now)
        tx.emit(CHANNEL, DESK_EVENT, user_id)


async def set_available(
    tx: WriteTx, actor: Actor, now: datetime, *, is_available: bool, most_chats: int | None = None
) -> None:
    """Say whether the actor takes chats, and how many at once (1–100). Raises InvalidInput.

    What waits for who does not go to others at once.
    """
    user_id = require_staff(actor)
    if most_chats is not None and not 1 <= most_chats <= 100:
        raise InvalidInput("От 1 до 100 чатов.", field="most_chats")
    await desk_queries.set_available(
        tx, user_id, now, is_available=is_available, most_chats=most_chats
    )
    await audit.record(
        tx, actor, "support_desk_changed", "support_desk", user_id, is_available=is_available
    )
    await sharing.share_out(tx, now)
    tx.emit(CHANNEL, DESK_EVENT, user_id)


async def leave(tx: WriteTx, actor: Actor, now: datetime) -> None:
    """Note that the actor has signed out: nothing new comes to them, what waits goes to others."""
    user_id = require_staff(actor)
    await desk_queries.leave(tx, user_id, now - _LONG_AGO)
    await sharing.share_out(tx, now)
    tx.emit(CHANNEL, DESK_EVENT, user_id)


async def colleagues(tx: ReadTx, actor: Actor, now: datetime) -> list[Colleague]:
    """Return all of support, those who are there first. Staff only."""
    require_staff(actor)
    rows = await desk_queries.colleagues(tx)
    found = [_colleague(row, now) for row in rows]
    return sorted(found, key=lambda it: (not it.is_online, not it.is_available, it.name.casefold()))


def _colleague(row: Sat, now: datetime) -> Colleague:
    user_id, full_name, email, seen_at, is_available, load, most = row
    return Colleague(
        user_id=user_id,
        name=name_of(full_name, email),
        is_online=seen_at is not None and seen_at > now - sharing.ONLINE_FOR,
        is_available=is_available is not False and seen_at is not None,
        load=load,
        most_chats=most or 10,
    )
