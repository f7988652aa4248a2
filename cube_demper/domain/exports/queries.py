"""All SQL of archives' rows."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, update
from sqlmodel import col

from cube_demper.db.columns import left_out
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.models.exports import DataExport


async def lock(tx: WriteTx, user_id: UUID) -> None:
    """Let one request of a seller be decided at a time."""
    key = func.hashtextextended(f"export:{user_id}", 0)
    await tx.execute(select(func.pg_advisory_xact_lock(key)))


async def find_last(tx: ReadTx, user_id: UUID) -> tuple[DataExport, int] | None:
    """Return a seller's newest archive without its contents, and their size in bytes."""
    found = (
        await tx.execute(
            select(DataExport, func.coalesce(func.octet_length(col(DataExport.archive)), 0))
            .options(left_out(DataExport.archive))
            .where(col(DataExport.user_id) == user_id)
            .order_by(col(DataExport.created_at).desc())
            .limit(1)
        )
    ).one_or_none()
    return (found[0], int(found[1])) if found else None


async def count_since(tx: ReadTx, user_id: UUID, since: datetime) -> int:
    """Count what a seller has asked for since then."""
    found = await tx.scalar(
        select(func.count())
        .select_from(DataExport)
        .where(col(DataExport.user_id) == user_id, col(DataExport.created_at) > since)
    )
    return int(found or 0)


async def save(
    tx: WriteTx, export_id: UUID, archive: bytes, ready_at: datetime, expires_at: datetime
) -> bool:
    """Keep an archive; False when another process has made it already."""
    saved = await tx.scalar(
        update(DataExport)
        .where(col(DataExport.id) == export_id, col(DataExport.ready_at).is_(None))
        .values(archive=archive, ready_at=ready_at, expires_at=expires_at)
        .returning(col(DataExport.id))
    )
    return saved is not None


async def set_token(tx: WriteTx, user_id: UUID, token_hash: bytes, now: datetime) -> bool:
    """Give the newest archive that is there a link; False when there is none."""
    newest = (
        select(col(DataExport.id))
        .where(
            col(DataExport.user_id) == user_id,
            col(DataExport.archive).is_not(None),
            col(DataExport.expires_at) > now,
        )
        .order_by(col(DataExport.created_at).desc())
        .limit(1)
        .scalar_subquery()
    )
    found = await tx.scalar(
        update(DataExport)
        .where(col(DataExport.id) == newest)
        .values(token_hash=token_hash)
        .returning(col(DataExport.id))
    )
    return found is not None


async def take(tx: WriteTx, user_id: UUID, token_hash: bytes, now: datetime) -> bytes | None:
    """Return the contents behind a link and delete them; of two at the same time one wins."""
    row = await tx.scalar(
        select(DataExport)
        .where(
            col(DataExport.user_id) == user_id,
            col(DataExport.token_hash) == token_hash,
            col(DataExport.expires_at) > now,
        )
        .with_for_update()
    )
    if row is None or row.archive is None:
        return None
    archive: bytes = row.archive
    row.archive, row.token_hash, row.taken_at = None, None, now
    await tx.flush()
    return archive


async def forget_expired(tx: WriteTx, now: datetime) -> None:
    """Delete contents whose day is over."""
    await tx.execute(
        update(DataExport)
        .where(col(DataExport.archive).is_not(None), col(DataExport.expires_at) <= now)
        .values(archive=None, token_hash=None)
    )
