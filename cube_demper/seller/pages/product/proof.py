"""What became of a decision, in words: in the queue, sent and seen, not seen and what happens next."""

from __future__ import annotations

from datetime import datetime, timedelta

from cube_demper.core.money import NBSP
from cube_demper.domain.catalog.view_schemas import LogEntry
from cube_demper.domain.pricing.forecast import QueuePlace
from cube_demper.domain.pricing.proof import next_look_at
from cube_demper.models.pricing import PriceStatus
from cube_demper.models.stores import Channel
from cube_demper.ui.format import clock_time, exact_time, moment, number, wait_words

_WORDS = {
    PriceStatus.SENDING: "Отправляем в Kaspi",
    PriceStatus.REFUSED: "Kaspi не принял цену",
    PriceStatus.SUPERSEDED: "Не отправлено: решение устарело",
    PriceStatus.SUGGESTED: "Совет: без вашего разрешения не отправляем",
}
_CLOSE = timedelta(seconds=5)
"""Two looks this close to each other name the second at which a price was shown well enough."""


def proof_words(entry: LogEntry, now: datetime, queue: QueuePlace | None) -> str:
    """Say what became of a decision."""
    if entry.status == PriceStatus.QUEUED and entry.channel is Channel.FEED:
        return "Ждёт, пока Kaspi заберёт прайс-лист: примерно раз в час"
    if entry.status == PriceStatus.QUEUED:
        return _queued(entry, queue, now)
    if entry.status == PriceStatus.SENT:
        return f"{_sent(entry)}. {_next_look(entry, now)}"
    if entry.status == PriceStatus.UNKNOWN:
        return f"{_sent(entry)}, Kaspi не ответил. {_look_words(entry, now)}"
    if entry.status == PriceStatus.CONFIRMED:
        return _seen(entry)
    said = entry.note or _WORDS.get(PriceStatus(entry.status), "")
    is_not_shown = entry.status == PriceStatus.REFUSED and entry.unseen_at is not None
    return f"{_sent(entry)}. {said}" if is_not_shown else said


def queue_words(place: QueuePlace, now: datetime) -> str:
    """Say where a change stands and about when it leaves: «Ждёт очереди: 37-й из 160, около 14:20».

    What leaves after midnight has its date.
    """
    where = f"{number(place.place)}-й из{NBSP}{number(place.queued)}"
    return f"Ждёт очереди: {where}, около {moment(place.leaves_at, now=now)}"


def _queued(entry: LogEntry, queue: QueuePlace | None, now: datetime) -> str:
    waits = queue_words(queue, now) if queue else "Ждёт отправки в Kaspi"
    is_second = entry.attempt > 0 and entry.sent_at is not None
    return f"На витрине цены нет: отправим второй раз. {waits}" if is_second else waits


def _sent(entry: LogEntry) -> str:
    if entry.channel is Channel.FEED:
        return f"Kaspi забрал прайс-лист {exact_time(entry.sent_at)}"
    if entry.first_sent_at is not None:
        return (
            f"Отправлено {exact_time(entry.first_sent_at)} и второй раз {exact_time(entry.sent_at)}"
        )
    again = "второй раз " if entry.attempt > 1 else ""
    return f"Отправлено {again}{exact_time(entry.sent_at)}"


def _seen(entry: LogEntry) -> str:
    if entry.sent_at is None or entry.confirmed_at is None:
        return "На витрине"
    took = _took(entry.sent_at, entry.confirmed_at, entry.unseen_at)
    if entry.first_sent_at is not None:
        took = f"{took}; с первой отправки {wait_words(entry.confirmed_at - entry.first_sent_at)}"
    return f"{_sent(entry)} → на витрине {exact_time(entry.confirmed_at)}, {took}"


def _took(sent: datetime, seen: datetime, unseen: datetime | None) -> str:
    """Say how long it took as exactly as the looks know: the price was there by the one that saw it."""
    at_most = wait_words(seen - sent)
    if unseen is None or unseen <= sent:
        return f"не позже чем через {at_most}"
    if seen - unseen <= _CLOSE:
        return f"через {at_most}"
    return f"между {wait_words(unseen - sent)} и {at_most} после отправки"


def _next_look(entry: LogEntry, now: datetime) -> str:
    looks = _look_words(entry, now)
    if entry.unseen_at is None or entry.sent_at is None or entry.look_at is None:
        return looks
    if next_look_at(entry.sent_at, entry.look_at, entry.channel) is not None:
        return f"Пока не видно. {looks}"
    is_tried_again = entry.attempt < 2 and entry.channel is Channel.CABINET
    what = "отправим второй раз" if is_tried_again else "скажем вам"
    return f"Пока не видно. {looks}, не увидим — {what}"


def _look_words(entry: LogEntry, now: datetime) -> str:
    if entry.look_at is None or entry.look_at <= now:
        return "Смотрим на витрину"
    again = "Ещё раз посмотрим" if entry.unseen_at else "Посмотрим на витрину"
    return f"{again} в{NBSP}{clock_time(entry.look_at)}"
