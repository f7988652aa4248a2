"""SQL of the number that a buyer is written to from."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from cube_demper.db.session import ReadTx
from cube_demper.models.messages import WhatsAppMessage
from cube_demper.models.messaging import WhatsAppSession, WhatsAppStore
from cube_demper.models.orders import Order
from cube_demper.models.stores import KaspiStore


async def of_talk(tx: ReadTx, user_id: UUID, contact_id: UUID) -> WhatsAppSession | None:
    """Return the number over which a person and the seller spoke last."""
    found: WhatsAppSession | None = await tx.scalar(
        select(WhatsAppSession)
        .join(WhatsAppMessage, col(WhatsAppMessage.session_id) == col(WhatsAppSession.id))
        .where(
            col(WhatsAppMessage.contact_id) == contact_id,
            col(WhatsAppSession.user_id) == user_id,
        )
        .order_by(col(WhatsAppMessage.happened_at).desc())
        .limit(1)
    )
    return found


async def of_orders(tx: ReadTx, user_id: UUID, phones: Collection[bytes]) -> WhatsAppSession | None:
    """Return the number of the store that a person bought in last."""
    found: WhatsAppSession | None = await tx.scalar(
        select(WhatsAppSession)
        .join(WhatsAppStore, col(WhatsAppStore.session_id) == col(WhatsAppSession.id))
        .join(Order, col(Order.store_id) == col(WhatsAppStore.store_id))
        .join(KaspiStore, col(KaspiStore.id) == col(Order.store_id))
        .where(
            col(KaspiStore.user_id) == user_id,
            col(WhatsAppSession.user_id) == user_id,
            col(Order.customer_phone_hash).in_(phones),
        )
        .order_by(col(Order.ordered_at).desc())
        .limit(1)
    )
    return found


async def any_of(tx: ReadTx, user_id: UUID) -> WhatsAppSession | None:
    """Return a number of the seller's, one that works before others."""
    found: WhatsAppSession | None = await tx.scalar(
        select(WhatsAppSession)
        .where(col(WhatsAppSession.user_id) == user_id)
        .order_by(
            (col(WhatsAppSession.status) == "WORKING").desc(), col(WhatsAppSession.created_at)
        )
        .limit(1)
    )
    return found
