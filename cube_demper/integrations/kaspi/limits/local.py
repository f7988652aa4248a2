"""Limits of one process while Redis is gone: its share of every limit, never none and never more."""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta

from cube_demper.core.clock import Clock
from cube_demper.integrations.kaspi.limits import rules
from cube_demper.integrations.kaspi.limits.rules import (
    EgressSnapshot,
    Granted,
    Host,
    LimitRules,
    LimitsSnapshot,
    Refill,
    RequestKind,
    StoreSnapshot,
    Wait,
    WaitReason,
    Wish,
)


class Window:
    """At most `limit` grants in any `span`; a limit under one makes the span longer instead."""

    def __init__(self, limit: float, span: timedelta, opened_at: datetime) -> None:
        """Open full: nothing is granted within one span of `opened_at`."""
        self.limit = max(1, int(limit))
        self.span = span if limit >= 1 else span / limit
        self._opened_at = opened_at
        self._grants: deque[datetime] = deque()

    def used(self, now: datetime) -> int:
        """Count the grants of the last span."""
        while self._grants and self._grants[0] <= now - self.span:
            self._grants.popleft()
        return len(self._grants)

    def free_at(self, now: datetime, amount: int = 1) -> datetime:
        """Return when `amount` fits."""
        opens = self._opened_at + self.span
        over = self.used(now) + amount - self.limit
        return max(opens, self._grants[over - 1] + self.span) if over > 0 else max(opens, now)

    def add(self, now: datetime, amount: int = 1) -> None:
        """Book `amount`."""
        self._grants.extend([now] * amount)


class Changes:
    """A store's 250 changes a 30 minutes: the share of what Postgres says was left."""

    def __init__(self, limit: int, share: float, before: list[datetime]) -> None:
        """`before`: the changes of the last 30 minutes, of all processes, oldest first."""
        self._limit, self._share = limit, share
        self._before = deque(before)
        self._mine: deque[datetime] = deque()

    def used(self, now: datetime) -> int:
        """Count the changes known of the last 30 minutes."""
        for sends in (self._before, self._mine):
            while sends and sends[0] <= now - rules.CHANGES_WINDOW:
                sends.popleft()
        return len(self._before) + len(self._mine)

    def room(self, now: datetime) -> int:
        """Return how many more may go now."""
        self.used(now)
        left = self._limit - len(self._before)
        return max(0, int(left * self._share) - len(self._mine))

    def next_free_at(self, now: datetime) -> datetime:
        """Return when the oldest known change leaves the window."""
        self.used(now)
        heads = [sends[0] for sends in (self._before, self._mine) if sends]
        return min(heads) + rules.CHANGES_WINDOW if heads else now

    def add(self, now: datetime, amount: int) -> None:
        """Book `amount`."""
        self._mine.extend([now] * amount)

    def give_back(self, at: datetime, amount: int) -> None:
        """Forget `amount` changes booked at `at`."""
        for _ in range(amount):
            if at in self._mine:
                self._mine.remove(at)


class Blocks:
    """Bans and breakers as this process knows them; kept up while Redis is there too."""

    def __init__(self) -> None:
        """Know of none."""
        self.stores: dict[str, datetime] = {}
        self.egresses: dict[tuple[Host, str], datetime] = {}
        self.breakers: dict[tuple[Host, str], datetime] = {}
        self.errors: dict[tuple[Host, str], int] = {}

    def report(self, grant: Granted, *, is_good: bool, now: datetime) -> None:
        """Count errors in a row; the fifth, or a failed trial, opens the breaker."""
        key = (grant.wish.host, grant.egress)
        opened = self.breakers.get(key)
        if opened and not grant.is_trial:
            return
        if is_good:
            self.breakers.pop(key, None)
            self.errors.pop(key, None)
            return
        self.errors[key] = self.errors.get(key, 0) + 1
        if opened or self.errors[key] >= rules.BREAKER_ERRORS:
            self.breakers[key] = now + rules.BREAKER_OPEN

    def of_egress(
        self, host: Host, egress: str, now: datetime
    ) -> tuple[datetime, WaitReason] | None:
        """Return what blocks an egress, the longer block first."""
        ban = self.egresses.get((host, egress), now)
        breaker = self.breakers.get((host, egress), now)
        if max(ban, breaker) <= now:
            return None
        reason = WaitReason.EGRESS_BAN if ban > breaker else WaitReason.BREAKER
        return max(ban, breaker), reason

    def is_trial_due(self, host: Host, egress: str) -> bool:
        """Tell whether the breaker was open and its time is over."""
        return (host, egress) in self.breakers


class LocalLimits:
    """The same question as Redis answers, for this process alone; made anew at each fall-back."""

    def __init__(
        self,
        figures: LimitRules,
        clock: Clock,
        instances: int,
        blocks: Blocks,
        refill: Refill | None,
    ) -> None:
        """`refill`: what Postgres knows; without it a store waits one whole window of changes."""
        self._figures, self._clock, self._instances = figures, clock, instances
        self._blocks, self._refill = blocks, refill
        self._started_at = clock.now()
        self._windows: dict[tuple[str, ...], Window] = {}
        self._changes: dict[tuple[str, str], Changes] = {}
        self._rested: dict[str, datetime] = {}

    def take(self, wish: Wish) -> Granted | Wait:
        """Book a request, or say how long to wait."""
        now = self._clock.now()
        if refused := self._store_wait(wish, now):
            return refused
        open_egresses = [
            key for key in wish.candidates if not self._blocks.of_egress(wish.host, key, now)
        ]
        if not open_egresses:
            return self._blocked(wish, now)
        windows = {key: self._egress_windows(wish, key) for key in open_egresses}
        ready = {key: max((w.free_at(now) for w in ws), default=now) for key, ws in windows.items()}
        shared = self._shared_windows(wish)
        at = max([min(ready.values()), *(window.free_at(now) for window in shared)])
        if at > now:
            return _wait(at, now, WaitReason.BUDGET)
        egress = self._choose([key for key in open_egresses if ready[key] <= now], wish)
        for window in (*windows[egress], *shared):
            window.add(now)
        return self._grant(wish, egress, now)

    def _grant(self, wish: Wish, egress: str, now: datetime) -> Granted:
        if wish.store:
            self._changes_of(wish.store, _group(wish)).add(now, wish.changes)
        self._rested[egress] = now
        is_trial = self._blocks.is_trial_due(wish.host, egress)
        if is_trial:
            self._blocks.breakers[wish.host, egress] = now + rules.BREAKER_OPEN
        return Granted(wish, egress, now, is_trial, self._blocks.errors.get((wish.host, egress), 0))

    def _choose(self, ready: list[str], wish: Wish) -> str:
        if wish.is_sticky:
            return ready[0]
        return min(ready, key=lambda key: self._rested.get(key, self._started_at))

    def _blocked(self, wish: Wish, now: datetime) -> Wait:
        blocks = [
            block
            for key in wish.candidates
            if (block := self._blocks.of_egress(wish.host, key, now)) is not None
        ]
        till, reason = min(blocks)
        return _wait(till, now, reason)

    def _store_wait(self, wish: Wish, now: datetime) -> Wait | None:
        if not wish.store:
            return None
        ban = self._ban(wish.store)
        if ban and ban > now:
            return _wait(ban, now, WaitReason.STORE_BAN)
        if self._refill is None and now < self._started_at + rules.CHANGES_WINDOW:
            return _wait(self._started_at + rules.CHANGES_WINDOW, now, WaitReason.CHANGES)
        changes = self._changes_of(wish.store, _group(wish))
        if wish.changes > changes.room(now):
            return _wait(changes.next_free_at(now), now, WaitReason.CHANGES)
        return None

    def _ban(self, store: str) -> datetime | None:
        known = [self._blocks.stores.get(store), self._refill and self._refill.bans.get(store)]
        return max((ban for ban in known if ban), default=None)

    def _changes_of(self, store: str, group: str) -> Changes:
        if (store, group) not in self._changes:
            before = sorted(self._refill.sends.get(store, ())) if self._refill else []
            share = rules.SHARES[group] / self._instances
            limit = self._figures.changes_per_window
            self._changes[store, group] = Changes(limit, share, before)
        return self._changes[store, group]

    def _window(self, wish: Wish, limit: float, span: timedelta, *name: str) -> Window:
        group = _group(wish)
        key = (group, *name)
        if key not in self._windows:
            share = rules.SHARES[group] / self._instances
            span += rules.CLOCK_SKEW
            self._windows[key] = Window(limit * share, span, self._started_at)
        return self._windows[key]

    def _egress_windows(self, wish: Wish, egress: str) -> list[Window]:
        if wish.host is not Host.SHOP:
            return []
        return [self._window(wish, self._figures.shop_per_second, rules.SECOND, "shop", egress)]

    def _shared_windows(self, wish: Wish) -> list[Window]:
        figures = self._figures
        windows = [self._window(wish, figures.global_per_second, rules.SECOND, "all")]
        if wish.store:
            windows.append(self._window(wish, 1, figures.pricefeed_gap, "pace", wish.store))
        if wish.token:
            limit = figures.orders_per_second
            windows.append(self._window(wish, limit, rules.SECOND, "token", wish.token))
        return windows

    def give_back(self, grant: Granted, changes: int) -> None:
        """Undo changes of a send that never left."""
        if grant.wish.store:
            known = self._changes_of(grant.wish.store, _group(grant.wish))
            known.give_back(grant.at, changes)

    def store(self, store: str) -> StoreSnapshot:
        """Read what this process knows of a store's budget for prices."""
        now = self._clock.now()
        changes = self._changes_of(store, rules.GROUP_OF[RequestKind.REPRICE])
        is_known = self._refill is not None or now >= self._started_at + rules.CHANGES_WINDOW
        ban = self._ban(store)
        return StoreSnapshot(
            used=changes.used(now),
            limit=self._figures.changes_per_window,
            room=changes.room(now) if is_known else 0,
            next_free_at=changes.next_free_at(now) if changes.used(now) else None,
            blocked_until=ban if ban and ban > now else None,
        )

    def snapshot(self, egresses: tuple[str, ...]) -> LimitsSnapshot:
        """Read what this process used of its own share."""
        now = self._clock.now()
        groups = {name[0]: w.used(now) for name, w in self._windows.items() if name[1:] == ("all",)}
        return LimitsSnapshot(
            used=sum(groups.values()),
            limit=self._figures.global_per_second,
            groups={group: groups.get(group, 0) for group in rules.SHARES},
            waiting={},
            egresses=tuple(self._egress(key, now) for key in egresses),
            is_degraded=True,
        )

    def _egress(self, key: str, now: datetime) -> EgressSnapshot:
        windows = [w for name, w in self._windows.items() if name[1:] == ("shop", key)]
        ban = self._blocks.egresses.get((Host.SHOP, key), now)
        breaker = self._blocks.breakers.get((Host.SHOP, key), now)
        return EgressSnapshot(
            key=key,
            used=sum(window.used(now) for window in windows),
            limit=self._figures.shop_per_second,
            banned_until=ban if ban > now else None,
            breaker_until=breaker if breaker > now else None,
            errors=self._blocks.errors.get((Host.SHOP, key), 0),
        )


def _group(wish: Wish) -> str:
    return rules.GROUP_OF[wish.kind]


def _wait(at: datetime, now: datetime, reason: WaitReason) -> Wait:
    return Wait(max(0.001, (at - now).total_seconds()), reason)
