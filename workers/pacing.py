"""When a product is looked at next. Pure."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime, timedelta

from cube_demper.domain.pricing.schemas import Reason
from cube_demper.domain.pricing.work import CityOutcome, PricedProduct
from cube_demper.domain.stores.schemas import ReadyStore

PRIORITY_INTERVAL = timedelta(minutes=3)
_FIRST_RETRY = timedelta(seconds=30)
_SPREAD = 0.1


def next_check_at(
    product: PricedProduct,
    cities: Sequence[CityOutcome],
    store: ReadyStore,
    now: datetime,
) -> datetime:
    """Return the next look: after the seller's interval, or sooner when a second look is due.

    The interval is shortened by up to a tenth at random, so that goods switched on together do not
    stay together for ever; it is never longer than promised.
    """
    wait = interval_of(product, store) * (1 - _SPREAD * random.random())
    second_looks = (
        city.decision.wait_until
        for city in cities
        if city.decision.reason is Reason.WAITING_SECOND_LOOK and city.decision.wait_until
    )
    return min([now + wait, *(max(look, now) for look in second_looks)])


def retry_at(product: PricedProduct, store: ReadyStore, now: datetime) -> datetime:
    """Return the next try after a failure: 30 s, doubling, at most the seller's interval."""
    wait: timedelta = _FIRST_RETRY * 2 ** min(product.check_failures, 10)
    return now + min(wait, max(interval_of(product, store), _FIRST_RETRY))


def interval_of(product: PricedProduct, store: ReadyStore) -> timedelta:
    """Return the longest wait that the seller was promised."""
    interval = timedelta(minutes=store.settings.check_interval_minutes)
    return min(interval, PRIORITY_INTERVAL) if product.is_priority else interval
