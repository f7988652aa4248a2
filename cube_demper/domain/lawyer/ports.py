"""What the lawyer needs from outside and does not know how to do itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

Vectors = list[list[float]]


class Embedder(Protocol):
    """Turns texts into unit vectors of 384 numbers, so that near texts have near vectors.

    Raises Unreachable, Refused or RateLimited when it is a service that is away.
    """

    @property
    def name(self) -> str:
        """Return the model, as it is kept beside each vector: another one's are not compared with ours."""
        ...

    @property
    def far(self) -> float | None:
        """Return the distance at which the nearest phrase of our index says nothing of a question any more.

        Measured by model, on questions with and without an answer; None: no such distance is known.
        """
        ...

    async def passages(self, texts: Sequence[str]) -> Vectors:
        """Embed what is to be found."""
        ...

    async def questions(self, texts: Sequence[str]) -> Vectors:
        """Embed what is asked."""
        ...
