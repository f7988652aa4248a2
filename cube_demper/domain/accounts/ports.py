"""What accounts need from outside and do not know how to do themselves."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Protocol


class Attempts(Protocol):
    """Counts tries in a sliding window, the same count for all processes."""

    async def hit(self, key: str, limit: int, window: timedelta, now: datetime) -> timedelta | None:
        """Count a try; return how long to wait when `limit` in `window` is used up (not counted then).

        Raises LimitsUnavailable when nothing can be counted: nobody gets in unlimited.
        """
        ...

    async def forget(self, key: str) -> None:
        """Start counting from zero."""
        ...
