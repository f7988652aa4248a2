"""Reading a file: each row is held against our goods, batch by batch, and what it would do is kept.

Killed anywhere it begins again; nothing of the goods changes here.
"""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from cube_demper.core.errors import InvalidInput
from cube_demper.db.session import Database, ReadTx
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.catalog.importing import queries
from cube_demper.domain.catalog.importing.cells import Wishes, read_head, read_wishes
from cube_demper.domain.catalog.importing.errors import Stopped
from cube_demper.domain.catalog.importing.rules import (
    RowOutcome,
    bot_before,
    outcome_of_row,
    refused,
)
from cube_demper.domain.catalog.importing.schemas import Parse
from cube_demper.domain.catalog.switching import free_slots
from cube_demper.models import GoodsImportStatus, Product, RowVerdict

_BATCH = 1_000
_Key = tuple[str, str]


async def read_file(
    db: Database, actor: Actor, import_id: UUID, parse: Parse, *, now: datetime
) -> None:
    """Read the file of an import and keep what each row would do; a bad file is refused in words."""
    async with db.write() as tx:
        content = await queries.read_content(tx, actor, import_id)
        await queries.forget_rows(tx, import_id)
        slots = await free_slots(tx, actor, now)
    try:
        wishes = await asyncio.to_thread(_wishes, parse, content)
    except InvalidInput as error:
        await _finish(
            db, actor, import_id, GoodsImportStatus.REFUSED, note=error.message, content=None
        )
        return
    reading = _Reading(len(wishes), _repeats(wishes), slots)
    for start in range(0, len(wishes), _BATCH):
        await _read_batch(db, actor, import_id, wishes[start : start + _BATCH], reading)
    counts = {str(verdict.value): reading.counts[verdict] for verdict in RowVerdict}
    await _finish(
        db,
        actor,
        import_id,
        GoodsImportStatus.READY,
        changed=counts["change"],
        same=counts["same"],
        refused=counts["refused"],
    )


class _Reading:
    """What holds across batches."""

    def __init__(self, total: int, repeats: Mapping[_Key, Sequence[int]], slots: int) -> None:
        self.total, self.repeats, self.slots = total, repeats, slots
        self.counts: Counter[RowVerdict] = Counter()

    def outcome(
        self, wish: Wishes, goods: Sequence[tuple[Product, str]]
    ) -> tuple[Product | None, RowOutcome]:
        """Say what a row does to the one product that it names."""
        if wish.trouble:
            return None, refused(wish.trouble)
        if numbers := self.repeats.get((wish.sku, wish.merchant_id)):
            listed = ", ".join(str(number) for number in numbers[:5])
            return None, refused(f"артикул повторяется в строках {listed}")
        mine = [it for it, store in goods if wish.merchant_id in ("", store)]
        if not mine:
            return None, refused(
                "этот артикул в другом магазине" if goods else "нет такого артикула"
            )
        if len(mine) > 1:
            return None, refused("артикул есть в нескольких магазинах: укажите код магазина")
        outcome = outcome_of_row(mine[0], wish.values, has_slot=self.slots > 0)
        if "bot_active" in outcome.new:
            self.slots -= 1 if outcome.new["bot_active"] else 0
            outcome.old.update(bot_before(mine[0]))
        return mine[0], outcome


def _wishes(parse: Parse, content: bytes) -> list[Wishes]:
    lines = parse(content)
    head = read_head(lines[0][1])
    if len(lines) == 1:
        raise InvalidInput("В файле есть только заголовок: ни одной строки с товаром.")
    return [read_wishes(number, cells, head) for number, cells in lines[1:]]


def _repeats(wishes: Sequence[Wishes]) -> dict[_Key, list[int]]:
    """Return SKUs named twice: nobody can say which row is meant. No store's code means any store."""
    rows: dict[str, list[Wishes]] = defaultdict(list)
    for wish in wishes:
        if wish.sku:
            rows[wish.sku].append(wish)
    repeats: dict[_Key, list[int]] = {}
    for sku, group in rows.items():
        stores = Counter(wish.merchant_id for wish in group)
        for wish in group:
            is_vague = len(group) > 1 and "" in stores
            if is_vague or stores[wish.merchant_id] > 1:
                numbers = [
                    it.number for it in group if is_vague or it.merchant_id == wish.merchant_id
                ]
                repeats[(sku, wish.merchant_id)] = numbers
    return repeats


async def _read_batch(
    db: Database, actor: Actor, import_id: UUID, batch: Sequence[Wishes], reading: _Reading
) -> None:
    async with db.write() as tx:
        rows = await _outcomes(tx, actor, import_id, batch, reading)
        total, done = reading.total, reading.counts.total()
        was = GoodsImportStatus.READING
        if not await queries.move(tx, import_id, was, total=total, done=done):
            raise Stopped
        await queries.add_rows(tx, rows)
        tx.emit(f"user:{actor.owner_id}", "import", import_id)


async def _outcomes(
    tx: ReadTx, actor: Actor, import_id: UUID, batch: Sequence[Wishes], reading: _Reading
) -> list[dict[str, Any]]:
    goods = await queries.products_by_sku(tx, actor, {wish.sku for wish in batch if wish.sku})
    rows = []
    for wish in batch:
        product, outcome = reading.outcome(wish, goods.get(wish.sku, ()))
        reading.counts[outcome.verdict] += 1
        rows.append(
            {
                "import_id": import_id,
                "number": wish.number,
                "sku": wish.sku,
                "name": product.name if product else "",
                "product_id": product.id if product else None,
                "verdict": outcome.verdict,
                "reason": outcome.reason,
                "old": outcome.old,
                "new": outcome.new,
            }
        )
    return rows


async def _finish(
    db: Database, actor: Actor, import_id: UUID, to: GoodsImportStatus, **values: Any
) -> None:
    async with db.write() as tx:
        if not await queries.move(tx, import_id, GoodsImportStatus.READING, to=to, **values):
            raise Stopped
        tx.emit(f"user:{actor.owner_id}", "import", import_id)
