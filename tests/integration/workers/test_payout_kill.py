"""kill -9 of the worker while it reads a payout report and while it matches one: no line twice, none lost."""

from __future__ import annotations

import asyncio
import signal
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from payout_scene import Sheet, add_order, order, sale_of
from records import add_store, add_user, seller
from sqlmodel import col, select
from worker_process import Forked, Nursery

from cube_demper.db.session import Database
from cube_demper.domain.economics.payouts import service
from cube_demper.models.operations import OutboxMessage
from cube_demper.models.payouts import (
    DifferenceKind,
    PayoutDifference,
    PayoutLine,
    PayoutReport,
    PayoutStatus,
)

pytestmark = pytest.mark.slow
LINES, KNOWN = 5_000, 20
"""Five batches of a thousand are read, ten of five hundred are matched."""


async def _sent(db: Database) -> None:
    """Send a report by the rules, of whose orders we have a few."""
    orders = [order(number, 1_990_000) for number in range(LINES)]
    content = Sheet(tuple(map(sale_of, orders))).csv()
    async with db.write() as tx:
        user = await add_user(tx)
        store = await add_store(tx, user)
        for known in orders[:KNOWN]:
            await add_order(tx, store, known)
        await service.start_report(
            tx, seller(user), store.id, ("выплаты.csv", content), datetime.now(UTC)
        )


async def _until(db: Database, status: PayoutStatus, child: Forked, *, done: int = 0) -> None:
    while True:
        async with db.read() as tx:
            found = select(col(PayoutReport.status), col(PayoutReport.done))
            now, so_far = (await tx.execute(found)).one()
        if now == status and so_far >= done:
            return
        assert child.returncode is None, f"the worker ended with {child.returncode}"
        assert now in {PayoutStatus.READING, PayoutStatus.MATCHING}, f"{status} was missed: {now}"
        await asyncio.sleep(0.02)


async def _let_another_take_it(db: Database) -> None:
    """Let the half minute pass for which a dead worker holds its message."""
    now = datetime.now(UTC)
    async with db.write() as tx:
        unfinished = select(OutboxMessage).where(col(OutboxMessage.done_at).is_(None))
        message = (await tx.scalars(unfinished)).one()
        assert message.next_try_at <= now + timedelta(seconds=30)
        message.next_try_at = now


async def test_a_report_killed_while_read_and_while_matched_is_whole_in_the_end(
    db: Database, nursery: Nursery, database_url: str, redis_url: str
) -> None:
    await _sent(db)
    environment = {"DATABASE_URL": database_url, "REDIS_URL": redis_url}
    for status, done in ((PayoutStatus.READING, 1_000), (PayoutStatus.MATCHING, 1_000)):
        async with nursery.worker("outbox", environment) as child:
            await _until(db, status, child, done=done)
            child.send_signal(signal.SIGKILL)
            await child.wait()
        await _let_another_take_it(db)
    async with nursery.worker("outbox", environment) as child:
        await _until(db, PayoutStatus.READY, child)
    async with db.read() as tx:
        lines = (await tx.execute(select(col(PayoutLine.number), col(PayoutLine.is_fine)))).all()
        kinds = (await tx.scalars(select(col(PayoutDifference.kind)))).all()
    assert len(lines) == len({number for number, _ in lines}) == LINES
    assert sum(is_fine for _, is_fine in lines) == KNOWN
    assert Counter(kinds) == {DifferenceKind.UNKNOWN_ORDER: LINES - KNOWN}
