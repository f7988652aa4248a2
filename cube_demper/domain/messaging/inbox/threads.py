"""Talks as their seller reads them. Who has no right to messages reads none; names go by orders' right."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from cube_demper.core.crypto import SecretBox
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.audit import service as audit
from cube_demper.domain.messaging import contacts
from cube_demper.domain.messaging.enclosures import enclosure_of
from cube_demper.domain.messaging.errors import PhoneHidden
from cube_demper.domain.messaging.gate_schemas import Reason
from cube_demper.domain.messaging.inbox import queries, standings
from cube_demper.domain.messaging.inbox.errors import ThreadNotFound
from cube_demper.domain.messaging.inbox.queries import Wanted
from cube_demper.domain.messaging.inbox.schemas import (
    Moment,
    OrderBrief,
    Origin,
    Said,
    Thread,
    ThreadPage,
    ThreadQuery,
    ThreadRow,
)
from cube_demper.domain.orders import people
from cube_demper.models.messages import (
    MessageKind,
    QueueStatus,
    ScheduledMessage,
    WhatsAppMessage,
)
from cube_demper.models.messaging import WhatsAppContact
from cube_demper.models.orders import OrderStatus
from cube_demper.models.staff import Area

PAGE_SIZE: Final = 30
SAID_AT_ONCE: Final = 40
MOST_SAID: Final = 400
_ORDERS: Final = 6
_HANDS: Final = frozenset({MessageKind.REPLY, MessageKind.LETTER, MessageKind.TEST})


async def list_threads(
    tx: ReadTx, actor: Actor, asked: ThreadQuery, *, secrets: SecretBox
) -> ThreadPage:
    """Return the actor's talks, the newest first. Raises PermissionDenied."""
    actor.require(Area.MESSAGES)
    owner = actor.owner_id
    wanted = _wanted(actor, asked.search, secrets) if asked.search else None
    found = await queries.list_threads(tx, owner, asked, wanted)
    shown = found[: asked.limit]
    unread = await queries.unread_of(tx, owner, [contact.id for contact, _ in shown])
    rows = [_row(actor, it, last, unread.get(it.id, 0), secrets) for it, last in shown]
    return ThreadPage(rows, len(found) > asked.limit, await queries.count_unread(tx, owner))


async def count_unread(tx: ReadTx, actor: Actor) -> int:
    """Count buyers whose letters nobody read; 0 for who may not read them."""
    if not actor.may(Area.MESSAGES):
        return 0
    return await queries.count_unread(tx, actor.owner_id)


async def get_thread(
    tx: ReadTx,
    actor: Actor,
    contact_id: UUID,
    now: datetime,
    *,
    secrets: SecretBox,
    limit: int = SAID_AT_ONCE,
    before: Moment | None = None,
) -> Thread:
    """Return a talk with its newest messages, or those before a moment.

    Raises ThreadNotFound, PermissionDenied.
    """
    contact = await own_contact(tx, actor, contact_id)
    limit = min(max(limit, 1), MOST_SAID)
    rows = await queries.list_said(tx, contact.id, limit + 1, before)
    said = [_said(*row, secrets) for row in rows[:limit]]
    oldest = (said[-1].at, said[-1].id) if len(rows) > limit else None
    if before is None:
        unsaid = [_unsaid(it, secrets) for it in await queries.list_unsaid(tx, contact.id)]
        said += [it for it in unsaid if oldest is None or it.at >= oldest[0]]
    said.sort(key=lambda it: (it.status == QueueStatus.WAITING, it.at, str(it.id)))
    phones = secrets.fingerprints(secrets.decrypt(contact.phone)) if contact.phone else []
    orders = await queries.orders_of(tx, actor.owner_id, phones, _ORDERS)
    count = len(orders)
    if count == _ORDERS:
        count = await queries.count_orders(tx, actor.owner_id, phones)
    person, phone = shown_person(actor, contact, secrets)
    return Thread(
        id=contact.id,
        person=person,
        phone=phone,
        is_silent=contact.opted_out_at is not None,
        said=said,
        has_older=oldest is not None,
        oldest=oldest,
        orders=[
            OrderBrief(
                it.id, it.kaspi_order_code, OrderStatus(it.status), it.total_price,
                it.ordered_at, store,
            )
            for it, store in orders
        ],
        order_count=count,
        standing=await standings.standing_of(tx, actor, contact, now, secrets=secrets),
        is_unread=bool(await queries.unread_of(tx, actor.owner_id, [contact.id])),
    )  # fmt: skip


async def mark_read(tx: WriteTx, actor: Actor, contact_id: UUID, now: datetime) -> int:
    """Note that all a buyer wrote was read; return how much that was. Raises ThreadNotFound."""
    contact = await own_contact(tx, actor, contact_id)
    count = await queries.mark_read(tx, contact.id, now)
    if count:
        tx.emit(f"user:{actor.owner_id}", "message", contact.id)
    return count


async def lift_silence(tx: WriteTx, actor: Actor, contact_id: UUID) -> None:
    """Take back «просил не писать», which one word of a letter had set. Raises ThreadNotFound."""
    contact = await own_contact(tx, actor, contact_id)
    if contact.opted_out_at is None:
        return
    was, contact.opted_out_at = contact.opted_out_at, None
    await audit.record(
        tx, actor, "whatsapp_silence_lifted", "whatsapp", contact.id, since=was.isoformat()
    )
    tx.emit(f"user:{actor.owner_id}", "message", contact.id)


async def thread_of_order(tx: WriteTx, actor: Actor, order_id: UUID, *, secrets: SecretBox) -> UUID:
    """Return the talk with an order's buyer, begun if there is none.

    Raises ThreadNotFound, PhoneHidden where Kaspi shows no phone, PermissionDenied.
    """
    actor.require(Area.MESSAGES)
    order = await queries.find_order(tx, actor.owner_id, order_id)
    if order is None:
        raise ThreadNotFound
    if order.customer_phone is None:
        raise PhoneHidden
    phone = secrets.decrypt(order.customer_phone)
    name = secrets.decrypt(order.customer_name) if order.customer_name else None
    found = await contacts.buyer_of(tx, actor.owner_id, phone, name, secrets=secrets)
    await audit.record(tx, actor, "whatsapp_talk_opened", "whatsapp", order.id)
    return found


async def own_contact(tx: ReadTx, actor: Actor, contact_id: UUID) -> WhatsAppContact:
    """Return a person of the actor's. Raises ThreadNotFound, for somebody else's too; PermissionDenied."""
    actor.require(Area.MESSAGES)
    contact = await queries.find_contact(tx, actor.owner_id, contact_id)
    if contact is None:
        raise ThreadNotFound
    return contact


def shown_person(actor: Actor, contact: WhatsAppContact, secrets: SecretBox) -> tuple[str, str]:
    """Return a person's name, else their number, and the number; masked for who may not see buyers."""
    name, phone = (
        secrets.decrypt(sealed) if sealed else "" for sealed in (contact.name, contact.phone)
    )
    if actor.may(Area.ORDERS):
        shown = people.shown_phone(phone) if phone else ""
    else:
        name, shown = people.masked_name(name), people.masked_phone(phone) if phone else ""
    return name or shown or "Номер скрыт", shown


def _wanted(actor: Actor, search: str, secrets: SecretBox) -> Wanted:
    """Read a search: digits may be an order's code or a phone, letters are words of a name.

    Who sees buyers masked finds by the code alone: a search would tell whose a talk is.
    """
    digits = "".join(search.split())
    if not actor.may(Area.ORDERS):
        return Wanted(code=digits if digits.isdigit() else "")
    phone, words = people.read_phone(search), people.name_words(search)
    by_word = [secrets.fingerprints(word) for word in words] if not digits.isdigit() else []
    return Wanted(
        code=digits if digits.isdigit() else "",
        phones=secrets.fingerprints(phone) if phone else (),
        names=[list(of_key) for of_key in zip(*by_word, strict=True)],
    )


def _row(
    actor: Actor,
    contact: WhatsAppContact,
    last: WhatsAppMessage,
    unread: int,
    secrets: SecretBox,
) -> ThreadRow:
    person, phone = shown_person(actor, contact, secrets)
    return ThreadRow(
        id=contact.id,
        person=person,
        phone=phone,
        talked_at=contact.talked_at or last.happened_at,
        text=secrets.decrypt(last.body),
        is_ours=last.is_outgoing,
        status=last.status,
        enclosure=enclosure_of(last.media),
        unread=unread,
    )


def _said(
    row: WhatsAppMessage, queue_id: UUID | None, reason: str | None, secrets: SecretBox
) -> Said:
    return Said(
        id=row.id,
        queue_id=queue_id,
        origin=_origin(row),
        text=secrets.decrypt(row.body),
        at=row.happened_at,
        status=row.status,
        reason=Reason(reason) if reason else None,
        event=row.trigger_event,
        order_code=row.order_code,
        enclosure=enclosure_of(row.media),
    )


def _origin(row: WhatsAppMessage) -> Origin:
    if not row.is_outgoing:
        return Origin.BUYER
    if row.kind is None:
        return Origin.PHONE
    return Origin.SELLER if row.kind in _HANDS else Origin.AUTO


def _unsaid(row: ScheduledMessage, secrets: SecretBox) -> Said:
    is_waiting = row.status == QueueStatus.WAITING
    return Said(
        id=row.id,
        queue_id=row.id,
        origin=Origin.SELLER,
        text=secrets.decrypt(row.body) if row.body else "",
        at=row.scheduled_at if is_waiting else row.done_at or row.scheduled_at,
        status=row.status,
        reason=Reason(row.reason) if row.reason else None,
        event=None,
        order_code=row.order_code,
        enclosure=enclosure_of(row.media),
    )
