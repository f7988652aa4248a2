"""What the statistics page reads."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Final

from cube_demper.core.clock import ALMATY
from cube_demper.db.session import ReadTx
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.operations import service as operations
from cube_demper.domain.operations.schemas import Heartbeat
from cube_demper.domain.operations.service import ALIVE_WITHIN
from cube_demper.domain.statistics import machine_queries, queries
from cube_demper.domain.statistics.schemas import DayRow, Machine, Report, Worker

ONLINE_WITHIN: Final = timedelta(minutes=5)
"""A page that is used tells its server something at least so often."""
BUDGET_WINDOW: Final = timedelta(minutes=30)
_REMEMBERED: Final = timedelta(hours=12)


async def report(tx: ReadTx, actor: Actor, days: int, now: datetime) -> Report:
    """Return the figures of the last `days` days of Almaty, today included. Raises PermissionDenied."""
    actor.require_operator()
    today = now.astimezone(ALMATY).date()
    first = today - timedelta(days=days - 1)
    since = datetime.combine(first, time(), ALMATY)
    known = await queries.list_days(tx, first, today)
    revenue = await queries.revenue_by_day(
        tx, since - timedelta(days=days), now + timedelta(days=1)
    )
    return Report(
        days=[
            known.get(day, DayRow(day)) for day in (first + timedelta(days=n) for n in range(days))
        ],
        plans=await queries.list_plans(tx, now),
        trials=await queries.count_trials(tx, now),
        churn=await queries.churn(tx, since, now),
        revenue={day: it for day, it in revenue.items() if day >= first},
        revenue_before=sum(sum(it.values()) for day, it in revenue.items() if day < first),
        sign_ups=await queries.count_sign_ups(tx, since),
    )


async def machine(
    tx: ReadTx, actor: Actor, now: datetime, *, changes_limit: int, speed: float = 1.0
) -> Machine:
    """Say how the machine is now; `changes_limit`: of one store in 30 minutes, `speed`: of the clock.

    Raises PermissionDenied.
    """
    actor.require_operator()
    return Machine(
        online=await queries.count_online(tx, now - ONLINE_WITHIN),
        workers=_workers(
            await operations.alive(tx, now, within=_REMEMBERED), now - ALIVE_WITHIN * speed
        ),
        queues=await machine_queries.list_queues(tx),
        budgets=await machine_queries.list_budgets(tx, now - BUDGET_WINDOW, now),
        changes_limit=changes_limit,
        failing=await machine_queries.count_failing(tx),
    )


def _workers(beats: Sequence[Heartbeat], since: datetime) -> list[Worker]:
    """Leave out the dead whose part has a living process, and all but the last of the others."""
    alive = [Worker(it, is_alive=True) for it in beats if it.seen_at >= since]
    served = {(it.beat.name, it.beat.instance_index) for it in alive}
    dead = {
        (it.name, it.instance_index): Worker(it, is_alive=False)
        for it in sorted(beats, key=lambda it: it.seen_at)
        if (it.name, it.instance_index) not in served
    }
    return [*dead.values(), *alive]
