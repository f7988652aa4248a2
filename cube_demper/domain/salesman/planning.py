"""When the salesman writes: after an order, to who comes back, for a review, and to who answers.

What is planned here is written when it is due: goods and prices of that hour, not of this one.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

from cube_demper.core.clock import ALMATY
from cube_demper.core.crypto import SecretBox
from cube_demper.core.errors import PermissionDenied
from cube_demper.db import outbox
from cube_demper.db.session import WriteTx
from cube_demper.domain.accounts.schemas import SYSTEM, Actor, Role
from cube_demper.domain.billing import service as billing
from cube_demper.domain.billing.schemas import Feature
from cube_demper.domain.messaging import scheduling
from cube_demper.domain.salesman import queries, rules, talk_queries
from cube_demper.domain.salesman.queries import Desk
from cube_demper.models.orders import Order, OrderStatus
from cube_demper.models.salesman import ThoughtStatus, Trigger

TOPIC: Final = "salesman.write"
_PLACED: Final = (OrderStatus.APPROVED, OrderStatus.ACCEPTED_BY_MERCHANT)
_REVIEW_AFTER: Final = timedelta(days=2)
"""A buyer has unpacked and tried it by then."""
_OLD: Final = timedelta(hours=24)
"""An order that we learn of so late is no news to its buyer."""
_MORNING, _EVENING = time(10), time(20)
"""The salesman writes first in these hours of Almaty; the gate's own quiet hours hold besides."""


async def follow_order(
    tx: WriteTx, actor: Actor, payload: dict[str, Any], now: datetime, *, secrets: SecretBox
) -> UUID | None:
    """Handle `orders.moved` after what templates say is queued; return the message that is planned.

    Raises PermissionDenied.
    """
    if actor.role is not Role.SYSTEM:
        raise PermissionDenied
    status = OrderStatus(payload["status"])
    if status not in (*_PLACED, OrderStatus.COMPLETED):
        return None
    order = await queries.get_order(tx, UUID(payload["order_id"]))
    if order is None or not order.customer_phone or now - order.status_changed_at > _OLD:
        return None
    desk = await queries.find_desk(tx, order.store_id)
    if desk is None or not await _is_given(tx, desk.store.user_id, now):
        return None
    trigger = await _trigger(tx, order, status, secrets)
    if trigger not in desk.settings.triggers:
        return None
    if trigger is Trigger.REVIEW_REQUEST and await queries.is_review_asked(tx, order.id):
        return None
    return await _plan(tx, desk, order, trigger, now, secrets=secrets)


async def _trigger(tx: WriteTx, order: Order, status: OrderStatus, secrets: SecretBox) -> Trigger:
    if status is OrderStatus.COMPLETED:
        return Trigger.REVIEW_REQUEST
    phones = secrets.fingerprints(secrets.decrypt(order.customer_phone or ""))
    before = await queries.orders_before(tx, order, phones)
    return Trigger.REPEAT_CUSTOMER if before else Trigger.NEW_ORDER


async def _plan(
    tx: WriteTx,
    desk: Desk,
    order: Order,
    trigger: Trigger,
    now: datetime,
    *,
    secrets: SecretBox,
) -> UUID | None:
    phone = secrets.decrypt(order.customer_phone or "")
    name = secrets.decrypt(order.customer_name) if order.customer_name else None
    owner = desk.store.user_id
    contact_id = await scheduling.reader_of(tx, owner, phone, name, secrets=secrets)
    contact = await queries.get_contact(tx, contact_id)
    if contact.opted_out_at is not None:
        return None
    is_review = trigger is Trigger.REVIEW_REQUEST
    if not is_review and rules.is_too_soon(await talk_queries.last_written_at(tx, contact_id), now):
        return None
    store_id, percent = desk.store.id, desk.settings.holdout_percent
    is_left_alone = not is_review and rules.is_held_out(
        secrets.fingerprint(phone), str(store_id), percent
    )
    delay = timedelta(minutes=desk.store.ai_send_delay_minutes)
    due_at = by_day(now + (_REVIEW_AFTER if is_review else delay))
    message_id = await queries.add(
        tx,
        {
            "user_id": owner,
            "store_id": store_id,
            "contact_id": contact_id,
            "order_id": order.id,
            "trigger": trigger,
            "status": ThoughtStatus.HELD_OUT if is_left_alone else ThoughtStatus.PLANNED,
            # One key for a first and a repeated order: a second reading may know more orders than a first.
            "dedupe_key": f"{'review' if is_review else 'order'}:{order.id}",
            "due_at": due_at,
            "created_at": now,
        },
    )
    if message_id is None or is_left_alone:
        return None
    await outbox.enqueue(tx, TOPIC, message_id, {"message_id": str(message_id)}, due_at)
    return message_id


def by_day(at: datetime) -> datetime:
    """Return an instant, or the next morning when it is not between morning and evening in Almaty."""
    local = at.astimezone(ALMATY)
    if _MORNING <= local.time() < _EVENING:
        return at
    day = local if local.time() < _MORNING else local + timedelta(days=1)
    return day.replace(hour=_MORNING.hour, minute=0, second=0, microsecond=0)


async def _is_given(tx: WriteTx, user_id: UUID, now: datetime) -> bool:
    allowed = (await billing.entitlements(tx, SYSTEM, [user_id], now))[user_id]
    return allowed.has(Feature.AI) and allowed.has(Feature.WHATSAPP)
