"""Looks at markets, shared: stores that sell the same card use one answer (DESIGN §5.2)."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

import orjson
from redis.asyncio import Redis

from cube_demper.core.clock import Clock
from cube_demper.core.optional_redis import OptionalRedis
from cube_demper.domain.market.schemas import Market, Offer
from cube_demper.domain.market.service import market_from_json, market_to_json
from cube_demper.domain.pricing.schemas import Strategy
from cube_demper.domain.pricing.work import CityBounds, DueCard, PricedProduct
from cube_demper.domain.stores.schemas import ReadyStore
from cube_demper.integrations.kaspi.client import KaspiClient
from cube_demper.integrations.kaspi.limits.rules import RequestKind

FRESH_FOR = timedelta(seconds=20)
PAGES_AT_MOST = 3
_SNAPSHOT_SECONDS = 60
_FLIGHT_SECONDS = 15
_FLIGHT_POLL = 0.1


@dataclass(frozen=True, slots=True)
class Question:
    """What a look must answer. `not_before`: an older answer is no answer.

    `merchant_ids`: whose offers must be read; `rivals`: how many others each of them needs.
    """

    card: str
    city_id: str
    merchant_ids: frozenset[str]
    rivals: int = 1
    not_before: datetime | None = None
    kind: RequestKind = RequestKind.REPRICE

    @property
    def key(self) -> str:
        """Name the market that is asked about."""
        return f"{self.card}:{self.city_id}"

    def is_answered_by(self, market: Market) -> bool:
        """Tell whether our own offers and enough rivals were read, or there is nothing more to read."""
        if market.is_complete:
            return True
        read = {offer.merchant_id for offer in market.offers}
        return self.merchant_ids <= read and len(read) > self.rivals


def home_question(card: DueCard, stores: Mapping[UUID, ReadyStore]) -> Question:
    """Ask for what all of the card's sellers need."""
    products = [due.product for due in card.products]
    return Question(
        card=card.card,
        city_id=card.city_id,
        merchant_ids=frozenset(stores[product.store_id].merchant_id for product in products),
        rivals=max(map(_rivals_needed, products)),
    )


def city_question(product: PricedProduct, city: CityBounds, store: ReadyStore) -> Question:
    """Ask for what one product needs in another city."""
    return Question(
        card=product.card,
        city_id=city.city_id,
        merchant_ids=frozenset({store.merchant_id}),
        rivals=_rivals_needed(product),
    )


def _rivals_needed(product: PricedProduct) -> int:
    return (product.top_n or 1) if product.strategy is Strategy.STAY_TOP_N else 1


class MarketWatch:
    """Asks Kaspi at most once for what several products want to know at the same time."""

    def __init__(self, client: KaspiClient, redis: Redis, clock: Clock) -> None:
        """Share through `redis`; without it this process still asks only once at a time."""
        self._client, self._redis, self._clock = client, redis, clock
        self._flights: dict[str, asyncio.Lock] = {}
        self.asked = 0
        self.shared = 0
        self._board = OptionalRedis("look_not_shared")

    async def look(self, question: Question) -> tuple[Market, bool]:
        """Return the market, and whether it was asked of Kaspi just now. Raises what the client does."""
        flight = self._flights.setdefault(question.key, asyncio.Lock())
        try:
            async with flight:
                return await self._share_or_ask(question)
        finally:
            if not flight.locked():
                self._flights.pop(question.key, None)

    async def _share_or_ask(self, question: Question) -> tuple[Market, bool]:
        known, has_flight = await self._know_or_fly(question)
        if known is None and not has_flight:
            known, has_flight = await self._await_other_flight(question)
        if known is not None:
            self.shared += 1
            if has_flight:
                await self._board.call(lambda: self._redis.delete(_flight(question)))
            return known, False
        try:
            market = await self._ask(question)
        except BaseException:
            if has_flight:
                await self._board.call(lambda: self._redis.delete(_flight(question)))
            raise
        await self._keep(question, market, has_flight=has_flight)
        return market, True

    async def _ask(self, question: Question) -> Market:
        seen_at = self._clock.now()
        market = Market(question.card, question.city_id, (), 0, seen_at)
        for page in range(PAGES_AT_MOST):
            self.asked += 1
            answer = await self._client.offers(
                card=question.card, city_id=question.city_id, page=page, kind=question.kind
            )
            market = _with_page(market, answer.offers, answer.total)
            if not answer.offers or question.is_answered_by(market):
                break
        return market

    async def _know_or_fly(self, question: Question) -> tuple[Market | None, bool]:
        """Return what is known, and whether the flight of all processes is ours now.

        One round trip to Redis for both; without Redis everybody flies.
        """
        pipe = self._redis.pipeline(transaction=False)
        pipe.get(f"look:{question.key}")
        pipe.set(_flight(question), "1", nx=True, ex=_FLIGHT_SECONDS)
        answer = await self._board.call(pipe.execute)
        if answer is None:
            return None, True
        raw, taken = answer
        return self._usable(raw, question), bool(taken)

    def _usable(self, raw: bytes | None, question: Question) -> Market | None:
        if raw is None:
            return None
        market = market_from_json(orjson.loads(raw))
        oldest = self._clock.now() - FRESH_FOR
        if question.not_before is not None:
            oldest = max(oldest, question.not_before)
        is_usable = market.seen_at >= oldest and question.is_answered_by(market)
        return market if is_usable else None

    async def _keep(self, question: Question, market: Market, *, has_flight: bool) -> None:
        pipe = self._redis.pipeline(transaction=False)
        body = orjson.dumps(market_to_json(market))
        pipe.set(f"look:{question.key}", body, ex=_SNAPSHOT_SECONDS)
        if has_flight:
            pipe.delete(_flight(question))
        await self._board.call(pipe.execute)

    async def _await_other_flight(self, question: Question) -> tuple[Market | None, bool]:
        """Wait for another process's answer; take over its flight when it ends without one."""
        for _ in range(int(_FLIGHT_SECONDS / _FLIGHT_POLL)):
            await asyncio.sleep(_FLIGHT_POLL)
            known, has_flight = await self._know_or_fly(question)
            if known is not None or has_flight:
                return known, has_flight
        return None, False


def _flight(question: Question) -> str:
    return f"look:flight:{question.key}"


def _with_page(market: Market, offers: tuple[Offer, ...], total: int) -> Market:
    """Add a page; an offer that moved between pages counts once, as first read."""
    known = {(offer.merchant_id, offer.merchant_sku) for offer in market.offers}
    added = tuple(o for o in offers if (o.merchant_id, o.merchant_sku) not in known)
    return replace(market, offers=market.offers + added, total=total)
