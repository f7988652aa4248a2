"""How often a card's rivals move, learned from look to look. Pure.

A look tells one bit: did the answer to the market change since the look before? Moves between two
looks are not seen one by one, so counting them would call lively cards quiet. Instead every card keeps
the probability of each rate of `RATES` and follows Bayes' rule; a card may change its ways at any
time, so its knowledge fades towards what is usual among all cards. The hour of the day (Almaty)
multiplies the rate.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

RATES: tuple[float, ...] = tuple(2.0**power / 128 for power in range(16))
"""Moves an hour that a card is tried for: from one in five days to 256."""
KNOWLEDGE_HALVES_IN = 8.0
"""Hours after which half of what was learned is doubted; 4 to 24 did about equally well."""
HOURS = 24
_AS_EVER = 3.0
"""So many moves of an hour must be expected before what was seen outweighs «as ever»."""
_FULL = 14.0
"""Hours watched, so days, after which an hour's habit is half forgotten."""
_AS_CARDS = 100
_LEAST = 1e-6
_NEVER = 1e-9
"""No rate is ever held for impossible; smaller numbers also do not fit a `real` of the database."""


Levels = tuple[float, ...]
"""The probability of each of `RATES`; of all cards together: what is usual."""


def _heavy_tailed() -> Levels:
    weights = [1 / rate for rate in RATES]
    return tuple(weight / sum(weights) for weight in weights)


UNKNOWN = _heavy_tailed()
"""Before anything was learned: twice the rate is half as common."""


def usual_of(known: int, levels: Sequence[float]) -> Levels:
    """Return what is usual among `known` cards of these mean levels.

    It begins as `UNKNOWN`, which counts for `_AS_CARDS` cards ever after, so that no rate dies out.
    """
    return tuple(
        (known * level + _AS_CARDS * before) / (known + _AS_CARDS)
        for level, before in zip(levels, UNKNOWN, strict=True)
    )


@dataclass(frozen=True, slots=True)
class Pulse:
    """What is known of one card in one city.

    `levels`: the probability of each of `RATES`. `moves` and `watched`, by hour of the day: how many
    moves there were, and in how many hours.
    """

    levels: Levels
    moves: tuple[float, ...] = (0.0,) * HOURS
    watched: tuple[float, ...] = (0.0,) * HOURS

    @property
    def rate(self) -> float:
        """Return the mean rate over a day, in moves an hour."""
        return sum(map(_product, self.levels, RATES))

    def habit(self, hour: int) -> float:
        """Return how much livelier than its day this hour is; 1 is as ever."""
        watched = sum(self.watched)
        expected = self.watched[hour] * sum(self.moves) / watched if watched else 0.0
        return (self.moves[hour] + _AS_EVER) / (expected + _AS_EVER)


def newborn(usual: Levels) -> Pulse:
    """Return what is known of a card that was never looked at."""
    return Pulse(usual)


def learn(pulse: Pulse, *, hours: float, hour: int, has_moved: bool, usual: Levels) -> Pulse:
    """Take in one look, `hours` after the one before; `hour`: the hour of the day in between."""
    habit = pulse.habit(hour)
    kept = 0.5 ** (hours / KNOWLEDGE_HALVES_IN)
    span = hours * habit
    levels = []
    for own, common, rate in zip(pulse.levels, usual, RATES, strict=True):
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
