"""What a broadcast reaches, risks and has done, in words. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from cube_demper.core.russian import day_words
from cube_demper.domain.messaging.broadcasts.schemas import (
    BroadcastStatus,
    BroadcastView,
    Check,
    Danger,
    Forecast,
    Reach,
    Sample,
)
from cube_demper.domain.messaging.broadcasts.words import CAUSES, DANGERS, EXCLUSIONS
from cube_demper.domain.messaging.gate_schemas import Reason
from cube_demper.domain.messaging.words import REASONS
from cube_demper.ui import format as fmt

_PEOPLE = ("человек", "человека", "человек")
OF_PEOPLE = ("человека", "человек", "человек")
"""After «из»."""
_DAYS = ("день", "дня", "дней")
_TONES = {Danger.LOW: "green", Danger.MEDIUM: "amber", Danger.HIGH: "red"}


@dataclass
class SampleRow:
    """What one person would read."""

    person: str = ""
    text: str = ""


@dataclass
class ReachView:
    """How many people, and who of them is left out."""

    people: int = 0
    words: str = ""
    cold: str = ""
    facts: list[tuple[str, str]] = field(default_factory=list)


@dataclass
class CheckView:
    """What is told before the start."""

    days: str = ""
    a_day: str = ""
    ends: str = ""
    danger: str = ""
    tone: str = "green"
    meaning: str = ""
    causes: list[str] = field(default_factory=list)
    samples: list[SampleRow] = field(default_factory=list)
    obstacle: str = ""
    is_open: bool = False


@dataclass
class StandingView:
    """How far a broadcast that has begun is."""

    status: str = ""
    name: str = ""
    summary: str = ""
    percent: int = 0
    left: str = ""
    sent: str = ""
    delivered: str = ""
    read: str = ""
    answered: str = ""
    ends: str = ""
    others: list[tuple[str, str]] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    held: str = ""


def reach_view(reach: Reach) -> ReachView:
    """Say whom a filter reaches."""
    facts = [
        (EXCLUSIONS[why], fmt.number(reach.excluded[why]))
        for why in EXCLUSIONS
        if reach.excluded.get(why)
    ]
    if reach.hidden_orders:
        facts.append(("Заказы со скрытым телефоном", fmt.number(reach.hidden_orders)))
    cold = f"Из них сами вам не писали: {fmt.number(reach.cold)}" if reach.cold else ""
    return ReachView(
        people=reach.people,
        words=fmt.counted(reach.people, *_PEOPLE),
        cold=cold,
        facts=facts,
    )


def check_view(told: Check) -> CheckView:
    """Say how long it takes and how dangerous it is."""
    danger, meaning = DANGERS[told.risk.danger]
    ends = told.forecast
    return CheckView(
        days=fmt.counted(ends.days, *_DAYS) if ends.ends_on else "Больше года",
        a_day=f"до {fmt.number(ends.a_day)} в день",
        ends=ends_words(ends),
        danger=danger,
        tone=_TONES[told.risk.danger],
        meaning=meaning,
        causes=[CAUSES[cause] for cause in told.risk.causes],
        samples=[sample_row(it) for it in told.samples],
        obstacle=told.obstacle,
        is_open=not told.obstacle and told.reach.people > 0,
    )


def standing_view(view: BroadcastView, now: datetime) -> StandingView:
    """Say how far a broadcast is."""
    it = view.progress
    past = it.people - it.waiting
    ends = ends_words(view.forecast) if view.forecast and it.waiting else ""
    if view.status is BroadcastStatus.PAUSED:
        ends = ""
    return StandingView(
        status=view.status,
        name=view.name,
        summary=f"{fmt.number(past)} из {fmt.counted(it.people, *OF_PEOPLE)}",
        percent=past * 100 // it.people if it.people else 0,
        left=fmt.counted(it.waiting, *_PEOPLE),
        sent=fmt.number(it.sent),
        delivered=fmt.number(it.delivered),
        read=fmt.number(it.read),
        answered=fmt.number(it.answered),
        ends=ends or _ended(view, now),
        others=_others(view),
        texts=[text for text in (view.text_ru, view.text_kk) if text],
        held=_held(view),
    )


def ends_words(forecast: Forecast) -> str:
    """Say when it would be over."""
    if forecast.ends_on is None and not forecast.a_day:
        return "Сообщения о заказах занимают весь дневной предел"
    if forecast.ends_on is None:
        return f"До {fmt.number(forecast.a_day)} в день: закончится позже чем через год"
    return f"Закончится примерно {day_words(forecast.ends_on)}"


def ended_words(status: BroadcastStatus, ended_at: datetime, now: datetime) -> str:
    """Say when and how it ended."""
    how = "Остановлена" if status is BroadcastStatus.STOPPED else "Закончена"
    return f"{how} {fmt.moment(ended_at, now=now)}"


def _held(view: BroadcastView) -> str:
    if view.held is Reason.NO_NUMBER:
        return (
            "Номер отвязан. Поставьте рассылку на паузу и продолжите: она пойдёт с другого номера."
        )
    return f"{REASONS[view.held]}." if view.held else ""


def _others(view: BroadcastView) -> list[tuple[str, str]]:
    it = view.progress
    rows = [(REASONS[Reason(why)], fmt.number(count)) for why, count in it.dropped.items()]
    if it.failed:
        rows.append((REASONS[Reason.REFUSED], fmt.number(it.failed)))
    if it.unknown:
        rows.append((REASONS[Reason.OUTCOME_UNKNOWN], fmt.number(it.unknown)))
    return rows


def _ended(view: BroadcastView, now: datetime) -> str:
    if view.ended_at is not None:
        return ended_words(view.status, view.ended_at, now)
    return "На паузе: никому не пишем" if view.status is BroadcastStatus.PAUSED else ""


def sample_row(sample: Sample) -> SampleRow:
    """Show what one person would read."""
    return SampleRow(sample.person, sample.text)
