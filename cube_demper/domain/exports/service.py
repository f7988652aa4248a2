"""Use cases of the archive. Only the seller asks for it and takes it, never a manager."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from cube_demper.core.crypto import SecretBox
from cube_demper.core.errors import Conflict, LimitReached, NotFound, PermissionDenied
from cube_demper.core.ids import new_token, token_hash
from cube_demper.db import outbox
from cube_demper.db.session import Database, ReadTx, WriteTx
from cube_demper.domain.accounts.schemas import SYSTEM, Actor, Role
from cube_demper.domain.audit import service as audit
from cube_demper.domain.exports import queries
from cube_demper.domain.exports.archive import write_archive
from cube_demper.domain.notifications import service as notifications
from cube_demper.domain.notifications.schemas import Tell
from cube_demper.models.accounts import User
from cube_demper.models.exports import DataExport

TOPIC = "export.make"
KEPT_FOR = timedelta(days=1)
_A_DAY = 3


@dataclass(frozen=True, slots=True)
class ExportState:
    """How the last archive stands; `size` in bytes, 0 unless it is ready."""

    status: Literal["none", "making", "ready", "gone"] = "none"
    at: datetime | None = None
    expires_at: datetime | None = None
    size: int = 0


async def ask(tx: WriteTx, actor: Actor, now: datetime) -> None:
    """Ask for an archive. Raises Conflict while one is made, LimitReached after three in a day."""
    actor.require(None)
    await queries.lock(tx, actor.owner_id)
    if (await state_of(tx, actor, now)).status == "making":
        raise Conflict("Архив уже готовится: мы напишем, когда он будет готов.")
    if await queries.count_since(tx, actor.owner_id, now - timedelta(days=1)) >= _A_DAY:
        raise LimitReached("Архив можно запросить три раза в сутки. Повторите завтра.")
    row = DataExport(user_id=actor.owner_id, created_at=now)
    tx.add(row)
    await tx.flush()
    await outbox.enqueue(tx, TOPIC, row.id, {"export_id": str(row.id)}, now)
    await audit.record(tx, actor, "export_asked", "user", actor.owner_id)


async def state_of(tx: ReadTx, actor: Actor, now: datetime) -> ExportState:
    """Say how the actor's last archive stands. Raises PermissionDenied for a manager."""
    actor.require(None)
    found = await queries.find_last(tx, actor.owner_id)
    if found is None:
        return ExportState()
    row, size = found
    if row.ready_at is None:
        return ExportState("making", row.created_at)
    is_there = size > 0 and row.expires_at is not None and row.expires_at > now
    if not is_there:
        return ExportState("gone", row.taken_at or row.expires_at)
    return ExportState("ready", row.ready_at, row.expires_at, size)


async def make(db: Database, secrets: SecretBox, export_id: UUID, now: datetime) -> None:
    """Make an archive that was asked for and tell its seller; one that is made stays as it is."""
    async with db.read() as tx:
        row = await tx.get(DataExport, export_id)
        if row is None or row.ready_at is not None:
            return
        archive = await write_archive(tx, secrets, row.user_id, now)
    async with db.write() as tx:
        if not await queries.save(tx, export_id, archive, now, now + KEPT_FOR):
            return
        await notifications.notify(
            tx,
            SYSTEM,
            Tell(
                user_id=row.user_id,
                kind="export_ready",
                title="Архив ваших данных готов",
                body="Скачать его можно один раз в течение суток.",
                link="/settings?tab=data",
                dedupe_key=f"export_ready:{export_id}",
            ),
        )
        tx.emit(f"user:{row.user_id}", "export")


async def new_link(tx: WriteTx, actor: Actor, now: datetime) -> str:
    """Return a token that takes the archive once; an earlier one dies. Raises NotFound."""
    actor.require(None)
    token = new_token()
    if not await queries.set_token(tx, actor.owner_id, token_hash(token), now):
        raise NotFound("Архив уже скачан или устарел. Запросите новый.")
    return token


async def take(tx: WriteTx, actor: Actor, token: str, now: datetime) -> bytes:
    """Return the archive and forget it. Raises NotFound, for somebody else's too."""
    actor.require(None)
    archive = await queries.take(tx, actor.owner_id, token_hash(token), now)
    if archive is None:
        raise NotFound("Ссылка уже сработала или устарела. Запросите архив ещё раз.")
    await audit.record(tx, actor, "export_taken", "user", actor.owner_id)
    tx.emit(f"user:{actor.owner_id}", "export")
    return archive


async def archive_for_admin(
    tx: WriteTx, actor: Actor, secrets: SecretBox, user_id: UUID, now: datetime
) -> bytes:
    """Return a person's archive for an admin who must hand it over. Raises PermissionDenied, NotFound."""
    actor.require_role(Role.ADMIN)
    user = await tx.get(User, user_id)
    if user is None or user.deleted_at is not None:
        raise NotFound("Такого пользователя нет.")
    archive = await write_archive(tx, secrets, user_id, now)
    await audit.record(tx, actor, "person_exported", "user", user_id, owner=user_id)
    return archive


async def forget_expired(tx: WriteTx, actor: Actor, now: datetime) -> None:
    """Delete the contents of archives older than a day. Raises PermissionDenied."""
    if actor.role is not Role.SYSTEM:
        raise PermissionDenied
    await queries.forget_expired(tx, now)
