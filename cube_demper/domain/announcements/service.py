"""Announcements: written by the operator, told to sellers, shown as a bar until they end or are closed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from cube_demper.core.errors import Conflict, InvalidFields, NotFound
from cube_demper.core.paging import Page, inside, offset
from cube_demper.db import outbox
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.accounts.schemas import Actor, Role
from cube_demper.domain.announcements import queries
from cube_demper.domain.audit import service as audit
from cube_demper.models.billing import Plan
from cube_demper.models.steering import Announcement, AnnouncementTone

TOPIC: Final = "announcement.tell"
CHANNEL: Final = "announcements"
PAGE_SIZE: Final = 20
_TITLE, _BODY, _LONGEST = 120, 600, timedelta(days=92)


@dataclass(frozen=True, slots=True)
class Draft:
    """What the operator wrote. `plan` None: all sellers. `link`: a page of the seller's app, or empty."""

    title: str
    body: str
    starts_at: datetime
    ends_at: datetime
    plan: Plan | None = None
    tone: AnnouncementTone = AnnouncementTone.INFO
    link: str = ""


@dataclass(frozen=True, slots=True)
class Bar:
    """An announcement over a seller's page; reading `notification_id` closes it."""

    notification_id: UUID
    title: str
    body: str
    tone: str
    link: str


async def count_hearers(tx: ReadTx, actor: Actor, plan: Plan | None, now: datetime) -> int:
    """Count the sellers whom it would reach now. Raises PermissionDenied."""
    actor.require_operator()
    return await queries.count_hearers(tx, plan, now)


def check(draft: Draft, now: datetime) -> None:
    """Raise InvalidFields with all that is wrong."""
    faults: dict[str, str] = {}
    if not draft.title.strip():
        faults["title"] = "Напишите заголовок."
    elif len(draft.title) > _TITLE:
        faults["title"] = f"Не длиннее {_TITLE} знаков."
    if len(draft.body) > _BODY:
        faults["body"] = f"Не длиннее {_BODY} знаков."
    if draft.link and (not draft.link.startswith("/") or draft.link.startswith("//")):
        faults["link"] = "Адрес страницы кабинета начинается с «/», например /billing."
    if draft.ends_at <= max(draft.starts_at, now):
        faults["ends"] = "Конец должен быть позже начала и ещё не пройти."
    elif draft.ends_at - draft.starts_at > _LONGEST:
        faults["ends"] = "Не дольше трёх месяцев."
    if faults:
        raise InvalidFields(faults)


async def publish(tx: WriteTx, actor: Actor, draft: Draft, now: datetime) -> UUID:
    """Publish an announcement; sellers hear of it when it starts. Raises InvalidFields, PermissionDenied."""
    actor.require_operator()
    check(draft, now)
    row = Announcement(
        title=" ".join(draft.title.split()),
        body=draft.body.strip(),
        link=draft.link.strip(),
        plan=draft.plan,
        tone=draft.tone,
        starts_at=max(draft.starts_at, now),
        ends_at=draft.ends_at,
    )
    tx.add(row)
    await tx.flush()
    payload = {"announcement_id": str(row.id)}
    await outbox.enqueue(tx, TOPIC, row.id, payload, row.starts_at)
    await audit.record(
        tx, actor, "announcement_published", "announcement", row.id,
        title=row.title, plan=row.plan or "all", ends_at=row.ends_at.isoformat(),
    )  # fmt: skip
    return row.id


async def tell(tx: WriteTx, actor: Actor, payload: dict[str, Any], now: datetime) -> None:
    """Handle a queued announcement: into everybody's notifications, once."""
    if actor.role is not Role.SYSTEM:
        actor.require_operator()
    row = await queries.lock(tx, UUID(payload["announcement_id"]))
    if row is None or row.withdrawn_at is not None or row.told_at is not None or row.ends_at <= now:
        return
    row.told, row.told_at = await queries.tell(tx, row, now), now
    tx.emit(CHANNEL, "announcement", row.id)


async def withdraw(tx: WriteTx, actor: Actor, announcement_id: UUID, now: datetime) -> int:
    """Take an announcement back from those who have not read it; return from how many.

    Raises NotFound, Conflict when it is over, PermissionDenied.
    """
    actor.require_operator()
    row = await queries.lock(tx, announcement_id)
    if row is None:
        raise NotFound("Такого объявления нет.")
    if row.withdrawn_at is not None or row.ends_at <= now:
        raise Conflict("Объявление уже закончилось.")
    row.withdrawn_at = now
    await tx.flush()
    forgotten = await queries.forget_unread(tx, announcement_id)
    await audit.record(
        tx, actor, "announcement_withdrawn", "announcement", row.id,
        before={"is_shown": True}, after={"is_shown": False}, title=row.title,
    )  # fmt: skip
    tx.emit(CHANNEL, "announcement", row.id)
    return forgotten


async def list_page(tx: ReadTx, actor: Actor, page: int) -> Page:
    """Return a page of (Announcement, how many have read it). Raises PermissionDenied."""
    actor.require_operator()
    total = await queries.count(tx)
    page = inside(page, total, PAGE_SIZE)
    rows = await queries.list_page(tx, limit=PAGE_SIZE, offset=offset(page, PAGE_SIZE))
    return Page(rows, page, total)


async def bars(tx: ReadTx, actor: Actor, now: datetime) -> Sequence[Bar]:
    """Return what stands over the actor's pages now: at most two, the newest first."""
    return [
        Bar(notification_id, it.title, it.body, it.tone, it.link)
        for it, notification_id in await queries.list_unread(tx, actor.person_id, now)
    ]
