"""The kind of file that changes terms: bounds, cost, step, strategy, the bot."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.catalog.importing.cells import Wishes, read_head, read_wishes
from cube_demper.domain.catalog.importing.errors import Stale
from cube_demper.domain.catalog.importing.goods import find_by_sku, ids_of, lock_goods, the_one
from cube_demper.domain.catalog.importing.rules import bot_before, fits, is_as, outcome_of_row
from cube_demper.domain.catalog.importing.schemas import (
    CHUNK,
    Draft,
    Job,
    Parse,
    RowOutcome,
    refused,
)
from cube_demper.domain.catalog.importing.tables import find_table
from cube_demper.domain.catalog.journal import begin_anew
from cube_demper.domain.catalog.switching import free_slots, lock_switches, start, stop
from cube_demper.domain.catalog.undo import write_columns
from cube_demper.models.catalog import Product
from cube_demper.models.imports import GoodsImportRow

_Key = tuple[str, str]
_Rows = Sequence[GoodsImportRow]


class TermsFile:
    """A sheet of goods as our own export writes it."""

    def __init__(self, parse: Parse) -> None:
        """Read files with `parse`."""
        self._parse = parse

    def read(self, content: bytes) -> list[Wishes]:
        """Make sense of a sheet. Raises InvalidInput."""
        head, rows = find_table(self._parse(content), read_head)
        return [read_wishes(number, cells, head) for number, cells in rows]

    async def begin(
        self, tx: ReadTx, actor: Actor, rows: Sequence[Wishes], now: datetime
    ) -> _Reading:
        """Begin to hold wishes against the actor's goods."""
        return _Reading(actor, rows, await free_slots(tx, actor, now))

    async def lock(self, tx: WriteTx, job: Job) -> None:
        """Keep other switches of this seller away: the plan's limit is checked chunk by chunk."""
        await lock_switches(tx, job.actor)

    async def write(self, tx: WriteTx, job: Job, rows: _Rows) -> None:
        """Write new values: bots that go off first, those that go on last, so that each has its bounds."""
        own = await lock_goods(tx, job.actor, rows)
        await _check_fresh(tx, job, rows, own)
        switched = {row.product_id: row.new.get("bot_active") for row in rows if row.product_id}
        await stop(tx, job.actor, [key for key, on in switched.items() if on is False], job.now)
        plain = [
            (row.product_id, {name: it for name, it in row.new.items() if name != "bot_active"})
            for row in rows
            if row.product_id
        ]
        await write_columns(tx, [(key, columns) for key, columns in plain if columns])
        await start(tx, [key for key, on in switched.items() if on is True], job.now)
        await begin_anew(tx, job.actor, [key for key, _ in plain], job.now)

    async def take_back(self, tx: WriteTx, job: Job, rows: _Rows) -> int:
        """Write old values to the goods that are as we left them."""
        own = await lock_goods(tx, job.actor, rows)
        back = _untouched(rows, own, await free_slots(tx, job.actor, job.now))
        off = [
            row.product_id for row in back if row.product_id and row.old.get("bot_active") is False
        ]
        await stop(tx, job.actor, off, job.now)
        await write_columns(tx, [(row.product_id, row.old) for row in back if row.product_id])
        await begin_anew(tx, job.actor, ids_of(back), job.now)
        return len(back)


class _Reading:
    """What holds across chunks: SKUs named twice, and how many bots may still go on."""

    def __init__(self, actor: Actor, wishes: Sequence[Wishes], slots: int) -> None:
        self._actor, self._wishes, self._slots = actor, wishes, slots
        self._repeats = _repeats(wishes)

    @property
    def total(self) -> int:
        return len(self._wishes)

    def chunks(self) -> Iterator[Sequence[Wishes]]:
        for at in range(0, self.total, CHUNK):
            yield self._wishes[at : at + CHUNK]

    async def drafts(self, tx: ReadTx, chunk: Sequence[Wishes]) -> list[Draft]:
        skus = {wish.sku for wish in chunk if wish.sku}
        goods = await find_by_sku(tx, self._actor, skus)
        return [
            Draft(wish.number, wish.sku, *self._outcome(wish, goods.get(wish.sku, ())))
            for wish in chunk
        ]

    def _outcome(
        self, wish: Wishes, goods: Sequence[tuple[Product, str]]
    ) -> tuple[Product | None, RowOutcome]:
        """Say what a row does to the one product that it names."""
        if wish.trouble:
            return None, refused(wish.trouble)
        if numbers := self._repeats.get((wish.sku, wish.merchant_id)):
            listed = ", ".join(str(number) for number in numbers[:5])
            return None, refused(f"артикул повторяется в строках {listed}")
        product, refusal = the_one(goods, wish.merchant_id)
        if product is None:
            return None, refused(refusal)
        outcome = outcome_of_row(product, wish.values, has_slot=self._slots > 0)
        if "bot_active" in outcome.new:
            self._slots -= 1 if outcome.new["bot_active"] else 0
            outcome.old.update(bot_before(product))
        return product, outcome


def _repeats(wishes: Sequence[Wishes]) -> Mapping[_Key, Sequence[int]]:
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


async def _check_fresh(tx: WriteTx, job: Job, rows: _Rows, own: Mapping[UUID, Product]) -> None:
    for row in rows:
        product = own.get(row.product_id) if row.product_id else None
        if product is None or not is_as(product, row.old) or not fits(product, row.new):
            raise Stale
    new_bots = sum(row.new.get("bot_active") is True for row in rows)
    if new_bots and new_bots > await free_slots(tx, job.actor, job.now):
        raise Stale


def _untouched(rows: _Rows, own: Mapping[UUID, Product], slots: int) -> list[GoodsImportRow]:
    """Choose the rows that can be taken back: as we left them, and still fitting what else holds."""
    back = []
    for row in rows:
        product = own.get(row.product_id) if row.product_id else None
        if product is None or not is_as(product, row.new) or not fits(product, row.old):
            continue
        if row.old.get("bot_active") is True:
            if slots <= 0:
                continue
            slots -= 1
        back.append(row)
    return back
