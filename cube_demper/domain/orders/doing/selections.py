"""One action for a selection of orders: counted before, followed while it goes on, stopped on demand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row

from cube_demper.core.crypto import SecretBox
from cube_demper.core.errors import InvalidInput, LimitReached, NotFound
from cube_demper.core.ids import new_id
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.audit import service as audit
from cube_demper.domain.orders import listing
from cube_demper.domain.orders.doing import queries, rules
from cube_demper.domain.orders.doing.schemas import BatchRow, BatchView, BulkCount, Request
from cube_demper.domain.orders.doing.service import action_values, standing_of, ways_of
from cube_demper.domain.orders.list_schemas import OrderQuery
from cube_demper.models.doing import ActionKind, ActionRefusal, ActionStatus
from cube_demper.models.staff import Area

IN_BULK: Final = frozenset({ActionKind.ACCEPT, ActionKind.ASSEMBLE})
_TROUBLES: Final = 50
_RECENT: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Selection:
    """Orders by id, or everything that a list's filter finds."""

    ids: tuple[UUID, ...] = ()
    everything: OrderQuery | None = None


@dataclass(slots=True)
class _Sorted:
    """A selection: what the action fits, and what is left out for which reason."""

    fit: list[Row[Any]] = field(default_factory=list)
    left_out: Counter[ActionRefusal] = field(default_factory=Counter)
    going_on: int = 0


async def count(
    tx: ReadTx, actor: Actor, selection: Selection, kind: ActionKind, *, secrets: SecretBox
) -> BulkCount:
    """Say in numbers what an action would do. Raises LimitReached, InvalidInput."""
    found = await _sorted(tx, actor, selection, kind, secrets=secrets)
    return BulkCount(
        fit=len(found.fit),
        total_price=sum(row.total_price for row in found.fit),
        left_out=found.left_out.most_common(),
        going_on=found.going_on,
    )


async def start(
    tx: WriteTx,
    actor: Actor,
    selection: Selection,
    request: Request,
    *,
    secrets: SecretBox,
    now: datetime,
) -> UUID:
    """Ask for an action on every order that it fits; return the batch.

    Raises PermissionDenied, LimitReached, InvalidInput when it fits none.
    """
    actor.require(Area.ORDERS)
    if request.kind is ActionKind.ASSEMBLE and not 1 <= (request.spaces or 0) <= rules.MOST_SPACES:
        words = f"Укажите число мест от 1 до {rules.MOST_SPACES}"
        raise InvalidInput(words, field="spaces")
    found = await _sorted(tx, actor, selection, request.kind, secrets=secrets)
    batch_id = new_id()
    asked = [action_values(row, request, actor, now) for row in found.fit]
    added = await queries.add(tx, [values | {"batch_id": batch_id} for values in asked])
    if not added:
        raise InvalidInput("Среди выбранных нет заказов, с которыми это можно сделать.")
    await audit.record(tx, actor, f"order_{request.kind}", "order", batch_id, orders=len(added))
    tx.emit(f"user:{actor.owner_id}", "orders")
    return batch_id


async def get_batch(tx: ReadTx, actor: Actor, batch_id: UUID) -> BatchView:
    """Return how a batch goes. Raises NotFound, for somebody else's too."""
    rows = await queries.batch_counts(tx, actor, batch_id)
    if not rows:
        raise NotFound("Такого действия нет.")
    counts: Counter[str] = Counter()
    for _, status, number, _ in rows:
        counts[status] += number
    troubles = await queries.batch_troubles(tx, actor, batch_id, _TROUBLES)
    return BatchView(
        id=batch_id,
        kind=ActionKind(rows[0][0]),
        total=counts.total(),
        done=counts[ActionStatus.CONFIRMED],
        refused=counts[ActionStatus.REFUSED],
        dropped=counts[ActionStatus.DROPPED],
        asked_at=min(row[3] for row in rows),
        troubles=[
            BatchRow(
                order_id=action.order_id,
                code=code,
                refusal=ActionRefusal(action.refusal or ActionRefusal.OTHER),
                said=action.said,
            )
            for action, code in troubles
        ],
    )


async def find_open_batch(tx: ReadTx, actor: Actor, now: datetime) -> BatchView | None:
    """Return the actor's newest batch that still goes on, whoever of their people began it."""
    batch_id = await queries.last_batch(tx, actor, now - _RECENT)
    return await get_batch(tx, actor, batch_id) if batch_id else None


async def stop(tx: WriteTx, actor: Actor, batch_id: UUID, now: datetime) -> int:
    """Take back what of a batch has not left yet; return how many orders stay as they were.

    Raises PermissionDenied.
    """
    actor.require(Area.ORDERS)
    dropped = await queries.drop(tx, actor, batch_id, now)
    if dropped:
        await audit.record(tx, actor, "order_batch_stopped", "order", batch_id, orders=dropped)
        tx.emit(f"user:{actor.owner_id}", "orders")
    return dropped


async def chosen_ids(
    tx: ReadTx, actor: Actor, selection: Selection, *, secrets: SecretBox
) -> Sequence[UUID]:
    """Return the orders of a selection. Raises LimitReached, InvalidInput for an empty one."""
    limit = rules.MOST_AT_ONCE + 1
    ids: Sequence[UUID] = tuple(dict.fromkeys(selection.ids))
    if selection.everything is not None:
        ids = await listing.ids(tx, actor, selection.everything, limit, secrets=secrets)
    if not ids:
        raise InvalidInput("Отметьте хотя бы один заказ.")
    if len(ids) >= limit:
        raise LimitReached(f"За один раз — не больше {rules.MOST_AT_ONCE} заказов.")
    return ids


async def _sorted(
    tx: ReadTx, actor: Actor, selection: Selection, kind: ActionKind, *, secrets: SecretBox
) -> _Sorted:
    if kind not in IN_BULK:
        raise InvalidInput("Это делается с каждым заказом отдельно.")
    ids = await chosen_ids(tx, actor, selection, secrets=secrets)
    going_on = await queries.open_orders(tx, ids)
    ahead = await queries.done_since_seen(tx, ids, kind)
    found = _Sorted()
    for row in await queries.list_standing(tx, actor, ids):
        if row.id in going_on:
            found.going_on += 1
        elif row.id in ahead:
            found.left_out[ActionRefusal.MOVED_ON] += 1
        elif refusal := rules.why_not(kind, standing_of(row), ways_of(row)):
            found.left_out[refusal] += 1
        else:
            found.fit.append(row)
    return found
