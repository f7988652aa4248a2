"""Use cases of a seller with what goods cost. Every call is of one seller's own goods.

`products.cost_price` is what counts everywhere else (floors, margins). A product whose method is not
MANUAL has it rewritten whenever its batches or issues change.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from cube_demper.core.clock import ALMATY
from cube_demper.core.errors import InvalidInput, LimitReached
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.audit import service as audit
from cube_demper.domain.economics.conditions import check_money
from cube_demper.domain.economics.costs import queries
from cube_demper.domain.economics.costs.rules import Batch, Issue, Stock, stock_of
from cube_demper.domain.economics.costs.schemas import (
    MOST_MOVEMENTS,
    MOST_PIECES,
    BatchView,
    CostView,
    IssueView,
    WithoutCost,
)
from cube_demper.domain.pricing import service as pricing
from cube_demper.models.catalog import CostMethod, Product
from cube_demper.models.costs import CostBatch, CostIssue, IssueReason

_FIRST_DAY = date(2000, 1, 1)
_BATCH = 5_000
"""Ids in one statement, which takes at most 32 767 parameters."""
_ONE_BY_ONE = 50
"""Goods; beyond a pageful one event for all is cheaper."""


async def set_cost(
    tx: WriteTx, actor: Actor, product_id: UUID, cost: int | None, now: datetime
) -> None:
    """Set a product's cost (tiyn) by hand, or forget it with None; batches stop writing it.

    Raises InvalidInput, CostedProductNotFound, PermissionDenied.
    """
    if cost is not None:
        check_money(cost, "cost")
    product = await queries.get_own(tx, actor, product_id, lock=True)
    await _decide(tx, actor, product, cost, CostMethod.MANUAL, now=now)


async def choose_method(
    tx: WriteTx, actor: Actor, product_id: UUID, method: CostMethod, now: datetime
) -> None:
    """Let batches make the cost, or stop that and keep the cost as it is.

    Raises InvalidInput: there is no batch to make it of.
    """
    product = await queries.get_own(tx, actor, product_id, lock=True)
    cost = product.cost_price
    if method is not CostMethod.MANUAL:
        cost = (await _stocks(tx, {product.id: method}))[product.id].unit_cost
        if cost is None:
            raise InvalidInput("Сначала добавьте партию: считать не из чего.", field="method")
    await _decide(tx, actor, product, cost, method, now=now)


async def add_batch(
    tx: WriteTx,
    actor: Actor,
    product_id: UUID,
    *,
    bought_on: date,
    quantity: int,
    unit_cost: int,
    note: str = "",
    now: datetime,
) -> UUID:
    """Add pieces bought together for `unit_cost` tiyn each. Raises InvalidInput, LimitReached."""
    check_money(unit_cost, "unit_cost")
    check_movement(bought_on, quantity, now)
    product = await queries.get_own(tx, actor, product_id, lock=True)
    check_room(len((await queries.batches_of(tx, [product_id])).get(product_id, ())) + 1)
    row = CostBatch(
        product_id=product_id,
        bought_on=bought_on,
        quantity=quantity,
        unit_cost=unit_cost,
        note=note.strip()[:200],
        created_at=now,
    )
    tx.add(row)
    await tx.flush()
    details = {"quantity": quantity, "unit_cost": unit_cost, "on": bought_on.isoformat()}
    await audit.record(tx, actor, "cost_batch_added", "product", product_id, **details)
    await recost(tx, actor, [product], now)
    return row.id


async def add_issue(
    tx: WriteTx,
    actor: Actor,
    product_id: UUID,
    *,
    issued_on: date,
    quantity: int,
    reason: IssueReason,
    note: str = "",
    now: datetime,
) -> UUID:
    """Note pieces that left the stock. Raises InvalidInput, LimitReached."""
    check_movement(issued_on, quantity, now)
    product = await queries.get_own(tx, actor, product_id, lock=True)
    check_room(len((await queries.issues_of(tx, [product_id])).get(product_id, ())) + 1)
    row = CostIssue(
        product_id=product_id,
        issued_on=issued_on,
        quantity=quantity,
        reason=reason,
        note=note.strip()[:200],
        created_at=now,
    )
    tx.add(row)
    await tx.flush()
    details = {"quantity": quantity, "reason": reason, "on": issued_on.isoformat()}
    await audit.record(tx, actor, "cost_issue_added", "product", product_id, **details)
    await recost(tx, actor, [product], now)
    return row.id


async def remove_batch(
    tx: WriteTx, actor: Actor, product_id: UUID, batch_id: UUID, now: datetime
) -> None:
    """Forget a batch; without the last one the cost stays as it was. Raises MovementNotFound."""
    await _remove(tx, actor, CostBatch, product_id, batch_id, now=now)


async def remove_issue(
    tx: WriteTx, actor: Actor, product_id: UUID, issue_id: UUID, now: datetime
) -> None:
    """Forget an issue. Raises MovementNotFound."""
    await _remove(tx, actor, CostIssue, product_id, issue_id, now=now)


async def get_costs(tx: ReadTx, actor: Actor, product_id: UUID) -> CostView:
    """Return a product's cost, its batches and issues. Raises CostedProductNotFound."""
    product = await queries.get_own(tx, actor, product_id)
    method = CostMethod(product.cost_method)
    batches = (await queries.batches_of(tx, [product_id])).get(product_id, ())
    issues = (await queries.issues_of(tx, [product_id])).get(product_id, ())
    stock = stock_of(method, _batches(batches), _issues(issues))
    return CostView(
        product_id=product_id,
        method=method,
        cost=product.cost_price,
        is_estimate=method is not CostMethod.MANUAL and stock.is_estimate,
        left=stock.left,
        value=stock.value,
        short=stock.short,
        batches=tuple(
            BatchView(it.id, it.bought_on, it.quantity, it.unit_cost, it.note) for it in batches
        ),
        issues=tuple(
            IssueView(it.id, it.issued_on, it.quantity, IssueReason(it.reason), it.note, cost)
            for it, cost in zip(issues, stock.issued, strict=True)
        ),
    )


async def count_without_cost(tx: ReadTx, actor: Actor, store_id: UUID | None = None) -> int:
    """Count the goods whose cost is missing: «не хватает себестоимости у 412 товаров»."""
    return await queries.count_without_cost(tx, actor, store_id)


async def list_without_cost(
    tx: ReadTx, actor: Actor, *, store_id: UUID | None = None, page: int = 1
) -> tuple[WithoutCost, ...]:
    """Return one page of them, those whose bot is on first."""
    return await queries.list_without_cost(tx, actor, store_id, max(1, page))


async def recost(
    tx: WriteTx,
    actor: Actor,
    products: Sequence[Product],
    now: datetime,
    *,
    methods: Mapping[UUID, CostMethod] | None = None,
) -> None:
    """Rewrite the costs that batches make of these locked goods of the actor.

    `methods`: how from now on; else as before.
    """
    methods = methods or {it.id: CostMethod(it.cost_method) for it in products}
    by_batches = {key: how for key, how in methods.items() if how is not CostMethod.MANUAL}
    stocks = await _stocks(tx, by_batches)
    rows = []
    for product in products:
        if product.id not in stocks:
            continue
        cost, method = stocks[product.id].unit_cost, methods[product.id]
        # Without any batch the last cost stays, and is the seller's to change.
        rows.append(
            (product, product.cost_price, CostMethod.MANUAL)
            if cost is None
            else (product, cost, method)
        )
    await write_costs(tx, actor, rows, now)


def check_movement(on: date, quantity: int, now: datetime) -> None:
    """Raise InvalidInput for a day or a quantity that cannot be."""
    if not _FIRST_DAY <= on <= now.astimezone(ALMATY).date():
        raise InvalidInput("Дата не раньше 2000 года и не позже сегодня.", field="on")
    if not 1 <= quantity <= MOST_PIECES:
        raise InvalidInput("Количество: от 1 до 1 000 000 штук.", field="quantity")


def check_room(count: int) -> None:
    """Raise LimitReached for more movements than a product may have."""
    if count > MOST_MOVEMENTS:
        raise LimitReached("У товара уже 1 000 записей. Удалите старые или объедините их.")


async def _remove(
    tx: WriteTx,
    actor: Actor,
    kind: type[CostBatch | CostIssue],
    product_id: UUID,
    movement_id: UUID,
    *,
    now: datetime,
) -> None:
    product = await queries.get_own(tx, actor, product_id, lock=True)
    await queries.delete_movement(tx, kind, product_id, movement_id)
    action = "cost_batch_removed" if kind is CostBatch else "cost_issue_removed"
    await audit.record(tx, actor, action, "product", product_id)
    await recost(tx, actor, [product], now)


async def _stocks(tx: ReadTx, methods: Mapping[UUID, CostMethod]) -> dict[UUID, Stock]:
    batches = await queries.batches_of(tx, methods)
    issues = await queries.issues_of(tx, methods)
    return {
        key: stock_of(how, _batches(batches.get(key, ())), _issues(issues.get(key, ())))
        for key, how in methods.items()
    }


async def _decide(
    tx: WriteTx,
    actor: Actor,
    product: Product,
    cost: int | None,
    method: CostMethod,
    *,
    now: datetime,
) -> None:
    """Write what the seller decided about one product, and that they did."""
    old = {"cost_price": product.cost_price, "cost_method": product.cost_method}
    new = {"cost_price": cost, "cost_method": method.value}
    if old == new:
        return
    details = {"old": old, "new": new}
    await audit.record(tx, actor, "product_cost_changed", "product", product.id, **details)
    await write_costs(tx, actor, [(product, cost, method)], now)


async def write_costs(
    tx: WriteTx,
    actor: Actor,
    rows: Sequence[tuple[Product, int | None, CostMethod]],
    now: datetime,
) -> None:
    """Write costs; the bot looks anew at goods whose floor may move."""
    moved = [product.id for product, cost, _ in rows if product.cost_price != cost]
    await queries.write_costs(tx, rows)
    for start in range(0, len(moved), _BATCH):
        await pricing.forget_memory(tx, actor, moved[start : start + _BATCH], now)
    channel = f"user:{actor.owner_id}"
    if len(rows) > _ONE_BY_ONE:
        tx.emit(channel, "product")
        return
    for product, _, _ in rows:
        tx.emit(channel, "product", product.id)


def _batches(rows: Sequence[CostBatch]) -> list[Batch]:
    return [Batch(it.bought_on, it.quantity, it.unit_cost) for it in rows]


def _issues(rows: Sequence[CostIssue]) -> list[Issue]:
    return [Issue(it.issued_on, it.quantity) for it in rows]
