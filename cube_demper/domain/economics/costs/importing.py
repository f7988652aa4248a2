"""The kind of file that brings batches: what goods were bought for.

The same file twice adds nothing: a batch of the same day, quantity, price and note is known already,
as often as it is known.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

from cube_demper.core.errors import InvalidInput
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.catalog.importing import goods as goods_of
from cube_demper.domain.catalog.importing.errors import Stale
from cube_demper.domain.catalog.importing.schemas import (
    CHUNK,
    Draft,
    Job,
    Parse,
    RowOutcome,
    refused,
)
from cube_demper.domain.catalog.importing.tables import find_table
from cube_demper.domain.economics.costs import queries
from cube_demper.domain.economics.costs.schemas import MOST_MOVEMENTS
from cube_demper.domain.economics.costs.service import check_movement, recost, write_costs
from cube_demper.domain.economics.costs.sheet import BatchRow, is_filled, read_head, read_row
from cube_demper.models.catalog import CostMethod, Product
from cube_demper.models.costs import CostBatch
from cube_demper.models.imports import GoodsImportRow, RowVerdict

_Key = tuple[UUID, date, int, int, str]
_Rows = Sequence[GoodsImportRow]


class BatchFile:
    """A sheet with an article, a day, a quantity and a price in each row."""

    def __init__(self, parse: Parse) -> None:
        """Read files with `parse`."""
        self._parse = parse

    def read(self, content: bytes) -> list[BatchRow]:
        """Make sense of a sheet; rows of one article stand together. Raises InvalidInput."""
        head, rows = find_table(self._parse(content), read_head)
        found = [read_row(number, cells, head) for number, cells in rows if is_filled(cells, head)]
        return sorted(found, key=lambda row: row.sku)

    async def begin(
        self,
        tx: ReadTx,  # noqa: ARG002 - what it needs is read chunk by chunk
        actor: Actor,
        rows: Sequence[BatchRow],
        now: datetime,
    ) -> _Reading:
        """Begin to hold batches against the actor's goods."""
        return _Reading(actor, rows, now)

    async def lock(self, tx: WriteTx, job: Job) -> None:
        """Nothing but the goods themselves, which are locked chunk by chunk."""

    async def write(self, tx: WriteTx, job: Job, rows: _Rows) -> None:
        """Add batches, each with the id of its row, and have them make the costs of their goods."""
        goods = await _lock(tx, job.actor, rows)
        if await queries.with_batches_since(tx, list(goods), rows[0].created_at):
            raise Stale
        await queries.add_batches(tx, [_batch(row, job.now) for row in rows])
        chosen = None if job.method is CostMethod.MANUAL else dict.fromkeys(goods, job.method)
        await recost(tx, job.actor, list(goods.values()), job.now, methods=chosen)

    async def take_back(self, tx: WriteTx, job: Job, rows: _Rows) -> int:
        """Forget the batches of goods whose method and other batches are as the import left them."""
        goods = await _lock(tx, job.actor, rows)
        mine = {row.id for row in rows}
        touched = await queries.with_batches_since(
            tx, list(goods), job.applied_at or job.now, but=mine
        )
        old = {row.product_id: row.old for row in rows if row.product_id}
        back = [
            product
            for key, product in goods.items()
            if key not in touched and product.cost_method == _method_left(job, old[key])
        ]
        ids = {product.id for product in back}
        gone = [row.id for row in rows if row.product_id in ids]
        await queries.delete_batches(tx, gone)
        await _restore(tx, job, back, old)
        return len(gone)


@dataclass(slots=True)
class _Reading:
    """A file chunk by chunk: nothing is remembered from one article to the next."""

    actor: Actor
    rows: Sequence[BatchRow]
    now: datetime

    @property
    def total(self) -> int:
        return len(self.rows)

    def chunks(self) -> Iterator[Sequence[BatchRow]]:
        chunk: list[BatchRow] = []
        for _, group in groupby(self.rows, key=lambda row: row.sku):
            chunk.extend(group)
            if len(chunk) >= CHUNK:
                yield chunk
                chunk = []
        if chunk:
            yield chunk

    async def drafts(self, tx: ReadTx, chunk: Sequence[BatchRow]) -> list[Draft]:
        skus = {row.sku for row in chunk if row.sku}
        own = await goods_of.find_by_sku(tx, self.actor, skus)
        ids = [product.id for goods in own.values() for product, _ in goods]
        known: Counter[_Key] = Counter()
        room: Counter[UUID] = Counter(dict.fromkeys(ids, MOST_MOVEMENTS))
        for product_id, batches in (await queries.batches_of(tx, ids)).items():
            known.update(map(_key, batches))
            room[product_id] -= len(batches)
        drafts = []
        for row in chunk:
            product, refusal = _match(row, own.get(row.sku, ()), self.now)
            outcome = _outcome(row, product, known, room) if product else refused(refusal)
            drafts.append(Draft(row.number, row.sku, product, outcome))
        return drafts


def _match(
    row: BatchRow, goods: Sequence[tuple[Product, str]], now: datetime
) -> tuple[Product | None, str]:
    """Return the product of a row, or why there is none."""
    if row.trouble:
        return None, row.trouble
    try:
        check_movement(row.bought_on, row.quantity, now)
    except InvalidInput as error:
        return None, error.message
    return goods_of.the_one(goods, row.merchant_id)


def _outcome(
    row: BatchRow, product: Product, known: Counter[_Key], room: Counter[UUID]
) -> RowOutcome:
    key = (product.id, row.bought_on, row.quantity, row.unit_cost, row.note)
    if known[key]:
        known[key] -= 1
        return RowOutcome(RowVerdict.SAME)
    if not room[product.id]:
        return refused(f"у товара уже {MOST_MOVEMENTS} партий")
    room[product.id] -= 1
    return RowOutcome(
        RowVerdict.CHANGE,
        old={"cost_price": product.cost_price, "cost_method": product.cost_method},
        new={
            "bought_on": row.bought_on.isoformat(),
            "quantity": row.quantity,
            "unit_cost": row.unit_cost,
            "note": row.note,
        },
    )


async def _lock(tx: WriteTx, actor: Actor, rows: _Rows) -> dict[UUID, Product]:
    """Lock the goods of a chunk. Raises Stale: one of them is gone."""
    goods = await goods_of.lock_goods(tx, actor, rows)
    if len(goods) < len(set(goods_of.ids_of(rows))):
        raise Stale
    return goods


def _method_left(job: Job, old: Mapping[str, Any]) -> str:
    """Return the method that an import left a product with."""
    left: str = old["cost_method"] if job.method is CostMethod.MANUAL else job.method.value
    return left


async def _restore(
    tx: WriteTx, job: Job, goods: Sequence[Product], old: Mapping[UUID, Mapping[str, Any]]
) -> None:
    """Give goods the method that they had; by hand, the cost too, else batches make it."""
    methods = {it.id: CostMethod(old[it.id]["cost_method"]) for it in goods}
    by_hand = [
        (product, old[product.id]["cost_price"], CostMethod.MANUAL)
        for product in goods
        if methods[product.id] is CostMethod.MANUAL and product.cost_method != CostMethod.MANUAL
    ]
    await write_costs(tx, job.actor, by_hand, job.now)
    await recost(tx, job.actor, goods, job.now, methods=methods)


def _batch(row: GoodsImportRow, now: datetime) -> dict[str, Any]:
    return {
        "id": row.id,
        "product_id": row.product_id,
        "bought_on": date.fromisoformat(row.new["bought_on"]),
        "quantity": row.new["quantity"],
        "unit_cost": row.new["unit_cost"],
        "note": row.new["note"],
        # Batches of one day are used in the order of the file.
        "created_at": now + timedelta(microseconds=row.number),
    }


def _key(batch: CostBatch) -> _Key:
    return batch.product_id, batch.bought_on, batch.quantity, batch.unit_cost, batch.note
