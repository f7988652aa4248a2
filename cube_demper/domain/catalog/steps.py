"""Long work cut into steps, so that it can tell how far it is and be given up between two of them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import TypeVar

OnProgress = Callable[[int, int], Awaitable[None]]
"""Told how many of how many are done; what it raises ends the work."""
STEP = 1_000
_T = TypeVar("_T")


async def in_steps(
    items: Sequence[_T], on_progress: OnProgress | None
) -> AsyncIterator[Sequence[_T]]:
    """Give a thousand at a time; tell before each, and when all are done."""
    for at in range(0, len(items), STEP):
        if on_progress is not None:
            await on_progress(at, len(items))
        yield items[at : at + STEP]
    if on_progress is not None:
        await on_progress(len(items), len(items))
