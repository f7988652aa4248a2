"""Telling sellers things in the app: once each, and open pages learn of it at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from cube_demper.core.errors import PermissionDenied
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.accounts.schemas import Actor, Role
from cube_demper.domain.notifications import managers, queries
from cube_demper.domain.notifications.kinds import kind_of
from cube_demper.domain.notifications.letters import compose
from cube_demper.domain.notifications.schemas import NotificationPage, NotificationRow, Tell
from cube_demper.models.operations import Notification

__all__ = [
    "TELL_TOPIC",
    "compose",
    "count_unread",
    "forget_old",
    "list_latest",
    "list_page",
    "mark_read",
    "notify",
    "notify_group",
    "notify_later",
    "retell",
    "told_under",
]

TELL_TOPIC = "notification.tell"
PAGE_SIZE = 30
_TELLERS = frozenset({Role.SYSTEM, Role.ADMIN, Role.SUPPORT})
"""Support asks a seller to sign in anew from the card beside a chat."""
KEPT_FOR = timedelta(days=90)


async def notify(tx: WriteTx, actor: Actor, tell: Tell) -> bool:
    """Tell a seller something, and the managers whose right it is; False when it was told already.

    Only the product itself, staff or the seller's own action tells. Raises PermissionDenied.
    """
    _require_teller(actor, tell)
    is_news = False
    for each in (*await managers.copies_of(tx, tell), tell):
        added = await queries.add_once(tx, each)
        is_news = added is not None
        if added is not None:
            tx.emit(f"user:{each.user_id}", "notification", added)
    return is_news


async def retell(tx: WriteTx, actor: Actor, tell: Tell, now: datetime) -> None:
    """Tell a seller something, in place of what was told under the same key: a group that has grown.

    The caller sees to it that the same thing is not told twice. Raises PermissionDenied.
    """
    _require_teller(actor, tell)
    for each in (*await managers.copies_of(tx, tell), tell):
        written = await queries.add_or_replace(tx, each, now)
        tx.emit(f"user:{each.user_id}", "notification", written)


async def notify_group(tx: WriteTx, actor: Actor, tell: Tell, now: datetime) -> None:
    """Tell a seller how many goods something is true of; later calls only correct the number.

    The first one is news; the same day's growth is not, so what was read stays read.
    Raises PermissionDenied.
    """
    _require_teller(actor, tell)
    for each in (*await managers.copies_of(tx, tell), tell):
        written = await queries.add_or_refresh(tx, each, now)
        if written is not None:
            tx.emit(f"user:{each.user_id}", "notification", written)


async def notify_later(tx: WriteTx, actor: Actor, payload: dict[str, Any]) -> None:
    """Handle a queued `notification.tell`: `payload` holds the fields of `Tell`."""
    store_id = payload.get("store_id")
    ids = {
        "user_id": UUID(payload["user_id"]),
        "store_id": UUID(store_id) if store_id else None,
    }
    await notify(tx, actor, Tell(**{**payload, **ids}))


async def told_under(tx: ReadTx, actor: Actor, dedupe_key: str) -> frozenset[UUID]:
    """Return whom a key was told to: spares work for nothing. Raises PermissionDenied."""
    if actor.role is not Role.SYSTEM:
        raise PermissionDenied
    return frozenset(await queries.told_under(tx, dedupe_key))


async def list_latest(
    tx: ReadTx, actor: Actor, *, limit: int = 50, kinds: Collection[str] | None = None
) -> list[NotificationRow]:
    """List the actor's latest notifications, newest first; of some kinds or of all."""
    return [_row(it) for it in await queries.list_of_user(tx, actor, limit, kinds)]


async def list_page(
    tx: ReadTx, actor: Actor, *, tab: str = "", only_unread: bool = False, page: int = 1
) -> NotificationPage:
    """Return a page of the actor's notifications; `tab`: a kind, "other" for those of no line, or all.

    A page beyond the last is the last.
    """
    by_kind = await queries.counts_of_user(tx, actor)
    kinds = None if not tab else [it for it in by_kind if kind_of(it).code == tab]
    chosen = [numbers for it, numbers in by_kind.items() if kinds is None or it in kinds]
    total = sum(unread if only_unread else everything for everything, unread in chosen)
    page = max(1, min(page, -(-total // PAGE_SIZE)))
    rows = await queries.page_of_user(
        tx,
        actor,
        kinds=kinds,
        only_unread=only_unread,
        limit=PAGE_SIZE,
        offset=(page - 1) * PAGE_SIZE,
    )
    counts = Counter({"unread": sum(unread for _, unread in by_kind.values())})
    for it, (everything, _) in by_kind.items():
        counts[kind_of(it).code] += everything
    return NotificationPage([_row(it) for it in rows], total, page, dict(counts))


async def forget_old(tx: WriteTx, actor: Actor, now: datetime) -> int:
    """Forget notifications of three months ago; return how many. Raises PermissionDenied."""
    if actor.role is not Role.SYSTEM:
        raise PermissionDenied
    return await queries.delete_before(tx, now - KEPT_FOR)


async def count_unread(tx: ReadTx, actor: Actor) -> int:
    """Count what the actor has not read yet."""
    return await queries.count_unread(tx, actor)


async def mark_read(
    tx: WriteTx, actor: Actor, now: datetime, *, notification_id: UUID | None = None
) -> None:
    """Mark the actor's notifications as read: all, or the one named."""
    await queries.mark_read(tx, actor, now, notification_id=notification_id)
    tx.emit(f"user:{actor.person_id}", "notification")


def _row(row: Notification) -> NotificationRow:
    return NotificationRow(
        id=row.id,
        kind=row.kind,
        title=row.title,
        body=row.body,
        link=row.link,
        created_at=row.created_at,
        is_read=row.read_at is not None,
    )


def _require_teller(actor: Actor, tell: Tell) -> None:
    if actor.role not in _TELLERS and actor.user_id != tell.user_id:
        raise PermissionDenied
