"""SQL of texts, the sellers' own and the defaults, and of the orders they are tried on."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from cube_demper.core.ids import new_id
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.models.messages import WhatsAppDefault, WhatsAppTemplate
from cube_demper.models.messaging import WhatsAppSession
from cube_demper.models.orders import Order, OrderItem
from cube_demper.models.stores import KaspiStore


async def find(tx: ReadTx, user_id: UUID, event: str, language: str) -> str | None:
    """Return the seller's own text of an event, else the default; None: the one that we ship."""
    own = select(col(WhatsAppTemplate.message)).where(
        col(WhatsAppTemplate.user_id) == user_id,
        col(WhatsAppTemplate.trigger_event) == event,
        col(WhatsAppTemplate.language) == language,
    )
    newest = (
        select(col(WhatsAppDefault.message))
        .where(
            col(WhatsAppDefault.trigger_event) == event, col(WhatsAppDefault.language) == language
        )
        .order_by(col(WhatsAppDefault.version).desc())
        .limit(1)
    )
    found: str | None = await tx.scalar(
        select(func.coalesce(own.scalar_subquery(), newest.scalar_subquery()))
    )
    return found


async def list_defaults(tx: ReadTx) -> dict[tuple[str, str], str]:
    """Return the defaults that hold in place of what we ship, by event and language."""
    rows = await tx.scalars(
        select(WhatsAppDefault)
        .distinct(col(WhatsAppDefault.trigger_event), col(WhatsAppDefault.language))
        .order_by(
            col(WhatsAppDefault.trigger_event),
            col(WhatsAppDefault.language),
            col(WhatsAppDefault.version).desc(),
        )
    )
    return {(it.trigger_event, it.language): it.message for it in rows if it.message is not None}


async def list_own(tx: ReadTx, user_id: UUID) -> Sequence[WhatsAppTemplate]:
    """Return all texts that the seller has changed."""
    rows = await tx.scalars(
        select(WhatsAppTemplate).where(col(WhatsAppTemplate.user_id) == user_id)
    )
    return rows.all()


async def save(tx: WriteTx, user_id: UUID, event: str, language: str, message: str) -> None:
    """Write the seller's own text."""
    key = {"user_id": user_id, "trigger_event": event, "language": language}
    await tx.execute(
        insert(WhatsAppTemplate)
        .values(id=new_id(), message=message, **key)
        .on_conflict_do_update(index_elements=list(key), set_={"message": message})
    )


async def remove(tx: WriteTx, user_id: UUID, event: str, language: str) -> None:
    """Forget the seller's own text."""
    await tx.execute(
        delete(WhatsAppTemplate).where(
            col(WhatsAppTemplate.user_id) == user_id,
            col(WhatsAppTemplate.trigger_event) == event,
            col(WhatsAppTemplate.language) == language,
        )
    )


async def newest_order(tx: ReadTx, user_id: UUID) -> tuple[Order, str, str | None] | None:
    """Return a seller's newest order with the store's name and its bonus for a review."""
    row = await tx.execute(
        select(Order, col(KaspiStore.name), col(KaspiStore.ai_review_bonus))
        .join(KaspiStore, col(KaspiStore.id) == col(Order.store_id))
        .where(col(KaspiStore.user_id) == user_id)
        .order_by(col(Order.ordered_at).desc())
        .limit(1)
    )
    return row.tuples().one_or_none()


async def items_of(tx: ReadTx, order_id: UUID) -> Sequence[OrderItem]:
    """Return an order's items."""
    rows = await tx.scalars(
        select(OrderItem)
        .where(col(OrderItem.order_id) == order_id)
        .order_by(col(OrderItem.entry_number))
    )
    return rows.all()


async def working_number(tx: ReadTx, user_id: UUID) -> WhatsAppSession | None:
    """Return a number of the seller that is linked and knows itself."""
    found: WhatsAppSession | None = await tx.scalar(
        select(WhatsAppSession)
        .where(
            col(WhatsAppSession.user_id) == user_id,
            col(WhatsAppSession.status) == "WORKING",
            col(WhatsAppSession.phone).is_not(None),
        )
        .order_by(col(WhatsAppSession.created_at))
        .limit(1)
    )
    return found
