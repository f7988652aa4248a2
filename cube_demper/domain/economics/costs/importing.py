"""Batches from a file: what it would do is told first, then done, all in one transaction.

The same file twice adds nothing: a batch of the same day, quantity, price and note is known already,
as often as it is known.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from cube_demper.core.errors import InvalidInput
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.audit import service as audit
from cube_demper.domain.economics.costs import queries
from cube_demper.domain.economics.costs.schemas import (
    MOST_MOVEMENTS,
    BatchImport,
    Lines,
    RefusedLine,
)
from cube_demper.domain.economics.costs.service import check_movement, recost
from cube_demper.domain.economics.costs.sheet import BatchRow, read_head, read_row
from cube_demper.models import CostBatch, CostMethod, Product

_EXAMPLES = 50
_Key = tuple[UUID, date, int, int, str]


async def preview_batches(tx: ReadTx, actor: Actor, lines: Lines, now: datetime) -> BatchImport:
    """Tell what a file would do. Raises InvalidInput: the sheet cannot be used."""
    return (await _plan(tx, actor, lines, now, lock=False)).told()


async def import_batches(
    tx: WriteTx, actor: Actor, lines: Lines, method: CostMethod, now: datetime
) -> BatchImport:
    """Add the batches of a file and have them make the costs of their goods by `method`.

    MANUAL adds the batches and leaves costs alone. Raises InvalidInput.
    """
    plan = await _plan(tx, actor, lines, now, lock=True)
    if not plan.new:
        return plan.told()
    await queries.add_batches(
        tx,
        [
            {
                "product_id": product_id,
                "bought_on": on,
                "quantity": quantity,
                "unit_cost": unit_cost,
                "note": note,
                # Batches of one day are used in the order of the file.
                "created_at": now + timedelta(microseconds=place),
            }
            for place, (product_id, on, quantity, unit_cost, note) in enumerate(plan.new)
        ],
    )
    told = plan.told()
    details = {"batches": told.added, "goods": told.goods, "method": method.value}
    await audit.record(tx, actor, "cost_batches_imported", "selection", **details)
    if method is not CostMethod.MANUAL:
        for product in plan.products.values():
            product.cost_method = method.value
        await recost(tx, actor, list(plan.products.values()), now)
    return told


@dataclass(slots=True)
class _Plan:
    """What the rows come to, in the order of the file."""

    products: dict[UUID, Product] = field(default_factory=dict)
    new: list[_Key] = field(default_factory=list)
    same: int = 0
    refused: list[RefusedLine] = field(default_factory=list)

    def told(self) -> BatchImport:
        return BatchImport(
            added=len(self.new),
            same=self.same,
            refused=len(self.refused),
            goods=len(self.products),
            examples=tuple(self.refused[:_EXAMPLES]),
        )


async def _plan(tx: ReadTx, actor: Actor, lines: Lines, now: datetime, *, lock: bool) -> _Plan:
    if not lines:
        raise InvalidInput("Файл пустой.")
    rows = await asyncio.to_thread(_read, lines)
    own = await queries.own_by_sku(tx, actor, {row.sku for row in rows if row.sku}, lock=lock)
    ids = {product.id for goods in own.values() for product, _ in goods}
    known: Counter[_Key] = Counter()
    room: Counter[UUID] = Counter(dict.fromkeys(ids, MOST_MOVEMENTS))
    for batches in (await queries.batches_of(tx, ids)).values():
        known.update(map(_key, batches))
        room[batches[0].product_id] -= len(batches)
    plan = _Plan()
    for row in rows:
        found = _match(row, own, now)
        if isinstance(found, str):
            plan.refused.append(RefusedLine(row.number, row.sku, found))
            continue
        _place(plan, row, found, known, room)
    return plan


def _read(lines: Lines) -> list[BatchRow]:
    head = read_head(lines[0][1])
    return [read_row(number, cells, head) for number, cells in lines[1:]]


def _place(
    plan: _Plan, row: BatchRow, product: Product, known: Counter[_Key], room: Counter[UUID]
) -> None:
    key = (product.id, row.bought_on, row.quantity, row.unit_cost, row.note)
    if known[key]:
        known[key] -= 1
        plan.same += 1
        return
    if not room[product.id]:
        reason = f"у товара уже {MOST_MOVEMENTS} партий"
        plan.refused.append(RefusedLine(row.number, row.sku, reason))
        return
    room[product.id] -= 1
    plan.new.append(key)
    plan.products[product.id] = product


def _match(
    row: BatchRow, own: Mapping[str, Sequence[tuple[Product, str]]], now: datetime
) -> Product | str:
    """Return the product of a row, or why there is none."""
    if row.trouble:
        return row.trouble
    try:
        check_movement(row.bought_on, row.quantity, now)
    except InvalidInput as error:
        return error.message
    goods = [
        product
        for product, merchant_id in own.get(row.sku, ())
        if row.merchant_id in ("", merchant_id)
    ]
    if not goods:
        return "такого артикула нет"
    if len(goods) > 1:
        return "артикул есть в нескольких магазинах: добавьте столбец «Код магазина»"
    return goods[0]


def _key(batch: CostBatch) -> _Key:
    return batch.product_id, batch.bought_on, batch.quantity, batch.unit_cost, batch.note
