"""The one source of time. Domain code and workers take a `Clock` and never ask the system.

All instants are aware UTC; people are shown Almaty time (UTC+5, no daylight saving since 2024-03-01).
"""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta, timezone
from typing import Protocol

from cube_demper.core.errors import ConfigurationError

ALMATY = timezone(timedelta(hours=5), "Asia/Almaty")


class Clock(Protocol):
    """Tells the time and waits in it."""

    def now(self) -> datetime:
        """Return the current instant, aware UTC."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait `seconds` of this clock's time."""
        ...


# Goes on while the machine sleeps, as all other machines' clocks do; CLOCK_MONOTONIC does not.
_STEADY = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


class SystemClock:
    """Real time, corrected once a minute to the database's so that all machines agree."""

    speed = 1.0
    #: An answer that took longer may be that old: a process that was frozen meanwhile would take it
    #: for the present and send, look and lease in the past for a minute.
    longest_trip = 1.0

    def __init__(self) -> None:
        """Start uncorrected: `correct` is called by whoever owns a database."""
        self._offset = time.time() - self.reading()

    @staticmethod
    def reading() -> float:
        """Return seconds that never jump and never stop, of no meaning but in differences."""
        return time.clock_gettime(_STEADY)

    def now(self) -> datetime:
        """Return the current instant; never runs backwards because of the machine's own clock."""
        return datetime.fromtimestamp(self.reading() + self._offset, UTC)

    def correct(self, database_now: datetime, asked_at: float) -> bool:
        """Take the database's time as the truth, asked at `asked_at` of `reading`.

        False when the answer was too long on its way to say what time it is now.
        """
        answered_at = self.reading()
        if answered_at - asked_at > self.longest_trip:
            return False
        self._offset = database_now.timestamp() - (asked_at + answered_at) / 2
        return True

    async def sleep(self, seconds: float) -> None:
        """Wait real seconds."""
        await asyncio.sleep(max(0.0, seconds))


class ScaledClock:
    """Time that runs `speed` times faster since `start`, the same in every process of a machine."""

    def __init__(self, start: datetime, speed: float) -> None:
        """`start`: the instant at which this clock and the real one agree."""
        self._start = start
        self.speed = speed
        self._offset = time.time() - time.monotonic()

    def now(self) -> datetime:
        """Return the current instant of the scaled time."""
        real = time.monotonic() + self._offset
        return self._start + timedelta(seconds=(real - self._start.timestamp()) * self.speed)

    async def sleep(self, seconds: float) -> None:
        """Wait `seconds` of scaled time."""
        await asyncio.sleep(max(0.0, seconds) / self.speed)


class FixedClock:
    """A clock for tests: stands still until moved; sleeping moves it."""

    speed = 1.0

    def __init__(self, now: datetime) -> None:
        """Stand at `now`."""
        self._now = now

    def now(self) -> datetime:
        """Return the instant it was set to."""
        return self._now

    def move(self, **delta: float) -> None:
        """Go forward by a `timedelta(**delta)`."""
        self._now += timedelta(**delta)

    async def sleep(self, seconds: float) -> None:
        """Move forward at once, letting other tasks run."""
        self._now += timedelta(seconds=max(0.0, seconds))
        await asyncio.sleep(0)


def clock_from(text: str | None) -> SystemClock | ScaledClock:
    """Build the clock of `CUBE_CLOCK` (`<start>@<speed>`, start in ISO 8601); empty means real time."""
    if not text:
        return SystemClock()
    start, _, speed = text.rpartition("@")
    try:
        moment, factor = datetime.fromisoformat(start), float(speed)
    except ValueError:
        moment, factor = None, 0.0
    if moment is None or moment.tzinfo is None or not 0 < factor <= 10_000:
        raise ConfigurationError(
            f"CUBE_CLOCK={text}: нужно <время>@<скорость>, например 2026-11-22T10:00:00+05:00@60"
        )
    return ScaledClock(moment.astimezone(UTC), factor)
