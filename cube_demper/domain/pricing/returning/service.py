"""Proposing and making a return: queued like any other price, behind the same last check."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.accounts.schemas import SYSTEM, Actor
from cube_demper.domain.audit import service as audit
from cube_demper.domain.billing import service as billing
from cube_demper.domain.billing.schemas import Feature
from cube_demper.domain.pricing import queries as pricing
from cube_demper.domain.pricing import queueing
from cube_demper.domain.pricing.bounds import bounds_of
from cube_demper.domain.pricing.case import taken_back
from cube_demper.domain.pricing.forecasting import agreed_leave_at
from cube_demper.domain.pricing.returning import queries
from cube_demper.domain.pricing.returning.rules import REST, SPAN, Standing, rested, target_of
from cube_demper.domain.pricing.returning.schemas import Back, Return, Skip, Stay
from cube_demper.domain.pricing.schemas import Memory, StoreTerms
from cube_demper.domain.pricing.terms import priced_product, product_terms, store_terms
from cube_demper.domain.pricing.work import CityBounds, OpenSend, PricedProduct
from cube_demper.domain.stores.schemas import ReadyStore
from cube_demper.domain.stores.status import ready_stores
from cube_demper.models.catalog import Product
from cube_demper.models.pricing import PriceHistory, PriceStatus
from cube_demper.models.staff import Area
from cube_demper.models.stores import Channel

_NOTE = "Вы вернули цены, которые были час назад."
_UNKNOWN = (PriceStatus.SENDING, PriceStatus.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Scope:
    """What a return is for: one store, or these goods; both None: all stores.

    `min_price_tenge`: Kaspi's least price, `changes_limit`: how many changes of a store it takes in
    30 minutes (settings).
    """

    store_id: UUID | None = None
    product_ids: Sequence[UUID] | None = None
    min_price_tenge: int = 10
    changes_limit: int = 250


async def preview_return(tx: ReadTx, actor: Actor, scope: Scope, now: datetime) -> Return:
    """Say what `return_prices` would do now. Raises PermissionDenied for who is no seller."""
    plan, _ = await _plan(tx, actor, scope, now, lock=False)
    return plan


async def return_prices(tx: WriteTx, actor: Actor, scope: Scope, now: datetime) -> Return:
    """Queue the prices of an hour ago and keep the bot off them for an hour; return what was done.

    What waited for these goods is dropped, and checks under way are void. The last check before
    sending still applies, so nothing leaves its bounds. Raises PermissionDenied for who may not,
    PlanLacks.
    """
    actor.require(Area.PRICES)
    await billing.require(tx, actor, Feature.REPRICING, now)
    plan, goods = await _plan(tx, actor, scope, now, lock=True)
    if not plan.backs:
        return plan
    ids = sorted({back.product_id for back in plan.backs})
    kept = [(back.product_id, back.city_id, back.target) for back in plan.backs]
    kept += plan.stays
    await audit.record(tx, actor, "prices_returned", "product", ids[0], goods=len(ids))
    await _drop_waiting(
        tx, [place[:2] for place in kept], await pricing.open_sends(tx, plan.concerned)
    )
    for back in plan.backs:
        row = _row(back, goods[back.product_id].store_id, now)
        queueing.approve(row, is_priority=goods[back.product_id].is_priority, now=now)
        tx.add(row)
    known = await pricing.memories(tx, plan.concerned)
    await pricing.save_memories(
        tx,
        [
            (
                product_id,
                city_id,
                rested(known[product_id].get(city_id, Memory()), price, now),
            )
            for product_id, city_id, price in kept
        ],
    )
    await queries.look_now(tx, plan.concerned, now)
    await tx.flush()
    tx.emit(f"user:{actor.owner_id}", "product")
    return plan


async def _plan(
    tx: ReadTx, actor: Actor, scope: Scope, now: datetime, *, lock: bool
) -> tuple[Return, dict[UUID, Product]]:
    before = await queries.prices_before(
        tx,
        actor.owner_id,
        now - SPAN,
        store_id=scope.store_id,
        product_ids=scope.product_ids,
    )
    rows = {row.id: row for row in await pricing.list_products(tx, before, lock=lock)}
    stores = {
        store.id: store
        for store in await ready_stores(
            tx, SYSTEM, now, store_ids=list({row.store_id for row in rows.values()})
        )
    }
    cities = await pricing.city_prices(tx, rows)
    flying = await pricing.open_sends(tx, rows)
    backs: list[Back] = []
    stays: list[Stay] = []
    skipped: Counter[Skip] = Counter()
    for product_id, row in rows.items():
        store = stores.get(row.store_id)
        if store is None:
            skipped[Skip.STORE_RESTS if row.bot_active else Skip.BOT_OFF] += 1
            continue
        terms = store_terms(store, min_price_tenge=scope.min_price_tenge, max_fall_percent=100)
        seen = _Seen(row, priced_product(row, cities[product_id], store), store, terms, now + REST)
        found, reasons = seen.backs(before[product_id], flying[product_id])
        backs += found
        stays += seen.stays(before[product_id], flying[product_id])
        if not found:
            skipped[reasons[0]] += 1
    plan = Return(tuple(backs), dict(skipped), now + REST, stays=tuple(stays))
    return await _timed(tx, actor, plan, rows, stores, now=now, limit=scope.changes_limit), rows


async def _timed(
    tx: ReadTx,
    actor: Actor,
    plan: Return,
    rows: Mapping[UUID, Product],
    stores: Mapping[UUID, ReadyStore],
    *,
    now: datetime,
    limit: int,
) -> Return:
    """Say when the prices of a plan leave: a queue may be hours long, a price list goes when it goes."""
    goods: defaultdict[UUID, list[UUID]] = defaultdict(list)
    for product_id in {back.product_id for back in plan.backs}:
        goods[rows[product_id].store_id].append(product_id)
    last, by_feed = now, 0
    for store_id, ids in goods.items():
        if stores[store_id].channel is Channel.FEED:
            by_feed += len(ids)
            continue
        leaves = await agreed_leave_at(tx, actor, store_id, ids, now, limit=limit)
        last = max(last, leaves, stores[store_id].sends_blocked_until or now)
    return replace(plan, waits_until=last if last > now else None, by_feed=by_feed)


@dataclass(frozen=True, slots=True)
class _Seen:
    """A product whose price the bot has changed, with all that decides where it may go."""

    row: Product
    product: PricedProduct
    store: ReadyStore
    terms: StoreTerms
    until: datetime

    def backs(
        self, before: dict[str, int | None], flying: Sequence[OpenSend]
    ) -> tuple[list[Back], list[Skip]]:
        """Return the prices that go back, and why the others do not; one of the two is not empty."""
        kept = {city.city_id: city for city in self.product.cities}
        found: list[Back] = []
        reasons: list[Skip] = []
        for city_id, price in before.items():
            city = kept.get(city_id)
            answer = self._back(city, price, flying) if city else Skip.BOT_OFF
            if isinstance(answer, Skip):
                reasons.append(answer)
            else:
                found.append(answer)
        return found, reasons

    def stays(self, before: dict[str, int | None], flying: Sequence[OpenSend]) -> list[Stay]:
        """Return the places where the old price stands already: the bot keeps off these, too."""
        return [
            (self.row.id, city.city_id, city.price)
            for city in self.product.cities
            if city.price is not None
            and city.city_id in before
            and self._back(city, before[city.city_id], flying) is Skip.SAME
            and _last_told([it for it in flying if it.city_id == city.city_id]) is None
        ]

    def _back(
        self, city: CityBounds, before: int | None, flying: Sequence[OpenSend]
    ) -> Back | Skip:
        here = [send for send in flying if send.city_id == city.city_id]
        price = _last_told(here) or city.price
        terms = product_terms(self.product, city, self.store)
        bounds = bounds_of(
            terms,
            self.terms,
            self.store.floors.of(self.product.good),
        )
        target = target_of(
            Standing(
                is_bot_on=self.row.bot_active,
                price=price,
                before=before,
                bounds=bounds,
                is_outcome_unknown=any(send.status in _UNKNOWN for send in here),
                queued_back_to=next((it.target for it in here if it.approved_at), None),
            )
        )
        if isinstance(target, Skip) or price is None or bounds is None:
            return target if isinstance(target, Skip) else Skip.NO_PRICE
        return Back(
            product_id=self.row.id,
            city_id=city.city_id,
            name=self.row.name,
            price=price,
            target=target,
            is_cut=target != before,
            decision=taken_back(terms, bounds, window=price, target=target, until=self.until),
        )


def _last_told(sends: Sequence[OpenSend]) -> int | None:
    """Return the price that Kaspi has taken and not shown yet, if there is one."""
    told = [(it.sent_at, it.target) for it in sends if it.status == PriceStatus.SENT and it.sent_at]
    return max(told)[1] if told else None


async def _drop_waiting(
    tx: WriteTx, places: Sequence[tuple[UUID, str]], sends: dict[UUID, list[OpenSend]]
) -> None:
    waiting = [
        send.id
        for product_id, city_id in places
        for send in sends[product_id]
        if send.city_id == city_id and send.status == PriceStatus.QUEUED
    ]
    await pricing.supersede(tx, waiting, note=_NOTE, statuses=(PriceStatus.QUEUED,))
    await pricing.drop_suggestions(tx, places, _NOTE)


def _row(back: Back, store_id: UUID, now: datetime) -> PriceHistory:
    return PriceHistory(
        product_id=back.product_id,
        store_id=store_id,
        city_id=back.city_id,
        old_price=back.price,
        new_price=back.target,
        change_reason=back.decision.reason,
        decision=back.decision.to_json(),
        status=PriceStatus.QUEUED,
        created_at=now,
    )
