"""Orders in the cabinet's GraphQL facade: tabs, counters, one order (KASPI.md §5)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from cube_demper.sandbox.order_deeds import lived, stage
from cube_demper.sandbox.order_lives import DAY_MS, of_day
from cube_demper.sandbox.order_shapes import Shown
from cube_demper.sandbox.world import World

OPERATIONS: Final = frozenset({"getOrders", "getOrderCounters", "getOrderDetails"})
_TABS: Final = (
    "NEW",
    "KASPI_DELIVERY_WAIT_FOR_COURIER",
    "KASPI_DELIVERY_WAIT_FOR_POINT_DELIVERY",
    "KASPI_DELIVERY_RETURN_REQUEST",
    "KASPI_DELIVERY_TRANSMITTED",
    "PICKUP",
    "KASPI_DELIVERY_CARGO_ASSEMBLY",
    "SIGN_REQUIRED",
    "DELIVERY",
)
_ARCHIVE: Final = "ARCHIVED"
_LIVE_DAYS: Final = 60
_LARGEST: Final = 10


def answer(
    world: World, uid: str, name: str, variables: dict[str, Any], now: int
) -> dict[str, Any] | None:
    """Answer one of OPERATIONS about a merchant; None is a «Bad Request». `now` in milliseconds."""
    if name == "getOrderCounters":
        counts = dict.fromkeys(_TABS, 0)
        for it in _shown(world, uid, now - _LIVE_DAYS * DAY_MS, now, now):
            if it.tab in counts:
                counts[it.tab] += 1
        rows = [{"tab": tab, "count": count} for tab, count in counts.items()]
        return {"data": {"merchant": {"orders": {"counts": rows}}}}
    if name == "getOrderDetails":
        return _details(world, uid, str(variables.get("orderCode") or ""), now)
    return _page(world, uid, variables, now)


def _details(world: World, uid: str, code: str, now: int) -> dict[str, Any]:
    since = int(code[:5]) * DAY_MS if code[:5].isdigit() else now
    found = (it for it in _shown(world, uid, since, since + DAY_MS, now) if it.life.code == code)
    order = next(found, None)
    detail = order.cabinet(is_alone=True) if order else None
    return {"data": {"merchant": {"id": uid, "orderDetail": detail}}}


def _page(world: World, uid: str, variables: dict[str, Any], now: int) -> dict[str, Any] | None:
    asked, size, page = variables.get("input"), variables.get("size"), variables.get("page")
    if not isinstance(asked, dict) or not isinstance(page, int) or not isinstance(size, int):
        return None
    tab = asked.get("presetFilter")
    if size > _LARGEST or tab not in (*_TABS, _ARCHIVE):
        return None
    since, until = now - _LIVE_DAYS * DAY_MS, now
    if tab == _ARCHIVE:
        try:
            since, until = (_milliseconds(asked[name]) for name in ("fromDate", "toDate"))
        except (KeyError, ValueError):
            return None
    found = [it for it in _shown(world, uid, since, until, now) if it.tab == tab]
    shown = found[page * size : (page + 1) * size]
    orders = {"total": len(found), "orders": [it.cabinet(is_alone=False) for it in shown]}
    page_ = orders | {"__typename": "OrdersPage"}
    merchant = {
        "id": uid,
        "orders": {"orders": page_, "__typename": "Orders"},
        "__typename": "Merchant",
    }
    return {"data": {"merchant": merchant}}


def _shown(world: World, uid: str, since: int, until: int, now: int) -> Iterator[Shown]:
    for day in range(since // DAY_MS, min(until, now) // DAY_MS + 1):
        for life in of_day(world, uid, day):
            changes = world.order_changes.get(life.code, {})
            if since <= life.made <= min(until, now) and changes is not None:
                deed = world.order_deeds.get(life.code)
                now_lived = lived(life, deed)
                yield Shown(now_lived, stage(now_lived, deed, now), now, changes)


def live_orders(world: World, uid: str, now: int) -> Iterator[Shown]:
    """Return a merchant's orders of the last weeks. `now` in milliseconds."""
    return _shown(world, uid, now - _LIVE_DAYS * DAY_MS, now, now)


def _milliseconds(text: object) -> int:
    return int(datetime.fromisoformat(str(text)).timestamp() * 1000)
