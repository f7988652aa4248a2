"""Twenty seeded runs of faults: no price out of bounds, none sent twice, none lost, no ban by us."""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from collections.abc import AsyncIterator

import pytest
from faults.kinds import KINDS
from faults.run import Run, draw, play
from faults.servers import Servers

SEEDS = range(1, 21)
LANES = 2
"""Runs wait more than they work, so two go on at a time, each with servers of its own to break."""

Runs = dict[int, asyncio.Future[Run]]


async def _lane(seeds: deque[int], runs: Runs) -> None:
    async with Servers.running() as servers:
        while seeds:
            seed = seeds.popleft()
            try:
                runs[seed].set_result(await play(servers, seed))
            except Exception as error:  # noqa: BLE001 - it is the test's that asks for this seed
                runs[seed].set_exception(error)


@pytest.fixture(scope="module")
async def runs(request: pytest.FixtureRequest) -> AsyncIterator[Runs]:
    """Play the seeds that were asked for, ahead of the tests that judge them."""
    asked = [
        item.callspec.params["seed"]
        for item in request.session.items
        if isinstance(item, pytest.Function) and item.originalname == test_after_faults.__name__
    ]
    found: Runs = {seed: asyncio.get_running_loop().create_future() for seed in asked}
    seeds = deque(asked)
    lanes = [asyncio.create_task(_lane(seeds, found)) for _ in range(min(LANES, len(asked)))]
    yield found
    seeds.clear()
    await asyncio.gather(*lanes)
    for run in found.values():
        run.cancel()


def test_the_seeds_have_every_kind_of_fault_twice() -> None:
    kinds = Counter(fault.kind for seed in SEEDS for fault in draw(seed))
    assert set(kinds) == set(KINDS)
    assert min(kinds.values()) >= 2


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS, ids=[f"seed-{seed:03}" for seed in SEEDS])
async def test_after_faults(runs: Runs, seed: int) -> None:
    run = await runs[seed]
    if run.verdict.problems:
        pytest.fail(f"{run.describe()}\n{run.log[-6000:]}", pytrace=False)
