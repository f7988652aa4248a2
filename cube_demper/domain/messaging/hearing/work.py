"""What a worker does with a queued event: reads it, asks what it has to, writes once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from cube_demper.core.errors import IntegrationError
from cube_demper.domain.messaging.hearing import service
from cube_demper.domain.messaging.hearing.schemas import (
    AckHeard,
    Heard,
    LidBook,
    MessageHeard,
    StatusHeard,
)
from cube_demper.domain.messaging.sessions import queries as sessions
from cube_demper.domain.messaging.sessions import rules, telling
from cube_demper.domain.messaging.sessions.schemas import SessionPhase
from cube_demper.domain.messaging.sessions.work import Room, fetch_qr

TOPIC: Final = "whatsapp.heard"
ReadEvent = Callable[[str], Heard | None]


@dataclass(frozen=True, slots=True)
class Ear:
    """What taking events in needs: the room of sessions, the reader of envelopes, numbers behind lids."""

    room: Room
    read: ReadEvent
    lids: LidBook


async def take_in(ear: Ear, sealed: str) -> None:
    """Take one event in; one for a session that we do not have is left out."""
    room = ear.room
    heard = ear.read(room.secrets.decrypt(sealed))
    if heard is None:
        return
    async with room.db.read() as tx:
        session = await sessions.find_named(tx, heard.session)
    if session is None:
        return
    if isinstance(heard, StatusHeard):
        async with room.db.write() as tx:
            told = heard.told
            taken = await telling.take_status(tx, session.id, told, room.secrets, room.now())
        if taken and rules.phase_of(heard.told.status) is SessionPhase.SCAN:
            await fetch_qr(room, session.id, session.name, heard.told.at)
        return
    if isinstance(heard, MessageHeard):
        heard = await _with_phone(ear, heard)
    async with room.db.write() as tx:
        if isinstance(heard, AckHeard):
            await service.take_ack(tx, session, heard, room.now())
        else:
            await service.take_message(tx, session, heard, room.secrets, room.now())


async def _with_phone(ear: Ear, heard: MessageHeard) -> MessageHeard:
    """Ask for the number behind a lid. Without it the person is kept by the lid and joined later."""
    if heard.phone or not heard.chat_id.endswith("@lid"):
        return heard
    try:
        phone = await ear.lids.phone_of_lid(heard.session, heard.chat_id)
    except IntegrationError:
        return heard
    return replace(heard, phone=phone)
