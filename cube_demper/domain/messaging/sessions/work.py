"""Doing at the gateway what sellers wish, and asking how their numbers are. All may be done twice."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from cube_demper.core.crypto import SecretBox
from cube_demper.core.errors import (
    CredentialsRejected,
    IntegrationError,
    NotFound,
    Refused,
)
from cube_demper.db import outbox
from cube_demper.db.session import Database
from cube_demper.domain.messaging.sessions import queries, rules, telling
from cube_demper.domain.messaging.sessions.errors import SessionNotReady
from cube_demper.domain.messaging.sessions.ports import SessionGateway
from cube_demper.domain.messaging.sessions.queries import Pair
from cube_demper.domain.messaging.sessions.schemas import GatewaySession, SessionPhase, Told
from cube_demper.domain.messaging.sessions.service import TOPIC
from cube_demper.models.linking import LinkTrouble, LinkWish
from cube_demper.models.messaging import WhatsAppSession

_WISHES: Final = {
    "open": LinkWish.ON,
    "restart": LinkWish.ON,
    "code": LinkWish.ON,
    "log_out": LinkWish.OFF,
    "delete": LinkWish.GONE,
}


@dataclass(frozen=True, slots=True)
class Room:
    """What the work needs. `now`: the worker's clock."""

    db: Database
    secrets: SecretBox
    gateway: SessionGateway
    now: Callable[[], datetime]


async def carry_out(room: Room, payload: Mapping[str, Any]) -> None:
    """Do one wish, unless the seller has wished otherwise since. Raises what is worth another try."""
    session_id, act = UUID(payload["session_id"]), str(payload["act"])
    async with room.db.read() as tx:
        pairs = [it for it in await queries.list_all(tx) if it[0].id == session_id]
    if not pairs or pairs[0][1].wish != _WISHES.get(act):
        return
    row = pairs[0][0]
    try:
        await _ACTS[act](room, row, payload)
    except SessionNotReady:
        raise
    except Refused:
        await _trouble(room, [row], LinkTrouble.REFUSED)
        raise
    except IntegrationError as error:
        await _trouble(room, [row], trouble_of(error))
        raise


async def fetch_qr(room: Room, session_id: UUID, name: str, shown_at: datetime) -> None:
    """Fetch the code that is valid now; none is no error, the next status brings another."""
    try:
        value = await room.gateway.qr(name)
    except (SessionNotReady, NotFound):
        return
    async with room.db.write() as tx:
        await telling.take_qr(tx, session_id, value, shown_at, room.secrets)


async def watch(room: Room) -> int:
    """Ask how all numbers are, and put right what webhooks did not tell; return how many there are.

    Sessions that ought to run and do not are opened again; those that were lost say so.
    """
    async with room.db.read() as tx:
        pairs = await queries.list_all(tx)
    if not pairs:
        return 0
    asked_at = room.now()
    try:
        found = {it.name: it for it in await room.gateway.list_all()}
    except IntegrationError as error:
        wished = [row for row, link in pairs if link.wish == LinkWish.ON]
        await _trouble(room, wished, trouble_of(error))
        return len(pairs)
    for pair in pairs:
        await _compare(room, pair, found.get(pair[0].name), asked_at)
    return len(pairs)


def trouble_of(error: IntegrationError) -> LinkTrouble:
    """Return what an error says about the way to WAHA."""
    is_key = isinstance(error, CredentialsRejected)
    return LinkTrouble.REJECTED_KEY if is_key else LinkTrouble.UNREACHABLE


async def _compare(
    room: Room, pair: Pair, found: GatewaySession | None, asked_at: datetime
) -> None:
    row, link = pair
    if link.wish == LinkWish.GONE:
        await _queue(room, row.id, "delete")
    elif found is None:
        known_at = link.checked_at or row.status_at or asked_at
        if link.wish == LinkWish.ON and asked_at - known_at > rules.SILENT_AFTER:
            await _trouble(room, [row], LinkTrouble.LOST)
    else:
        await _take(room, row, found, asked_at)
        is_asleep = found.status == "STOPPED" and link.wish == LinkWish.ON
        if is_asleep:
            await _queue(room, row.id, "open")
        if rules.phase_of(found.status) is SessionPhase.SCAN and link.wish == LinkWish.ON:
            await fetch_qr(room, row.id, row.name, asked_at)


async def _take(room: Room, row: WhatsAppSession, found: GatewaySession, at: datetime) -> None:
    told = Told(found.status, at, found.phone, found.shown_name)
    async with room.db.write() as tx:
        if found.status == row.status and row.phone and found.phone in ("", _digits(room, row)):
            # Nothing new: its time is not moved, so that a webhook on its way still counts.
            await queries.mark_checked(tx, [row.id], room.now())
            for session_id in await queries.set_trouble(tx, [row.id], None, room.now()):
                tx.emit(f"user:{row.user_id}", "whatsapp", session_id)
            return
        await telling.take_status(tx, row.id, told, room.secrets, room.now())


def _digits(room: Room, row: WhatsAppSession) -> str:
    return room.secrets.decrypt(row.phone).lstrip("+") if row.phone else ""


async def _queue(room: Room, session_id: UUID, act: str) -> None:
    now = room.now()
    payload = {"session_id": str(session_id), "act": act, "asked_at": now.isoformat()}
    async with room.db.write() as tx:
        # At most one a minute of each: the one before may be on its way.
        await outbox.enqueue(tx, TOPIC, f"{session_id}:{act}:{now:%Y%m%d%H%M}", payload, now)


async def _trouble(room: Room, rows: Sequence[WhatsAppSession], trouble: LinkTrouble) -> None:
    users = {row.id: row.user_id for row in rows}
    async with room.db.write() as tx:
        for session_id in await queries.set_trouble(tx, users, trouble, room.now()):
            tx.emit(f"user:{users[session_id]}", "whatsapp", session_id)


async def _open(room: Room, row: WhatsAppSession, _payload: Mapping[str, Any]) -> None:
    asked_at = room.now()
    await _take(room, row, await room.gateway.open(row.name, str(row.user_id)), asked_at)


async def _restart(room: Room, row: WhatsAppSession, _payload: Mapping[str, Any]) -> None:
    asked_at = room.now()
    try:
        found = await room.gateway.restart(row.name)
    except NotFound:
        found = await room.gateway.open(row.name, str(row.user_id))
    await _take(room, row, found, asked_at)


async def _code(room: Room, row: WhatsAppSession, payload: Mapping[str, Any]) -> None:
    phone = room.secrets.decrypt(payload["phone"])
    code = await room.gateway.pairing_code(row.name, phone)
    async with room.db.write() as tx:
        await telling.take_code(tx, row.id, code, room.now(), room.secrets)


async def _log_out(room: Room, row: WhatsAppSession, _payload: Mapping[str, Any]) -> None:
    await room.gateway.log_out(row.name)
    async with room.db.write() as tx:
        told = Told("STOPPED", room.now())
        await telling.take_status(tx, row.id, told, room.secrets, room.now())


async def _delete(room: Room, row: WhatsAppSession, _payload: Mapping[str, Any]) -> None:
    await room.gateway.delete(row.name)
    async with room.db.write() as tx:
        await queries.forget(tx, row.id)
        tx.emit(f"user:{row.user_id}", "whatsapp", row.id)


_Act = Callable[[Room, WhatsAppSession, Mapping[str, Any]], Awaitable[None]]
_ACTS: Final[Mapping[str, _Act]] = {
    "open": _open,
    "restart": _restart,
    "code": _code,
    "log_out": _log_out,
    "delete": _delete,
}
