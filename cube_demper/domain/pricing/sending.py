"""Sends: the last check before a price leaves, and what became of it. Used by the demping worker.

A send is committed as `sending` before the call, so that a crash can never lose or repeat it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import col

from cube_demper.core.ids import new_id
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.catalog.schemas import PriceChange
from cube_demper.domain.pricing import queries, queueing, send_queries
from cube_demper.domain.pricing.last_check import Verdict, last_check
from cube_demper.domain.pricing.proof import LATEST_SEEN, confirm_within, first_look_after
from cube_demper.domain.pricing.returning.rules import rested
from cube_demper.domain.pricing.rules import remember_sent
from cube_demper.domain.pricing.schemas import RETURNS, Decision, Memory, StoreTerms
from cube_demper.domain.pricing.terms import priced_product
from cube_demper.domain.pricing.wars import following as wars
from cube_demper.domain.stores.schemas import ReadyStore
from cube_demper.domain.supply import rules as supply_rules
from cube_demper.domain.supply import sending as supply
from cube_demper.models.pricing import PriceHistory, PriceStatus

SUPPLY_AGE = timedelta(minutes=10)
"""Older availabilities and passive cities' prices are read again before a send (DESIGN §5.5)."""
SYNC_TAKES = timedelta(minutes=1)
"""Until then a product whose supply is unknown would be decided on and dropped again and again."""
UNKNOWN_LOOK_AFTER = timedelta(seconds=120)
_LEARN_FROM = timedelta(days=1)
_HISTORY = (PriceStatus.SENDING, PriceStatus.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Send:
    """One SKU change that has passed the last check and is committed as `sending`."""

    id: UUID
    product_id: UUID
    change: PriceChange


@dataclass(frozen=True, slots=True)
class Batch:
    """What may leave now, and what had to be dropped."""

    sends: tuple[Send, ...]
    dropped: int
    needs_sync: bool


async def next_batch(
    tx: ReadTx, store_id: UUID, now: datetime, *, most: int, room: int, limit: int
) -> tuple[list[UUID], list[str]]:
    """Return the next products of a store's queue, and the SKUs among them whose supply is old.

    `most`: of a batch; `room` and `limit`: how many changes Kaspi takes now and in 30 minutes.
    """
    ids = await queueing.next_products(tx, store_id, now, most=most, room=room, limit=limit)
    rows = await queries.list_products(tx, ids)
    old = [
        row.kaspi_sku
        for row in rows
        if row.supply_read_at is None or now - row.supply_read_at > SUPPLY_AGE
    ]
    return ids, old


async def take_batch(
    tx: WriteTx,
    product_ids: Sequence[UUID],
    store: ReadyStore | None,
    terms: StoreTerms | None,
    now: datetime,
) -> Batch:
    """Check queued rows once more against the database and commit what passes as `sending`.

    The last act before the call: what fails here is `superseded` with its reason, and its product is
    looked at again: at once, or when a sync it waits for may be done. `store` None: the store may not
    send at all any more.
    """
    products = {row.id: row for row in await queries.list_products(tx, product_ids, lock=True)}
    by_product: dict[UUID, list[PriceHistory]] = defaultdict(list)
    for row in await send_queries.lock_queued(tx, product_ids):
        by_product[row.product_id].append(row)
    cities = await queries.city_prices(tx, by_product)
    flying = await queries.open_sends(tx, by_product)
    edited = await supply.open_supply(tx, list(by_product))
    sends: list[Send] = []
    dropped, needs_sync = 0, False
    for product_id, queued in by_product.items():
        product = products.get(product_id)
        if store is None or terms is None or product is None:
            verdict = Verdict(note="Магазин больше не может отправлять цены.")
        else:
            priced = priced_product(product, cities[product_id], store)
            verdict = last_check(
                product, priced, queued, flying[product_id], store=store, terms=terms
            )
        if verdict.change is None:
            dropped += len(queued)
            needs_sync = needs_sync or verdict.needs_sync
            look_at = now + SYNC_TAKES if verdict.needs_sync else now
            await _drop(tx, product_id, queued, verdict.note, look_at)
            continue
        change, takes_along = supply_rules.carry(verdict.change, edited.get(product_id))
        sends.append(Send(_mark_sending(queued, now), product_id, change))
        if takes_along:
            await supply.take(tx, product_id, sends[-1].id, now)
    await tx.flush()
    return Batch(tuple(sends), dropped, needs_sync)


async def accepted(tx: WriteTx, sends: Sequence[Send], store: ReadyStore, now: datetime) -> None:
    """Kaspi took the sends: they wait to be seen, and falls count towards a price war."""
    await queries.lock_products(tx, [send.product_id for send in sends])
    rows = await send_queries.mark(
        tx, [s.id for s in sends], only=_HISTORY, status=PriceStatus.SENT
    )
    seen_after = await send_queries.seen_after(tx, store.id, now - _LEARN_FROM, LATEST_SEEN)
    first_look = first_look_after(seen_after, store.channel)
    for row in rows:
        row.confirm_at = (row.sent_at or now) + first_look
    await send_queries.retire_older_sends(tx, rows)
    known = await queries.memories(tx, [row.product_id for row in rows])
    within = confirm_within(store.channel)
    sent = [_remembered(row, known[row.product_id].get(row.city_id), now, within) for row in rows]
    await queries.save_memories(tx, [(it.row.product_id, it.row.city_id, it.after) for it in sent])
    await wars.follow_sends(tx, sent, store, now)
    await supply.accepted(tx, [send.id for send in sends])
    _emit(tx, sends, store)


def _remembered(
    row: PriceHistory, known: Memory | None, now: datetime, within: timedelta
) -> wars.Sent:
    before = known or Memory()
    decision = Decision.from_json(row.decision)
    after = remember_sent(before, decision, row.sent_at or now, within=within)
    if row.approved_at and decision.reason in RETURNS and row.new_price:
        after = rested(after, row.new_price, row.sent_at or now)
    return wars.Sent(row, before, after)


async def outcome_unknown(tx: WriteTx, sends: Sequence[Send], store: ReadyStore, note: str) -> None:
    """Nobody knows whether Kaspi took the sends: a look at least 120 s later decides."""
    await send_queries.mark(
        tx,
        [s.id for s in sends],
        only=(PriceStatus.SENDING,),
        status=PriceStatus.UNKNOWN,
        note=note,
    )
    await supply.outcome_unknown(tx, [send.id for send in sends], note)
    _emit(tx, sends, store)


async def not_sent(tx: WriteTx, sends: Sequence[Send], store: ReadyStore) -> None:
    """The call never reached Kaspi, or Kaspi asked to come later: back into the queue."""
    await queries.lock_products(tx, [send.product_id for send in sends])
    await send_queries.drop_overtaken(tx, [send.id for send in sends])
    await send_queries.mark(
        tx,
        [s.id for s in sends],
        only=(PriceStatus.SENDING,),
        status=PriceStatus.QUEUED,
        **send_queries.AS_IT_WAS,
        confirm_at=None,
        attempt=col(PriceHistory.attempt) - 1,  # nothing was tried: the retry is still to come
    )
    await supply.not_sent(tx, [send.id for send in sends])
    _emit(tx, sends, store)


async def refused(
    tx: WriteTx, sends: Sequence[Send], store: ReadyStore, note: str, *, retry_at: datetime
) -> None:
    """Kaspi said no. The products are looked at again at `retry_at`."""
    await queries.lock_products(tx, [send.product_id for send in sends])
    await send_queries.mark(
        tx,
        [s.id for s in sends],
        only=(PriceStatus.SENDING,),
        status=PriceStatus.REFUSED,
        note=note,
        confirm_at=None,
    )
    await supply.refused(tx, [send.id for send in sends], note)
    await queries.update_products(
        tx,
        [
            {"product_id": s.product_id, "last_error": note, "next_check_at": retry_at}
            for s in sends
        ],
    )
    _emit(tx, sends, store)


async def _drop(
    tx: WriteTx, product_id: UUID, rows: Sequence[PriceHistory], note: str, look_at: datetime
) -> None:
    await queries.supersede(tx, [row.id for row in rows], note=note, statuses=(PriceStatus.QUEUED,))
    await queries.update_products(tx, [{"product_id": product_id, "next_check_at": look_at}])


def _mark_sending(rows: Sequence[PriceHistory], now: datetime) -> UUID:
    send_id = new_id()
    for row in rows:
        if row.sent_at is not None and row.first_sent_at is None:
            row.first_sent_at, row.first_send_id = row.sent_at, row.send_id
        row.status = PriceStatus.SENDING
        row.send_id = send_id
        row.sent_at = now
        row.attempt += 1
        row.confirm_looks = 0
        row.unseen_at = None
        row.confirm_at = now + UNKNOWN_LOOK_AFTER
    return send_id


def _emit(tx: WriteTx, sends: Sequence[Send], store: ReadyStore) -> None:
    for send in sends:
        tx.emit(f"user:{store.user_id}", "product", send.product_id)
