"""Checks: claim what is due, decide on what was seen, write it down. Used by the demping worker.

The worker looks at markets in between, outside any transaction.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.economics.rules import price_leaving_profit
from cube_demper.domain.market.schemas import Market
from cube_demper.domain.pricing import claim_queries, queries
from cube_demper.domain.pricing.claim_queries import SHARDS
from cube_demper.domain.pricing.guards import CONFIRM_WITHIN
from cube_demper.domain.pricing.rules import decide, is_news, remember
from cube_demper.domain.pricing.schemas import Memory, StoreTerms, UnconfirmedSend
from cube_demper.domain.pricing.terms import priced_product, product_terms
from cube_demper.domain.pricing.turns import Turn
from cube_demper.domain.pricing.work import (
    CityBounds,
    CityOutcome,
    DueProduct,
    OpenSend,
    Outcome,
)
from cube_demper.domain.stores.schemas import ReadyStore
from cube_demper.models import BotMode, PriceHistory, PriceStatus, Product

__all__ = [
    "SHARDS",
    "Claim",
    "claim",
    "due_products",
    "has_parked",
    "judge",
    "record",
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


async def claim(
    tx: WriteTx, stores: Mapping[UUID, ReadyStore], claim: Claim, now: datetime
) -> list[DueProduct]:
    """Lease what is due in these stores and read everything a check needs, in four statements."""
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
    return await due_products(tx, rows, stores)


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
                city: _with_open_send(memory, city, sends[row.id])
                for city, memory in _for_cities(memories[row.id], sends[row.id]).items()
            },
            open_sends=tuple(sends[row.id]),
        )
        for row in rows
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
    floor = price_leaving_profit(due.product.cost_price, store.settings.min_profit)
    decision = decide(market, product, terms, memory, floor, now)
    return CityOutcome(bounds=city, market=market, terms=product, decision=decision)


async def record(
    tx: WriteTx,
    outcomes: Sequence[Outcome],
    stores: Mapping[UUID, ReadyStore],
    claim_id: UUID,
    now: datetime,
) -> int:
    """Write the outcomes of checks whose lease is still ours; return how many were.

    Rows of `price_history` appear only when action, reason or target changed, or when a wanted change
    has no open row any more.
    """
    mine = await queries.still_claimed(tx, [o.due.product.id for o in outcomes], claim_id)
    kept = [outcome for outcome in outcomes if outcome.due.product.id in mine]
    await queries.update_products(
        tx, [_product_change(outcome, mine[outcome.due.product.id], now) for outcome in kept]
    )
    await queries.update_city_prices(
        tx, [change for outcome in kept for change in _city_changes(outcome)]
    )
    await _remember(tx, kept, now)
    for outcome in kept:
        store = stores[outcome.due.product.store_id]
        for city in outcome.cities:
            await _record_city(tx, outcome.due, city, store, now)
        tx.emit(f"user:{store.user_id}", "product", outcome.due.product.id)
    return len(kept)


async def _remember(tx: WriteTx, outcomes: Sequence[Outcome], now: datetime) -> None:
    """Add what was seen to the memory as it is now: a send may have been accepted since the claim."""
    fresh = await queries.memories(tx, [outcome.due.product.id for outcome in outcomes])
    await queries.save_memories(
        tx,
        [
            (
                outcome.due.product.id,
                city.bounds.city_id,
                remember(
                    fresh[outcome.due.product.id].get(city.bounds.city_id, Memory()),
                    city.market,
                    city.decision,
                    now,
                ),
            )
            for outcome in outcomes
            for city in outcome.cities
        ],
    )


async def _record_city(
    tx: WriteTx, due: DueProduct, city: CityOutcome, store: ReadyStore, now: datetime
) -> None:
    decision, city_id = city.decision, city.bounds.city_id
    open_here = [send for send in due.open_sends if send.city_id == city_id]
    seen = [send.id for send in open_here if _is_seen(send, city)]
    if seen:
        await queries.confirm(tx, seen, city.market.seen_at)
    queued = [send for send in open_here if send.status == PriceStatus.QUEUED]
    stale = [send.id for send in queued if not decision.is_change or send.target != decision.target]
    if stale:
        await queries.supersede(
            tx, stale, note="Рынок изменился до отправки.", statuses=(PriceStatus.QUEUED,)
        )
    before = due.memories.get(city_id, Memory())
    is_open = decision.is_change and any(send.target == decision.target for send in queued)
    is_suggestion = decision.is_change and store.mode is BotMode.SUGGEST
    lost = decision.is_change and not is_suggestion and not is_open
    if is_open or not (lost or is_news(before, decision)):
        return
    await queries.drop_suggestions(tx, due.product.id, city_id, "Рынок изменился.")
    tx.add(_history_row(due, city, is_suggestion=is_suggestion, now=now))
    await tx.flush()


def _history_row(
    due: DueProduct, city: CityOutcome, *, is_suggestion: bool, now: datetime
) -> PriceHistory:
    decision = city.decision
    status = PriceStatus.HELD
    if decision.is_change:
        status = PriceStatus.SUGGESTED if is_suggestion else PriceStatus.QUEUED
    return PriceHistory(
        product_id=due.product.id,
        store_id=due.product.store_id,
        city_id=city.bounds.city_id,
        old_price=decision.window_price,
        new_price=decision.target if decision.is_change else None,
        competitor_price=decision.rival.price if decision.rival else None,
        change_reason=decision.reason,
        decision=decision.to_json(),
        status=status,
        created_at=now,
    )


def _product_change(outcome: Outcome, due_at: datetime, now: datetime) -> dict[str, object]:
    """`due_at`: as it is now. One that was moved during the check stays: the terms are new."""
    is_moved = due_at != outcome.due.due_at
    change: dict[str, object] = {
        "product_id": outcome.due.product.id,
        "next_check_at": due_at if is_moved else outcome.next_check_at,
        "claimed_until": None,
        "claimed_by": None,
        "last_error": outcome.error,
        "check_failures": outcome.due.product.check_failures + 1 if outcome.error else 0,
    }
    home = next((city for city in outcome.cities if city.bounds.is_home), None)
    if home is None:
        return change
    decision = home.decision
    change |= {
        "last_check_time": now,
        "last_reason": str(decision.reason),
        "position": decision.place,
        "offers_count": decision.offers_count,
        "competitor_price": decision.rival.price if decision.rival else None,
        "competitor_name": decision.rival.name if decision.rival else None,
    }
    if decision.is_window_seen:
        change["price"] = decision.window_price
    return change


def _city_changes(outcome: Outcome) -> list[dict[str, object]]:
    return [
        {
            "row_product": outcome.due.product.id,
            "row_city": city.bounds.city_id,
            "price": city.decision.window_price or city.bounds.price,
            "position": city.decision.place,
            "competitor_price": city.decision.rival.price if city.decision.rival else None,
            "last_check_time": city.market.seen_at,
        }
        for city in outcome.cities
        if not city.bounds.is_home
    ]


def _is_seen(send: OpenSend, city: CityOutcome) -> bool:
    return (
        send.status in queries.IN_FLIGHT_STATUSES
        and send.sent_at is not None
        and city.market.seen_at > send.sent_at
        and city.decision.is_window_seen
        and city.decision.window_price == send.target
    )


def _for_cities(memories: dict[str, Memory], sends: list[OpenSend]) -> dict[str, Memory]:
    return {send.city_id: Memory() for send in sends} | memories


def _with_open_send(memory: Memory, city_id: str, sends: list[OpenSend]) -> Memory:
    """Take the unconfirmed send from its row, which a crash cannot lose, not from the memory."""
    flying = [
        UnconfirmedSend(send.target, send.sent_at, send.sent_at + CONFIRM_WITHIN)
        for send in sends
        if send.city_id == city_id and send.status in queries.IN_FLIGHT_STATUSES and send.sent_at
    ]
    last = max(flying, key=lambda send: send.at, default=None)
    return memory if memory.last_send is last is None else replace(memory, last_send=last)
