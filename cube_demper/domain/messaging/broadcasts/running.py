"""A broadcast begins, pauses, goes on and stops; its people are fixed when it begins."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from cube_demper.core.crypto import SecretBox
from cube_demper.core.errors import InvalidInput
from cube_demper.db.session import WriteTx
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.audit import service as audit
from cube_demper.domain.messaging import queue_queries
from cube_demper.domain.messaging.broadcasts import (
    audience_queries,
    checking,
    feed_queries,
    queries,
)
from cube_demper.domain.messaging.broadcasts.drafts import draft_of
from cube_demper.domain.messaging.broadcasts.errors import (
    NobodyToWrite,
    NotPaused,
    NotRunning,
    ReachChanged,
)
from cube_demper.domain.messaging.broadcasts.schemas import Audience
from cube_demper.domain.switches import service as switches
from cube_demper.models.broadcasts import Broadcast, BroadcastStatus
from cube_demper.models.steering import Switch


async def start(
    tx: WriteTx,
    actor: Actor,
    broadcast_id: UUID,
    now: datetime,
    *,
    people: int,
    has_agreed: bool,
    secrets: SecretBox,
) -> None:
    """Fix the people of a draft and let it go out; `people` is the number that its seller was told.

    Raises BroadcastNotFound, NotDraft, InvalidInput (`agreed`, `text_ru`), NobodyToWrite, ReachChanged
    and what `checking.speaking_number` raises.
    """
    await switches.require(tx, Switch.BROADCASTS, "Рассылки временно остановлены.")
    row = await draft_of(tx, actor, broadcast_id)
    if not has_agreed:
        raise InvalidInput("Отметьте, что понимаете риск.", field="agreed")
    if not row.text_ru and not row.text_kk:
        raise InvalidInput("Напишите текст хотя бы на одном языке.", field="text_ru")
    await _take_number(tx, actor, row, now, secrets=secrets)
    audience = Audience.from_json(row.audience)
    fixed = await audience_queries.fix(tx, row.user_id, row.id, audience, now)
    if not fixed:
        raise NobodyToWrite
    if fixed != people:
        raise ReachChanged
    row.consented_at = row.started_at = now
    await _told(tx, actor, row, "whatsapp_broadcast_started", people=fixed)


async def pause(tx: WriteTx, actor: Actor, broadcast_id: UUID) -> int:
    """Let nobody else be written to for now; return how many messages were called back.

    Raises BroadcastNotFound, NotRunning.
    """
    row = await queries.lock(tx, actor.owner_id, broadcast_id)
    if row.status != BroadcastStatus.RUNNING:
        raise NotRunning
    row.status = BroadcastStatus.PAUSED
    back = await feed_queries.call_back(tx, row.id)
    await _told(tx, actor, row, "whatsapp_broadcast_paused")
    return back


async def go_on(
    tx: WriteTx, actor: Actor, broadcast_id: UUID, now: datetime, *, secrets: SecretBox
) -> None:
    """Go on with those who are still to come. Raises BroadcastNotFound, NotPaused and as `start`."""
    row = await queries.lock(tx, actor.owner_id, broadcast_id)
    if row.status != BroadcastStatus.PAUSED:
        raise NotPaused
    await _take_number(tx, actor, row, now, secrets=secrets)
    await _told(tx, actor, row, "whatsapp_broadcast_resumed")


async def stop(tx: WriteTx, actor: Actor, broadcast_id: UUID, now: datetime) -> None:
    """End a broadcast for good; who was not written to never will be.

    Raises BroadcastNotFound, NotRunning.
    """
    row = await queries.lock(tx, actor.owner_id, broadcast_id)
    if row.status not in {BroadcastStatus.RUNNING, BroadcastStatus.PAUSED}:
        raise NotRunning
    row.status, row.ended_at = BroadcastStatus.STOPPED, now
    await feed_queries.call_back(tx, row.id)
    await _told(tx, actor, row, "whatsapp_broadcast_stopped")


async def _take_number(
    tx: WriteTx, actor: Actor, row: Broadcast, now: datetime, *, secrets: SecretBox
) -> None:
    """Let a broadcast go out from its number, locked so that no other takes it meanwhile."""
    session = await checking.number_of(tx, row)
    if session is not None:
        await queue_queries.lock_number(tx, row.user_id, session.id)
    row.session_id = (await checking.speaking_number(tx, actor, row, now, secrets=secrets)).id
    row.status, row.fed_at = BroadcastStatus.RUNNING, None


async def _told(tx: WriteTx, actor: Actor, row: Broadcast, action: str, **details: int) -> None:
    await audit.record(tx, actor, action, "whatsapp", row.id, name=row.name, **details)
    tx.emit(f"user:{row.user_id}", "broadcast", row.id)
