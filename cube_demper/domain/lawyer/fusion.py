"""Reciprocal rank fusion: lists of different kinds become one, by places and never by scores. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, TypeVar

T = TypeVar("T")

K: Final = 10
"""How soon a lower place stops counting. The paper (Cormack, Clarke, Büttcher, 2009) has 60; the tuning
questions are answered better when the first places count more."""


def fuse(legs: Iterable[tuple[float, Sequence[T]]], k: int = K) -> list[tuple[T, float]]:
    """Return everything with its score, best first: the sum of weight / (k + place) over the legs.

    A score of 1 is the first place in every leg.
    """
    listed = [(weight, leg) for weight, leg in legs if leg]
    scores: Mapping[T, float] = defaultdict(float)
    for weight, leg in listed:
        for place, it in enumerate(dict.fromkeys(leg), start=1):
            scores[it] += weight / (k + place)  # type: ignore[index]
    best = sum(weight for weight, _ in listed) / (k + 1)
    return sorted(((it, score / best) for it, score in scores.items()), key=lambda it: -it[1])
