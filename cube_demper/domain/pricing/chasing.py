"""The chase among goods: what a look teaches, who else may have been met, the tempo for all workers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from cube_demper.db.session import WriteTx
from cube_demper.domain.market import chase
from cube_demper.domain.market.chase import Learned, TempoInForce
from cube_demper.domain.market.pulse import Levels, newborn
from cube_demper.domain.market.tempo import Demand, next_share, pace_of, solve, to_plan
from cube_demper.domain.pricing import look_queries
from cube_demper.domain.pricing.look_queries import Goods
from cube_demper.domain.pricing.pacing import Pace, has_moved, promise_of, weight_of
from cube_demper.domain.pricing.work import CityOutcome, DueCard, DueProduct
from cube_demper.domain.stores.schemas import ReadyStore

SOLVED_EVERY = timedelta(seconds=60)
_LOOKED_BEFORE = timedelta(seconds=60)
_DUE_AFTER = timedelta(seconds=20)


@dataclass(frozen=True, slots=True)
class Lesson:
    """What one look at a card taught, and how soon each of its goods is worth the next."""

    learned: Learned
    tries: tuple[tuple[str, bool], ...]
    pull: float
    look_share: float

    def pace(self, product_weight: float) -> Pace:
        """Return the pace of one of the card's goods; without weight it is in no hurry."""
        return Pace(self.pull if product_weight > 0 else 0.0, self.look_share)


def learn(
    card: DueCard,
    homes: Sequence[tuple[DueProduct, CityOutcome]],
    stores: Mapping[UUID, ReadyStore],
    now: datetime,
    in_force: TempoInForce,
) -> Lesson:
    """Take in one look. Pure. `homes`: each product with what came of it in the home city."""
    moved = [(due, city) for due, city in homes if has_moved(due, city)]
    state, usual = card.state, in_force.usual
    if homes:
        seen_at = homes[0][1].market.seen_at
        state = chase.take_in(state, seen_at, usual, has_moved=bool(moved))
    rivals = Counter(city.decision.rival.merchant_id for _, city in moved if city.decision.rival)
    first = rivals.most_common(1)
    tries = {(due.before.looked_for, bool(moved)) for due, _ in homes if due.before.looked_for}
    weights = [weight_of(due.product, stores[due.product.store_id], now) for due in card.products]
    rate = state.pulse.rate * state.pulse.habit(chase.hour_of(now))
    return Lesson(
        Learned((card.card, card.city_id), state, bool(moved), first[0][0] if first else None),
        tuple((rival, has) for rival, has in tries if rival),
        rate * sum(weights),
        1 / len(card.products),
    )


async def remember(
    tx: WriteTx, lessons: Sequence[Lesson], own_merchants: frozenset[str], now: datetime
) -> int:
    """Write what looks taught and make goods due where the same rivals may have moved; count those."""
    await chase.remember(tx, [lesson.learned for lesson in lessons])
    await chase.remember_tries(tx, [one for lesson in lessons for one in lesson.tries])
    tried = {rival for lesson in lessons for rival, _ in lesson.tries}
    moved = {lesson.learned.rival for lesson in lessons if lesson.learned.rival}
    hastened = 0
    for rival, limit in (await chase.looks_elsewhere(tx, moved - tried - own_merchants)).items():
        hastened += await look_queries.hasten(
            tx,
            rival,
            limit,
            now=now,
            looked_before=now - _LOOKED_BEFORE,
            due_after=now + _DUE_AFTER,
        )
    return hastened


def demands_of(
    census: Sequence[Goods], stores: Mapping[UUID, ReadyStore], usual: Levels
) -> list[Demand]:
    """Say what looks the goods want. Pure. Unknown ones share their cards as the known ones do."""
    known = [goods for goods in census if goods.pace is not None]
    shared = sum(goods.looks for goods in known) / (sum(goods.count for goods in known) or 1) or 1.0
    unknown = pace_of(newborn(usual).rate / shared)
    return [
        Demand(
            goods.store,
            promise_of(stores[goods.store], is_priority=goods.is_priority).total_seconds(),
            unknown if goods.pace is None else goods.pace,
            goods.count * shared if goods.pace is None else goods.looks,
        )
        for goods in census
    ]


async def solve_tempo(
    tx: WriteTx,
    stores: Sequence[ReadyStore],
    looks_per_second: float,
    lateness: timedelta,
    now: datetime,
) -> TempoInForce:
    """Return the tempo in force; the first to ask after a minute solves it anew for everybody.

    `lateness`: how late this worker's looks were lately.
    """
    known = await chase.tempo_in_force(tx)
    is_fresh = known.solved_at is not None and now - known.solved_at < SOLVED_EVERY
    if is_fresh or not await chase.may_solve(tx):
        return known
    usual = await chase.usual_now(tx)
    # Where promises stretch, looks are planned for longer, and may be later by as much.
    late = lateness.total_seconds() / known.tempo.stretch
    share = next_share(known.budget_share, late)
    by_id = {store.id: store for store in stores}
    demands = demands_of(await look_queries.census(tx, list(by_id)), by_id, usual)
    solved = TempoInForce(
        solve(demands, to_plan(share, late) * looks_per_second), usual, share, now
    )
    await chase.put_in_force(tx, solved, now)
    return solved
