"""One fast clock for the sandbox and all workers of a run, which the harness can leap ahead."""

from __future__ import annotations

import mmap
import struct
from datetime import datetime, timedelta
from pathlib import Path

from cube_demper.core.clock import ScaledClock

_AHEAD = struct.Struct("d")


class LeapingClock(ScaledClock):
    """Runs `speed` times faster; a leap written by one process is seen by all at once.

    `skew`: how many seconds this process's clock is ahead (behind, if negative) of the others'.
    """

    def __init__(self, start: datetime, speed: float, shared: Path, *, skew: float = 0) -> None:
        """`shared` is a file of `make_shared`."""
        super().__init__(start, speed)
        self._skew = skew
        with shared.open("r+b") as file:
            self._memory = mmap.mmap(file.fileno(), _AHEAD.size)

    def now(self) -> datetime:
        (ahead,) = _AHEAD.unpack_from(self._memory)
        return super().now() + timedelta(seconds=ahead + self._skew)

    def leap(self, seconds: float) -> None:
        """Move everybody's clock ahead at once."""
        (ahead,) = _AHEAD.unpack_from(self._memory)
        _AHEAD.pack_into(self._memory, 0, ahead + seconds)


def make_shared(path: Path) -> Path:
    path.write_bytes(_AHEAD.pack(0.0))
    return path
