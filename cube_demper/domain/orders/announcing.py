"""What follows when an order has moved: for now, its seller hears of a new one and of a cancelled one."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from cube_demper.core.errors import PermissionDenied
from cube_demper.core.money import format_tenge
from cube_demper.db.session import WriteTx
from cube_demper.domain.accounts.schemas import Actor, Role
from cube_demper.domain.notifications import service as notifications
from cube_demper.domain.notifications.schemas import Tell
from cube_demper.domain.orders import order_queries as queries
from cube_demper.models.orders import OrderStatus

_KINDS: Final = {
    OrderStatus.APPROVED: ("new_order", "Новый заказ"),
    OrderStatus.CANCELLED: ("order_cancelled", "Отменён заказ"),
    OrderStatus.RETURNED: ("order_cancelled", "Возвращён заказ"),
}


async def announce(tx: WriteTx, actor: Actor, payload: dict[str, Any]) -> None:
    """Handle `orders.moved`; a status that nobody waits for is nothing to tell of."""
    if actor.role is not Role.SYSTEM:
        raise PermissionDenied
    told = _KINDS.get(OrderStatus(payload["status"]))
    found = await queries.find_with_store(tx, UUID(payload["order_id"])) if told else None
    if told is None or found is None:
        return
    order, store = found
    kind, words = told
    await notifications.notify(
        tx,
        actor,
        Tell(
            user_id=store.user_id,
            store_id=store.id,
            kind=kind,
            title=f"{words} {order.kaspi_order_code} на {format_tenge(order.total_price)}",
            body=f"Магазин «{store.name}»",
            link=f"/orders/{order.id}",
            dedupe_key=f"{kind}:{order.id}:{payload['status']}",
        ),
    )
