"""One change for many goods, with the numbers told first and an hour to take it back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from cube_demper.core.errors import Conflict
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.catalog.bulk_rules import Outcome, check_change, outcome_of
from cube_demper.domain.catalog.edit_schemas import (
    BoundChange,
    BulkChange,
    BulkReport,
    MarginChange,
    Move,
)
from cube_demper.domain.catalog.journal import announce, begin_anew, in_words
from cube_demper.domain.catalog.list_schemas import Selection
from cube_demper.domain.catalog.selecting import report_of, selected
from cube_demper.domain.catalog.steps import OnProgress, in_steps
from cube_demper.domain.catalog.undo import remember, write_columns
from cube_demper.domain.economics import service as economics
from cube_demper.domain.economics.solving import Goal
from cube_demper.domain.economics.terms import WHOLE
from cube_demper.models.catalog import Product

Outcomes = Sequence[tuple[Product, Outcome]]


async def preview_bulk(
    tx: ReadTx, actor: Actor, selection: Selection, change: BulkChange, now: datetime
) -> BulkReport:
    """Say what `bulk_change` would do now. Raises InvalidInput for a change that suits nobody."""
    check_change(change)
    products = await selected(tx, actor, selection, lock=False)
    outcomes = await _outcomes(tx, products, change, now)
    changed = sum(bool(it.new) for _, it in outcomes)
    refused = [(product, it.refusal) for product, it in outcomes if it.refusal]
    same = len(products) - changed - len(refused)
    return report_of(changed, same, refused, moves=_moves(outcomes, change))


async def bulk_change(
    tx: WriteTx,
    actor: Actor,
    selection: Selection,
    change: BulkChange,
    now: datetime,
    *,
    on_progress: OnProgress | None = None,
    plan: str | None = None,
) -> BulkReport:
    """Change the selected goods; those that must not be changed are left alone, with the reason.

    `on_progress` is told how many of how many are written, a thousand at a time; what it raises takes
    all of it back. `plan`: what the seller was shown; when it would be another one by now, nothing is
    changed. Raises InvalidInput, Conflict.
    """
    check_change(change)
    products = await selected(tx, actor, selection, lock=True)
    outcomes = await _outcomes(tx, products, change, now)
    refused = [(product, it.refusal) for product, it in outcomes if it.refusal]
    changed = [(product.id, it) for product, it in outcomes if it.new]
    same = len(products) - len(changed) - len(refused)
    told = report_of(len(changed), same, refused, moves=_moves(outcomes, change))
    if plan is not None and plan != told.plan:
        raise Conflict("Пока вы смотрели, цены или условия изменились. Посмотрите расчёт ещё раз.")
    if not changed:
        return told
    ids = [product_id for product_id, _ in changed]
    async for step in in_steps(changed, on_progress):
        await _write(tx, actor, step, now)
    before = [{"id": str(key), "old": it.old, "new": it.new} for key, it in changed]
    undo_id = await remember(tx, actor, "goods_changed", before, now=now)
    announce(tx, actor, ids)
    return replace(told, undo_id=undo_id)


async def _write(
    tx: WriteTx, actor: Actor, changed: Sequence[tuple[UUID, Outcome]], now: datetime
) -> None:
    try:
        await write_columns(tx, [(product_id, it.new) for product_id, it in changed])
    except IntegrityError as error:
        raise in_words(error) from error
    await begin_anew(tx, actor, [product_id for product_id, _ in changed], now)


async def _outcomes(
    tx: ReadTx, products: Sequence[Product], change: BulkChange, now: datetime
) -> Outcomes:
    if not isinstance(change, MarginChange):
        return [(product, outcome_of(product, change)) for product in products]
    goal = Goal(margin=change.percent * WHOLE // 100)
    prices = await economics.prices_to_reach(tx, products, goal, now, agreed_only=True)
    return [(it, outcome_of(it, change, prices[it.id])) for it in products]


def _moves(outcomes: Outcomes, change: BulkChange) -> list[Move]:
    if not isinstance(change, BoundChange | MarginChange):
        return []
    name = change.bound.value if isinstance(change, BoundChange) else "min_price"
    return [
        Move(product.id, product.name, it.old[name], it.new[name])
        for product, it in outcomes
        if it.new
    ]
