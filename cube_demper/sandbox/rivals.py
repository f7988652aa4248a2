"""How rivals behave. Each wake of a rival is one decision, drawn from its own named chance."""

from __future__ import annotations

from random import Random

from cube_demper.sandbox.chance import roll
from cube_demper.sandbox.world import Card, Pace, RivalListing, Temper

#: Seconds until a rival answers a change that it noticed.
ANSWER_SECONDS: dict[Pace, tuple[float, float]] = {
    Pace.LIVELY: (12.0, 40.0),
    Pace.MEDIUM: (180.0, 900.0),
    Pace.SLOW: (1_800.0, 10_800.0),
}
#: A rival looks at its card by itself this many answers apart.
_IDLE_ANSWERS = 4
#: After so many wakes at which it could not be cheapest, a rival goes back up and rests.
_PATIENCE = 3
_LEAVE_CHANCE = 0.12
_RETURN_CHANCE = 0.4


def first_wake(seed: int, rival: RivalListing, now: float) -> float:
    """Return when a rival wakes for the first time after `now`: rivals do not start in step."""
    draw = roll(seed, rival.card_id, rival.merchant.uid, "first")
    return now + draw.uniform(0.3, _IDLE_ANSWERS) * ANSWER_SECONDS[rival.pace][0]


def notice(seed: int, rival: RivalListing, at: float) -> None:
    """Let a rival answer a change that happened at `at`, no later than it would have woken anyway."""
    draw = roll(seed, rival.card_id, rival.merchant.uid, "notice", rival.wakes)
    rival.wakes_at = min(rival.wakes_at, at + draw.uniform(*ANSWER_SECONDS[rival.pace]))


def wake(seed: int, card: Card, rival: RivalListing) -> bool:
    """Let a rival decide once; return whether the market changed. Sets its next wake."""
    at = rival.wakes_at
    rival.wakes += 1
    draw = roll(seed, rival.card_id, rival.merchant.uid, "wake", rival.wakes)
    slowest = ANSWER_SECONDS[rival.pace][1]
    rival.wakes_at = at + draw.uniform(1, _IDLE_ANSWERS) * slowest
    if rival.is_frozen or rival.temper is Temper.STANDS:
        return False
    if rival.temper is Temper.VISITS and _comes_or_goes(rival, draw):
        return True
    if not rival.is_present:
        return False
    before = dict(rival.prices)
    if rival.temper is Temper.WANDERS:
        _wander(rival, draw)
    else:
        _undercut(card, rival)
    return rival.prices != before


def _comes_or_goes(rival: RivalListing, draw: Random) -> bool:
    chance = _LEAVE_CHANCE if rival.is_present else _RETURN_CHANCE
    if draw.random() >= chance:
        return False
    rival.is_present = not rival.is_present
    if rival.is_present:
        price = draw.randint(max(rival.floor, int(rival.ceiling * 0.97)), rival.ceiling)
        rival.prices = dict.fromkeys(rival.prices, price)
    return True


def _wander(rival: RivalListing, draw: Random) -> None:
    factor = 1 + draw.uniform(-0.025, 0.025)
    for city_id, price in rival.prices.items():
        moved = round(price * factor)
        rival.prices[city_id] = min(max(moved, rival.floor), rival.ceiling)


def _undercut(card: Card, rival: RivalListing) -> None:
    """Go one step under the cheapest other, down or up; alone: to the ceiling."""
    is_beaten = False
    for city_id in rival.prices:
        others = [
            price
            for listing in card.listings
            if listing is not rival and (price := listing.price_in(city_id)) is not None
        ]
        target = min(others) - rival.step if others else rival.ceiling
        if target < rival.floor:
            is_beaten = True
        else:
            rival.prices[city_id] = min(target, rival.ceiling)
    rival.beaten = rival.beaten + 1 if is_beaten else 0
    if rival.beaten > _PATIENCE:
        rival.beaten = 0
        rival.prices = dict.fromkeys(rival.prices, rival.ceiling)
        rival.wakes_at += ANSWER_SECONDS[rival.pace][1]
