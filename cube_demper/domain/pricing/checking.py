"""Checks: claim what is due and decide on what was seen. Used by the demping worker.

The worker looks at markets in between, outside any transaction.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.market import chase
from cube_demper.domain.market.pulse import UNKNOWN, Levels
from cube_demper.domain.market.schemas import Market
from cube_demper.domain.pricing import claim_queries, queries
from cube_demper.domain.pricing.claim_queries import SHARDS
from cube_demper.domain.pricing.proof import confirm_within
from cube_demper.domain.pricing.returning.rules import REST
from cube_demper.domain.pricing.rules import decide
from cube_demper.domain.pricing.schemas import Memory, Returned, StoreTerms, UnconfirmedSend
from cube_demper.domain.pricing.terms import priced_product, product_terms
from cube_demper.domain.pricing.turns import Turn
from cube_demper.domain.pricing.work import (
    CityBounds,
    CityOutcome,
    DueCard,
    DueProduct,
    LastLook,
    OpenSend,
)
from cube_demper.domain.stores.schemas import ReadyStore
from cube_demper.models.catalog import Product
from cube_demper.models.pricing import PriceStatus

__all__ = [
    "SHARDS",
    "Claim",
    "claim",
    "due_products",
    "has_parked",
    "judge",
    "release",
    "unpark",
]


@dataclass(frozen=True, slots=True)
class Claim:
    """Who claims what: one process's lease on due products."""

    id: UUID
    shard_keys: Sequence[int] | None
    """Ascending; None: any."""
    due_before: datetime
    lease: timedelta
    limit: int
    turn: Turn = field(default_factory=Turn)
    """The same object in every claim of a worker: one claim need not come to all keys."""
    usual: Levels = UNKNOWN


async def claim(
    tx: WriteTx, stores: Mapping[UUID, ReadyStore], claim: Claim, now: datetime
) -> list[DueCard]:
    """Lease what is due in these stores and read everything a check needs, in a few statements.

    Who else sells a card that is due comes along, whatever its turn: the look is for all of them.
    """
    keys = claim.turn.order(range(SHARDS) if claim.shard_keys is None else claim.shard_keys)
    rows = await claim_queries.claim_due(
        tx,
        cutoffs={store.id: store.cutoff for store in stores.values()},
        shard_keys=keys,
        claim_id=claim.id,
        due_before=claim.due_before,
        now=now,
        lease_until=now + claim.lease,
        limit=claim.limit,
    )
    claim.turn.came_to(keys, (row.shard_key or 0 for row in rows))
    if not rows:
        return []
    places = {(row.external_kaspi_id or "", stores[row.store_id].home_city_id) for row in rows}
    siblings = await claim_queries.claim_siblings(
        tx,
        sorted(places),
        cutoffs={store.id: store.cutoff for store in stores.values()},
        home_cities={store.id: store.home_city_id for store in stores.values()},
        claim_id=claim.id,
        now=now,
        lease_until=now + claim.lease,
    )
    products = await due_products(tx, [*rows, *siblings], stores)
    states = await chase.states(tx, places, claim.usual)
    return _by_card(products, stores, states)


async def has_parked(tx: ReadTx, stores: Sequence[ReadyStore]) -> bool:
    """Tell whether goods of these stores wait though they can be served again."""
    return await claim_queries.has_parked(tx, {store.id: store.cutoff for store in stores})


async def unpark(tx: WriteTx, stores: Sequence[ReadyStore]) -> int:
    """Let goods of these stores be claimed again; return how many."""
    return await claim_queries.unpark(tx, {store.id: store.cutoff for store in stores})


async def release(tx: WriteTx, claim_id: UUID) -> None:
    """Give back what a process has claimed and not finished."""
    await queries.release_claims(tx, claim_id)


async def due_products(
    tx: ReadTx, rows: Sequence[Product], stores: Mapping[UUID, ReadyStore]
) -> list[DueProduct]:
    """Add cities, memory and open sends to product rows."""
    if not rows:
        return []
    ids = [row.id for row in rows]
    cities = await queries.city_prices(tx, ids)
    memories = await queries.memories(tx, ids)
    sends = await queries.open_sends(tx, ids)
    return [
        DueProduct(
            product=priced_product(row, cities[row.id], stores[row.store_id]),
            due_at=row.next_check_at,
            memories={
                city: _with_open_send(memory, city, sends[row.id], stores[row.store_id])
                for city, memory in _for_cities(memories[row.id], sends[row.id]).items()
            },
            claimed_until=row.claimed_until,
            before=LastLook(
                row.last_check_time,
                row.competitor_price,
                row.looked_for,
                row.position,
                row.first_lost_at,
            ),
        )
        for row in rows
    ]


def _by_card(
    products: Sequence[DueProduct],
    stores: Mapping[UUID, ReadyStore],
    states: Mapping[chase.Place, chase.CardState],
) -> list[DueCard]:
    groups: dict[chase.Place, list[DueProduct]] = defaultdict(list)
    for due in products:
        groups[due.product.card, stores[due.product.store_id].home_city_id].append(due)
    return [
        DueCard(card, city, states[card, city], tuple(group))
        for (card, city), group in groups.items()
    ]


def judge(
    due: DueProduct,
    city: CityBounds,
    market: Market,
    *,
    store: ReadyStore,
    terms: StoreTerms,
    now: datetime,
) -> CityOutcome:
    """Decide for one city. Pure."""
    product = product_terms(due.product, city, store)
    memory = due.memories.get(city.city_id, Memory())
    floor = store.floors.of(due.product.good)
    decision = decide(market, product, terms, memory, floor, now)
    return CityOutcome(bounds=city, market=market, terms=product, decision=decision)


def _for_cities(memories: dict[str, Memory], sends: list[OpenSend]) -> dict[str, Memory]:
    return {send.city_id: Memory() for send in sends} | memories


def _with_open_send(
    memory: Memory, city_id: str, sends: list[OpenSend], store: ReadyStore
) -> Memory:
    """Take the unconfirmed send from its row, which a crash cannot lose, not from the memory.

    A return that waits in the queue, too: it must not grow old there.
    """
    within = confirm_within(store.channel)
    flying = [
        UnconfirmedSend(send.target, send.sent_at, send.sent_at + within)
        for send in sends
        if send.city_id == city_id and send.status in queries.IN_FLIGHT_STATUSES and send.sent_at
    ]
    last = max(flying, key=lambda send: send.at, default=None)
    for send in sends:
        is_waiting = send.city_id == city_id and send.status == PriceStatus.QUEUED
        if is_waiting and send.is_return and send.approved_at:
            until = memory.returned.until if memory.returned else send.approved_at + REST
            memory = replace(memory, returned=Returned(send.target, until, waits=True))
    return memory if memory.last_send is last is None else replace(memory, last_send=last)
