"""The send gate: who may write when, how often, and what is no longer worth saying. Pure.

SPEC §13.3: 30 s between messages, 100 a day. INTEGRATIONS.md A.9 and FEATURES.md §2 are the source of
the rest: bans come at 15-20 cold messages a day and at fixed gaps, so a new number begins slowly.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Final

from cube_demper.core.clock import ALMATY
from cube_demper.domain.messaging.gate_schemas import (
    Budget,
    Closed,
    Limiter,
    MessageKind,
    Notice,
    Number,
    OrderStatus,
    Reader,
    Reason,
    TriggerEvent,
)

MOST_A_DAY: Final = 100
GAP: Final = timedelta(seconds=30)
JITTER: Final = timedelta(seconds=30)
"""Added to the gap at random: «30-60 s between recipients, never fixed times»."""
WARM_UP: Final = (20, 25, 30, 40, 50, 60, 75)
"""Messages of a new number on its first, second … day of writing; after these it is warmed up."""
OLD_NUMBER: Final = timedelta(days=90)
"""A number that people have used for so long begins in the middle of the warm-up."""
_OLD_NUMBER_STEP: Final = 3
OUTAGE: Final = timedelta(hours=1)
"""After an absence as long as this an old queue waits for its owner's word."""
BAN_SIGN: Final = 3
"""Refusals in a row that stop a number."""
RECONCILE: Final = timedelta(minutes=10)
"""An unknown outcome is looked for so long (DESIGN §6)."""
BARRED_LOOK: Final = timedelta(minutes=10)
"""How soon a blocked seller's number sees that they are let in again."""
QUOTA_AGE: Final = timedelta(hours=1)
KNOWN_NUMBER: Final = timedelta(days=90)
MISSING_NUMBER: Final = timedelta(days=30)
"""How long «is on WhatsApp» and «is not» are believed."""
_TYPING: Final = (timedelta(seconds=2), timedelta(seconds=9))
_LETTERS_A_SECOND: Final = 25
_HEARD: Final = timedelta(hours=24)

PRIORITIES: Final[Mapping[MessageKind, int]] = MappingProxyType(
    {
        MessageKind.TEST: 10,
        MessageKind.REPLY: 20,
        MessageKind.LETTER: 25,
        MessageKind.ORDER: 30,
        MessageKind.REVIEW: 40,
        MessageKind.SALESMAN: 50,
        MessageKind.BROADCAST: 60,
    }
)
BY_HAND: Final = frozenset({MessageKind.TEST, MessageKind.REPLY})
"""For oneself, or to one who waits for an answer: at night too, and the same words twice are meant."""

KEEPS: Final[Mapping[TriggerEvent, timedelta]] = MappingProxyType(
    {
        TriggerEvent.ORDER_APPROVED: timedelta(hours=24),
        TriggerEvent.ORDER_SHIPPED: timedelta(hours=48),
        TriggerEvent.ORDER_DELIVERED: timedelta(hours=48),
        TriggerEvent.ORDER_COMPLETED: timedelta(hours=72),
        TriggerEvent.REVIEW_REQUEST: timedelta(days=7),
        TriggerEvent.REVIEW_BONUS: timedelta(days=7),
    }
)
"""How long after its time an event is still news to a buyer."""
_OVER: Final = frozenset({OrderStatus.CANCELLED, OrderStatus.RETURNED})
_STILL: Final[Mapping[TriggerEvent, frozenset[OrderStatus]]] = MappingProxyType(
    {
        TriggerEvent.ORDER_APPROVED: frozenset(
            {OrderStatus.APPROVED, OrderStatus.ACCEPTED_BY_MERCHANT}
        ),
        TriggerEvent.ORDER_SHIPPED: frozenset({OrderStatus.DELIVERY}),
        TriggerEvent.ORDER_DELIVERED: frozenset({OrderStatus.DELIVERED}),
        TriggerEvent.ORDER_COMPLETED: frozenset({OrderStatus.COMPLETED}),
        TriggerEvent.REVIEW_REQUEST: frozenset({OrderStatus.COMPLETED}),
        TriggerEvent.REVIEW_BONUS: frozenset({OrderStatus.COMPLETED}),
    }
)
"""Where an order must stand for a notice to be true."""


def budget(number: Number) -> Budget:
    """Return what the number may say today, and what sets it."""
    limit, limiter = MOST_A_DAY, Limiter.SPEC
    if number.daily_limit < limit:
        limit, limiter = number.daily_limit, Limiter.SELLER
    return Budget(limit, number.sent_today, limiter)


def warm_budget(number: Number, today: date) -> Budget:
    """Return the same for messages that nobody writes by hand: a new number warms up."""
    whole = budget(number)
    if number.is_warm:
        return whole
    step = number.days_before
    if number.in_use_since is not None and today - number.in_use_since >= OLD_NUMBER:
        step += _OLD_NUMBER_STEP
    if step < len(WARM_UP) and WARM_UP[step] < whole.limit:
        return Budget(WARM_UP[step], number.sent_today, Limiter.WARM_UP)
    return whole


def closed(number: Number, kind: MessageKind, now: datetime) -> Closed | None:
    """Tell why a message of this kind may not leave now; None: it may."""
    if (shut := _shut(number)) is not None:
        return shut
    if kind not in BY_HAND and (opens := night_ends(number, now)) is not None:
        return Closed(Reason.NIGHT, opens)
    today = almaty_day(now)
    allowed = budget(number) if kind in BY_HAND else warm_budget(number, today)
    if allowed.left == 0:
        return Closed(Reason.BUDGET, _tomorrow(number, kind, now))
    if number.free_at is not None and number.free_at > now:
        return Closed(Reason.PACE, number.free_at)
    return None


def night_ends(number: Number, now: datetime) -> datetime | None:
    """Return when the quiet hours that hold now end; None outside of them."""
    local = now.astimezone(ALMATY)
    start, end, time = number.quiet_start, number.quiet_end, local.time()
    is_night = start <= time < end if start < end else time >= start or time < end
    if not is_night:
        return None
    opens = local.replace(hour=end.hour, minute=end.minute, second=end.second, microsecond=0)
    return opens if opens > local else opens + timedelta(days=1)


def stale(notice: Notice, reader: Reader, now: datetime) -> Reason | None:
    """Tell why a message is no longer worth sending, or must not be; None: it is still right."""
    return _untrue(notice, now) or _unwelcome(notice, reader, now)


def is_check_due(reader: Reader, checked_at: datetime | None, now: datetime) -> bool:
    """Tell whether a number must be looked up before it is written to."""
    if reader.is_on_whatsapp is None or checked_at is None:
        return True
    return now - checked_at >= (KNOWN_NUMBER if reader.is_on_whatsapp else MISSING_NUMBER)


def next_free(now: datetime, chance: float) -> datetime:
    """Return when the number may write again; `chance` in 0…1 is drawn by the caller."""
    return now + GAP + JITTER * chance


def typing_seconds(text: str, chance: float) -> float:
    """Return how long «печатает…» is shown: by length, somewhat random, 2 to 9 s."""
    shortest, longest = (edge.total_seconds() for edge in _TYPING)
    wished = len(text) / _LETTERS_A_SECOND * (0.8 + 0.4 * chance)
    return min(longest, max(shortest, wished))


def kind_by_hand(heard_at: datetime | None, now: datetime) -> MessageKind:
    """Tell what a person's own message is: an answer to one who wrote within a day, else a letter.

    A letter is nobody's answer: the night and the warm-up hold for it as for a notice.
    """
    is_fresh = heard_at is not None and now - heard_at < _HEARD
    return MessageKind.REPLY if is_fresh else MessageKind.LETTER


def is_outage(away_since: datetime, now: datetime) -> bool:
    """Tell whether a number was away for so long that its old queue is to be asked about."""
    return now - away_since >= OUTAGE


def almaty_day(now: datetime) -> date:
    """Return the day of Almaty that budgets are counted by."""
    return now.astimezone(ALMATY).date()


def _shut(number: Number) -> Closed | None:
    if not number.is_agreed:
        return Closed(Reason.NOT_AGREED)
    if number.is_stopped:
        return Closed(Reason.STOPPED)
    if number.barred_until is not None:
        return Closed(Reason.STOPPED, number.barred_until)
    if number.pause is not None:
        return Closed(Reason.PAUSED, number.paused_until)
    return None if number.is_working else Closed(Reason.NOT_LINKED)


def _untrue(notice: Notice, now: datetime) -> Reason | None:
    status, event = notice.order_status, notice.event
    if status in _OVER:
        return Reason.CANCELLED
    if notice.is_order_missing:
        return Reason.ORDER_GONE
    # UNKNOWN is in none: Kaspi says something new, and what we would promise may not hold.
    if event is not None and status is not None and status not in _STILL[event]:
        return Reason.MOVED_ON
    if notice.expires_at is not None and now >= notice.expires_at:
        return Reason.TOO_OLD
    return None if notice.is_switched_on else Reason.SWITCHED_OFF


def _unwelcome(notice: Notice, reader: Reader, now: datetime) -> Reason | None:
    if not reader.has_address:
        return Reason.NO_PHONE
    if reader.has_opted_out and not _answers(notice, reader, now):
        return Reason.OPTED_OUT
    return Reason.NOT_ON_WHATSAPP if reader.is_on_whatsapp is False else None


def _tomorrow(number: Number, kind: MessageKind, now: datetime) -> datetime:
    local = now.astimezone(ALMATY)
    midnight = (local + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    if kind in BY_HAND:
        return midnight
    return night_ends(number, midnight) or midnight


def _answers(notice: Notice, reader: Reader, now: datetime) -> bool:
    """Tell whether a person who asked for silence is answered on their own letter."""
    if notice.kind is MessageKind.TEST:
        return True
    is_answer = kind_by_hand(reader.heard_at, now) is MessageKind.REPLY
    return notice.kind is MessageKind.REPLY and is_answer
