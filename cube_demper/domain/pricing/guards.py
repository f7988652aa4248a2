"""What keeps a rival's slip or war from taking the price down with it. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from cube_demper.core.money import floor_to_tenge
from cube_demper.domain.pricing.schemas import AllowedFall, Memory, PricePoint

MEDIAN_SPAN = timedelta(hours=24)
SECOND_LOOK_AFTER = timedelta(seconds=60)
WAR_FALLS = 5
WAR_SPAN = timedelta(minutes=30)
WAR_REST = timedelta(hours=2)
CONFIRM_WITHIN = timedelta(minutes=10)
"""The last confirming look comes at about +9 min (DESIGN §5, step 6); later the send counts as lost."""


CONSENT_FOR = timedelta(hours=6)
"""Enough for any check interval, not for another day's prices."""
CONSENT_SLACK_PERCENT = 3
"""A rival that steps a little further while the seller makes up their mind is the same fall."""


def consent_to(target: int, now: datetime) -> AllowedFall:
    """Return the consent to a fall to `target`: to it and a little below, for six hours."""
    lowest = floor_to_tenge(target * (100 - CONSENT_SLACK_PERCENT) // 100)
    return AllowedFall(lowest, now + CONSENT_FOR)


def is_allowed_fall(target: int, memory: Memory, now: datetime) -> bool:
    """Tell whether the seller has agreed to a price this low, and not too long ago."""
    allowed = memory.allowed_fall
    return allowed is not None and now < allowed.until and target >= allowed.price


def fall_reference(
    target: int, window: int, memory: Memory, max_fall_percent: int, now: datetime
) -> int | None:
    """Return the price against which going down to `target` is too big a fall, else None.

    Only a move down is a fall: climbing back from a price far under the median is never held.
    Too big against the window price or against the median is the same as against the greater.
    """
    if target >= window:
        return None
    points = memory.window_prices
    highest = max((point.price for point in points), default=window)
    if not _is_too_big(target, max(window, highest), max_fall_percent):
        return None  # no median is over the highest price: spares working it out
    median = median_price(points, now)
    reference = window if median is None else max(window, median)
    return reference if _is_too_big(target, reference, max_fall_percent) else None


def _is_too_big(target: int, reference: int, max_fall_percent: int) -> bool:
    return target * 100 < reference * (100 - max_fall_percent)


def median_price(points: tuple[PricePoint, ...], now: datetime) -> int | None:
    """Return the median of our price over 24 h, each price weighing as long as it stood."""
    if len(points) < 2:
        return points[0].price if points else None
    start = now - MEDIAN_SPAN
    weights: dict[int, timedelta] = {}
    ends = [point.at for point in points[1:]] + [now]
    for point, end in zip(points, ends, strict=True):
        stood = min(end, now) - max(point.at, start)
        if stood > timedelta(0):
            weights[point.price] = weights.get(point.price, timedelta(0)) + stood
    if not weights:
        return points[-1].price
    return _weighted_middle(weights)


def _weighted_middle(weights: dict[int, timedelta]) -> int:
    total, passed = sum(weights.values(), timedelta(0)), timedelta(0)
    prices = sorted(weights)
    for index, price in enumerate(prices):
        passed += weights[price]
        if 2 * passed == total:
            return (price + prices[index + 1]) // 2
        if 2 * passed > total:
            return price
    return prices[-1]
