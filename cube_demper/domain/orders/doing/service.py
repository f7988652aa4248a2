"""What a seller does with one order. A worker carries it out; the event `orders` says how it goes.

Bulk actions: `selections`. The worker's part: `working`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row

from cube_demper.core.crypto import SecretBox
from cube_demper.core.errors import Conflict, InvalidInput, NotFound
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.audit import service as audit
from cube_demper.domain.orders.doing import queries, rules
from cube_demper.domain.orders.doing.schemas import ActionView, Doable, Request, Standing, Way
from cube_demper.domain.orders.doing.words import REFUSALS
from cube_demper.models.doing import ActionKind, ActionRefusal, ActionStatus, OrderAction
from cube_demper.models.orders import Order, OrderStatus
from cube_demper.models.staff import Area

_OPEN: Final = queries.OPEN
_CODE_LENGTHS: Final = range(3, 9)


async def ask(
    tx: WriteTx,
    actor: Actor,
    order_id: UUID,
    request: Request,
    *,
    secrets: SecretBox,
    now: datetime,
) -> ActionView:
    """Ask for an action; the same one that is going on already is returned as it is.

    Raises NotFound, for somebody else's order too, PermissionDenied, InvalidInput, Conflict.
    """
    actor.require(Area.ORDERS)
    row = await _find(tx, actor, order_id)
    request = await _checked(tx, row, request)
    past = await queries.actions_of(tx, order_id)
    if past and past[0].status in _OPEN:
        return _going_on(past[0], request)
    _insist(row, request.kind, past, rules.tries_left(past, now))
    code = secrets.encrypt(request.code) if request.code else None
    values = action_values(row, request, actor, now) | {"code": code}
    if not await queries.add(tx, [values]):
        return _going_on((await queries.actions_of(tx, order_id, 1))[0], request)
    await audit.record(tx, actor, f"order_{request.kind}", "order", order_id)
    tx.emit(f"user:{actor.owner_id}", "orders", row.store_id)
    return view_of((await queries.actions_of(tx, order_id, 1))[0])


async def doable(
    tx: ReadTx, actor: Actor, orders: Sequence[Order], now: datetime
) -> dict[UUID, Doable]:
    """Return what can be done to each of the actor's orders, and how the last action went."""
    ids = [row.id for row in orders]
    rows = await queries.list_standing(tx, actor, ids)
    last = await queries.last_actions(tx, ids)
    found = {}
    for row in rows:
        action = last.get(row.id)
        found[row.id] = doable_of(row, view_of(action) if action else None)
    if len(ids) == 1 and ids[0] in found:
        past = await queries.actions_of(tx, ids[0])
        sent = rules.code_sent_at(past)
        left = rules.tries_left(past, now)
        found[ids[0]] = replace(found[ids[0]], code_sent_at=sent, tries_left=left)
    return found


def doable_of(row: Row[Any], last: ActionView | None) -> Doable:
    """Return what can be done to one order of `queries.standing`."""
    order, ways = standing_of(row), ways_of(row)
    if last is not None and last.is_open:
        return Doable(last=last, has_waybill=rules.has_waybill(order))
    kinds = [kind for kind in rules.possible(order) if not is_ahead(row, last, kind)]
    return Doable(
        kinds=tuple(kind for kind in kinds if rules.way_for(kind, ways)),
        without_token=tuple(kind for kind in kinds if not rules.way_for(kind, ways)),
        has_waybill=rules.has_waybill(order),
        last=last,
    )


def is_ahead(row: Row[Any], last: ActionView | None, kind: ActionKind) -> bool:
    """Tell whether the action was done and the order has not been read since."""
    if last is None or last.status is not ActionStatus.CONFIRMED or last.done_at is None:
        return False
    is_same = last.kind is kind or last.kind in (ActionKind.CANCEL, ActionKind.COMPLETE)
    return is_same and kind is not ActionKind.SEND_CODE and last.done_at > row.seen_at


def standing_of(row: Row[Any]) -> Standing:
    """Return where an order of `queries.standing` stands."""
    return Standing(
        status=OrderStatus(row.status),
        state=row.kaspi_state,
        kaspi_status=row.kaspi_status,
        is_assembled=row.is_assembled,
        is_handed_over=row.handed_over_at is not None,
        is_pre_order=row.is_pre_order,
        has_come=row.goods_came_at is not None,
        is_clear=row.is_clear,
        is_missing=row.missing_since is not None,
    )


def ways_of(row: Row[Any]) -> frozenset[Way]:
    """Return the ways of the store of an order of `queries.standing`."""
    has: Mapping[Way, bool] = {Way.TOKEN: row.has_token, Way.CABINET: row.has_session}
    return frozenset(way for way, is_there in has.items() if is_there)


def action_values(row: Row[Any], request: Request, actor: Actor, now: datetime) -> dict[str, Any]:
    """Return the columns of a new action."""
    return {
        "store_id": row.store_id,
        "order_id": row.id,
        "asked_by": actor.person_id,
        "kind": request.kind,
        "status": ActionStatus.REQUESTED,
        "spaces": request.spaces,
        "reason": request.reason,
        "comment": request.comment,
        "entry_number": request.entry_number,
        "remained": request.remained,
        "asked_at": now,
        "next_try_at": now,
    }


def view_of(row: OrderAction) -> ActionView:
    """Return an action as its seller sees it."""
    return ActionView(
        id=row.id,
        order_id=row.order_id,
        kind=ActionKind(row.kind),
        status=ActionStatus(row.status),
        asked_at=row.asked_at,
        done_at=row.done_at,
        refusal=ActionRefusal(row.refusal) if row.refusal else None,
        said=row.said,
    )


async def _find(tx: ReadTx, actor: Actor, order_id: UUID) -> Row[Any]:
    rows = await queries.list_standing(tx, actor, [order_id])
    if not rows:
        raise NotFound("Такого заказа нет.")
    return rows[0]


def _insist(
    row: Row[Any], kind: ActionKind, past: Sequence[OrderAction], tries_left: int | None
) -> None:
    last = view_of(past[0]) if past else None
    if is_ahead(row, last, kind):
        raise Conflict("Уже сделано: ждём, пока Kaspi покажет это в заказе.")
    if refusal := rules.why_not(kind, standing_of(row), ways_of(row)):
        raise Conflict(REFUSALS[refusal])
    if kind is ActionKind.COMPLETE and tries_left == 0:
        raise InvalidInput("Попытки закончились. Отправьте покупателю новый код.", field="code")


def _going_on(action: OrderAction, request: Request) -> ActionView:
    """Return the open action when it is the same; what is pressed twice is done once."""
    asked = (action.kind, action.spaces, action.reason, action.entry_number, action.remained)
    wanted = (request.kind, request.spaces, request.reason, request.entry_number, request.remained)
    if asked != wanted or request.kind is ActionKind.COMPLETE:
        raise Conflict("С этим заказом ещё идёт другое действие. Дождитесь его конца.")
    return view_of(action)


async def _checked(tx: ReadTx, row: Row[Any], request: Request) -> Request:
    """Return a request whose values Kaspi may take. Raises InvalidInput naming the field."""
    match request.kind:
        case ActionKind.ASSEMBLE:
            if not 1 <= (request.spaces or 0) <= rules.MOST_SPACES:
                words = f"Укажите число мест от 1 до {rules.MOST_SPACES}"
                raise InvalidInput(words, field="spaces")
        case ActionKind.COMPLETE:
            code = "".join(request.code.split())
            if not code.isascii() or not code.isdigit() or len(code) not in _CODE_LENGTHS:
                raise InvalidInput("Введите код из цифр, который пришёл покупателю", field="code")
            return replace(request, code=code)
        case ActionKind.CANCEL | ActionKind.REDUCE:
            return await _with_reason(tx, row, request)
    return request


async def _with_reason(tx: ReadTx, row: Row[Any], request: Request) -> Request:
    is_cancel = request.kind is ActionKind.CANCEL
    if request.reason not in (rules.REASONS if is_cancel else rules.ENTRY_REASONS):
        raise InvalidInput("Выберите причину", field="reason")
    comment = request.comment.strip()
    if len(comment) > rules.MOST_COMMENT:
        raise InvalidInput(f"Не длиннее {rules.MOST_COMMENT} знаков", field="comment")
    if not is_cancel:
        item = await queries.entry(tx, row.id, request.entry_number or 0)
        if item is None or item.kaspi_entry_id is None:
            raise InvalidInput("Этого товара в заказе больше нет", field="remained")
        if not Decimal(0) <= (request.remained or Decimal(0)) < item.quantity:
            raise InvalidInput("Оставить можно меньше, чем заказано", field="remained")
    return replace(request, comment=comment)
