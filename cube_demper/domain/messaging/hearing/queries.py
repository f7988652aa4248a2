"""All SQL of what is heard."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from cube_demper.core.ids import new_id
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.models.messages import MessageStatus, ScheduledMessage, WhatsAppMessage
from cube_demper.models.messaging import WhatsAppContact
from cube_demper.models.orders import Order
from cube_demper.models.stores import KaspiStore


async def add_message(tx: WriteTx, values: dict[str, Any]) -> UUID | None:
    """Store a message; None when it is there already."""
    added: UUID | None = await tx.scalar(
        insert(WhatsAppMessage)
        .values(id=new_id(), **values)
        .on_conflict_do_nothing(index_elements=["session_id", "short_id"])
        .returning(col(WhatsAppMessage.id))
    )
    return added


async def advance(
    tx: WriteTx,
    session_id: UUID,
    short_id: str,
    status: MessageStatus,
    *,
    earlier: Collection[MessageStatus],
    at: datetime,
) -> bool:
    """Move one of our messages forward from an `earlier` status; a mark never goes back."""
    values: dict[str, Any] = {"status": status}
    if status in (MessageStatus.DELIVERED, MessageStatus.READ):
        values["delivered_at"] = func.coalesce(col(WhatsAppMessage.delivered_at), at)
    if status is MessageStatus.READ:
        values["read_at"] = func.coalesce(col(WhatsAppMessage.read_at), at)
    moved = await tx.scalar(
        update(WhatsAppMessage)
        .where(
            col(WhatsAppMessage.session_id) == session_id,
            col(WhatsAppMessage.short_id) == short_id,
            col(WhatsAppMessage.is_outgoing),
            col(WhatsAppMessage.status).in_(earlier),
        )
        .values(values)
        .returning(col(WhatsAppMessage.id))
    )
    return moved is not None


async def has_message(tx: ReadTx, session_id: UUID, short_id: str) -> bool:
    """Tell whether a message is known."""
    query = select(col(WhatsAppMessage.id)).where(
        col(WhatsAppMessage.session_id) == session_id, col(WhatsAppMessage.short_id) == short_id
    )
    return await tx.scalar(query) is not None


async def find_lid(tx: WriteTx, user_id: UUID, lid: str) -> WhatsAppContact | None:
    """Return the person of a hidden id."""
    query = select(WhatsAppContact).where(
        col(WhatsAppContact.user_id) == user_id, col(WhatsAppContact.lid) == lid
    )
    return await tx.scalar(query.with_for_update())


async def buyer_name(tx: ReadTx, user_id: UUID, phones: Collection[bytes]) -> str | None:
    """Return the sealed name on a person's newest order in the stores of this seller."""
    found: str | None = await tx.scalar(
        select(col(Order.customer_name))
        .join(KaspiStore, col(KaspiStore.id) == col(Order.store_id))
        .where(
            col(KaspiStore.user_id) == user_id,
            col(Order.customer_phone_hash).in_(phones),
            col(Order.customer_name).is_not(None),
        )
        .order_by(col(Order.ordered_at).desc())
        .limit(1)
    )
    return found


async def mark_read(tx: WriteTx, contact_id: UUID, at: datetime) -> None:
    """Note that the seller has read what a person wrote until then."""
    await tx.execute(
        update(WhatsAppMessage)
        .where(
            col(WhatsAppMessage.contact_id) == contact_id,
            ~col(WhatsAppMessage.is_outgoing),
            col(WhatsAppMessage.read_at).is_(None),
            col(WhatsAppMessage.happened_at) <= at,
        )
        .values(read_at=at)
    )


async def add_lid(tx: WriteTx, user_id: UUID, lid: str, values: dict[str, Any]) -> UUID:
    """Make the person of a hidden id whose number nobody tells, or find it."""
    added: UUID | None = await tx.scalar(
        insert(WhatsAppContact)
        .values(id=new_id(), user_id=user_id, lid=lid, is_on_whatsapp=True, **values)
        .on_conflict_do_update(index_elements=["user_id", "lid"], set_={"lid": lid})
        .returning(col(WhatsAppContact.id))
    )
    if added is None:
        raise LookupError("a contact vanished between two statements")
    return added


async def join(tx: WriteTx, hidden: WhatsAppContact, contact_id: UUID) -> None:
    """Make two contacts one when the number behind a lid becomes known: nothing said is lost."""
    contact = await tx.get_one(WhatsAppContact, contact_id, with_for_update=True)
    lid, silent_at, heard_at = hidden.lid, hidden.opted_out_at, hidden.heard_at
    talked_at = hidden.talked_at
    taken = select(col(ScheduledMessage.text_hash)).where(
        col(ScheduledMessage.contact_id) == contact_id, col(ScheduledMessage.text_hash).is_not(None)
    )
    await tx.execute(
        update(ScheduledMessage)
        .where(
            col(ScheduledMessage.contact_id) == hidden.id,
            col(ScheduledMessage.text_hash).in_(taken.scalar_subquery()),
        )
        .values(text_hash=None)
    )
    for table in (ScheduledMessage, WhatsAppMessage):
        moved = update(table).where(table.contact_id == hidden.id)  # type: ignore[arg-type]
        await tx.execute(moved.values(contact_id=contact_id))
    await tx.delete(hidden)
    await tx.flush()
    contact.lid = lid
    contact.opted_out_at = contact.opted_out_at or silent_at
    contact.heard_at = max(filter(None, (contact.heard_at, heard_at)), default=None)
    contact.talked_at = max(filter(None, (contact.talked_at, talked_at)), default=None)
    await tx.flush()
