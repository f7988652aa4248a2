"""Support's figures as text. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from cube_demper.domain.support.schemas import DayStats, PersonStats
from cube_demper.ui import format as fmt


@dataclass
class PersonRow:
    """One support person."""

    id: str = ""
    name: str = ""
    answered: str = ""
    closed: str = ""
    open_now: str = ""
    median: str = ""
    late: str = ""
    late_tone: str = "gray"
    rating: str = ""
    ratings: str = ""


@dataclass
class Totals:
    """Sums of the days, with a sentence under each plot."""

    opened: str = "0"
    answered: str = "0"
    closed: str = "0"
    late: str = "0"
    late_share: str = ""
    matters: str = ""
    answers: str = ""
    has_any: bool = False
    has_answers: bool = False


def person_row(it: PersonStats) -> PersonRow:
    """Put a person's figures into their line."""
    return PersonRow(
        id=str(it.user_id),
        name=it.name,
        answered=fmt.number(it.answered),
        closed=fmt.number(it.closed),
        open_now=fmt.number(it.open_now),
        median=_span(it.median_answer),
        late=fmt.number(it.late_answers),
        late_tone="red" if it.late_answers else "green",
        rating=f"{fmt.number(it.rating, digits=1)} из 5" if it.rating is not None else fmt.NOTHING,
        ratings=fmt.counted(it.ratings, "оценка", "оценки", "оценок") if it.ratings else "",
    )


def totals_of(days: Sequence[DayStats]) -> Totals:
    """Sum up the days and say what to see in them."""
    opened, closed = sum(it.opened for it in days), sum(it.closed for it in days)
    answered, late = sum(it.answered for it in days), sum(it.late for it in days)
    share = fmt.percent(100 * late / answered) if answered else fmt.NOTHING
    return Totals(
        opened=fmt.number(opened),
        answered=fmt.number(answered),
        closed=fmt.number(closed),
        late=fmt.number(late),
        late_share=share if answered else "",
        matters=_matters(days, opened, closed),
        answers=f"С опозданием {share} первых ответов." if answered else "",
        has_any=any((opened, answered, closed)),
        has_answers=answered > 0,
    )


def _matters(days: Sequence[DayStats], opened: int, closed: int) -> str:
    if not opened:
        return ""
    busiest = max(days, key=lambda it: it.opened)
    most = fmt.counted(busiest.opened, "обращение", "обращения", "обращений")
    left = opened - closed
    words = "закрыто столько же, сколько открыто"
    if left > 0:
        words = f"открыто на {fmt.number(left)} больше, чем закрыто"
    elif left < 0:
        words = f"закрыто на {fmt.number(-left)} больше, чем открыто"
    day = fmt.day(datetime.combine(busiest.day, time(12), fmt.ALMATY))
    return f"Больше всего {day}: {most}. За всё время {words}."


def _span(span: timedelta | None) -> str:
    return fmt.NOTHING if span is None else fmt.duration(span)
