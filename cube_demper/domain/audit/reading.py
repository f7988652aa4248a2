"""Reading the audit: by who, what, about whom, when; a page at a time, or all of it as a stream."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, cast
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from cube_demper.core.ids import find_id
from cube_demper.db.keyset import Window, read_cursor, take
from cube_demper.db.session import ReadTx
from cube_demper.domain.accounts.schemas import Actor, Role
from cube_demper.models.accounts import User
from cube_demper.models.operations import AuditEntry

PAGE_SIZE = 50
_ALMATY = ZoneInfo("Asia/Almaty")
MOST_ROWS = 100_000
"""Of one file; a narrower time gives the rest."""
_STEP = 1_000


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """What the log is narrowed by; empty parts narrow nothing.

    Attributes:
        who: an e-mail whole, or an id: of the doer, or of the admin behind a visit.
        role: the doer's role.
        action: what was done.
        about: an e-mail or id: whose data it was, or the thing's own id.
        since: then or later.
        before: earlier.
    """

    who: str = ""
    role: str = ""
    action: str = ""
    about: str = ""
    since: datetime | None = None
    before: datetime | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """An entry with the e-mails of those that it names, "" where there is none."""

    entry: AuditEntry
    who: str
    behind: str
    """The admin who was signed in as the doer."""
    owner: str


def read_filter(given: Mapping[str, str]) -> AuditFilter:
    """Read the parts of an address; what is nonsense narrows nothing."""
    return AuditFilter(
        who=given.get("who", "").strip()[:254],
        role=given.get("role", "")[:20],
        action=given.get("action", "")[:100],
        about=given.get("about", "").strip()[:254],
        since=_read_day(given.get("since", "")),
        before=_read_day(given.get("until", ""), is_end=True),
    )


def _read_day(text: str, *, is_end: bool = False) -> datetime | None:
    """Read a day of an address («2026-11-27») as its beginning in Almaty, or its end; nonsense is none."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return datetime.combine(day + timedelta(days=int(is_end)), time(), _ALMATY)


async def page(tx: ReadTx, actor: Actor, asked: AuditFilter, cursor: str) -> Window[Record]:
    """Return a page, the newest first. Raises PermissionDenied for all but admins."""
    actor.require_role(Role.ADMIN)
    return await take(
        tx,
        await _query(tx, asked),
        AuditEntry,
        read_cursor(cursor),
        PAGE_SIZE,
        make=_record,
        key=lambda row: (row[0].created_at, row[0].id),
    )


async def stream(tx: ReadTx, actor: Actor, asked: AuditFilter) -> AsyncIterator[Sequence[Record]]:
    """Yield all that fits in parts, the newest first, MOST_ROWS at most. Raises PermissionDenied."""
    actor.require_role(Role.ADMIN)
    query = (await _query(tx, asked)).order_by(
        col(AuditEntry.created_at).desc(), col(AuditEntry.id).desc()
    )
    found = await tx.stream(query.limit(MOST_ROWS))
    async for part in found.partitions(_STEP):
        yield [_record(row) for row in part]


async def actions(tx: ReadTx, actor: Actor) -> list[str]:
    """List what has been done at all, by name. Raises PermissionDenied for all but admins.

    One step of the index by action for each: a DISTINCT would read the whole log.
    """
    actor.require_role(Role.ADMIN)
    first = select(func.min(col(AuditEntry.action)).label("action")).cte("steps", recursive=True)
    following = (
        select(func.min(col(AuditEntry.action)))
        .where(col(AuditEntry.action) > first.c.action)
        .scalar_subquery()
    )
    steps = first.union_all(select(following).where(first.c.action.is_not(None)))
    rows = await tx.scalars(select(steps.c.action).where(steps.c.action.is_not(None)))
    return list(rows.all())


async def _query(tx: ReadTx, asked: AuditFilter) -> Select[Any]:
    doer, behind, owner = aliased(User), aliased(User), aliased(User)
    named = select(AuditEntry, col(doer.email), col(behind.email), col(owner.email))
    joined = (
        named.outerjoin(doer, col(doer.id) == col(AuditEntry.actor_id))
        .outerjoin(behind, col(behind.id) == col(AuditEntry.impersonator_id))
        .outerjoin(owner, col(owner.id) == col(AuditEntry.owner_id))
    )
    query = cast("Select[Any]", joined)
    if asked.who:
        person = await _person(tx, asked.who)
        query = query.where(
            or_(col(AuditEntry.actor_id) == person, col(AuditEntry.impersonator_id) == person)
        )
    if asked.role:
        query = query.where(col(AuditEntry.actor_role) == asked.role)
    if asked.action:
        query = query.where(col(AuditEntry.action) == asked.action)
    if asked.about:
        person = await _person(tx, asked.about)
        own_id = [col(AuditEntry.entity_id) == asked.about.strip()]
        query = query.where(or_(col(AuditEntry.owner_id) == person, *own_id))
    if asked.since:
        query = query.where(col(AuditEntry.created_at) >= asked.since)
    if asked.before:
        query = query.where(col(AuditEntry.created_at) < asked.before)
    return query


async def _person(tx: ReadTx, text: str) -> UUID | None:
    text = text.strip()
    found: UUID | None = find_id(text)
    if found is None:
        found = await tx.scalar(
            select(col(User.id)).where(func.lower(col(User.email)) == text.lower())
        )
    return found


def _record(row: Any) -> Record:
    return Record(row[0], row[1] or "", row[2] or "", row[3] or "")
