"""Broadcasts as their seller sees them: the list, and one with how far it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final
from uuid import UUID

from cube_demper.core.crypto import SecretBox
from cube_demper.db.session import ReadTx
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.messaging import judging, rules
from cube_demper.domain.messaging.broadcasts import checking, queries
from cube_demper.domain.messaging.broadcasts.queries import Standing
from cube_demper.domain.messaging.broadcasts.schemas import (
    Audience,
    BroadcastPage,
    BroadcastView,
    Progress,
)
from cube_demper.domain.messaging.gate_schemas import MessageKind, Number, Reason
from cube_demper.models.broadcasts import Broadcast, BroadcastStatus
from cube_demper.models.messages import MessageStatus, QueueStatus
from cube_demper.models.staff import Area

PAGE_SIZE: Final = 20
_GOING: Final = frozenset({BroadcastStatus.RUNNING, BroadcastStatus.PAUSED})
_DELIVERED: Final = frozenset({MessageStatus.DELIVERED, MessageStatus.READ})


async def list_broadcasts(tx: ReadTx, actor: Actor, page: int) -> BroadcastPage:
    """Return one page of the actor's broadcasts; past the end the last. Raises PermissionDenied."""
    actor.require(Area.MESSAGES)
    total = await queries.count(tx, actor.owner_id)
    page = min(max(page, 1), max(1, -(-total // PAGE_SIZE)))
    rows = await queries.list_page(
        tx, actor.owner_id, limit=PAGE_SIZE, offset=(page - 1) * PAGE_SIZE
    )
    found = await queries.standings(tx, [row.id for row in rows]) if rows else []
    views = [
        _view(row, progress_of([it for it in found if it.broadcast_id == row.id])) for row in rows
    ]
    return BroadcastPage(views, total, page)


async def get(
    tx: ReadTx, actor: Actor, broadcast_id: UUID, now: datetime, *, secrets: SecretBox
) -> BroadcastView:
    """Return one broadcast; while it goes on, with when it will be over. Raises BroadcastNotFound."""
    actor.require(Area.MESSAGES)
    row = await queries.get(tx, actor.owner_id, broadcast_id)
    progress = progress_of(await queries.standings(tx, [row.id]))
    view = _view(row, progress)
    if row.status not in _GOING:
        return view
    session = await checking.number_of(tx, row)
    number = await judging.number_of(tx, session, now, secrets=secrets) if session else Number()
    ends = await checking.forecast_of(tx, session, number, progress.waiting, now)
    return replace(view, forecast=ends, held=_held(row, number, now))


def _held(row: Broadcast, number: Number, now: datetime) -> Reason | None:
    """Tell why nothing of a broadcast leaves now; the pause between two messages is no reason."""
    if row.status != BroadcastStatus.RUNNING:
        return None
    if row.session_id is None:
        return Reason.NO_NUMBER
    shut = rules.closed(number, MessageKind.BROADCAST, now)
    return shut.reason if shut is not None and shut.reason is not Reason.PACE else None


def progress_of(standings: Sequence[Standing]) -> Progress:
    """Add up the people of one broadcast."""
    dropped: Counter[str] = Counter()
    ends: Counter[str] = Counter()
    marks: Counter[str] = Counter()
    for it in standings:
        end = _end_of(it)
        ends[end] += it.people
        if end == QueueStatus.DROPPED:
            dropped[it.reason or it.queue_reason or Reason.BY_SELLER] += it.people
        if end == QueueStatus.SENT:
            marks["delivered"] += it.people * (it.message in _DELIVERED)
            marks["read"] += it.people * (it.message == MessageStatus.READ)
            marks["answered"] += it.people * it.has_answered
    return Progress(
        people=ends.total(),
        waiting=ends[QueueStatus.WAITING],
        sent=ends[QueueStatus.SENT],
        failed=ends[QueueStatus.FAILED],
        unknown=ends[QueueStatus.UNKNOWN],
        dropped=dict(dropped),
        delivered=marks["delivered"],
        read=marks["read"],
        answered=marks["answered"],
    )


def _end_of(standing: Standing) -> QueueStatus:
    if standing.reason is not None:
        return QueueStatus.DROPPED
    if not standing.is_queued:
        return QueueStatus.WAITING
    if standing.queue is None:
        return QueueStatus.UNKNOWN
    status = QueueStatus(standing.queue)
    return QueueStatus.WAITING if status is QueueStatus.SENDING else status


def _view(row: Broadcast, progress: Progress) -> BroadcastView:
    return BroadcastView(
        id=row.id,
        name=row.name,
        status=BroadcastStatus(row.status),
        text_ru=row.text_ru,
        text_kk=row.text_kk,
        audience=Audience.from_json(row.audience),
        session_id=row.session_id,
        written_at=row.written_at,
        started_at=row.started_at,
        ended_at=row.ended_at,
        progress=progress,
    )
