"""What a seller knows of an order's buyer: all orders of the same phone at all of their stores."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from cube_demper.core.crypto import SecretBox
from cube_demper.db.session import ReadTx
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.orders import buyer_queries as queries
from cube_demper.models.orders import Order, OrderStatus

SHOWN: Final = 5
"""Other orders listed by name; the rest are counted."""


@dataclass(frozen=True, slots=True)
class PastOrder:
    """Another order of the same buyer."""

    id: UUID
    code: str
    status: OrderStatus
    total_price: int
    ordered_at: datetime
    store_name: str


@dataclass(frozen=True, slots=True)
class Buyer:
    """All orders of one phone, this one too. `bought`: tiyn, of what was neither cancelled nor returned."""

    orders: int
    bought: int
    completed: int
    cancelled: int
    returned: int
    first_at: datetime
    others: Sequence[PastOrder] = ()

    @property
    def is_repeat(self) -> bool:
        """Tell whether they have ordered more than once."""
        return self.orders > 1


async def buyer_of(tx: ReadTx, actor: Actor, order: Order, *, secrets: SecretBox) -> Buyer | None:
    """Return the buyer of one of the actor's orders; None where Kaspi hides the phone."""
    if order.customer_phone is None:
        return None
    hashes = secrets.fingerprints(secrets.decrypt(order.customer_phone))
    count = await queries.count(tx, actor, hashes)
    if count.first_at is None:
        return None
    rows = await queries.list_others(tx, actor, hashes, order.id, SHOWN)
    others = tuple(
        PastOrder(row.id, row.code, OrderStatus(row.status), row.total, row.ordered_at, row.store)
        for row in rows
    )
    return Buyer(
        orders=count.orders,
        bought=count.bought,
        completed=count.completed,
        cancelled=count.cancelled,
        returned=count.returned,
        first_at=count.first_at,
        others=others,
    )
