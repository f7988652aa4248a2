"""The door into the queue: what is to be said, once for each key. Nothing is sent from here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from cube_demper.core.crypto import SecretBox
from cube_demper.core.errors import PermissionDenied
from cube_demper.db.session import WriteTx
from cube_demper.domain.accounts.schemas import Actor, Role
from cube_demper.domain.messaging import contacts, schedule_queries
from cube_demper.domain.messaging.enclosures import Enclosure
from cube_demper.domain.messaging.gate_schemas import Language, MessageKind, TriggerEvent
from cube_demper.domain.messaging.rules import KEEPS, PRIORITIES
from cube_demper.domain.messaging.switches import switch_of
from cube_demper.domain.messaging.texts import EVENTS
from cube_demper.models.orders import Order, OrderStatus


@dataclass(frozen=True, slots=True)
class Draft:
    """A message for the queue. `body` None: the event's template as it stands when it is sent.

    `key`: the same key of one seller is one message for ever.
    """

    user_id: UUID
    session_id: UUID
    contact_id: UUID
    kind: MessageKind
    key: str
    scheduled_at: datetime
    expires_at: datetime | None = None
    body: str | None = None
    enclosure: Enclosure | None = None
    event: TriggerEvent | None = None
    language: Language | None = None
    store_id: UUID | None = None
    order_id: UUID | None = None
    order_code: str | None = None


async def schedule(tx: WriteTx, draft: Draft, *, secrets: SecretBox) -> bool:
    """Queue a message and wake its number; False when this key was queued before, whatever became of it.

    The only door into the queue for every module; the gate decides when it leaves, and whether.
    """
    values: dict[str, Any] = {
        "user_id": draft.user_id,
        "session_id": draft.session_id,
        "store_id": draft.store_id,
        "contact_id": draft.contact_id,
        "order_id": draft.order_id,
        "order_code": draft.order_code,
        "kind": draft.kind,
        "priority": PRIORITIES[draft.kind],
        "trigger_event": draft.event,
        "language": draft.language,
        "body": secrets.encrypt(draft.body) if draft.body else None,
        "media": draft.enclosure.as_json() if draft.enclosure else None,
        "dedupe_key": draft.key,
        "scheduled_at": draft.scheduled_at,
        "expires_at": draft.expires_at,
    }
    is_new = await schedule_queries.add(tx, values)
    if is_new:
        await schedule_queries.wake(tx, draft.session_id, draft.scheduled_at)
        tx.emit(f"user:{draft.user_id}", "whatsapp", draft.session_id)
    return is_new


async def reader_of(
    tx: WriteTx, user_id: UUID, phone: str, name: str | None, *, secrets: SecretBox
) -> UUID:
    """Return the contact of an order's buyer (`+77010000001`), made if there is none."""
    return await contacts.buyer_of(tx, user_id, phone, name, secrets=secrets)


async def follow_order(
    tx: WriteTx,
    actor: Actor,
    payload: dict[str, Any],
    now: datetime,
    *,
    secrets: SecretBox,
    is_bonus_allowed: bool = False,
) -> int:
    """Handle `orders.moved`: queue what the buyer is told of this status; return how many messages.

    Nothing is queued where the store does not write, the seller has not agreed to the risks or Kaspi
    hides the phone. Raises PermissionDenied.
    """
    if actor.role is not Role.SYSTEM:
        raise PermissionDenied
    status = OrderStatus(payload["status"])
    if not any(event.status is status for event in EVENTS.values()):
        return 0
    case = await schedule_queries.find_case(tx, UUID(payload["order_id"]))
    if case is None or not case.order.customer_phone:
        return 0
    wanted = switch_of(case.rules, bonus=case.bonus if is_bonus_allowed else None)
    told = [event for event in wanted if EVENTS[event].status is status and wanted[event].is_on]
    if not told:
        return 0
    phone = secrets.decrypt(case.order.customer_phone)
    name = secrets.decrypt(case.order.customer_name) if case.order.customer_name else None
    contact_id = await contacts.buyer_of(tx, case.user_id, phone, name, secrets=secrets)
    happened = _moment(case.order, status, now)
    added = 0
    for event in told:
        due = happened + wanted[event].delay
        draft = Draft(
            user_id=case.user_id,
            session_id=case.session_id,
            contact_id=contact_id,
            kind=EVENTS[event].kind,
            key=f"{event}:{case.order.id}:{contact_id}",
            scheduled_at=max(due, now),
            expires_at=due + KEEPS[event],
            event=event,
            store_id=case.order.store_id,
            order_id=case.order.id,
            order_code=case.order.kaspi_order_code,
        )
        added += await schedule(tx, draft, secrets=secrets)
    return added


def _moment(order: Order, status: OrderStatus, now: datetime) -> datetime:
    """Return when the event happened: Kaspi's time while the order still stands there, never the future."""
    return min(order.status_changed_at, now) if order.status == status else now
