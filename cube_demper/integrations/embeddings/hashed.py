"""An embedder without a model: texts that share groups of letters are near. For tests, and only for them."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from typing import Final
from zlib import crc32

from cube_demper.domain.lawyer.ports import Vectors

_SIZE: Final = 384
_LETTERS: Final = 4


class HashEmbedder:
    """The same text always gives the same vector, in every process."""

    name = "hash-4"
    far: float | None = None

    async def passages(self, texts: Sequence[str]) -> Vectors:
        """Embed what is to be found."""
        return [_vector(it) for it in texts]

    async def questions(self, texts: Sequence[str]) -> Vectors:
        """Embed what is asked."""
        return [_vector(it) for it in texts]


def _vector(text: str) -> list[float]:
    numbers = [0.0] * _SIZE
    letters = f" {' '.join(text.lower().split())} "
    for at in range(max(1, len(letters) - _LETTERS + 1)):
        numbers[crc32(letters[at : at + _LETTERS].encode()) % _SIZE] += 1
    length = sqrt(sum(it * it for it in numbers)) or 1.0
    return [it / length for it in numbers]
