"""A sandbox whose rivals move as a drawn market says: `python -m tests.benchmarks._market_day FOLDER …`.

A process of its own. It writes `moves.jsonl`: when the cheapest rival of a card changed, and to what.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import orjson
import uvloop

from cube_demper.core.clock import ScaledClock
from cube_demper.sandbox.cities import ALMATY_CITY
from cube_demper.sandbox.limits import LimitRules
from cube_demper.sandbox.market import ApplyDelay
from cube_demper.sandbox.seeding import StorePlan, WorldPlan
from cube_demper.sandbox.server import Sandbox, SandboxOptions
from tests.benchmarks._kaspi import Kaspi
from tests.benchmarks._stage import ROOT
from tests.benchmarks.simulator.markets import Plan, draw

STORES = 4
"""They sell all, three quarters, a half and a quarter of the cards: 2.5 products a card."""
_UPLOAD = 30.0
_FIRST_STORE = 30_000_001
_FASTEST_AN_HOUR = 24.0
"""Faster rivals would only show the price-war guard: five falls in half an hour, then two hours of rest."""


@dataclass(frozen=True)
class Day:
    """How the day runs. `speed`: of the clock; `hours`: of its time; `start`: an ISO moment."""

    cards: int
    speed: float
    hours: float
    start: str
    seed: int = 7

    @property
    def clock(self) -> ScaledClock:
        """Return the clock that all processes share."""
        return ScaledClock(datetime.fromisoformat(self.start), self.speed)


@contextmanager
def market_day(folder: Path, day: Day) -> Iterator[Kaspi]:
    """Run such a sandbox; its rivals begin to move when the file `go` appears in the folder."""
    child = subprocess.Popen(
        [sys.executable, "-m", __name__, str(folder), json.dumps(day.__dict__)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert child.stdout is not None
        yield Kaspi(**json.loads(child.stdout.readline()), folder=folder, pid=child.pid)
    finally:
        child.send_signal(signal.SIGTERM)
        child.wait()


def begin(folder: Path) -> None:
    """Let the rivals move."""
    (folder / "go").touch()


def _options(folder: Path, day: Day) -> SandboxOptions:
    parts = [day.cards * (STORES - number) // STORES for number in range(STORES)]
    plan = WorldPlan(
        stores=tuple(
            StorePlan(str(_FIRST_STORE + n), f"Лавка {n + 1}", part, part, cities=(ALMATY_CITY,))
            for n, part in enumerate(parts)
        ),
        rivals=30,
        rivals_per_card=(3, 5),
        alone_share=0.0,
        # Stores begin first: else 250 changes per 30 minutes would be all that the day shows.
        lively_share=0.0,
        slow_share=1.0,
    )
    return SandboxOptions(
        seed=day.seed,
        plan=plan,
        state_dir=folder,
        delay=ApplyDelay(_UPLOAD, _UPLOAD),
        limits=LimitRules(),
    )


async def _serve(folder: Path, day: Day) -> None:
    uids = [str(_FIRST_STORE + number) for number in range(STORES)]
    stopping = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopping.set)
    async with Sandbox.start(clock=day.clock, options=_options(folder, day)) as sandbox:
        sandbox.market.freeze_rivals()
        ready = {
            "shop_url": sandbox.shop_url,
            "merchant_url": sandbox.merchant_url,
            "proxies": [],
            "cookies": sandbox.cookies(),
            "stores": uids,
        }
        os.write(sys.stdout.fileno(), json.dumps(ready).encode() + b"\n")
        moving = asyncio.create_task(_move(sandbox, folder, day))
        await stopping.wait()
        moving.cancel()


async def _move(sandbox: Sandbox, folder: Path, day: Day) -> None:
    while not (folder / "go").exists():  # noqa: ASYNC110 - another process makes it
        await asyncio.sleep(0.02)
    chance = random.Random(day.seed)
    cards = [card.id for card in sandbox.world.cards.values()]
    bases = {card: _cheapest(sandbox, card) for card in cards}
    began = sandbox.now()
    with (folder / "moves.jsonl").open("wb") as log:
        for card in cards:
            _write(log, began, card, bases[card])
        for at, card in _schedule(day, cards):
            await sandbox.clock.sleep(began + at - sandbox.now())
            rival = chance.choice(sandbox.market.rivals_on(card))
            price = round(bases[card] * chance.uniform(0.93, 1.05))
            sandbox.market.set_rival(card, rival.merchant.uid, price)
            _write(log, sandbox.now(), card, _cheapest(sandbox, card))


def _schedule(day: Day, cards: list[str]) -> list[tuple[float, str]]:
    """Take the moves of a drawn market from nine in the morning on, the too lively cards thinned."""
    plan = replace(
        Plan(), products=round(len(cards) * 2.5), stores=STORES, session=4.0, seed=day.seed
    )
    hours, begin_at = day.hours, 10 * 3600.0
    end = begin_at + hours * 3600
    chance, moves = random.Random(day.seed), []
    for card, all_moves in zip(cards, draw(plan).moves, strict=True):
        own = [at - begin_at for at in all_moves if begin_at <= at < end]
        kept = min(1.0, _FASTEST_AN_HOUR * hours / len(own)) if own else 1.0
        moves += [(at, card) for at in own if chance.random() < kept]
    return sorted(moves)


def _cheapest(sandbox: Sandbox, card: str) -> int:
    prices = [
        price
        for rival in sandbox.market.rivals_on(card)
        if (price := rival.price_in(ALMATY_CITY.id)) is not None
    ]
    return min(prices)


def _write(log: object, at: float, card: str, price: int) -> None:
    line = {"at": datetime.fromtimestamp(at, UTC).isoformat(), "card": card, "price": price}
    log.write(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE))  # type: ignore[attr-defined]
    log.flush()  # type: ignore[attr-defined]


if __name__ == "__main__":
    uvloop.run(_serve(Path(sys.argv[1]), Day(**json.loads(sys.argv[2]))))
