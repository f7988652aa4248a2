"""Workers that die with a charge or a refund on its way: nobody pays twice, nothing is lost."""

from __future__ import annotations

import pytest
from billing_kills import kill_again_and_again
from worker_process import Nursery


@pytest.mark.usefixtures("clean_db")
async def test_workers_killed_around_money(
    nursery: Nursery, database_url: str, redis_url: str
) -> None:
    tally = await kill_again_and_again(nursery, database_url, redis_url, kills=4, seed=7)
    assert tally.kills == 4
    assert tally.renewed == tally.sellers
    assert tally.refunded == 3
    wrong = (tally.charged_twice, tally.lost, tally.refunded_twice, tally.off_by, tally.not_zero)
    assert wrong == (0, 0, 0, 0, 0)
