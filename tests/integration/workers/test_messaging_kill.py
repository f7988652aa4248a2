"""Twenty kill -9s of the messaging worker at random moments: nothing arrives twice, nothing gets lost."""

from __future__ import annotations

import pytest
from broadcast_kills import fill_broadcasts
from messaging_kills import kill_again_and_again
from redis.asyncio import Redis
from worker_process import Nursery

from cube_demper.db.session import Database

pytestmark = pytest.mark.slow


async def test_nobody_is_written_to_twice_whenever_the_worker_dies(
    db: Database, redis: Redis, nursery: Nursery, database_url: str, redis_url: str
) -> None:
    tally = await kill_again_and_again(
        nursery, database_url, redis_url, kills=20, seed=6, messages=260
    )
    assert tally.twice == 0, tally
    assert tally.untracked == 0, tally
    assert tally.not_over == 0, tally
    assert tally.kills == 20, tally
    assert tally.sent == tally.arrived, tally
    assert tally.sent + tally.unknown == 260, tally


async def test_nobody_of_a_broadcast_is_written_to_twice_whenever_the_worker_dies(
    db: Database, redis: Redis, nursery: Nursery, database_url: str, redis_url: str
) -> None:
    tally = await kill_again_and_again(
        nursery, database_url, redis_url, kills=5, seed=7, messages=80, fill=fill_broadcasts
    )
    assert tally.twice == 0, tally
    assert tally.untracked == 0, tally
    assert tally.kills == 5, tally
    assert tally.sent == tally.arrived, tally
    assert tally.sent + tally.unknown == 80, tally
