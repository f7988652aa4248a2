"""How often a card's rivals move, learned from look to look. Pure.

A look tells one bit: did the answer to the market change since the look before? Moves between two
looks are not seen one by one, so counting them would call lively cards quiet. Instead every card keeps
the probability of each rate of `RATES` and follows Bayes' rule; a card may change its ways at any
time, so its knowledge fades towards what is usual among all cards. The hour of the day (Almaty)
multiplies the rate.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

RATES: tuple[float, ...] = tuple(2.0**power / 128 for power in range(16))
"""Moves an hour that a card is tried for: from one in five days to 256."""
KNOWLEDGE_HALVES_IN = 8.0
"""Hours after which half of what was learned is doubted; 4 to 24 did about equally well."""
HOURS = 24
_USUAL_WEIGHT = 3.0
"""So many expected moves of an hour must be seen before the card's own habit outweighs the usual."""
_FULL = 14.0
"""Hours watched, so days, after which an hour's habit is half forgotten."""
_LEAST = 1e-6
_NEVER = 1e-9
"""No rate is ever held for impossible; smaller numbers also do not fit a `real` of the database."""


@dataclass(frozen=True, slots=True)
class Usual:
    """What is usual among all cards: the share of each rate, and each hour's part of a day's moves."""

    levels: tuple[float, ...]
    hours: tuple[float, ...] = (1.0,) * HOURS


def _heavy_tailed() -> tuple[float, ...]:
    weights = [1 / rate for rate in RATES]
    return tuple(weight / sum(weights) for weight in weights)


UNKNOWN = Usual(_heavy_tailed())
"""Before anything was learned: twice the rate is half as common."""


@dataclass(frozen=True, slots=True)
class Pulse:
    """What is known of one card in one city.

    `levels`: the probability of each of `RATES`. `moves` and `watched`, by hour of the day: how many
    moves there were, and in how many hours.
    """

    levels: tuple[float, ...]
    moves: tuple[float, ...] = (0.0,) * HOURS
    watched: tuple[float, ...] = (0.0,) * HOURS

    @property
    def rate(self) -> float:
        """Return the mean rate over a day, in moves an hour."""
        return sum(map(_product, self.levels, RATES))

    def habit(self, hour: int, usual: Usual) -> float:
        """Return how much livelier than its day this hour is; 1 is as ever."""
        watched = sum(self.watched)
        expected = self.watched[hour] * sum(self.moves) / watched if watched else 0.0
        return (self.moves[hour] + _USUAL_WEIGHT * usual.hours[hour]) / (expected + _USUAL_WEIGHT)


def newborn(usual: Usual) -> Pulse:
    """Return what is known of a card that was never looked at."""
    return Pulse(usual.levels)


def learn(pulse: Pulse, *, hours: float, hour: int, has_moved: bool, usual: Usual) -> Pulse:
    """Take in one look, `hours` after the one before; `hour`: the hour of the day in between."""
    habit = pulse.habit(hour, usual)
    kept = 0.5 ** (hours / KNOWLEDGE_HALVES_IN)
    span = hours * habit
    levels = []
    for own, common, rate in zip(pulse.levels, usual.levels, RATES, strict=True):
        stayed = math.exp(-rate * span)
        likely = 1.0 - stayed if has_moved else stayed
        levels.append((kept * own + (1.0 - kept) * common) * likely)
    total = sum(levels)
    if total <= 0.0:
        return pulse
    mean = pulse.rate
    unseen = mean * span
    moved = (unseen / -math.expm1(-unseen) if unseen > _LEAST else 1.0) if has_moved else 0.0
    moves, watched = pulse.moves[hour] + moved, pulse.watched[hour] + hours
    if watched > _FULL:
        moves, watched = moves / 2, watched / 2
    return Pulse(
        tuple([max(level / total, _NEVER) for level in levels]),
        _with(pulse.moves, hour, moves),
        _with(pulse.watched, hour, watched),
    )


def _product(left: float, right: float) -> float:
    return left * right


def _with(values: tuple[float, ...], place: int, value: float) -> tuple[float, ...]:
    return (*values[:place], value, *values[place + 1 :])
