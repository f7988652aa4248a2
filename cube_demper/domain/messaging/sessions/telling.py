"""Taking in what the gateway tells of a number, and telling its seller when it needs them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from cube_demper.core.crypto import SecretBox
from cube_demper.db.session import WriteTx
from cube_demper.domain.accounts.schemas import SYSTEM
from cube_demper.domain.messaging.sessions import queries, rules
from cube_demper.domain.messaging.sessions.queries import Pair
from cube_demper.domain.messaging.sessions.schemas import SessionPhase, Told
from cube_demper.domain.notifications import service as notifications
from cube_demper.domain.notifications.schemas import Tell
from cube_demper.models.linking import LinkWish, WhatsAppLink
from cube_demper.models.messaging import WhatsAppSession

LINK = "/messages/connection"
_BODIES = {
    SessionPhase.FAILED: "WhatsApp закрыл связь. Проверьте номер на телефоне и подключите его заново.",
    SessionPhase.SCAN: "Телефон отвязан. Отсканируйте QR-код ещё раз.",
    SessionPhase.OFF: "Номер остановлен на сервере. Включите его снова.",
    SessionPhase.NEEDS_ACTION: "WhatsApp просит подтверждения, без вас номер не заработает.",
}


async def take_status(
    tx: WriteTx, session_id: UUID, told: Told, secrets: SecretBox, now: datetime
) -> Pair | None:
    """Write a status down, unless a newer one is known; return the number when it was news."""
    pair = await queries.get_locked(tx, session_id)
    if pair is None or not rules.is_news(pair[0].status_at, told.at):
        return None
    row, link = pair
    before, after = rules.phase_of(row.status), rules.phase_of(told.status)
    row.status, row.status_at = told.status, told.at
    link.trouble = link.trouble_since = None
    link.checked_at = now
    if after is SessionPhase.WORKING:
        _works(row, link, told, secrets, now)
    elif before is SessionPhase.WORKING and row.away_since is None and link.wish == LinkWish.ON:
        row.away_since = told.at
    if after is not SessionPhase.SCAN:
        link.qr = link.qr_until = link.code = link.code_until = None
    is_lost = row.phone is not None and rules.needs_seller(before, after)
    if is_lost and link.wish == LinkWish.ON:
        await _tell_lost(tx, row, after, told.at)
    tx.emit(f"user:{row.user_id}", "whatsapp", row.id)
    return pair


async def take_qr(
    tx: WriteTx, session_id: UUID, value: str, shown_at: datetime, secrets: SecretBox
) -> None:
    """Keep the QR that a phone can scan now."""
    pair = await queries.get_locked(tx, session_id)
    if pair is None or rules.phase_of(pair[0].status) is not SessionPhase.SCAN:
        return
    row, link = pair
    if link.qr and secrets.decrypt(link.qr) == value:
        return
    link.qr_until = rules.qr_until(link.qr_asked_at, shown_at)
    link.qr_asked_at = link.qr_asked_at or shown_at
    link.qr = secrets.encrypt(value)
    tx.emit(f"user:{row.user_id}", "whatsapp", row.id)


async def take_code(
    tx: WriteTx, session_id: UUID, code: str, now: datetime, secrets: SecretBox
) -> None:
    """Keep the pairing code."""
    pair = await queries.get_locked(tx, session_id)
    if pair is None:
        return
    row, link = pair
    link.code, link.code_until = secrets.encrypt(code), now + rules.CODE_LIVES
    tx.emit(f"user:{row.user_id}", "whatsapp", row.id)


def _works(
    row: WhatsAppSession, link: WhatsAppLink, told: Told, secrets: SecretBox, now: datetime
) -> None:
    link.qr_asked_at = None
    row.working_at = now
    if told.shown_name:
        row.push_name = told.shown_name
    if not told.phone:
        return
    phone = f"+{told.phone}"
    is_same = row.phone is not None and secrets.decrypt(row.phone) == phone
    if not is_same:
        row.phone, row.phone_hash = secrets.encrypt(phone), secrets.fingerprint(phone)
        row.linked_at = told.at


async def _tell_lost(tx: WriteTx, row: WhatsAppSession, phase: SessionPhase, at: datetime) -> None:
    name = f"«{row.label}»" if row.label else "номер магазина"
    await notifications.notify(
        tx,
        SYSTEM,
        Tell(
            user_id=row.user_id,
            kind="whatsapp_lost",
            title=f"WhatsApp отключился: {name}",
            body=_BODIES[phase],
            link=LINK,
            # Once for each loss: codes that follow one another are the same loss.
            dedupe_key=f"whatsapp_lost:{row.id}:{row.working_at or at:%Y%m%d%H%M%S}",
        ),
    )
