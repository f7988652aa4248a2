"""Actions in a worker's hands: taken, marked as sent before the request leaves, ended, told of.

Each step is a transaction that proves the claim: killed anywhere, somebody goes on from what is written.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Row

from cube_demper.core.crypto import SecretBox
from cube_demper.core.errors import PermissionDenied
from cube_demper.db.session import WriteTx
from cube_demper.domain.accounts.schemas import Actor, Role
from cube_demper.domain.orders import polling_queries, taking
from cube_demper.domain.orders.doing import rules, telling
from cube_demper.domain.orders.doing import working_queries as queries
from cube_demper.domain.orders.doing.schemas import Errand, Next, Request, Standing, Verdict
from cube_demper.domain.orders.seen_schemas import SeenOrder
from cube_demper.models.doing import ActionKind, ActionRefusal, ActionStatus, OrderAction
from cube_demper.models.orders import Order, OrderSource, OrderStatus

LEASE: Final = timedelta(minutes=3)
"""Longer than the wait for a turn and one request may take; after a kill an action waits so long."""
_OVER: Final = {
    OrderStatus.COMPLETED: ActionRefusal.COMPLETED,
    OrderStatus.CANCELLED: ActionRefusal.CANCELLED,
}


async def claim(
    tx: WriteTx,
    actor: Actor,
    now: datetime,
    *,
    limit: int,
    busy: Collection[Any],
    secrets: SecretBox,
) -> list[Errand]:
    """Take actions that are due. `busy`: stores that have enough in hand."""
    _only_system(actor)
    ids = await queries.claim(tx, now, until=now + LEASE, limit=limit, busy=busy)
    rows = await queries.list_claimed(tx, ids) if ids else []
    return [_errand(row, secrets) for row in rows]


async def leave(tx: WriteTx, actor: Actor, errand: Errand, now: datetime) -> bool:
    """Mark an action as sent: the last act before its request. False: it must not leave any more."""
    _only_system(actor)
    row = await queries.hold(tx, errand.id, errand.claimed_until)
    if row is None or row.status != ActionStatus.REQUESTED:
        return False
    order = await queries.find_order(tx, errand.order_id)
    if errand.asked.kind not in rules.possible(_standing(order)):
        refusal = _OVER.get(OrderStatus(order.status), ActionRefusal.MOVED_ON)
        await _end(tx, errand, row, now, refusal=refusal)
        return False
    row.status, row.sent_at, row.attempts = ActionStatus.SENT, now, row.attempts + 1
    await tx.flush()
    return True


async def finish(
    tx: WriteTx,
    actor: Actor,
    errand: Errand,
    now: datetime,
    *,
    refusal: ActionRefusal | None = None,
    said: str = "",
) -> bool:
    """End an action, as done when there is no refusal; False when it is not ours any more."""
    _only_system(actor)
    row = await queries.hold(tx, errand.id, errand.claimed_until)
    if row is None:
        return False
    await _end(tx, errand, row, now, refusal=refusal, said=said)
    return True


async def put_off(
    tx: WriteTx, actor: Actor, errand: Errand, now: datetime, *, asked_for: timedelta | None = None
) -> None:
    """Wait with an action that could not leave; end it when it has waited long enough."""
    _only_system(actor)
    row = await queries.hold(tx, errand.id, errand.claimed_until)
    if row is None:
        return
    wait = rules.wait_after(row.failures, asked_for)
    if not rules.is_patient(errand.asked.kind, errand.asked_at, now + wait):
        await _end(tx, errand, row, now, refusal=ActionRefusal.UNREACHABLE)
        return
    row.status, row.failures = ActionStatus.REQUESTED, row.failures + 1
    row.next_try_at, row.claimed_until = now + wait, None


async def lose(tx: WriteTx, actor: Actor, errand: Errand, now: datetime) -> None:
    """Note that a request left and its end is not known: the order will be read."""
    _only_system(actor)
    row = await queries.hold(tx, errand.id, errand.claimed_until)
    if row is None or row.status == ActionStatus.REQUESTED:
        return
    row.status, row.claimed_until = ActionStatus.UNKNOWN, None
    row.next_try_at = rules.next_look(row.sent_at or now, now)
    tx.emit(f"user:{errand.user_id}", "orders", errand.store_id)


async def stumbled(tx: WriteTx, actor: Actor, errand: Errand, now: datetime) -> None:
    """Go on after an error of ours: what has left is looked after, what has not waits."""
    _only_system(actor)
    row = await queries.hold(tx, errand.id, errand.claimed_until)
    if row is None:
        return
    if row.status == ActionStatus.REQUESTED:
        await put_off(tx, actor, errand, now)
    else:
        await lose(tx, actor, errand, now)


async def looked(
    tx: WriteTx,
    actor: Actor,
    errand: Errand,
    verdict: Verdict,
    *,
    asked_at: datetime,
    now: datetime,
) -> Next:
    """Write down what a look at the order, begun at `asked_at`, says of an unanswered request."""
    _only_system(actor)
    row = await queries.hold(tx, errand.id, errand.claimed_until)
    if row is None:
        return Next.LOOK_AGAIN
    sent_at = row.sent_at or errand.asked_at
    what = rules.after_look(errand.asked.kind, verdict, asked_at - sent_at, row.attempts)
    match what:
        case Next.LOOK_AGAIN:
            row.status, row.claimed_until = ActionStatus.UNKNOWN, None
            row.next_try_at = rules.next_look(sent_at, now)
        case Next.REPEAT:
            row.status, row.claimed_until, row.next_try_at = ActionStatus.REQUESTED, None, now
        case Next.CONFIRM:
            await _end(tx, errand, row, now)
        case _:
            order = await queries.find_order(tx, errand.order_id)
            end = _refusal_of(errand.asked.kind, what, OrderStatus(order.status))
            await _end(tx, errand, row, now, refusal=end)
    return what


async def take_seen(
    tx: WriteTx,
    actor: Actor,
    errand: Errand,
    source: OrderSource,
    seen: SeenOrder,
    *,
    asked_at: datetime,
    secrets: SecretBox,
    now: datetime,
) -> None:
    """Write an order down as it was just read, as every reading does."""
    poll = await queries.find_poll(tx, errand.store_id)
    started_at = poll.import_started_at if poll else None
    shelf = taking.Shelf(
        errand.store_id,
        errand.user_id,
        source,
        started_at or asked_at,
        is_importing=poll is not None and poll.import_finished_at is None,
    )
    await taking.take(tx, actor, shelf, [seen], asked_at=asked_at, secrets=secrets, now=now)


async def _end(
    tx: WriteTx,
    errand: Errand,
    row: OrderAction,
    now: datetime,
    *,
    refusal: ActionRefusal | None = None,
    said: str = "",
) -> None:
    row.status = ActionStatus.REFUSED if refusal else ActionStatus.CONFIRMED
    row.refusal, row.said, row.done_at = refusal, said[:500], now
    row.code, row.claimed_until = None, None
    if refusal is None and errand.asked.kind is ActionKind.ARRIVE:
        order = await queries.find_order(tx, errand.order_id)
        order.goods_came_at = now
    await tx.flush()
    if refusal is not None:
        await telling.tell_refusal(tx, errand, refusal, said, now)
    tx.emit(f"user:{errand.user_id}", "orders", errand.store_id)
    if errand.batch_id is None:
        return
    if not await queries.waits_in_batch(tx, errand.batch_id, errand.store_id):
        await polling_queries.hurry(tx, errand.store_id, now)


def _refusal_of(kind: ActionKind, what: Next, status: OrderStatus) -> ActionRefusal:
    match what:
        case Next.MOVED_ON:
            return _OVER.get(status, ActionRefusal.MOVED_ON)
        case Next.UNSURE:
            is_code = kind is ActionKind.SEND_CODE
            return ActionRefusal.CODE_UNSURE if is_code else ActionRefusal.UNSURE
    return ActionRefusal.NOT_DONE


def _standing(order: Order) -> Standing:
    return Standing(
        status=OrderStatus(order.status),
        state=order.kaspi_state,
        kaspi_status=order.kaspi_status,
        is_assembled=order.is_assembled,
        is_handed_over=order.handed_over_at is not None,
        is_pre_order=order.is_pre_order,
        has_come=order.goods_came_at is not None,
        is_clear=order.is_clear,
        is_missing=order.missing_since is not None,
    )


def _errand(found: Row[Any], secrets: SecretBox) -> Errand:
    row, order, store, token, entry_id, pieces = tuple(found)
    works = token is not None and token.token is not None and token.rejected_at is None
    cookies = (store.guid or {}).get("cookies")
    is_in = isinstance(cookies, str) and not store.needs_reauth
    return Errand(
        id=row.id,
        order_id=order.id,
        store_id=store.id,
        user_id=store.user_id,
        merchant_id=store.merchant_id,
        claimed_until=row.claimed_until,
        asked=Request(
            kind=ActionKind(row.kind),
            spaces=row.spaces,
            reason=row.reason,
            comment=row.comment,
            entry_number=row.entry_number,
            remained=row.remained,
            code=secrets.decrypt(row.code) if row.code else "",
        ),
        status=ActionStatus(row.status),
        code=order.kaspi_order_code,
        kaspi_id=order.kaspi_order_id,
        entry_id=entry_id,
        pieces=max(1, int(pieces)),
        asked_at=row.asked_at,
        sent_at=row.sent_at,
        attempts=row.attempts,
        batch_id=row.batch_id,
        token=secrets.decrypt(token.token) if works else "",
        cookies=str(cookies) if is_in else "",
    )


def _only_system(actor: Actor) -> None:
    if actor.role is not Role.SYSTEM:
        raise PermissionDenied
