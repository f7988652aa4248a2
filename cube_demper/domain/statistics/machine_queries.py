"""SQL of the machine: queues, Kaspi's budgets and bans, what fails now."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import distinct, func, select
from sqlmodel import col

from cube_demper.db.session import ReadTx
from cube_demper.domain.statistics.schemas import Queue, StoreBudget
from cube_demper.models.accounts import User
from cube_demper.models.catalog import Product
from cube_demper.models.messages import QueueStatus, ScheduledMessage
from cube_demper.models.operations import OutboxMessage
from cube_demper.models.pricing import PriceHistory, PriceStatus
from cube_demper.models.stores import KaspiLogin, KaspiStore
from cube_demper.models.syncing import CatalogSync, SyncState

PRICES, MESSAGES, SIGN_INS, SYNCS = "prices", "messages", "sign_ins", "syncs"


async def list_queues(tx: ReadTx) -> list[Queue]:
    """Return what waits, by kind: changes of prices, messages, sign-ins, syncs, then every topic."""
    price_open = (PriceStatus.QUEUED, PriceStatus.SENDING)
    syncs = (SyncState.QUEUED, SyncState.RUNNING)
    found = [
        await _waiting(
            tx, PRICES, col(PriceHistory.queued_at), col(PriceHistory.status).in_(price_open)
        ),
        await _waiting(
            tx,
            MESSAGES,
            col(ScheduledMessage.scheduled_at),
            col(ScheduledMessage.status) == QueueStatus.WAITING,
        ),
        await _waiting(
            tx, SIGN_INS, col(KaspiLogin.started_at), col(KaspiLogin.ended_at).is_(None)
        ),
        await _waiting(tx, SYNCS, col(CatalogSync.created_at), col(CatalogSync.state).in_(syncs)),
    ]
    return [*found, *await _topics(tx)]


async def _waiting(tx: ReadTx, code: str, at: Any, condition: Any) -> Queue:
    row = (await tx.execute(select(func.count(), func.min(at)).where(condition))).one()
    return Queue(code, row[0], oldest=row[1])


async def _topics(tx: ReadTx) -> list[Queue]:
    failed = col(OutboxMessage.attempts) > 0
    rows = await tx.execute(
        select(
            col(OutboxMessage.topic),
            func.count(),
            func.count().filter(failed),
            func.min(col(OutboxMessage.created_at)),
            func.max(col(OutboxMessage.last_error)).filter(failed),
        )
        .where(col(OutboxMessage.done_at).is_(None))
        .group_by(col(OutboxMessage.topic))
        .order_by(func.count().desc())
    )
    return [Queue(*row[:4], last_error=row[4] or "") for row in rows.all()]


async def list_budgets(tx: ReadTx, since: datetime, now: datetime) -> list[StoreBudget]:
    """Return the stores that sent since then or are banned, those who sent most first."""
    ids = select(col(KaspiStore.id)).where(col(KaspiStore.is_active))
    changes = Counter[UUID]()
    for send, at in (
        (PriceHistory.send_id, PriceHistory.sent_at),
        (PriceHistory.first_send_id, PriceHistory.first_sent_at),
    ):
        rows = await tx.execute(
            select(col(PriceHistory.store_id), func.count(distinct(col(send))))
            .where(col(PriceHistory.store_id).in_(ids), col(at) > since)
            .group_by(col(PriceHistory.store_id))
        )
        changes.update(dict(rows.tuples().all()))
    blocked_until = col(KaspiStore.sends_blocked_until)
    stores = await tx.execute(
        select(col(KaspiStore.id), col(KaspiStore.name), col(User.email), blocked_until)
        .join(User, col(User.id) == col(KaspiStore.user_id))
        .where((blocked_until > now) | col(KaspiStore.id).in_(list(changes)))
    )
    found = [
        StoreBudget(id_, name, email, changes[id_], until if until and until > now else None)
        for id_, name, email, until in stores.tuples().all()
    ]
    return sorted(found, key=lambda it: (it.blocked_until is None, -it.changes, it.name))


async def count_failing(tx: ReadTx) -> int:
    """Count goods with the bot on whose last look failed."""
    return (
        await tx.scalar(
            select(func.count())
            .select_from(Product)
            .where(col(Product.bot_active), col(Product.check_failures) > 0)
        )
        or 0
    )
