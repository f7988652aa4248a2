"""Writing down what Kaspi showed: order, items, history and outbox in one transaction.

A status is news once; an older answer changes nothing; what Kaspi leaves out erases nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from structlog import get_logger

from cube_demper.core.crypto import SecretBox
from cube_demper.core.errors import PermissionDenied
from cube_demper.db import outbox
from cube_demper.db.session import WriteTx
from cube_demper.domain.accounts.schemas import Actor, Role
from cube_demper.domain.orders import filling, item_taking, statuses
from cube_demper.domain.orders import order_queries as queries
from cube_demper.domain.orders.seen_schemas import SeenOrder
from cube_demper.models.orders import (
    Order,
    OrderSource,
    OrderStatus,
    OrderStatusHistory,
    StatusStep,
)

TOPIC: Final = "orders.moved"
ARRIVED: Final = "order_arrived"
"""The event by which open pages hear of an order that was just placed; its id is the order's."""
_JUST_PLACED: Final = (OrderStatus.APPROVED, OrderStatus.ACCEPTED_BY_MERCHANT)
_log = get_logger()


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where orders are written and what is news there.

    `import_started_at`: orders made before then are the past when first seen. `is_importing`: and
    so are their steps, until the first import is over.
    """

    store_id: UUID
    user_id: UUID
    source: OrderSource
    import_started_at: datetime
    is_importing: bool = False


@dataclass(frozen=True, slots=True)
class Taken:
    """What one answer brought."""

    added: int = 0
    moved: int = 0
    unclear: int = 0


@dataclass(slots=True)
class _Case:
    """One order on its way into the database."""

    seen: SeenOrder
    row: Order
    change: statuses.Move
    before: str | None

    @property
    def is_new(self) -> bool:
        return self.before is None


async def take(
    tx: WriteTx,
    actor: Actor,
    shelf: Shelf,
    orders: Sequence[SeenOrder],
    *,
    asked_at: datetime,
    secrets: SecretBox,
    now: datetime,
) -> Taken:
    """Write one answer down. `asked_at`: when it was asked for. Raises PermissionDenied."""
    if actor.role is not Role.SYSTEM:
        raise PermissionDenied
    by_code = {order.code: order for order in orders}
    if not by_code:
        return Taken()
    cases = await _cases(tx, shelf, by_code, asked_at)
    box = filling.Sealing(secrets)
    for case in cases:
        filling.fill(case.row, case.seen, box)
        filling.place(case.row, case.seen, case.change, case.before, (shelf.source, asked_at))
    tx.add_all(case.row for case in cases if case.is_new)
    await tx.flush()
    await item_taking.take_items(tx, shelf.store_id, [(case.row, case.seen) for case in cases])
    for case in cases:
        await _record(tx, shelf, case, asked_at, now)
    moved = [case for case in cases if case.change.step is not None]
    if moved:
        tx.emit(f"user:{shelf.user_id}", "orders", shelf.store_id)
    return Taken(
        added=sum(case.is_new for case in cases),
        moved=sum(not case.is_new for case in moved),
        unclear=sum(not case.change.is_clear for case in cases),
    )


async def _cases(
    tx: WriteTx, shelf: Shelf, by_code: dict[str, SeenOrder], asked_at: datetime
) -> list[_Case]:
    ids = {order.kaspi_id: code for code, order in by_code.items() if order.kaspi_id}
    rows = await queries.lock_orders(tx, shelf.store_id, by_code, ids)
    taken_ids = {row.kaspi_order_id: row.kaspi_order_code for row in rows if row.kaspi_order_id}
    known = {row.kaspi_order_code: row for row in rows}
    reached = await queries.reached(tx, [row.id for row in rows])
    cases = []
    for code, order in sorted(by_code.items()):
        row = known.get(code)
        seen = statuses.Seen(shelf.source, order.state, order.status, order.facts, asked_at)
        change = statuses.move(_known(row, reached.get(row.id, set())) if row else None, seen)
        if change is None:
            continue
        # One id for two codes would be a lie of Kaspi's; the code is what people go by.
        has_id = order.kaspi_id and code == ids[order.kaspi_id] == taken_ids.get(
            order.kaspi_id, code
        )
        before = row.status if row else None
        row = row or filling.begin(shelf.store_id, order, shelf.source, asked_at)
        if has_id:
            row.kaspi_order_id = order.kaspi_id
        cases.append(_Case(order, row, change, before))
    return cases


def _known(row: Order, reached: set[OrderStatus]) -> statuses.Known:
    return statuses.Known(
        status=OrderStatus(row.status),
        state=row.kaspi_state,
        kaspi_status=row.kaspi_status,
        is_clear=row.is_clear,
        seen_at=row.seen_at,
        facts=statuses.Facts(
            is_handed_over=True if row.handed_over_at else None,
            has_arrived=True if row.delivered_at else None,
        ),
        reached=frozenset(reached),
    )


async def _record(
    tx: WriteTx, shelf: Shelf, case: _Case, asked_at: datetime, now: datetime
) -> None:
    """Write the line of history and, for news, the message that everything else starts from."""
    row, change = case.row, case.change
    if change.step is None:
        return
    tx.add(
        OrderStatusHistory(
            order_id=row.id,
            old_status=case.before,
            new_status=row.status,
            step=change.step,
            kaspi_state=row.kaspi_state,
            kaspi_status=row.kaspi_status,
            source=shelf.source,
            changed_at=row.status_changed_at if change.step is not StatusStep.UNCLEAR else asked_at,
            seen_at=asked_at,
        )
    )
    if change.step is StatusStep.UNCLEAR:
        _log.warning("order_pair_unknown", state=row.kaspi_state, status=row.kaspi_status)
    if not change.is_news or not _is_present(shelf, case):
        return
    if case.is_new and row.status in _JUST_PLACED:
        tx.emit(f"user:{shelf.user_id}", ARRIVED, row.id)
    payload = {"order_id": str(row.id), "status": row.status}
    await outbox.enqueue(tx, TOPIC, f"{row.id}:{row.status}", payload, now)


def _is_present(shelf: Shelf, case: _Case) -> bool:
    """Tell news from the past: the first import raises no events (DESIGN §6)."""
    if case.row.ordered_at >= shelf.import_started_at:
        return True
    return not case.is_new and not shelf.is_importing
