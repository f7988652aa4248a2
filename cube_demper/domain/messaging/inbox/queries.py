"""SQL of talks: their list, what was said, the buyer's orders. Everything is the owner's."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    LargeBinary,
    cast,
    exists,
    func,
    or_,
    select,
    true,
    tuple_,
    update,
)
from sqlalchemy.orm import aliased
from sqlmodel import col

from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.messaging.inbox.schemas import Moment, ThreadQuery
from cube_demper.models.messages import (
    MessageKind,
    QueueStatus,
    ScheduledMessage,
    WhatsAppMessage,
)
from cube_demper.models.messaging import WhatsAppContact
from cube_demper.models.orders import Order
from cube_demper.models.stores import KaspiStore

BY_HAND: Final = (MessageKind.REPLY, MessageKind.LETTER)
_UNREAD: Final = (~col(WhatsAppMessage.is_outgoing), col(WhatsAppMessage.read_at).is_(None))
_OLD_DROPPED: Final = 20


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a search may mean, as fingerprints. `names`: for each key in force, those of every word."""

    code: str = ""
    phones: Sequence[bytes] = ()
    names: Sequence[Sequence[bytes]] = ()


async def list_threads(
    tx: ReadTx, user_id: UUID, asked: ThreadQuery, wanted: Wanted | None
) -> Sequence[tuple[WhatsAppContact, WhatsAppMessage]]:
    """Return talks with what was said last in each, one more than asked for where there is more."""
    contact = aliased(WhatsAppContact)
    newest = (
        select(WhatsAppMessage)
        .where(col(WhatsAppMessage.contact_id) == col(contact.id))
        .order_by(col(WhatsAppMessage.happened_at).desc(), col(WhatsAppMessage.id).desc())
        .limit(1)
        .lateral()
    )
    last = aliased(WhatsAppMessage, newest)
    place = tuple_(col(contact.talked_at), col(contact.id))
    conditions: list[ColumnElement[bool]] = [
        col(contact.user_id) == user_id,
        col(contact.talked_at).is_not(None),
    ]
    if asked.after is not None:
        conditions.append(place < asked.after)
    if asked.is_unread:
        conditions.append(exists().where(col(WhatsAppMessage.contact_id) == contact.id, *_UNREAD))
    if wanted is not None:
        conditions.append(_matches(contact, user_id, wanted))
    rows = await tx.execute(
        select(contact, last)
        .join(last, true())
        .where(*conditions)
        .order_by(col(contact.talked_at).desc(), col(contact.id).desc())
        .limit(asked.limit + 1)
    )
    return rows.tuples().all()


def _matches(contact: type[WhatsAppContact], user_id: UUID, wanted: Wanted) -> ColumnElement[bool]:
    options: list[ColumnElement[bool]] = []
    orders: list[ColumnElement[bool]] = []
    if wanted.phones:
        options.append(col(contact.phone_hash).in_(wanted.phones))
    if wanted.code:
        orders.append(col(Order.kaspi_order_code).startswith(wanted.code, autoescape=True))
    for words in wanted.names:
        hashes = cast(list(words), ARRAY(LargeBinary))
        options.append(col(contact.name_hashes).bool_op("@>")(hashes))
        orders.append(col(Order.customer_name_hashes).bool_op("@>")(hashes))
    if orders:
        phones = (
            select(col(Order.customer_phone_hash))
            .join(KaspiStore, col(KaspiStore.id) == col(Order.store_id))
            .where(col(KaspiStore.user_id) == user_id, or_(*orders))
        )
        options.append(col(contact.phone_hash).in_(phones))
    return or_(*options) if options else col(contact.id).is_(None)


async def unread_of(tx: ReadTx, user_id: UUID, contact_ids: Collection[UUID]) -> dict[UUID, int]:
    """Count what these people wrote and nobody read."""
    rows = await tx.execute(
        select(col(WhatsAppMessage.contact_id), func.count())
        .where(
            col(WhatsAppMessage.user_id) == user_id,
            col(WhatsAppMessage.contact_id).in_(contact_ids),
            *_UNREAD,
        )
        .group_by(col(WhatsAppMessage.contact_id))
    )
    return dict(rows.tuples().all())


async def count_unread(tx: ReadTx, user_id: UUID) -> int:
    """Count people whose letters nobody read."""
    found = await tx.scalar(
        select(func.count(func.distinct(col(WhatsAppMessage.contact_id)))).where(
            col(WhatsAppMessage.user_id) == user_id, *_UNREAD
        )
    )
    return int(found or 0)


async def find_contact(tx: ReadTx, user_id: UUID, contact_id: UUID) -> WhatsAppContact | None:
    """Return a person of this seller."""
    found: WhatsAppContact | None = await tx.scalar(
        select(WhatsAppContact).where(
            col(WhatsAppContact.id) == contact_id, col(WhatsAppContact.user_id) == user_id
        )
    )
    return found


async def list_said(
    tx: ReadTx, contact_id: UUID, limit: int, before: Moment | None
) -> Sequence[tuple[WhatsAppMessage, UUID | None, str | None]]:
    """Return the newest messages, the newest first, with the queue's id and reason of our own."""
    happened_at, message_id = col(WhatsAppMessage.happened_at), col(WhatsAppMessage.id)
    query = (
        select(WhatsAppMessage, col(ScheduledMessage.id), col(ScheduledMessage.reason))
        .outerjoin(ScheduledMessage, col(ScheduledMessage.message_id) == message_id)
        .where(col(WhatsAppMessage.contact_id) == contact_id)
        .order_by(happened_at.desc(), message_id.desc())
        .limit(limit)
    )
    if before is not None:
        query = query.where(tuple_(happened_at, message_id) < before)
    return (await tx.execute(query)).tuples().all()


async def list_unsaid(tx: ReadTx, contact_id: UUID) -> Sequence[ScheduledMessage]:
    """Return what was written by hand and has not left: it waits, or was dropped lately."""
    rows = await tx.scalars(
        select(ScheduledMessage)
        .where(
            col(ScheduledMessage.contact_id) == contact_id,
            col(ScheduledMessage.kind).in_(BY_HAND),
            col(ScheduledMessage.message_id).is_(None),
            col(ScheduledMessage.status).in_((QueueStatus.WAITING, QueueStatus.DROPPED)),
            col(ScheduledMessage.reason).is_distinct_from("by_seller"),
        )
        .order_by(col(ScheduledMessage.scheduled_at).desc())
        .limit(_OLD_DROPPED)
    )
    return rows.all()


async def mark_read(tx: WriteTx, contact_id: UUID, now: datetime) -> int:
    """Note that the seller has read all that a person wrote; return how much that was."""
    rows = await tx.scalars(
        update(WhatsAppMessage)
        .where(col(WhatsAppMessage.contact_id) == contact_id, *_UNREAD)
        .values(read_at=now)
        .returning(col(WhatsAppMessage.id))
    )
    return len(rows.all())


async def orders_of(
    tx: ReadTx, user_id: UUID, phones: Collection[bytes], limit: int
) -> Sequence[tuple[Order, str]]:
    """Return a buyer's newest orders in all stores of this seller, with the stores' names."""
    rows = await tx.execute(
        select(Order, col(KaspiStore.name))
        .join(KaspiStore, col(KaspiStore.id) == col(Order.store_id))
        .where(col(KaspiStore.user_id) == user_id, col(Order.customer_phone_hash).in_(phones))
        .order_by(col(Order.ordered_at).desc(), col(Order.id))
        .limit(limit)
    )
    return rows.tuples().all()


async def count_orders(tx: ReadTx, user_id: UUID, phones: Collection[bytes]) -> int:
    """Count a buyer's orders in all stores of this seller."""
    found = await tx.scalar(
        select(func.count())
        .select_from(Order)
        .join(KaspiStore, col(KaspiStore.id) == col(Order.store_id))
        .where(col(KaspiStore.user_id) == user_id, col(Order.customer_phone_hash).in_(phones))
    )
    return int(found or 0)


async def find_order(tx: ReadTx, user_id: UUID, order_id: UUID) -> Order | None:
    """Return an order of this seller."""
    found: Order | None = await tx.scalar(
        select(Order)
        .join(KaspiStore, col(KaspiStore.id) == col(Order.store_id))
        .where(col(Order.id) == order_id, col(KaspiStore.user_id) == user_id)
    )
    return found
