"""How long a store's goods wait for their looks, with and without another store's ban."""

from __future__ import annotations

import statistics
import tempfile
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from pathlib import Path

from faults.servers import Servers
from faults.stage import FIRST, SECOND, FaultStage, fault_stage

_MINUTES = 29.0


@dataclass(frozen=True)
class Waits:
    """Seconds of the clock between two looks at the same card."""

    median: float
    longest: float
    looks: int


async def measure(servers: Servers, *, is_banned: bool) -> Waits:
    """Let half an hour pass at the clock's own speed; the first store may be banned all the while."""
    with tempfile.TemporaryDirectory(prefix="cube-waits-") as folder:
        async with fault_stage(servers, 1, Path(folder)) as stage:
            if is_banned:
                ban = stage.sandbox.fault("status", "pricefeed", store=FIRST, status=429, count=1)
                assert await stage.until(lambda: ban.hits > 0, 20)
            number = stage.sandbox.journal.last_number
            await stage.until(lambda: False, _MINUTES)
            assert not is_banned or not stage.accepted(number, FIRST)
            return _waits(stage, number)


def _waits(stage: FaultStage, number: int) -> Waits:
    """Read the looks at cards that only the second store sells."""
    cards = {
        listing.card_id
        for listing in stage.sandbox.world.stores[SECOND].values()
        if listing.card_id
        not in {own.card_id for own in stage.sandbox.world.stores[FIRST].values()}
    }
    seen: dict[str, list[datetime]] = defaultdict(list)
    for entry in stage.sandbox.journal.since(number, kind="request"):
        if entry["card"] in cards:
            seen[entry["card"]].append(datetime.fromisoformat(entry["at"]))
    gaps = [
        (later - earlier).total_seconds()
        for times in seen.values()
        for earlier, later in pairwise(times)
    ]
    assert set(seen) == cards
    return Waits(statistics.median(gaps), max(gaps), len(gaps))
