"""Falls that were held as suspicious, and the seller's consent to one of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from cube_demper.core.errors import Conflict
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.pricing import edit_queries, queries
from cube_demper.domain.pricing.guards import consent_to, is_allowed_fall
from cube_demper.domain.pricing.schemas import AllowedFall, Decision, LastDecision, Reason


@dataclass(frozen=True, slots=True)
class HeldFall:
    """A fall that the bot held back: from `price` to `target`, measured against `reference`."""

    city_id: str
    price: int
    target: int
    reference: int
    rival_name: str
    rival_price: int | None
    held_at: datetime
    allowed: AllowedFall
    """What the seller would agree to, or has agreed to."""
    is_allowed: bool = False


async def held_falls(
    tx: ReadTx, actor: Actor, product_id: UUID, now: datetime
) -> tuple[HeldFall, ...]:
    """Return what is held now in each city of the actor's product; nothing for anybody else's."""
    own = await edit_queries.own_products(tx, actor.owner_id, [product_id])
    memories = (await queries.memories(tx, own)).get(product_id, {})
    held: list[HeldFall] = []
    for city_id, memory in memories.items():
        is_held = _is_held(memory.last_decision)
        fall = await _held(tx, product_id, city_id, now) if is_held else None
        if fall is None:
            continue
        agreed = memory.allowed_fall
        if agreed is not None and is_allowed_fall(fall.target, memory, now):
            fall = replace(fall, allowed=agreed, is_allowed=True)
        held.append(fall)
    return tuple(held)


async def allow_fall(
    tx: WriteTx, actor: Actor, product_id: UUID, city_id: str, now: datetime
) -> AllowedFall:
    """Agree to the fall that is held in this city. The caller has locked the product.

    Raises:
        Conflict: nothing is held there any more.
    """
    own = await edit_queries.own_products(tx, actor.owner_id, [product_id])
    memory = (await queries.memories(tx, own)).get(product_id, {}).get(city_id)
    fall = await _held(tx, product_id, city_id, now) if memory else None
    if memory is None or fall is None:
        raise Conflict("Подозрительной цены больше нет: рынок изменился.")
    agreed = replace(memory, allowed_fall=fall.allowed)
    await queries.save_memories(tx, [(product_id, city_id, agreed)])
    return fall.allowed


def _is_held(decision: LastDecision | None) -> bool:
    return decision is not None and decision.reason is Reason.SUSPICIOUS_FALL


async def _held(tx: ReadTx, product_id: UUID, city_id: str, now: datetime) -> HeldFall | None:
    row = await edit_queries.latest_decision(tx, product_id, city_id)
    if row is None or row.change_reason != Reason.SUSPICIOUS_FALL:
        return None
    try:
        decision = Decision.from_json(row.decision)
    except (
        ValueError
    ):  # written by another release: without its numbers there is nothing to agree to
        return None
    target, price = decision.target, decision.window_price
    if target is None or price is None:
        return None
    return HeldFall(
        city_id=city_id,
        price=price,
        target=target,
        reference=decision.reference or price,
        rival_name=decision.rival.name if decision.rival else "",
        rival_price=decision.rival.price if decision.rival else None,
        held_at=row.created_at,
        allowed=consent_to(target, now),
    )
