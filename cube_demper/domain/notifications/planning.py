"""Which channels carry a notification, and when: decided once, soon after it was written.

A notification is written by whatever happened; this runs in a worker of its own transaction, so that
nobody who tells something has to know how people wish to be told.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from cube_demper.db import outbox
from cube_demper.db.session import WriteTx
from cube_demper.domain.notifications import delivery_queries as queries
from cube_demper.domain.notifications import rules
from cube_demper.domain.notifications.kinds import kind_of
from cube_demper.domain.notifications.schemas import Wishes
from cube_demper.models.operations import Notification
from cube_demper.models.telling import NotificationWishes, TellChannel

DIGEST_TOPICS = {TellChannel.MAIL: "digest.mail", TellChannel.TELEGRAM: "digest.telegram"}
_AT_ONCE = 200
_STALE_AFTER = timedelta(days=1)
"""Yesterday's trouble is on the page; as news it would only confuse."""


async def plan(tx: WriteTx, now: datetime, channels: Collection[TellChannel]) -> int:
    """Decide on notifications that nobody has decided on; return how many. Call until 0.

    `channels`: those that this installation has keys for.
    """
    rows = await queries.take_unplanned(tx, _AT_ONCE)
    people = {row.user_id for row in rows}
    wishes = await queries.wishes_of(tx, people)
    reach = {
        TellChannel.MAIL: await queries.mailable(tx, people),
        TellChannel.TELEGRAM: await queries.chatting(tx, people),
    }
    for row in rows:
        row.planned_at = now
        mine = wishes_from(wishes.get(row.user_id))
        if not rules.is_on(mine, kind_of(row.kind).code, TellChannel.APP):
            row.read_at = row.read_at or now
        if now - row.created_at > _STALE_AFTER:
            continue
        for channel in DIGEST_TOPICS:
            if channel in channels and row.user_id in reach[channel]:
                await _queue(tx, row, mine, channel, now)
    await tx.flush()
    return len(rows)


async def _queue(
    tx: WriteTx, row: Notification, wishes: Wishes, channel: TellChannel, now: datetime
) -> None:
    kind = kind_of(row.kind)
    if not rules.is_on(wishes, kind.code, channel):
        return
    due_at = rules.due_at(wishes, now, is_urgent=kind.is_urgent)
    if not await queries.add_delivery(tx, row, channel, due_at):
        return
    slot: UUID | str = row.id if kind.is_urgent else due_at.isoformat()
    payload = {"user_id": str(row.user_id)}
    await outbox.enqueue(tx, DIGEST_TOPICS[channel], f"{row.user_id}:{slot}", payload, due_at)


def wishes_from(row: NotificationWishes | None) -> Wishes:
    """Return what a row wishes; no row: the defaults."""
    if row is None:
        return Wishes()
    return Wishes(frozenset(row.off), row.digest_minutes, row.quiet_start, row.quiet_end)
