"""How the memory of a product in a city changes: after a look, after a send, when the seller decides.

A look is dated by `market.seen_at`, not by the moment of deciding: stores share looks, and the same
look must not count twice, confirm a send that came after it, or deny one.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from cube_demper.domain.market.schemas import Market
from cube_demper.domain.pricing.guards import (
    CONFIRM_WITHIN,
    MEDIAN_SPAN,
    WAR_FALLS,
    WAR_REST,
    WAR_SPAN,
)
from cube_demper.domain.pricing.schemas import (
    Decision,
    Fall,
    LastDecision,
    Memory,
    PricePoint,
    Reason,
    Rest,
    UnconfirmedSend,
)

_AGAINST_A_RIVAL = {Reason.UNDERCUT, Reason.BELOW_FLOOR_TO_FLOOR}


def is_news(memory: Memory, decision: Decision) -> bool:
    """Tell whether action, reason or target differ from the last decision. Ask before `remember`."""
    return memory.last_decision != _last(decision)


def remember(memory: Memory, market: Market, decision: Decision, now: datetime) -> Memory:
    """Take in a look and what was decided on it.

    A send is confirmed by a later look that shows its price; what the cabinet says confirms nothing
    and is not part of the median.
    """
    seen, rest, send = market.seen_at, memory.rest, memory.last_send
    allowed, returned = memory.allowed_fall, memory.returned
    points = memory.window_prices
    if decision.is_window_seen and decision.window_price is not None:
        points = _with_point(points, PricePoint(seen, decision.window_price))
        if send is not None and seen > send.at and decision.window_price == send.target:
            send = None
    return Memory(
        window_prices=_since(points, now - MEDIAN_SPAN),
        falls=_recent(memory.falls, now),
        rest=None if rest is None or rest.until <= now else rest,
        to_max_since=(memory.to_max_since or seen) if decision.wants_max else None,
        last_decision=_last(decision),
        last_send=send,
        allowed_fall=None if allowed is None or allowed.until <= now else allowed,
        returned=None if returned is None or returned.until <= now else returned,
    )


def remember_sent(
    memory: Memory, decision: Decision, at: datetime, *, within: timedelta = CONFIRM_WITHIN
) -> Memory:
    """Take in a send that was accepted: it waits for its confirmation, and a fall may call a war.

    Falls are those against a rival; moves into the bounds are none. The old price of a fall is what
    the window showed. The fifth of one rival within 30 min starts the rest, and the count anew.
    """
    if not decision.is_change or decision.target is None:
        return memory
    falls, rest = _recent(memory.falls, at), memory.rest
    if decision.reason is Reason.PRICE_WAR and rest is not None and not rest.is_back:
        rest = replace(rest, until=at + WAR_REST, is_back=True)
    rival, old = decision.rival, decision.window_price
    if decision.reason in _AGAINST_A_RIVAL and rival is not None and old is not None:
        falls += (Fall(at, rival.merchant_id, old, decision.target),)
        if sum(fall.rival_id == rival.merchant_id for fall in falls) >= WAR_FALLS:
            rest = Rest(old, at + WAR_REST, rival.merchant_id)
            falls = tuple(fall for fall in falls if fall.rival_id != rival.merchant_id)
    send = UnconfirmedSend(decision.target, at, at + within)
    allowed = memory.allowed_fall if decision.is_fall else None  # a rise ends it: that fall is over
    return replace(memory, falls=falls, rest=rest, last_send=send, allowed_fall=allowed)


def forget_send(memory: Memory) -> Memory:
    """Drop the wait for the last send: it was refused, or given up for lost."""
    return replace(memory, last_send=None)


_BLANK = Memory()
FORGOTTEN: Final = ("window_prices", "to_max_since", "allowed_fall", "returned")
"""What `forget` blanks, by the names that the column keeps it under."""


def forget(memory: Memory) -> Memory:
    """Start counting anew: the seller changed bounds, strategy or switch.

    The median begins with the next look and going to `max_price` needs two new ones. An unconfirmed
    send, the falls and a rest stay: they are about the market, and the design resets only the median.
    A consent and a return go with the terms that they were given under.
    """
    return replace(memory, **{name: getattr(_BLANK, name) for name in FORGOTTEN})


def _last(decision: Decision) -> LastDecision:
    return LastDecision(decision.action, decision.reason, decision.target)


def _with_point(points: tuple[PricePoint, ...], point: PricePoint) -> tuple[PricePoint, ...]:
    if points and (points[-1].price == point.price or points[-1].at > point.at):
        return points
    return (*points, point)


def _since(points: tuple[PricePoint, ...], start: datetime) -> tuple[PricePoint, ...]:
    """Drop what ended before `start`; the price in force at `start` stays, whenever it began."""
    first = 0
    while first + 1 < len(points) and points[first + 1].at <= start:
        first += 1
    return points[first:]


def _recent(falls: tuple[Fall, ...], now: datetime) -> tuple[Fall, ...]:
    return tuple(fall for fall in falls if now - fall.at <= WAR_SPAN)
