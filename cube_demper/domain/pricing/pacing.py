"""When a product is looked at next. Pure."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from cube_demper.core.money import floor_to_tenge
from cube_demper.domain.market.tempo import Tempo, pace_of
from cube_demper.domain.pricing.schemas import Decision, Reason
from cube_demper.domain.pricing.work import CityOutcome, DueProduct, PricedProduct
from cube_demper.domain.stores.schemas import ReadyStore
from cube_demper.models.stores import BotMode

PRIORITY_INTERVAL = timedelta(minutes=3)
_PRIORITY_WEIGHT = 4.0
_FIRST_RETRY = timedelta(seconds=30)
_SPREAD = 0.1


@dataclass(frozen=True, slots=True)
class Pace:
    """How soon one product is worth a look. `pull`: moves an hour times the sellers they concern."""

    pull: float
    look_share: float = 1.0

    @property
    def step(self) -> int:
        """Return it rounded, as the census counts."""
        return pace_of(self.pull)


def weight_of(product: PricedProduct, store: ReadyStore, now: datetime) -> float:
    """Say what a quick look is worth to a seller: nothing while no price of the store may be sent."""
    is_banned = store.sends_blocked_until is not None and store.sends_blocked_until > now
    if store.mode is not BotMode.AUTO or is_banned:
        return 0.0
    return _PRIORITY_WEIGHT if product.is_priority else 1.0


def has_moved(due: DueProduct, city: CityOutcome) -> bool:
    """Tell whether the answer to the market is another than after the look before.

    A rival that moves where we may not follow changes nothing, so it does not make a card lively.
    """
    if due.before.at is None:
        return False
    decision = city.decision
    price = decision.rival.price if decision.rival else None
    return _answer(due.before.rival_price, decision) != _answer(price, decision)


def next_check_at(
    product: PricedProduct,
    cities: Sequence[CityOutcome],
    store: ReadyStore,
    now: datetime,
    *,
    tempo: Tempo,
    pace: Pace,
) -> datetime:
    """Return the next look: by the tempo, or sooner when a second look is due.

    Waits are shortened by up to a tenth at random, so that goods switched on together do not stay
    together for ever.
    """
    promise = interval_of(product, store).total_seconds()
    seconds = tempo.wait(store.id, promise, pace.pull) * (1 - _SPREAD * random.random())
    second_looks = (
        city.decision.wait_until
        for city in cities
        if city.decision.reason is Reason.WAITING_SECOND_LOOK and city.decision.wait_until
    )
    return min([now + timedelta(seconds=seconds), *(max(look, now) for look in second_looks)])


def retry_at(product: PricedProduct, store: ReadyStore, now: datetime) -> datetime:
    """Return the next try after a failure: 30 s, doubling, at most the seller's interval."""
    wait: timedelta = _FIRST_RETRY * 2 ** min(product.check_failures, 10)
    return now + min(wait, max(interval_of(product, store), _FIRST_RETRY))


def interval_of(product: PricedProduct, store: ReadyStore) -> timedelta:
    """Return the longest wait that the seller was promised."""
    return promise_of(store, is_priority=product.is_priority)


def promise_of(store: ReadyStore, *, is_priority: bool) -> timedelta:
    """Return the longest wait promised to a store's goods."""
    interval = timedelta(minutes=store.settings.check_interval_minutes)
    return min(interval, PRIORITY_INTERVAL) if is_priority else interval


def _answer(rival_price: int | None, decision: Decision) -> int | None:
    """Return the price that a rival's price asks for, within our bounds."""
    if rival_price is None or decision.floor is None or decision.cap is None:
        return None
    return min(max(floor_to_tenge(rival_price - decision.step), decision.floor), decision.cap)
