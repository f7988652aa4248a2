"""Where prices stop when a plan is over: queued like a return, behind the same last check.

Nothing is sent where the bot only suggested, and never under a floor: a target is cut to the bounds of now.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from cube_demper.core.errors import PermissionDenied
from cube_demper.core.ids import new_id
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.accounts.schemas import SYSTEM, Actor, Role
from cube_demper.domain.pricing import edit_queries, queueing
from cube_demper.domain.pricing import queries as pricing
from cube_demper.domain.pricing.bounds import Bounds, bounds_of
from cube_demper.domain.pricing.case import taken_back
from cube_demper.domain.pricing.returning import queries
from cube_demper.domain.pricing.returning.rules import REST, Standing, target_of
from cube_demper.domain.pricing.schemas import Reason, StoreTerms
from cube_demper.domain.pricing.terms import priced_product, product_terms, store_terms
from cube_demper.domain.pricing.work import CityBounds, OpenSend
from cube_demper.domain.stores.schemas import ReadyStore
from cube_demper.domain.stores.status import ready_stores
from cube_demper.models.billing import Landing
from cube_demper.models.catalog import Product
from cube_demper.models.pricing import PriceHistory, PriceStatus

_NOTE = "Тариф закончился: бот останавливается."
_TAKE_OFF = "Тариф оплачен: бот продолжает, останавливаться не нужно."
_UNSURE = (PriceStatus.SENDING, PriceStatus.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Landed:
    """Where one product stops in one city. `target` None: where it stands."""

    product_id: UUID
    city_id: str
    price: int | None
    target: int | None
    rival_price: int | None
    is_at_risk: bool
    history_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Landings:
    """What was done. `waiting`: stores that rest now and land when their hours open."""

    places: tuple[Landed, ...]
    waiting: int


async def land(
    tx: WriteTx,
    actor: Actor,
    store_ids: Sequence[UUID],
    where: Landing,
    now: datetime,
    *,
    min_price_tenge: int = 10,
) -> Landings:
    """Stop the bots of these stores at their prices. Raises PermissionDenied unless the product asks."""
    if actor.role is not Role.SYSTEM:
        raise PermissionDenied
    ready = await ready_stores(tx, SYSTEM, now, store_ids=list(store_ids))
    places: list[Landed] = []
    for store in ready:
        places += await _land_store(tx, store, where, now, min_price_tenge=min_price_tenge)
    await tx.flush()
    return Landings(tuple(places), waiting=len(store_ids) - len(ready))


async def _land_store(
    tx: WriteTx, store: ReadyStore, where: Landing, now: datetime, *, min_price_tenge: int
) -> list[Landed]:
    ids = await queries.goods_of_store(tx, store.id)
    rows = await pricing.list_products(tx, ids, lock=True)
    cities, sends = await pricing.city_prices(tx, ids), await pricing.open_sends(tx, ids)
    terms = store_terms(store, min_price_tenge=min_price_tenge, max_fall_percent=100)
    queued = [it.id for found in sends.values() for it in found if it.status == PriceStatus.QUEUED]
    await pricing.supersede(tx, queued, note=_NOTE, statuses=(PriceStatus.QUEUED,))
    rivals = {(row.id, store.home_city_id): row.competitor_price for row in rows}
    rivals |= {
        (it.product_id, it.city_id): it.competitor_price for all_ in cities.values() for it in all_
    }
    places: list[Landed] = []
    for row in rows:
        for city in priced_product(row, cities[row.id], store).cities:
            here = [it for it in sends[row.id] if it.city_id == city.city_id]
            rival = rivals.get((row.id, city.city_id))
            place = _Place(row, city, here, store, terms)
            places.append(place.landed(tx, where, rival, now))
    return places


@dataclass(frozen=True, slots=True)
class _Place:
    row: Product
    city: CityBounds
    sends: Sequence[OpenSend]
    store: ReadyStore
    terms: StoreTerms

    def landed(self, tx: WriteTx, where: Landing, rival: int | None, now: datetime) -> Landed:
        """Queue what goes elsewhere, and say where this place stops."""
        told = [(it.sent_at, it.target) for it in self.sends if it.status == PriceStatus.SENT]
        price = max((it for it in told if it[0]), default=(None, self.city.price))[1]
        product = priced_product(self.row, [], self.store)
        terms = product_terms(product, self.city, self.store)
        bounds = bounds_of(terms, self.terms, self.store.floors.of(product.good))
        target = self._target(where, price, bounds)
        history_id = None
        if target is not None and price is not None and bounds is not None:
            decision = taken_back(
                terms, bounds, window=price, target=target, until=now + REST,
                reason=Reason.PLAN_ENDED,
            )  # fmt: skip
            history = PriceHistory(
                id=new_id(),
                product_id=self.row.id,
                store_id=self.row.store_id,
                city_id=self.city.city_id,
                old_price=price,
                new_price=target,
                change_reason=decision.reason,
                decision=decision.to_json(),
                status=PriceStatus.QUEUED,
                created_at=now,
            )
            queueing.approve(history, is_priority=self.row.is_priority, now=now)
            tx.add(history)
            history_id = history.id
        stops_at = target or price
        is_at_risk = rival is not None and stops_at is not None and rival <= stops_at
        return Landed(self.row.id, self.city.city_id, price, target, rival, is_at_risk, history_id)

    def _target(self, where: Landing, price: int | None, bounds: Bounds | None) -> int | None:
        if where is Landing.STAY or bounds is None:
            return None
        goal = bounds.floor if where is Landing.FLOOR else self.city.base_price
        found = target_of(
            Standing(
                is_bot_on=self.row.bot_active,
                price=price,
                before=goal,
                bounds=bounds,
                is_outcome_unknown=any(it.status in _UNSURE for it in self.sends),
            )
        )
        return found if isinstance(found, int) else None


async def running_stores(tx: ReadTx, user_id: UUID) -> Sequence[UUID]:
    """Return the stores whose bot was really sending: switched on, in mode `auto`."""
    return await queries.running_stores(tx, user_id)


async def take_off(tx: WriteTx, user_id: UUID, now: datetime) -> None:
    """Let a user's bots go on: drop landings that have not left, and look at all their goods now."""
    waiting = await queries.waiting_landings(tx, user_id)
    if waiting:
        await edit_queries.drop_queued(
            tx, owner_id=user_id, product_ids=waiting, store_ids=None, note=_TAKE_OFF, now=now
        )
    ids = await queries.goods_of_user(tx, user_id)
    await pricing.lock_products(tx, ids)
    await edit_queries.forget_returned(tx, ids)
    await queries.look_now(tx, ids, now)
