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
from cube_demper.sandbox.options import SandboxOptions
from cube_demper.sandbox.seeding import StorePlan, WorldPlan
from cube_demper.sandbox.server import Sandbox
from tests.benchmarks._kaspi import Kaspi
from tests.benchmarks._stage import ROOT
from tests.benchmarks.chase import PRICE_LISTS
from tests.benchmarks.simulator.markets import World, draw

STORES = 4
"""Each sells an eighth of the cards alone and shares four eighths with the others: 2.5 products a card."""
_UPLOAD = 30.0
_FIRST_STORE, _FIRST_RIVAL = 30_000_001, 41_000_001
_BEGIN = 10 * 3600.0
"""Ten in the morning of a drawn day: people are at work too."""
_FASTEST_AN_HOUR = 24.0
"""Faster rivals would only show the price-war guard: five falls in half an hour, then two hours of rest."""
_LOWEST, _HIGHEST = 0.85, 0.97
"""Of a card's first cheapest price, the leader's: every move of it asks for an answer."""


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
    own = day.cards // 8
    plan = WorldPlan(
        stores=tuple(
            StorePlan(
                str(_FIRST_STORE + number),
                f"Лавка {number + 1}",
                goods=5 * own,
                shared=4 * own,
                cities=(ALMATY_CITY,),
            )
            for number in range(STORES)
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


def moves_of(day: Day) -> World:
    """Return the hours of a drawn day that are played, from its beginning, the too lively cards thinned."""
    plan = replace(PRICE_LISTS, products=day.cards * 5 // 2, stores=STORES, seed=day.seed)
    world, chance = draw(plan), random.Random(day.seed)
    end = _BEGIN + day.hours * 3600
    for card, all_moves in enumerate(world.moves):
        own = [at - _BEGIN for at in all_moves if _BEGIN <= at < end]
        kept = min(1.0, _FASTEST_AN_HOUR * day.hours / len(own)) if own else 1.0
        world.moves[card] = [at for at in own if chance.random() < kept]
    world.plan = replace(plan, days=day.hours / 24)
    return world


async def _move(sandbox: Sandbox, folder: Path, day: Day) -> None:
    while not (folder / "go").exists():  # noqa: ASYNC110 - another process makes it
        await asyncio.sleep(0.02)
    chance, world = random.Random(day.seed), moves_of(day)
    cards = [card.id for card in sandbox.world.cards.values()]
    leaders = [
        _leader(sandbox, card, rival) for card, rival in zip(cards, world.rival, strict=True)
    ]
    bases = [_cheapest(sandbox, card) for card in cards]
    schedule = sorted((at, place) for place, own in enumerate(world.moves) for at in own)
    began = sandbox.now()
    with (folder / "moves.jsonl").open("wb") as log:
        for card, price in zip(cards, bases, strict=True):
            _write(log, began, card, price)
        for at, place in schedule:
            await sandbox.clock.sleep(began + at - sandbox.now())
            price = round(bases[place] * chance.uniform(_LOWEST, _HIGHEST))
            sandbox.market.set_rival(cards[place], leaders[place], price)
            _write(log, sandbox.now(), cards[place], _cheapest(sandbox, cards[place]))


def _leader(sandbox: Sandbox, card: str, rival: int) -> str:
    """Give the card the rival that moves there, the same on all cards of its price list."""
    listing = sandbox.market.rivals_on(card)[0]
    uid, name = f"{_FIRST_RIVAL + rival}", f"Соперник {rival + 1}"
    listing.merchant, listing.preorder = replace(listing.merchant, uid=uid, name=name), 0
    return uid


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
