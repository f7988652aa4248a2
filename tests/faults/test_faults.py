"""Twenty seeded runs of faults: no price out of bounds, none sent twice, none lost, no ban by us."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator

import pytest
from faults.kinds import KINDS
from faults.run import draw, play
from faults.servers import Servers

SEEDS = range(1, 21)


@pytest.fixture(scope="module")
async def servers() -> AsyncIterator[Servers]:
    async with Servers.running() as running:
        yield running


def test_the_seeds_have_every_kind_of_fault_twice() -> None:
    kinds = Counter(fault.kind for seed in SEEDS for fault in draw(seed))
    assert set(kinds) == set(KINDS)
    assert min(kinds.values()) >= 2


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS, ids=[f"seed-{seed:03}" for seed in SEEDS])
async def test_after_faults_all_is_well(servers: Servers, seed: int) -> None:
    run = await play(servers, seed)
    if run.verdict.problems:
        pytest.fail(f"{run.describe()}\n{run.log[-6000:]}", pytrace=False)
