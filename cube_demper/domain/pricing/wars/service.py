"""What a seller sees of price wars and does about them. Others use this module and `schemas`."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from cube_demper.core.errors import Conflict, NotFound
from cube_demper.core.money import floor_to_tenge
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.audit import service as audit
from cube_demper.domain.pricing import queries as pricing
from cube_demper.domain.pricing.schemas import Memory, Rest
from cube_demper.domain.pricing.wars import queries, rules
from cube_demper.domain.pricing.wars.following import figures_of, steps_of
from cube_demper.domain.pricing.wars.rules import cost_words, share_below, spared_words
from cube_demper.domain.pricing.wars.schemas import RestForecast, War, WarWeek
from cube_demper.models.rivalry import PriceWar, WarEnd

__all__ = [
    "SHOWN_FOR",
    "cost_words",
    "end_rest",
    "get_war",
    "list_wars",
    "prolong_rest",
    "rest_forecast",
    "share_below",
    "spared_words",
    "week_of_wars",
]

SHOWN_FOR = timedelta(days=7)
_OVER = "Эта пауза уже закончилась: бот снова отвечает конкурентам."


async def list_wars(tx: ReadTx, actor: Actor, product_id: UUID, now: datetime) -> tuple[War, ...]:
    """Return the wars of a product that are on or ended within a week, newest first."""
    rows = await queries.list_of_owner(tx, actor.owner_id, product_id, now - SHOWN_FOR)
    return tuple(_war(*row, now) for row in rows)


async def week_of_wars(
    tx: ReadTx, actor: Actor, now: datetime, store_id: UUID | None = None
) -> WarWeek:
    """Add up the seller's wars of a week, of all stores or one."""
    wars = await queries.sums_of_owner(tx, actor.owner_id, now - SHOWN_FOR, store_id)
    return rules.week_of(wars, now)


async def get_war(tx: ReadTx, actor: Actor, war_id: UUID, now: datetime) -> War:
    """Return one war. Raises NotFound, for a war of somebody else too."""
    return _war(*await _find(tx, actor, war_id), now)


async def rest_forecast(tx: ReadTx, actor: Actor, war_id: UUID) -> RestForecast:
    """Say where the price would go if the rest ended now. Raises NotFound."""
    row, _ = await _find(tx, actor, war_id)
    (product,) = await pricing.list_products(tx, [row.product_id])
    steps = steps_of(row)
    own = next((step.own for step in reversed(steps) if step.own is not None), product.price)
    floor = next((step.floor for step in reversed(steps) if step.floor is not None), None)
    rival = steps[-1].rival if steps and row.end_reason is None else None
    bot_step = await queries.get_step(tx, row.product_id)
    target = None if rival is None else floor_to_tenge(rival - bot_step)
    if target is not None and floor is not None and target < floor:
        target = None
    return RestForecast(own, rival, target, floor)


async def end_rest(tx: WriteTx, actor: Actor, war_id: UUID, now: datetime) -> None:
    """Let the bot answer again at once. Raises NotFound, and Conflict when the rest is over."""
    war, memory = await _resting(tx, actor, war_id, now)
    await _save(tx, war, replace(memory, rest=None))
    war.ends_at, war.end_reason = now, WarEnd.BY_SELLER
    await pricing.update_products(tx, [{"product_id": war.product_id, "next_check_at": now}])
    await tx.flush()
    await audit.record(tx, actor, "war_rest_ended", "product", war.product_id)
    tx.emit(f"user:{actor.owner_id}", "product", war.product_id)


async def prolong_rest(tx: WriteTx, actor: Actor, war_id: UUID, now: datetime) -> datetime:
    """Rest two hours longer; return until when.

    Raises:
        NotFound: there is no such war of this seller.
        Conflict: the rest is over, or would last over a day.
    """
    war, memory = await _resting(tx, actor, war_id, now)
    until = rules.longer_rest(war.ends_at, now)
    if until is None:
        raise Conflict("Дольше суток пауза не длится. Выключите бота у товара, если он не нужен.")
    rest = memory.rest or Rest(war.rest_price, until, war.rival_id, is_back=True)
    # The send that goes back sets the usual two hours anew: a longer rest counts as begun already.
    await _save(tx, war, replace(memory, rest=replace(rest, until=until, is_back=True)))
    war.ends_at = until
    await tx.flush()
    details = {"until": until.isoformat()}
    await audit.record(tx, actor, "war_rest_prolonged", "product", war.product_id, **details)
    tx.emit(f"user:{actor.owner_id}", "product", war.product_id)
    return until


async def _find(tx: ReadTx, actor: Actor, war_id: UUID) -> queries.WarRow:
    found = await queries.find_of_owner(tx, actor.owner_id, war_id)
    if found is None:
        raise NotFound("Такой ценовой войны нет.")
    return found


async def _resting(
    tx: WriteTx, actor: Actor, war_id: UUID, now: datetime
) -> tuple[PriceWar, Memory]:
    """Return a war whose rest lasts and the memory behind it; the product is locked first."""
    war, _ = await _find(tx, actor, war_id)
    await pricing.lock_products(tx, [war.product_id])
    war, _ = await _find(tx, actor, war_id)
    memory = (await pricing.memories(tx, [war.product_id]))[war.product_id].get(war.city_id)
    rest = memory.rest if memory else None
    if memory is None or rest is None or rest.until <= now:
        raise Conflict(_OVER)
    return war, memory


async def _save(tx: WriteTx, war: PriceWar, memory: Memory) -> None:
    await pricing.save_memories(tx, [(war.product_id, war.city_id, memory)])


def _war(row: PriceWar, product_name: str, now: datetime) -> War:
    return War(
        id=row.id,
        product_id=row.product_id,
        product_name=product_name,
        store_id=row.store_id,
        city_id=row.city_id,
        rival_id=row.rival_id,
        rival_name=row.rival_name,
        falls=row.falls,
        began_at=row.began_at,
        called_at=row.called_at,
        ends_at=row.ends_at,
        end_reason=WarEnd(row.end_reason) if row.end_reason else None,
        start_price=row.start_price,
        rest_price=row.rest_price,
        steps=steps_of(row),
        figures=figures_of(row, now),
    )
