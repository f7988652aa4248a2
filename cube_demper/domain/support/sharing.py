"""Who answers a chat that nobody has: whoever is at their desk and has the least to do."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from cube_demper.db.session import WriteTx
from cube_demper.domain.support import desk_queries, queries
from cube_demper.domain.support.access import name_of
from cube_demper.domain.support.rules import Place, least_loaded
from cube_demper.domain.support.saying import Happened, happen, tell_changed
from cube_demper.models.support import SupportChat

ONLINE_FOR: Final = timedelta(minutes=2)
"""An open page of staff says once a minute that it is there."""
AWAY_AFTER: Final = timedelta(minutes=5)
"""Chats of who has gone, and had not begun with them, go to others after this."""
_AT_ONCE: Final = 50


async def give(tx: WriteTx, chat: SupportChat, now: datetime) -> None:
    """Give a locked chat that waits to somebody; its present person keeps it while they are there."""
    places = await desk_queries.lock_places(tx, now - ONLINE_FOR)
    if any(it.user_id == chat.assigned_to for it in places):
        return
    await _assign(tx, chat, least_loaded(places), now)


async def share_out(tx: WriteTx, now: datetime) -> int:
    """Give out chats that wait for nobody, or for who has gone; return how many."""
    places = {it.user_id: it for it in await desk_queries.lock_places(tx, now - ONLINE_FOR)}
    if not places:
        return 0
    given = 0
    for chat in await desk_queries.lock_waiting(tx, now - AWAY_AFTER, _AT_ONCE):
        chosen = least_loaded(places.values())
        if chosen is None:
            break
        await _assign(tx, chat, chosen, now)
        places[chosen] = _one_more(places[chosen])
        given += 1
    return given


def _one_more(place: Place) -> Place:
    return replace(place, load=place.load + 1)


async def _assign(tx: WriteTx, chat: SupportChat, chosen: UUID | None, now: datetime) -> None:
    if chosen == chat.assigned_to:
        return
    chat.assigned_to = chosen
    await tx.flush()
    if chosen is not None:
        person = await queries.find_person(tx, chosen)
        whom = name_of(person.full_name, person.email) if person else ""
        await happen(tx, chat, Happened.GIVEN, now, whom=whom)
    tell_changed(tx, chat)
