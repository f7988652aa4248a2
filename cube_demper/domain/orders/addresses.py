"""What an address of the list of orders asks for: `tab=new&store=…&status=CANCELLED&days=30`. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Final

from cube_demper.core.clock import ALMATY
from cube_demper.core.ids import find_id
from cube_demper.domain.orders.list_schemas import DAYS, DeliveryKind, OrderQuery, OrderTab
from cube_demper.models.orders import OrderStatus

FILTERS: Final = ("tab", "store", "status", "delivery", "days")
_DAYS: Final = {str(days): days for days in DAYS}


def read_filters(given: Mapping[str, str], search: str, now: datetime) -> OrderQuery:
    """Read the filters of an address; nonsense in it is ignored."""
    tab, status, delivery = (given.get(name, "") for name in ("tab", "status", "delivery"))
    days = _DAYS.get(given.get("days", ""))
    return OrderQuery(
        store_id=find_id(given.get("store", "")),
        search=search.strip()[:200],
        tab=tab if tab in tuple(OrderTab) else "",
        status=OrderStatus(status) if status in tuple(OrderStatus) else None,
        delivery=DeliveryKind(delivery) if delivery in tuple(DeliveryKind) else None,
        days=days,
        since=first_moment(days, now) if days else None,
    )


def first_moment(days: int, now: datetime) -> datetime:
    """Return the midnight in Almaty with which the last `days` begin, today's included."""
    first = now.astimezone(ALMATY).date() - timedelta(days=days - 1)
    return datetime.combine(first, time(), ALMATY)
