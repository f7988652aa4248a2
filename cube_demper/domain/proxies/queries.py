"""All SQL of proxies."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import case, func, or_, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select

from cube_demper.db.arrays import chosen_once
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.proxies.schemas import Seen
from cube_demper.models.operations import Proxy


async def upsert(tx: WriteTx, rows: Sequence[dict[str, object]]) -> None:
    """Add proxies; a known host and port takes the new address."""
    if not rows:
        return
    unique = list({str(row["label"]): row for row in rows}.values())
    statement = insert(Proxy).values(unique)
    await tx.execute(
        statement.on_conflict_do_update(
            index_elements=["label"], set_={"url": statement.excluded.url, "is_enabled": True}
        )
    )


async def list_enabled(tx: ReadTx) -> Sequence[str]:
    """Return the encrypted addresses in use, in a steady order."""
    rows = await tx.scalars(
        select(Proxy.url).where(col(Proxy.is_enabled)).order_by(col(Proxy.label))
    )
    return rows.all()


async def note_health(tx: WriteTx, seen: Seen) -> None:
    """Write an address's last answer and last failure where they are newer than those known."""
    values: dict[str, Any] = {}
    if seen.ok_at is not None:
        values["last_ok_at"] = func.greatest(col(Proxy.last_ok_at), seen.ok_at)
    if seen.error_at is not None:
        known = col(Proxy.last_error_at)
        is_newer = or_(known.is_(None), known < seen.error_at)
        values["last_error"] = case((is_newer, seen.error), else_=col(Proxy.last_error))
        values["last_error_at"] = func.greatest(known, seen.error_at)
    if values:
        await tx.execute(update(Proxy).where(col(Proxy.label) == seen.label).values(values))


async def allot(tx: WriteTx, user_id: UUID, count: int, now: datetime) -> None:
    """Give a user so many more of the addresses that nobody has; fewer when there are fewer."""
    free = (
        select(Proxy.id)
        .where(col(Proxy.user_id).is_(None), col(Proxy.is_enabled))
        .order_by(col(Proxy.label))
        .limit(count)
        .with_for_update(skip_locked=True)
    )
    await tx.execute(
        update(Proxy)
        .where(chosen_once(col(Proxy.id), free))
        .values(user_id=user_id, allotted_at=now)
    )


async def release(tx: WriteTx, user_id: UUID) -> None:
    """Give a user's addresses back."""
    await tx.execute(
        update(Proxy).where(col(Proxy.user_id) == user_id).values(user_id=None, allotted_at=None)
    )


async def has_free(tx: ReadTx) -> bool:
    """Tell whether some address is nobody's."""
    found = await tx.scalar(
        select(Proxy.id).where(col(Proxy.user_id).is_(None), col(Proxy.is_enabled)).limit(1)
    )
    return found is not None


async def count_allotted(tx: ReadTx, user_id: UUID) -> int:
    """Return how many addresses a user has."""
    total = await tx.scalar(
        select(func.count()).select_from(Proxy).where(col(Proxy.user_id) == user_id)
    )
    return total or 0
