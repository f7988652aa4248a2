"""After five failures in a row nothing is asked for a minute; then one request tries (DESIGN §5)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

_ERRORS, _REST = 5, timedelta(seconds=60)


class Breaker:
    """Counts one process's failures in a row."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        """Start closed; `now` is the process's clock."""
        self._now = now
        self._errors = 0
        self._rests_until: datetime | None = None

    def lets_through(self) -> bool:
        """Tell whether a request may go; after the rest the first that asks is the trial."""
        if self._rests_until is None:
            return True
        if self._now() < self._rests_until:
            return False
        self._rests_until = self._now() + _REST
        return True

    def report(self, *, is_good: bool) -> None:
        """Tell how a request went; a refusal in good form is a good answer."""
        if is_good:
            self._errors, self._rests_until = 0, None
            return
        self._errors += 1
        if self._errors >= _ERRORS:
            self._rests_until = self._now() + _REST
