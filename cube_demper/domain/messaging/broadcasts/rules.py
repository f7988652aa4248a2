"""How long a broadcast takes and how dangerous it is: told before it starts. Pure.

The forecast plays the gate's own rules day by day; the danger's figures are INTEGRATIONS.md A.9 and
FEATURES.md §2: bans come at 15-20 cold messages a day, faster with links and one text for all.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from math import floor
from typing import Final

from cube_demper.core.clock import ALMATY
from cube_demper.domain.messaging.broadcasts.schemas import (
    Cause,
    Danger,
    Forecast,
    Load,
    Reach,
    Risk,
)
from cube_demper.domain.messaging.gate_schemas import Number
from cube_demper.domain.messaging.rules import (
    GAP,
    JITTER,
    WARM_UP,
    almaty_day,
    warm_budget,
)

MOST_DAYS: Final = 366
_TURN: Final = GAP + JITTER / 2 + timedelta(seconds=6)
"""A message with its mean pause and «печатает…»."""
_COLD_A_DAY: Final = 15
_COLD_SHARE: Final = 0.5
_MANY_A_DAY: Final = 50
_WEIGHTS: Final = {
    Cause.COLD_A_DAY: 2,
    Cause.NEW_NUMBER: 2,
    Cause.COLD_SHARE: 1,
    Cause.SAME_TEXT: 1,
    Cause.LINK: 1,
    Cause.MANY_A_DAY: 1,
    Cause.NO_WAY_OUT: 1,
}
_HIGH: Final = 3
_LINK: Final = re.compile(r"https?://|www\.|wa\.me/|\b[\w-]+\.(?:kz|ru|com|net|org|shop|me|link)\b")
_NAMED: Final = re.compile(r"\{(?:customer_name|order_code|items_list|order_total)\}")
_WAYS_OUT: Final = re.compile(r"стоп|stop|отпис|тоқта|не пишите", re.IGNORECASE)


def share(number: Number, load: Load, day: date) -> int:
    """Return how many broadcast messages a day may take: what notices of orders usually need is left."""
    whole = warm_budget(replace(number, sent_today=0), day).limit
    return max(0, floor(whole - load.notices_a_day))


def forecast(number: Number, people: int, load: Load, now: datetime) -> Forecast:
    """Return when so many people are written to, notices of orders going first as they always do."""
    left, most = float(people), 0.0
    day, then, load_then = almaty_day(now), number, load
    for passed in range(MOST_DAYS):
        room = _room(then, load_then, day, _midnight(day) if passed else now)
        most = max(most, min(room, left))
        left -= room
        if left <= 0.5:  # less than a message
            return Forecast(passed + 1, max(round(most), min(people, 1)), day)
        has_written = bool(then.sent_today or room > 0 or load.notices_a_day)
        then = replace(then, sent_today=0, days_before=then.days_before + has_written)
        load_then = replace(load, said_today=0)
        day += timedelta(days=1)
    return Forecast(MOST_DAYS, round(most), None)


def risk(reach: Reach, number: Number, a_day: int, texts: tuple[str, ...]) -> Risk:
    """Return the danger of a broadcast that brings at most `a_day` messages a day, with its causes."""
    said = [text for text in texts if text.strip()]
    share = reach.cold / reach.people if reach.people else 0.0
    holds = {
        Cause.COLD_A_DAY: min(a_day, reach.cold) >= _COLD_A_DAY,
        Cause.NEW_NUMBER: not number.is_warm and number.days_before < len(WARM_UP),
        Cause.COLD_SHARE: share >= _COLD_SHARE,
        Cause.SAME_TEXT: any(not _NAMED.search(text) for text in said),
        Cause.LINK: any(_LINK.search(text.casefold()) for text in said),
        Cause.MANY_A_DAY: a_day >= _MANY_A_DAY,
        Cause.NO_WAY_OUT: any(not _WAYS_OUT.search(text) for text in said),
    }
    causes = tuple(cause for cause in _WEIGHTS if holds[cause])
    weight = sum(_WEIGHTS[cause] for cause in causes)
    danger = Danger.HIGH if weight >= _HIGH else Danger.MEDIUM if weight else Danger.LOW
    return Risk(danger, causes)


def _room(number: Number, load: Load, day: date, since: datetime) -> float:
    """Return how many broadcast messages may leave on a day from then on."""
    whole, left = _open(number, _midnight(day)), _open(number, since)
    if not left:
        return 0.0
    notices = load.notices_a_day * (left / whole)
    by_share = share(number, load, day) - load.said_today
    by_budget = warm_budget(number, day).left - notices
    by_pace = left / _TURN - notices
    return max(0.0, min(by_share, by_budget, by_pace))


def _open(number: Number, since: datetime) -> timedelta:
    """Return how much of that day of Almaty is left outside of the quiet hours."""
    start, end = number.quiet_start, number.quiet_end
    midnight, night = time(), time.max
    spans = [(end, start)] if end < start else [(midnight, start), (end, night)]
    now = _seconds(since.astimezone(ALMATY).time())
    lasting = (max(0.0, _seconds(to) - max(now, _seconds(frm))) for frm, to in spans)
    return timedelta(seconds=sum(lasting))


def _seconds(at: time) -> float:
    return at.hour * 3600 + at.minute * 60 + at.second + at.microsecond / 1e6


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), ALMATY)
