"""All SQL of numbers."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Row, Select, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from cube_demper.core.ids import new_id
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.models.linking import LinkTrouble, LinkWish, WhatsAppLink
from cube_demper.models.messaging import WhatsAppSession, WhatsAppSettings

Pair = tuple[WhatsAppSession, WhatsAppLink]


def _pairs() -> Select[WhatsAppSession, WhatsAppLink]:
    return select(WhatsAppSession, WhatsAppLink).join(
        WhatsAppLink, col(WhatsAppLink.session_id) == col(WhatsAppSession.id)
    )


def _pair(row: Row[WhatsAppSession, WhatsAppLink]) -> Pair:
    return row[0], row[1]


async def list_of(tx: ReadTx, user_id: UUID) -> list[Pair]:
    """Return a seller's numbers, oldest first; those being forgotten are left out."""
    query = _pairs().where(
        col(WhatsAppSession.user_id) == user_id, col(WhatsAppLink.wish) != LinkWish.GONE
    )
    return [_pair(row) for row in await tx.execute(query.order_by(col(WhatsAppSession.created_at)))]


async def find(tx: ReadTx, user_id: UUID, session_id: UUID) -> Pair | None:
    """Return a seller's number."""
    query = _pairs().where(
        col(WhatsAppSession.id) == session_id,
        col(WhatsAppSession.user_id) == user_id,
        col(WhatsAppLink.wish) != LinkWish.GONE,
    )
    found = (await tx.execute(query)).one_or_none()
    return _pair(found) if found else None


async def get_locked(tx: WriteTx, session_id: UUID) -> Pair | None:
    """Return any number and keep others from it until the end of the transaction."""
    query = _pairs().where(col(WhatsAppSession.id) == session_id).with_for_update()
    found = (await tx.execute(query)).one_or_none()
    return _pair(found) if found else None


async def find_named(tx: ReadTx, name: str) -> WhatsAppSession | None:
    """Return the number behind the gateway's name of a session."""
    return await tx.scalar(select(WhatsAppSession).where(col(WhatsAppSession.name) == name))


async def count_of(tx: WriteTx, user_id: UUID) -> int:
    """Count a seller's numbers; two tabs that add one at once wait for each other."""
    await tx.execute(select(func.pg_advisory_xact_lock(func.hashtext(f"whatsapp:{user_id}"))))
    return len(await list_of(tx, user_id))


async def list_all(tx: ReadTx) -> list[Pair]:
    """Return everybody's numbers, those being forgotten too."""
    return [_pair(row) for row in await tx.execute(_pairs())]


async def settings_of(tx: ReadTx, user_id: UUID) -> WhatsAppSettings | None:
    """Return what a seller has agreed to."""
    query = select(WhatsAppSettings).where(col(WhatsAppSettings.user_id) == user_id)
    return await tx.scalar(query)


async def save_consent(tx: WriteTx, user_id: UUID, version: str, now: datetime) -> None:
    """Write the agreement down; the newest wording counts."""
    values = {"consented_at": now, "consent_version": version}
    await tx.execute(
        insert(WhatsAppSettings)
        .values(id=new_id(), user_id=user_id, **values)
        .on_conflict_do_update(index_elements=["user_id"], set_=values)
    )


async def set_trouble(
    tx: WriteTx, session_ids: Collection[UUID], trouble: LinkTrouble | None, now: datetime
) -> Sequence[UUID]:
    """Say what stands between us and WAHA; return the sessions for which that is new."""
    if not session_ids:
        return []
    found = await tx.scalars(
        update(WhatsAppLink)
        .where(
            col(WhatsAppLink.session_id).in_(session_ids),
            col(WhatsAppLink.trouble).is_distinct_from(trouble),
        )
        .values(trouble=trouble, trouble_since=now if trouble else None)
        .returning(col(WhatsAppLink.session_id))
    )
    return found.all()


async def mark_checked(tx: WriteTx, session_ids: Collection[UUID], now: datetime) -> None:
    """Note that WAHA has told about these."""
    if session_ids:
        await tx.execute(
            update(WhatsAppLink)
            .where(col(WhatsAppLink.session_id).in_(session_ids))
            .values(checked_at=now)
        )


async def forget(tx: WriteTx, session_id: UUID) -> None:
    """Delete a number; what was said over it stays."""
    await tx.execute(delete(WhatsAppSession).where(col(WhatsAppSession.id) == session_id))
