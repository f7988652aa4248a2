"""Writes what checks led to: results, memory, rows of decisions. One batch, few statements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from cube_demper.db.session import WriteTx
from cube_demper.domain.pricing import queries, queueing
from cube_demper.domain.pricing.alerts.rules import first_lost_at
from cube_demper.domain.pricing.proof import confirm_within
from cube_demper.domain.pricing.proving import prove
from cube_demper.domain.pricing.rules import is_news, remember
from cube_demper.domain.pricing.schemas import Memory
from cube_demper.domain.pricing.wars import following as wars
from cube_demper.domain.pricing.work import CityOutcome, DueProduct, OpenSend, Outcome
from cube_demper.domain.pricing.worth import worth
from cube_demper.domain.stores.schemas import ReadyStore
from cube_demper.models.pricing import PriceHistory, PriceStatus
from cube_demper.models.stores import BotMode


async def record(
    tx: WriteTx,
    outcomes: Sequence[Outcome],
    stores: Mapping[UUID, ReadyStore],
    claim_id: UUID,
    now: datetime,
) -> int:
    """Write the outcomes of checks whose lease is still theirs; return how many were.

    A check that outlived its lease counts for nothing, even when this very process has claimed the
    product again: what it saw is older than what was done since.
    Rows of `price_history` appear only when action, reason or target changed, or when a wanted change
    has no open row any more.
    """
    mine = await queries.still_claimed(tx, [o.due.product.id for o in outcomes], claim_id)
    kept = [
        outcome
        for outcome in outcomes
        if outcome.due.product.id in mine
        and mine[outcome.due.product.id].claimed_until == outcome.due.claimed_until
    ]
    await queries.update_products(
        tx, [_product_change(outcome, mine[outcome.due.product.id].due_at, now) for outcome in kept]
    )
    await queries.update_city_prices(
        tx, [change for outcome in kept for change in _city_changes(outcome)]
    )
    await _remember(tx, kept, now)
    await _record_decisions(tx, kept, stores, now)
    for outcome in kept:
        owner = stores[outcome.due.product.store_id].user_id
        tx.emit(f"user:{owner}", "product", outcome.due.product.id)
    await wars.follow_looks(tx, kept, stores, now)
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


async def _record_decisions(
    tx: WriteTx, outcomes: Sequence[Outcome], stores: Mapping[UUID, ReadyStore], now: datetime
) -> None:
    """Write what became of open rows, then the new ones; each kind at once for the whole batch.

    Open rows as they are now: since the claim a send may have left, been seen, or come back queued.
    """
    sends = await queries.open_sends(tx, [outcome.due.product.id for outcome in outcomes])
    places = [
        _Place(outcome.due, city, stores[it.store_id], tuple(sends[it.id]))
        for outcome in outcomes
        for it in [outcome.due.product]
        for city in outcome.cities
    ]
    for place in places:
        await prove(tx, place.open_sends, place.city)
    stale = [send.id for place in places for send in place.stale]
    gone: set[UUID] = set()
    if stale:
        note = "Рынок изменился до отправки."
        gone = await queries.supersede(tx, stale, note=note, statuses=(PriceStatus.QUEUED,))
    wanting = {place.due.product.id for place in places if place.city.decision.is_change}
    wanted = await queueing.wanted_lately(tx, list(wanting), now)
    rows: list[PriceHistory] = []
    for place in places:
        value = place.worth(wanted.get(place.due.product.id, 0))
        if place.same:
            await queueing.move(tx, place.same[0], value)
        elif not place.is_awaited and (row := _new_row(place.due, place.city, place.store, now)):
            if row.status == PriceStatus.QUEUED:
                queueing.wait(row, value, [send for send in place.stale if send.id in gone])
            rows.append(row)
    new = [(row.product_id, row.city_id) for row in rows]
    await queries.drop_suggestions(tx, new, "Рынок изменился.")
    tx.add_all(rows)
    await tx.flush()


@dataclass(frozen=True, slots=True)
class _Place:
    """A product in a city: what was decided there, and what is open."""

    due: DueProduct
    city: CityOutcome
    store: ReadyStore
    of_product: tuple[OpenSend, ...]

    @property
    def open_sends(self) -> list[OpenSend]:
        return [s for s in self.of_product if s.city_id == self.city.bounds.city_id]

    @property
    def is_awaited(self) -> bool:
        """Tell whether the price left since the claim: `decide` may not have known of it."""
        decision = self.city.decision
        return decision.is_change and any(
            send.target == decision.target and _is_awaited(send, self.city, self.store)
            for send in self.open_sends
        )

    @property
    def same(self) -> list[OpenSend]:
        """What waits already for the price that is wanted now."""
        decision = self.city.decision
        return [s for s in self._queued if decision.is_change and s.target == decision.target]

    @property
    def stale(self) -> list[OpenSend]:
        """What waits for a price that nobody wants any more."""
        return [send for send in self._queued if send not in self.same]

    @property
    def _queued(self) -> list[OpenSend]:
        return [send for send in self.open_sends if send.status == PriceStatus.QUEUED]

    def worth(self, wanted_lately: int) -> int:
        """Return what the change is worth; `wanted_lately` counts the one that waits, too."""
        return worth(
            self.city.decision,
            is_priority=self.due.product.is_priority,
            is_approved=any(send.approved_at for send in self.same),
            wanted_lately=max(0, wanted_lately - len(self.same)),
        )


def _new_row(
    due: DueProduct, city: CityOutcome, store: ReadyStore, now: datetime
) -> PriceHistory | None:
    """Return the row of a decision that is news, or of a wanted change that has no open row."""
    decision = city.decision
    is_suggestion = decision.is_change and store.mode is BotMode.SUGGEST
    is_lost = decision.is_change and not is_suggestion
    if not is_lost and not is_news(due.memories.get(city.bounds.city_id, Memory()), decision):
        return None
    return _history_row(due, city, is_suggestion=is_suggestion, now=now)


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
        "look_share": outcome.look_share,
        "pace": outcome.pace,
        "looked_for": None,
    }
    home = next((city for city in outcome.cities if city.bounds.is_home), None)
    if home is None:
        return change
    decision, before = home.decision, outcome.due.before
    change |= {
        "last_check_time": now,
        "last_reason": str(decision.reason),
        "position": decision.place,
        "first_lost_at": first_lost_at(before.first_lost_at, before.place, decision.place, now),
        "offers_count": decision.offers_count,
        "competitor_price": decision.rival.price if decision.rival else None,
        "competitor_name": decision.rival.name if decision.rival else None,
        "competitor_id": decision.rival.merchant_id if decision.rival else None,
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


def _is_awaited(send: OpenSend, city: CityOutcome, store: ReadyStore) -> bool:
    return (
        send.status in queries.IN_FLIGHT_STATUSES
        and send.sent_at is not None
        and city.market.seen_at < send.sent_at + confirm_within(store.channel)
    )
