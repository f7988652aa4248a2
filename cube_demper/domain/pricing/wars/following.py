"""Writing wars down as they happen, and telling the seller that a guard is at work.

Called at the end of the transactions that the worker has anyway: what is written here and what is
remembered cannot come apart.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from cube_demper.db.session import WriteTx
from cube_demper.domain.pricing.codec import as_object, decode, encode
from cube_demper.domain.pricing.guards import WAR_SPAN
from cube_demper.domain.pricing.schemas import Decision, Fall, Memory, Reason, Rest
from cube_demper.domain.pricing.wars import queries, rules
from cube_demper.domain.pricing.wars.schemas import WarFigures, WarStep
from cube_demper.domain.pricing.wars.telling import tell_held, tell_war
from cube_demper.domain.pricing.work import CityOutcome, Outcome
from cube_demper.domain.stores.schemas import ReadyStore
from cube_demper.models.pricing import PriceHistory
from cube_demper.models.rivalry import PriceWar, WarEnd
from cube_demper.models.stores import BotMode


@dataclass(frozen=True, slots=True)
class Sent:
    """An accepted send with the memory of its product and city before and after it."""

    row: PriceHistory
    before: Memory
    after: Memory


async def follow_sends(tx: WriteTx, sent: Sequence[Sent], store: ReadyStore, now: datetime) -> None:
    """Write down the wars that these sends called; the send that goes back moves the end of one."""
    for it in sent:
        rest = it.after.rest
        if rest is None or rest == it.before.rest:
            continue
        if rest.is_back:
            await _move_end(tx, it.row, rest, now)
        elif await _begin(tx, it, rest):
            await tell_war(tx, it.row, rest, store, now)


async def follow_looks(
    tx: WriteTx, outcomes: Sequence[Outcome], stores: Mapping[UUID, ReadyStore], now: datetime
) -> None:
    """Add what looks saw to the wars that go on, and tell of prices newly held as suspicious."""
    cities = [(outcome.due.product.id, city) for outcome in outcomes for city in outcome.cities]
    rests = {
        (outcome.due.product.id, city_id)
        for outcome in outcomes
        for city_id, memory in outcome.due.memories.items()
        if memory.rest is not None
    }
    if rests:
        open_wars = await queries.lock_open(tx, sorted(rests), now)
        for product_id, city in cities:
            war = open_wars.get((product_id, city.bounds.city_id))
            if war is not None:
                _add_look(war, city)
        await tx.flush()
    for outcome in sorted(outcomes, key=lambda it: it.due.product.store_id):
        store = stores[outcome.due.product.store_id]
        for city in outcome.cities:
            if store.mode is BotMode.AUTO and _is_newly_held(outcome, city):
                await tell_held(tx, outcome.due.product, city.decision, store, now)


def steps_of(war: PriceWar) -> tuple[WarStep, ...]:
    """Read the steps of a war's row."""
    return tuple(decode(WarStep, step) for step in war.steps)


def figures_of(war: PriceWar, now: datetime, *, units: int | None = None) -> WarFigures:
    """Work out a war's figures as they are now, or as they were at its end."""
    return rules.figures_of(
        war.start_price,
        war.rest_price,
        steps_of(war),
        called_at=war.called_at,
        until=min(war.ends_at, now),
        units=units,
    )


async def _begin(tx: WriteTx, sent: Sent, rest: Rest) -> bool:
    row, called_at = sent.row, sent.row.sent_at
    decision = Decision.from_json(row.decision)
    falls = [
        fall
        for fall in sent.before.falls
        if fall.rival_id == rest.rival_id and called_at and called_at - fall.at <= WAR_SPAN
    ]
    if called_at is None or not falls:
        return False
    first = falls[0]
    rows = await queries.decisions_of(tx, row.product_id, row.city_id, first.at)
    steps = _opening(rows, first)
    prices = [fall.old_price for fall in falls] + [rest.price]
    figures = rules.figures_of(
        first.old_price, rest.price, steps, called_at=called_at, until=called_at
    )
    return await queries.add(
        tx,
        {
            "product_id": row.product_id,
            "store_id": row.store_id,
            "city_id": row.city_id,
            "rival_id": rest.rival_id,
            "rival_name": decision.rival.name if decision.rival else "",
            "falls": len(falls) + 1,
            "began_at": first.at,
            "called_at": called_at,
            "ends_at": rest.until,
            "start_price": first.old_price,
            "rest_price": rest.price,
            "lowest_price": min(prices),
            "cost": figures.per_sale,
            "steps": [as_object(encode(step)) for step in steps],
        },
    )


def _opening(rows: Sequence[PriceHistory], first: Fall) -> tuple[WarStep, ...]:
    """Return what the decisions of the war's falls saw, from its first moment on."""
    steps: tuple[WarStep, ...] = ()
    for row in rows:
        steps = rules.with_step(steps, _step_of(row, first.at))
    if steps and steps[0].at == first.at:
        return (replace(steps[0], own=first.old_price), *steps[1:])
    return (WarStep(first.at, first.old_price), *steps)


def _step_of(row: PriceHistory, began_at: datetime) -> WarStep:
    floor = as_object(row.decision).get("floor")
    return WarStep(
        max(row.created_at, began_at),
        row.old_price,
        row.competitor_price,
        floor if isinstance(floor, int) else None,
    )


async def _move_end(tx: WriteTx, row: PriceHistory, rest: Rest, now: datetime) -> None:
    key = (row.product_id, row.city_id)
    war = (await queries.lock_open(tx, [key], now)).get(key)
    if war is not None:
        war.ends_at = rest.until
        await tx.flush()


def _add_look(war: PriceWar, city: CityOutcome) -> None:
    """Take in one look; a rival that a whole list does not show has left the war."""
    market, decision = city.market, city.decision
    prices = [offer.price for offer in market.offers if offer.merchant_id == war.rival_id]
    step = WarStep(
        market.seen_at,
        decision.window_price if decision.is_window_seen else None,
        min(prices, default=None),
        decision.floor,
    )
    steps = rules.with_step(steps_of(war), step)
    war.steps = [as_object(encode(it)) for it in steps]
    if market.is_complete and not prices and market.offers:
        war.ends_at, war.end_reason = market.seen_at, WarEnd.RIVAL_GONE
    figures = figures_of(war, market.seen_at)
    war.cost, war.lowest_price = figures.per_sale, figures.lowest


def _is_newly_held(outcome: Outcome, city: CityOutcome) -> bool:
    if city.decision.reason is not Reason.SUSPICIOUS_FALL:
        return False
    before = outcome.due.memories.get(city.bounds.city_id, Memory()).last_decision
    return before is None or before.reason is not Reason.SUSPICIOUS_FALL
