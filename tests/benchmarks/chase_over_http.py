"""The chase for real: a demping worker against the sandbox over HTTP, with the clock sped up.

The budget is cut as much as the clock is fast, so that real looks are at most 60 a second. The same market is
played twice: for the worker, and for the same worker without the chase (`_plain_worker`).
"""

from __future__ import annotations

import asyncio
import os
import signal
import statistics
import subprocess
import sys
import tempfile
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import orjson

from cube_demper.core.settings import KaspiSettings, Settings
from cube_demper.embedded import Services
from tests.benchmarks._kaspi import Kaspi
from tests.benchmarks._market_day import Day, begin, market_day
from tests.benchmarks._stage import ROOT, print_table, servers
from tests.benchmarks._traffic import connect
from tests.benchmarks.chase import RECORDED

SPEED, RPS, CARDS, HOURS = 20.0, 3.0, 2_000, 0.45
_LEARNING = 0.4
"""The part of the day that is not counted, for either: at first all goods are due and none is known."""
_STEP = 1
_POLICIES = {"plain": "tests.benchmarks._plain_worker", "ours": "workers"}


@dataclass
class Seen:
    """What a day showed."""

    replies: list[float] = field(default_factory=list)
    away: float = 0.0
    moving: float = 0.0
    looks: int = 0
    seconds: float = 0.0
    bans: int = 0


def main() -> None:
    """Play the day twice and print."""
    show(Day(CARDS, SPEED, HOURS, ""))


def show(day: Day) -> None:
    """Play the day with each policy and compare."""
    sys.stdout.write(
        f"{day.cards} cards, {day.cards * 5 // 2} products in 4 stores, {RPS:g} requests a second"
        f" of a clock {day.speed:g} times as fast, {day.hours:g} hours of it; {day}\n"
    )
    found = {name: asyncio.run(_play(day, module)) for name, module in _POLICIES.items()}
    plain = found["plain"]
    print_table(
        (
            "policy",
            "answered",
            "median, s",
            "plain / it",
            "away, %",
            "plain / it",
            "looks/s",
            "bans",
        ),
        [_row(name, it, plain) for name, it in found.items()],
    )


def _row(name: str, it: Seen, plain: Seen) -> list[str]:
    median, away = statistics.median(it.replies), it.away / it.moving
    return [
        name,
        str(len(it.replies)),
        f"{median:.0f}",
        f"{statistics.median(plain.replies) / median:.1f}",
        f"{100 * away:.2f}",
        f"{plain.away / plain.moving / away:.1f}",
        f"{it.looks / it.seconds:.1f}",
        str(it.bans),
    ]


async def _play(day: Day, module: str) -> Seen:
    with tempfile.TemporaryDirectory() as name, servers() as stage:
        folder = Path(name)
        start = datetime.now(UTC).isoformat()
        day = Day(day.cards, day.speed, day.hours, start, day.seed)
        with market_day(folder, day) as kaspi:
            settings = _settings(stage, kaspi, day)
            await connect(stage, kaspi, settings=settings, are_one_seller=True, minutes=15)
            with _worker(settings, module, folder):
                begin(folder)
                await asyncio.sleep(day.hours * 3600 / day.speed)
            RECORDED.parent.mkdir(exist_ok=True)
            RECORDED.write_bytes((folder / "moves.jsonl").read_bytes())
            return _measure(kaspi, folder, day)


def _settings(stage: Services, kaspi: Kaspi, day: Day) -> Settings:
    return Settings(
        DATABASE_URL=stage.database_url,
        REDIS_URL=stage.redis_url,
        CUBE_CLOCK=f"{day.start}@{day.speed}",
        kaspi=KaspiSettings(
            KASPI_SHOP_URL=kaspi.shop_url,
            KASPI_MERCHANT_URL=kaspi.merchant_url,
            KASPI_GLOBAL_RPS=RPS,
        ),
    )


@contextmanager
def _worker(settings: Settings, module: str, folder: Path) -> Iterator[None]:
    assert settings.database_url is not None
    assert settings.redis_url is not None
    words = ["demping"] if module == "workers" else []
    with (folder / "worker.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", module, *words],
            cwd=ROOT,
            stdout=log,
            stderr=subprocess.STDOUT,
            env={
                **os.environ,
                "DATABASE_URL": settings.database_url.get_secret_value(),
                "REDIS_URL": settings.redis_url.get_secret_value(),
                "CUBE_CLOCK": settings.clock or "",
                "KASPI_SHOP_URL": settings.kaspi.shop_url,
                "KASPI_MERCHANT_URL": settings.kaspi.merchant_url,
                "KASPI_GLOBAL_RPS": str(RPS),
            },
        )
        try:
            yield
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)


def _measure(kaspi: Kaspi, folder: Path, day: Day) -> Seen:
    moves = _moves(folder)
    began = min(at for by_card in moves.values() for at, _ in by_card)
    end = began + day.hours * 3600
    since = began + _LEARNING * (end - began)
    seen = Seen(seconds=(end - since) / day.speed)
    shown: dict[tuple[str, str], list[tuple[float, int]]] = defaultdict(list)
    for entry in kaspi.journal():
        at = datetime.fromisoformat(entry["at"]).timestamp()
        if entry["kind"] == "settled" and entry["result"] == "applied":
            price = entry["city_prices"]["750000000"]
            shown[entry["store"], entry["card"]].append((at, price))
        seen.bans += entry["kind"] == "ban"
        seen.looks += entry.get("route") == "offers" and since <= at < end
    for (_, card), prices in shown.items():
        _judge(seen, moves[card], prices, since, end)
    return seen


def _judge(
    seen: Seen,
    moves: list[tuple[float, int]],
    prices: list[tuple[float, int]],
    since: float,
    end: float,
) -> None:
    """Add one product: a move is answered when the window first shows an answer to it or a later one."""
    changes = [at for at, _ in moves]
    if bisect_right(changes, end) == bisect_left(changes, since):
        return
    targets = [price - _STEP for _, price in moves]
    shown_at = [at for at, _ in prices]
    seen.moving += end - since
    for place, at in enumerate(changes):
        if not since <= at < end:
            continue
        later = [
            when
            for when, price in prices[bisect_right(shown_at, at) :]
            if when < end and price in targets[place : bisect_right(changes, when)]
        ]
        if later:
            seen.replies.append(later[0] - at)
    for start, stop, target, shown in _stretches(moves, prices, since, end):
        seen.away += (stop - start) * (shown is not None and shown != target)


def _stretches(
    moves: list[tuple[float, int]], prices: list[tuple[float, int]], since: float, end: float
) -> Iterator[tuple[float, float, int, int | None]]:
    """Yield stretches in which neither the market nor the window changes: from, to, target, shown."""
    times = sorted({since, end, *(at for at, _ in [*moves, *prices] if since < at < end)})
    changes, shown_at = [at for at, _ in moves], [at for at, _ in prices]
    for start, stop in pairwise(times):
        target = moves[max(0, bisect_right(changes, start) - 1)][1] - _STEP
        place = bisect_right(shown_at, start) - 1
        yield start, stop, target, prices[place][1] if place >= 0 else None


def _moves(folder: Path) -> dict[str, list[tuple[float, int]]]:
    """Return by card when its cheapest rival changed, and to what."""
    found: dict[str, list[tuple[float, int]]] = defaultdict(list)
    for line in (folder / "moves.jsonl").read_bytes().splitlines():
        row = orjson.loads(line)
        at = datetime.fromisoformat(row["at"]).timestamp()
        if not found[row["card"]] or found[row["card"]][-1][1] != row["price"]:
            found[row["card"]].append((at, row["price"]))
    return found


if __name__ == "__main__":
    main()
