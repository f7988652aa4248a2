"""What support did: by person and by day."""

from __future__ import annotations

from datetime import datetime, timedelta

from cube_demper.core.errors import InvalidInput
from cube_demper.db.session import ReadTx
from cube_demper.domain.accounts.schemas import Actor, Role
from cube_demper.domain.support import statistics_queries as queries
from cube_demper.domain.support.access import name_of, require_staff
from cube_demper.domain.support.schemas import DayStats, PersonStats

LONGEST = timedelta(days=400)


async def stats(tx: ReadTx, actor: Actor, since: datetime, until: datetime) -> list[PersonStats]:
    """Return what each support person did. Staff only; who is no admin gets their own row alone.

    Raises InvalidInput for more than 400 days.
    """
    user_id = require_staff(actor)
    _check(since, until)
    only = None if actor.role is Role.ADMIN else user_id
    rows = await queries.by_person(tx, since, until, only)
    return [
        PersonStats(
            user_id=it["user_id"],
            name=name_of(it["full_name"], it["email"]),
            answered=it["answered"],
            closed=it["closed"],
            open_now=it["open_now"],
            median_answer=(
                timedelta(seconds=float(it["median"])) if it["median"] is not None else None
            ),
            late_answers=it["late"],
            rating=float(it["rating"]) if it["rating"] is not None else None,
            ratings=it["ratings"],
        )
        for it in rows
    ]


async def daily(tx: ReadTx, actor: Actor, since: datetime, until: datetime) -> list[DayStats]:
    """Return what came of each day that anything came of. Staff only; own alone for who is no admin.

    `opened` is of all support either way. Raises InvalidInput for more than 400 days.
    """
    user_id = require_staff(actor)
    _check(since, until)
    only = None if actor.role is Role.ADMIN else user_id
    rows = await queries.by_day(tx, since, until, only)
    return [
        DayStats(it["day"], it["opened"], it["answered"], it["closed"], it["late"]) for it in rows
    ]


def _check(since: datetime, until: datetime) -> None:
    if not timedelta() < until - since <= LONGEST:
        raise InvalidInput("Выберите отрезок не длиннее года.")
