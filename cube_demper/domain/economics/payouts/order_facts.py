"""From rows of orders to what the comparison needs of them. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from cube_demper.core.clock import ALMATY
from cube_demper.domain.economics.payouts.facts import OrderEnd, OrderFacts
from cube_demper.domain.economics.payouts.tariff import Part
from cube_demper.models.orders import Order, OrderItem, OrderStatus

_ENDS = {
    OrderStatus.COMPLETED: OrderEnd.COMPLETED,
    OrderStatus.CANCELLED: OrderEnd.CANCELLED,
    OrderStatus.RETURNED: OrderEnd.RETURNED,
}
_REGIONAL = "DELIVERY_REGIONAL"


def facts_of(order: Order, goods: Sequence[tuple[OrderItem, str | None]]) -> OrderFacts:
    """Return what is known of an order; `goods` are its items with the categories of our products."""
    end = _ENDS.get(OrderStatus(order.status), OrderEnd.OPEN)
    return OrderFacts(
        code=order.kaspi_order_code,
        total=order.total_price,
        ordered_on=almaty_day(order.ordered_at),
        end=end,
        ended_on=_ended_on(order, end),
        parts=_parts(order, goods),
        delivery_kinds=_kinds(order),
        delivery_told=order.seller_delivery_cost or None,
    )


def almaty_day(moment: datetime) -> date:
    """Return the day that a moment has in Almaty."""
    return moment.astimezone(ALMATY).date()


def _ended_on(order: Order, end: OrderEnd) -> date | None:
    moment = {
        OrderEnd.COMPLETED: order.completed_at,
        OrderEnd.CANCELLED: order.cancelled_at,
        OrderEnd.RETURNED: order.returned_at,
    }.get(end)
    return almaty_day(moment) if moment else None


def _parts(order: Order, goods: Sequence[tuple[OrderItem, str | None]]) -> tuple[Part, ...]:
    """Return the goods where they add up to the order, else the order as one sum of no category."""
    parts = tuple(
        Part(item.total_price, category or item.category_name or "")
        for item, category in goods
        if item.total_price
    )
    return parts if sum(part.amount for part in parts) == order.total_price else ()


def _kinds(order: Order) -> tuple[str, ...] | None:
    """Return by which of Kaspi's deliveries it may have gone."""
    if order.is_kaspi_delivery is False:
        return ()
    if order.is_kaspi_delivery is None:
        return None
    if order.is_express:
        return ("express",)
    if (order.delivery_mode or "").startswith(_REGIONAL):
        return ("kazakhstan",)
    # A postomat may stand in the same city or in another.
    return ("city",) if order.delivery_mode == "DELIVERY_LOCAL" else ("city", "kazakhstan")
