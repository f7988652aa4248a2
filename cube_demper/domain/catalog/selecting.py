"""Goods that an action over a selection is for, read once and locked in the order of their ids."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Uuid, cast, func, select
from sqlalchemy.orm import load_only
from sqlmodel import col

from cube_demper.db.session import ReadTx
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.catalog.edit_schemas import BulkReport, Move, Refusal, RefusedProduct
from cube_demper.domain.catalog.errors import NothingSelected
from cube_demper.domain.catalog.list_queries import selected_ids
from cube_demper.domain.catalog.list_schemas import Selection
from cube_demper.domain.catalog.queries import readable_by
from cube_demper.models.catalog import Product

_EXAMPLES = 5
MOVES_SHOWN = 50
_LOOKED_AT: Any = (
    Product.store_id,
    Product.name,
    Product.external_kaspi_id,
    Product.price,
    Product.base_price,
    Product.min_price,
    Product.max_price,
    Product.cost_price,
    Product.category,
    Product.tariff_category,
    Product.weight_g,
    Product.bot_active,
    Product.bot_enabled_at,
    Product.is_priority,
    Product.price_step_override,
    Product.demping_strategy,
    Product.strategy_params,
)
MOST_IDS = 100_000
"""What a person ticks by hand, or what another page's filter found; more is no seller's catalogue."""


async def selected(
    tx: ReadTx, actor: Actor, selection: Selection, *, lock: bool
) -> Sequence[Product]:
    """Read what actions look at of a selection's goods; other people's are not in it.

    Raises NothingSelected.
    """
    statement = (
        select(Product)
        .options(load_only(*_LOOKED_AT, raiseload=True))  # half of the time at 5,000 goods
        .order_by(col(Product.id))
    )
    if selection.everything is not None:
        ids = selected_ids(actor, selection.everything).scalar_subquery()
        statement = statement.where(col(Product.id).in_(ids))
    elif selection.ids:
        statement = statement.where(_named(selection), readable_by(actor))
    else:
        raise NothingSelected
    if lock:
        statement = statement.with_for_update(of=Product)
    found = await tx.scalars(statement.execution_options(populate_existing=True))
    return sorted(found, key=lambda it: (it.name.lower(), it.id))


async def selected_product_ids(tx: ReadTx, actor: Actor, selection: Selection) -> list[UUID]:
    """Return the ids of a selection; other people's are not in it. Raises NothingSelected."""
    if selection.everything is not None:
        rows = await tx.execute(selected_ids(actor, selection.everything))
        return [row[0] for row in rows]
    if not selection.ids:
        raise NothingSelected
    here = select(col(Product.id)).where(_named(selection), readable_by(actor))
    return list((await tx.scalars(here)).all())


def _named(selection: Selection) -> ColumnElement[bool]:
    """Return the condition for goods named by their ids: one parameter, however many they are."""
    ids = [str(it) for it in selection.ids[:MOST_IDS]]
    return col(Product.id) == func.any(cast(ids, ARRAY(Uuid)))


async def count_bots(tx: ReadTx, actor: Actor) -> int:
    """Count the actor's goods with the bot on, which is what a plan limits."""
    statement = select(func.count()).where(readable_by(actor), col(Product.bot_active))
    return await tx.scalar(statement) or 0


def report_of(
    changed: int,
    same: int,
    refused: Iterable[tuple[Product, Refusal]],
    undo_id: UUID | None = None,
    *,
    moves: Sequence[Move] = (),
) -> BulkReport:
    """Sum up what an action did."""
    rest = list(refused)
    return BulkReport(
        changed=changed,
        same=same,
        refused=Counter(reason for _, reason in rest),
        examples=tuple(RefusedProduct(it.id, it.name, why) for it, why in rest[:_EXAMPLES]),
        undo_id=undo_id,
        moves=tuple(moves[:MOVES_SHOWN]),
        plan=_plan_of(moves),
    )


def _plan_of(moves: Sequence[Move]) -> str:
    """Return a text that stands for these moves; blank for none."""
    if not moves:
        return ""
    lines = sorted(f"{it.id}:{it.old}:{it.new}" for it in moves)
    return sha256("\n".join(lines).encode()).hexdigest()
