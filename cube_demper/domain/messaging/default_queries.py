"""SQL of the defaults' versions and of whom they reach."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import exists, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.models.accounts import User
from cube_demper.models.messages import WhatsAppDefault, WhatsAppTemplate
from cube_demper.models.messaging import WhatsAppSession


async def versions(
    tx: ReadTx, event: str, language: str, limit: int
) -> Sequence[tuple[WhatsAppDefault, str]]:
    """Return the newest versions with their writers' e-mails."""
    rows = await tx.execute(
        select(WhatsAppDefault, func.coalesce(col(User.email), ""))
        .outerjoin(User, col(User.id) == col(WhatsAppDefault.written_by))
        .where(
            col(WhatsAppDefault.trigger_event) == event, col(WhatsAppDefault.language) == language
        )
        .order_by(col(WhatsAppDefault.version).desc())
        .limit(limit)
    )
    return rows.tuples().all()


async def count_reach(tx: ReadTx, event: str, language: str) -> tuple[int, int]:
    """Return how many sellers have a number, and how many of these a text of their own."""
    sellers = select(col(WhatsAppSession.user_id).label("id")).distinct().subquery()
    own = exists().where(
        col(WhatsAppTemplate.user_id) == sellers.c.id,
        col(WhatsAppTemplate.trigger_event) == event,
        col(WhatsAppTemplate.language) == language,
    )
    row = await tx.execute(select(func.count(), func.count().filter(own)).select_from(sellers))
    return row.tuples().one()


async def add(tx: WriteTx, row: WhatsAppDefault) -> bool:
    """Write a version; False: there is one of that number already."""
    added = await tx.scalar(
        insert(WhatsAppDefault)
        .values(**row.model_dump(exclude={"created_at", "updated_at"}))
        .on_conflict_do_nothing(index_elements=["trigger_event", "language", "version"])
        .returning(col(WhatsAppDefault.id))
    )
    return added is not None
