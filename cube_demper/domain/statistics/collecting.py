"""Collecting days: today's figures again and again, and one forgotten day a pass."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Final

from cube_demper.core.clock import ALMATY
from cube_demper.core.errors import PermissionDenied
from cube_demper.db.session import WriteTx
from cube_demper.domain.accounts.schemas import SYSTEM, Actor, Role
from cube_demper.domain.statistics import day_queries, queries
from cube_demper.domain.statistics.schemas import ErrorKind
from cube_demper.domain.stores import administration as stores

_BACK: Final = 90
"""Days: older ones that nobody collected stay unknown."""


async def collect(tx: WriteTx, actor: Actor, now: datetime) -> int:
    """Write today's figures and those of one past day that is missing; return how many days were written.

    Yesterday is written once more after midnight: its last changes have their outcome by then.
    Raises PermissionDenied unless the product itself asks.
    """
    if actor.role is not Role.SYSTEM:
        raise PermissionDenied
    today = now.astimezone(ALMATY).date()
    known = set(await queries.known_days(tx, today - timedelta(days=_BACK)))
    if today not in known and known:
        await _count(tx, today - timedelta(days=1))
    await _count(tx, today, **await _standing(tx, now))
    tx.emit("staff", "statistics")
    missing = [
        day for day in (today - timedelta(days=n) for n in range(1, _BACK)) if day not in known
    ]
    if missing:
        await _count(tx, missing[0])
    return 1 + bool(missing)


async def remember(tx: WriteTx, actor: Actor, days: Mapping[date, Mapping[str, int]]) -> None:
    """Write the figures of past days that nobody collected. Raises PermissionDenied."""
    if actor.role is not Role.SYSTEM:
        raise PermissionDenied
    known = set(await queries.known_days(tx, min(days)))
    for day in days.keys() - known:
        await queries.save_day(tx, day, days[day])


async def _count(tx: WriteTx, day: date, **standing: int) -> None:
    since = datetime.combine(day, time(), ALMATY)
    until = since + timedelta(days=1)
    prices = await day_queries.count_prices(tx, since, until)
    errors = await day_queries.count_errors(tx, since, until)
    errors[ErrorKind.SEND] = prices["refused"]
    await queries.save_day(tx, day, {**prices, "errors": errors, **standing})


async def _standing(tx: WriteTx, now: datetime) -> dict[str, int]:
    plans = await queries.list_plans(tx, now)
    return {
        **await day_queries.count_goods(tx),
        "stores": await stores.count_working(tx, SYSTEM, now),
        "paying": sum(it.people for it in plans),
        "trials": await queries.count_trials(tx, now),
        "mrr": sum(it.mrr for it in plans),
    }
