"""Switches as the page shows them. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from cube_demper.domain.messaging.switches import StoreTalk
from cube_demper.domain.messaging.texts import EVENTS
from cube_demper.ui.format import counted, duration

DELAYS = (0, 10, 30, 60, 180, 720, 1440, 2880, 4320, 10080)
"""Minutes that can be chosen; a delay that somebody set otherwise is shown besides."""


@dataclass
class EventRow:
    """One event of the chosen store."""

    event: str
    title: str
    when: str
    is_on: bool
    delay: str
    delays: list[dict[str, str]]


@dataclass
class TalkView:
    """The chosen store. `note`: what stands in the way of writing."""

    store_id: str = ""
    name: str = ""
    is_enabled: bool = False
    language: str = "ru"
    session_id: str = ""
    bonus: str = ""


def talk_view(talk: StoreTalk) -> TalkView:
    """Return a store's letters as its card shows them."""
    return TalkView(
        store_id=str(talk.store_id),
        name=talk.name,
        is_enabled=talk.is_enabled,
        language=talk.language.value,
        session_id=str(talk.session_id) if talk.session_id else "",
        bonus=talk.bonus,
    )


def event_rows(talk: StoreTalk) -> list[EventRow]:
    """Return a store's events in the order in which they happen."""
    return [
        EventRow(
            event=event.value,
            title=EVENTS[event].words,
            when=EVENTS[event].when,
            is_on=switch.is_on,
            delay=str(_minutes(switch.delay)),
            delays=[
                {"value": str(minutes), "label": delay_words(minutes)}
                for minutes in sorted({*DELAYS, _minutes(switch.delay)})
            ],
        )
        for event, switch in talk.switches.items()
    ]


def delay_words(minutes: int) -> str:
    """Say a delay: «Сразу», «Через 30 мин», «Через 1 день»."""
    if minutes == 0:
        return "Сразу"
    if minutes % 1440 == 0:
        return f"Через {counted(minutes // 1440, 'день', 'дня', 'дней')}"
    return f"Через {duration(timedelta(minutes=minutes))}"


def _minutes(delay: timedelta) -> int:
    return int(delay.total_seconds()) // 60
