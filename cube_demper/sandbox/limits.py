"""Kaspi's limits with the real bans (KASPI.md §1.3, §2.4), by the sandbox's clock."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class LimitRules:
    """The figures: how much is too much, and how long the ban lasts (seconds)."""

    ip_per_second: int = 15
    ip_ban: float = 15
    feed_per_second: int = 3
    feed_changes: int = 250
    feed_window: float = 1800
    feed_ban: float = 1800


@dataclass(slots=True)
class Ban:
    """One ban. `denied` counts the requests that ran into it after the first."""

    kind: Literal["ip", "store"]
    key: str
    reason: str
    at: float
    until: float
    denied: int = 0


class Limits:
    """Counts requests and hands out bans. A window is empty again after a ban."""

    def __init__(self, rules: LimitRules) -> None:
        """Start with nobody banned."""
        self.rules = rules
        self.bans: list[Ban] = []
        self._active: dict[tuple[str, str], Ban] = {}
        self._windows: dict[tuple[str, str], deque[float]] = {}

    def active(self, now: float) -> list[Ban]:
        """Return the bans in force."""
        return [ban for ban in self._active.values() if ban.until > now]

    def shop_request(self, ip: str, now: float) -> Ban | None:
        """Count one request of an address to the shop; a ban means 403."""
        if ban := self._standing("ip", ip, now):
            return ban
        window = self._window("second", ip, now - 1)
        window.append(now)
        if len(window) <= self.rules.ip_per_second:
            return None
        return self._ban(Ban("ip", ip, "requests_per_second", now, now + self.rules.ip_ban))

    def feed_request(self, store: str, changes: int, now: float) -> Ban | None:
        """Count one price feed request of a store with so many SKU changes; a ban means 429."""
        if ban := self._standing("store", store, now):
            return ban
        until = now + self.rules.feed_ban
        second = self._window("feed", store, now - 1)
        second.append(now)
        if len(second) > self.rules.feed_per_second:
            return self._ban(Ban("store", store, "requests_per_second", now, until))
        window = self._window("changes", store, now - self.rules.feed_window)
        if len(window) + changes > self.rules.feed_changes:
            return self._ban(Ban("store", store, "changes_per_30_minutes", now, until))
        window.extend([now] * changes)
        return None

    def changes_used(self, store: str, now: float) -> int:
        """Return how many changes the store's window holds."""
        return len(self._window("changes", store, now - self.rules.feed_window))

    def lift(self, key: str) -> None:
        """End the bans of an address or a store and forget its windows."""
        for kind in ("ip", "store"):
            self._active.pop((kind, key), None)
        for name in ("second", "feed", "changes"):
            self._windows.pop((name, key), None)

    def dump(self) -> dict[str, list[list[object]]]:
        """Return what a restart must not forget."""
        return {
            "bans": [
                [b.kind, b.key, b.reason, b.at, b.until, b.denied] for b in self._active.values()
            ],
            "changes": [
                [key, list(window)]
                for (name, key), window in self._windows.items()
                if name == "changes"
            ],
        }

    def load(self, state: dict[str, list[list[object]]]) -> None:
        """Take back what `dump` gave."""
        for fields in state["bans"]:
            ban = Ban(*fields)  # type: ignore[arg-type]
            self.bans.append(ban)
            self._active[ban.kind, ban.key] = ban
        for key, times in state["changes"]:
            self._windows["changes", str(key)] = deque(times)  # type: ignore[call-overload]

    def _standing(self, kind: str, key: str, now: float) -> Ban | None:
        ban = self._active.get((kind, key))
        if ban is None:
            return None
        if ban.until <= now:
            del self._active[kind, key]
            return None
        ban.denied += 1
        return ban

    def _window(self, name: str, key: str, oldest: float) -> deque[float]:
        window = self._windows.setdefault((name, key), deque())
        while window and window[0] <= oldest:
            window.popleft()
        return window

    def _ban(self, ban: Ban) -> Ban:
        self.lift(ban.key)
        self._active[ban.kind, ban.key] = ban
        self.bans.append(ban)
        return ban
