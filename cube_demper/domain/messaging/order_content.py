"""What a text may name of an order, opened for one message."""

from __future__ import annotations

from collections.abc import Sequence

from cube_demper.core.crypto import SecretBox
from cube_demper.domain.messaging.filling import Content, Line
from cube_demper.models.orders import Order, OrderItem


def content_of(
    order: Order,
    items: Sequence[OrderItem],
    *,
    store: str,
    bonus: str | None,
    secrets: SecretBox,
) -> Content:
    """Return an order's facts; what Kaspi did not say is empty."""
    name, address = (
        secrets.decrypt(sealed) if sealed else ""
        for sealed in (order.customer_name, order.delivery_address)
    )
    return Content(
        customer_name=name,
        order_code=order.kaspi_order_code,
        total=order.total_price,
        items=[Line(item.name, item.quantity) for item in items],
        address=address,
        store_name=store,
        review_bonus=bonus or "",
    )
