"""What the buyer of one order was told, will be told, and why not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from cube_demper.core.crypto import SecretBox
from cube_demper.db.session import ReadTx
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.messaging import queue, switch_queries
from cube_demper.domain.messaging import queue_queries as queries
from cube_demper.domain.messaging.queue_schemas import QueueRow
from cube_demper.models.orders import Order

MOST: Final = 30
"""Messages of one order that are shown; an order has six events."""


class Silence(StrEnum):
    """Why nothing new is queued for an order's buyer."""

    NO_PHONE = "no_phone"
    NOT_AGREED = "not_agreed"
    STORE_OFF = "store_off"


@dataclass(frozen=True, slots=True)
class OrderTalk:
    """The messages of one order, the newest first. `silence` None: events to come are told."""

    rows: Sequence[QueueRow] = ()
    silence: Silence | None = None


async def talk_of(tx: ReadTx, actor: Actor, order: Order, *, secrets: SecretBox) -> OrderTalk:
    """Return what concerns one of the actor's orders."""
    found = await queries.list_of_order(tx, actor.owner_id, order.id, MOST)
    rows = [
        queue.row_of(actor, message, contact, heard, secrets=secrets)
        for message, contact, heard in found
    ]
    return OrderTalk(rows, await _silence(tx, actor, order))


async def _silence(tx: ReadTx, actor: Actor, order: Order) -> Silence | None:
    if order.customer_phone is None:
        return Silence.NO_PHONE
    if not await switch_queries.has_agreed(tx, actor.owner_id):
        return Silence.NOT_AGREED
    stores = await switch_queries.list_stores(tx, actor.owner_id)
    talks = any(it.is_enabled and it.session_id for it in stores if it.id == order.store_id)
    return None if talks else Silence.STORE_OFF
