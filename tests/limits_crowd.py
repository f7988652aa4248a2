"""Words that the tests of the limits share: wishes, clocks with an error, and a crowd that asks."""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count

from cube_demper.core.clock import FixedClock
from cube_demper.integrations.kaspi.limits.limits import Limits
from cube_demper.integrations.kaspi.limits.rules import (
    Granted,
    Host,
    Refill,
    RequestKind,
    Wait,
    Wish,
)

START = datetime(2026, 11, 22, 5, tzinfo=UTC)


class SkewedClock:
    """The clock of another machine: the true one and a constant error."""

    def __init__(self, true: FixedClock, skew_ms: int = 0) -> None:
        self._true, self._skew = true, timedelta(milliseconds=skew_ms)

    def now(self) -> datetime:
        return self._true.now() + self._skew

    async def sleep(self, seconds: float) -> None:
        await self._true.sleep(seconds)


async def nothing_sent() -> Refill:
    return Refill()


def wish(
    kind: RequestKind = RequestKind.REPRICE,
    *candidates: str,
    host: Host = Host.SHOP,
    store: str | None = None,
    changes: int = 0,
    token: str | None = None,
) -> Wish:
    return Wish(kind, host, candidates or ("direct",), store, changes, token)


async def granted(limits: Limits, asked: Wish, ticket: int = 0) -> Granted:
    answer = await limits.take(asked, ticket=ticket)
    assert isinstance(answer, Granted), answer
    return answer


async def waits(limits: Limits, asked: Wish) -> Wait:
    answer = await limits.take(asked)
    assert isinstance(answer, Wait), answer
    return answer


@dataclass
class Crowd:
    """Requesters that ask again as soon as they are served, in simulated time."""

    clock: FixedClock
    grants: list[tuple[datetime, Granted]] = field(default_factory=list)
    asked: int = 0

    async def run(self, demands: list[tuple[Limits, Wish]], seconds: float) -> None:
        end = self.clock.now() + timedelta(seconds=seconds)
        order = count()
        heap = [(self.clock.now(), next(order), limits, asked, 0) for limits, asked in demands]
        heapq.heapify(heap)
        while heap and heap[0][0] < end:
            at, _, limits, asked, ticket = heapq.heappop(heap)
            self.clock.move(seconds=max(0.0, (at - self.clock.now()).total_seconds()))
            answer = await limits.take(asked, ticket=ticket)
            self.asked += 1
            pause = 0.001
            if isinstance(answer, Granted):
                self.grants.append((self.clock.now(), answer))
                ticket = 0
            else:
                pause, ticket = answer.seconds, answer.ticket
            again = self.clock.now() + timedelta(seconds=pause)
            heapq.heappush(heap, (again, next(order), limits, asked, ticket))
        self.clock.move(seconds=max(0.0, (end - self.clock.now()).total_seconds()))

    def count(self, *kinds: RequestKind, after: datetime | None = None) -> int:
        return sum(
            grant.wish.kind in kinds and (after is None or at >= after) for at, grant in self.grants
        )


def fullest(moments: list[datetime], span: timedelta) -> int:
    """Return the most moments that any half-open window of `span` holds."""
    moments = sorted(moments)
    first, most = 0, 0
    for last, moment in enumerate(moments):
        while moments[first] <= moment - span:
            first += 1
        most = max(most, last - first + 1)
    return most
