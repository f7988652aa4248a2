"""Taking back what was done to a selection, where nobody has changed it since."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from cube_demper.db.session import WriteTx
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.catalog.journal import announce, begin_anew
from cube_demper.domain.catalog.queries import lock_own
from cube_demper.domain.catalog.rules import why_not_on
from cube_demper.domain.catalog.switching import free_slots, lock_switches, stop
from cube_demper.domain.catalog.undo import recall, write_columns
from cube_demper.models.catalog import Product

_Goods = Sequence[dict[str, Any]]


async def undo(tx: WriteTx, actor: Actor, undo_id: UUID, now: datetime) -> int:
    """Take back a switch or a bulk change; return how many goods are again as they were.

    Raises:
        UndoExpired: it is over an hour old, was undone before, or is somebody else's.
    """
    await lock_switches(tx, actor)
    entry = await recall(tx, actor, undo_id, now)
    goods: _Goods = entry.details["goods"]
    own = await lock_own(tx, actor, [UUID(it["id"]) for it in goods])
    take_back = {
        "bot_switched_on": _switch_off,
        "bot_switched_off": _switch_on,
        "goods_changed": _restore,
    }[entry.action]
    ids = await take_back(tx, actor, goods, own, now)
    if ids:
        await begin_anew(tx, actor, ids, now)
        announce(tx, actor, ids)
    return len(ids)


async def _switch_off(
    tx: WriteTx, actor: Actor, goods: _Goods, own: dict[UUID, Product], now: datetime
) -> list[UUID]:
    known = [UUID(it["id"]) for it in goods]
    ids = [key for key in known if key in own and own[key].bot_active]
    await stop(tx, actor, ids, now)
    return ids


async def _switch_on(
    tx: WriteTx, actor: Actor, goods: _Goods, own: dict[UUID, Product], now: datetime
) -> list[UUID]:
    """Switch on again with the old base prices, as far as the plan and the bounds still allow."""
    slots = await free_slots(tx, actor, now)
    changes: list[tuple[UUID, dict[str, Any]]] = []
    for it in goods:
        product = own.get(UUID(it["id"]))
        if product is None or product.bot_active:
            continue
        if why_not_on(product, has_slot=len(changes) < slots) is None:
            enabled_at = it["bot_enabled_at"]
            old = {
                "bot_active": True,
                "base_price": it["base_price"],
                "bot_enabled_at": enabled_at or now.isoformat(),
            }
            changes.append((product.id, old))
    await write_columns(tx, changes)
    return [product_id for product_id, _ in changes]


async def _restore(
    tx: WriteTx, _actor: Actor, goods: _Goods, own: dict[UUID, Product], _now: datetime
) -> list[UUID]:
    changes = [
        (UUID(it["id"]), it["old"])
        for it in goods
        if (product := own.get(UUID(it["id"])))
        and all(getattr(product, name) == value for name, value in it["new"].items())
        and _fits(product, it["old"])
    ]
    await write_columns(tx, changes)
    return [product_id for product_id, _ in changes]


def _fits(product: Product, old: dict[str, Any]) -> bool:
    """Tell whether the old values may stand beside what else holds by now."""
    low, high = (old.get(name, getattr(product, name)) for name in ("min_price", "max_price"))
    if low is None and high is None:
        return not product.bot_active
    return low is None or high is None or low <= high
