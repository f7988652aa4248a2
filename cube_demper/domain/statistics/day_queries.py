"""SQL that counts one day: long tables by their own indexes, so that a worker alone asks it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import distinct, func, select
from sqlmodel import col

from cube_demper.db.session import ReadTx
from cube_demper.domain.statistics.schemas import ErrorKind
from cube_demper.models.billing import Payment, PaymentStatus
from cube_demper.models.catalog import Product
from cube_demper.models.messages import MessageStatus, WhatsAppMessage
from cube_demper.models.pricing import PriceHistory, PriceStatus
from cube_demper.models.stores import KaspiLogin, LoginRefusal
from cube_demper.models.syncing import CatalogSync, SyncState


async def count_prices(tx: ReadTx, since: datetime, until: datetime) -> dict[str, int]:
    """Count the changes decided in a day: those that left, those refused, those only suggested."""
    status, sent = col(PriceHistory.status), distinct(col(PriceHistory.send_id))
    row = (
        await tx.execute(
            select(
                func.count(sent),
                func.count().filter(status == PriceStatus.REFUSED),
                func.count().filter(status == PriceStatus.SUGGESTED),
            ).where(col(PriceHistory.created_at) >= since, col(PriceHistory.created_at) < until)
        )
    ).one()
    return {"changed": row[0], "refused": row[1], "suggested": row[2]}


async def count_errors(tx: ReadTx, since: datetime, until: datetime) -> dict[str, int]:
    """Count the failures of a day by kind; those of sends are among its prices."""

    async def count(at: Any, *conditions: Any) -> int:
        query = select(func.count()).where(at >= since, at < until, *conditions)
        return await tx.scalar(query) or 0

    return {
        ErrorKind.SIGN_IN: await count(
            col(KaspiLogin.started_at),
            col(KaspiLogin.refusal).is_not(None),
            col(KaspiLogin.refusal) != LoginRefusal.INTERRUPTED,
        ),
        ErrorKind.SYNC: await count(
            col(CatalogSync.finished_at), col(CatalogSync.state) == SyncState.FAILED
        ),
        ErrorKind.MESSAGE: await count(
            col(WhatsAppMessage.created_at), col(WhatsAppMessage.status) == MessageStatus.FAILED
        ),
        ErrorKind.PAYMENT: await count(
            col(Payment.created_at), col(Payment.status) == PaymentStatus.FAILED
        ),
    }


async def count_goods(tx: ReadTx) -> dict[str, int]:
    """Count all goods, and those with the bot on."""
    row = (
        await tx.execute(
            select(func.count(), func.count().filter(col(Product.bot_active))).select_from(Product)
        )
    ).one()
    return {"goods": row[0], "bots": row[1]}
