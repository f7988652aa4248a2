"""From meetings to a profile, and from a profile to a word for the behaviour. Pure."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from statistics import median

from cube_demper.core.money import NBSP, format_tenge
from cube_demper.domain.market.rivals.schemas import (
    DELAY_BUCKETS,
    Answer,
    Behaviour,
    Delay,
    Meeting,
    Place,
    Profile,
)

PLACES_AT_MOST = 20
"""Goods told of in a profile: those that tell most."""
_NIGHT = range(6)
_BOT_WITHIN = 15 * 60


def profile_of(merchant_id: str, meetings: Sequence[Meeting]) -> Profile:
    """Fold what happened on all cards into one profile. `meetings` must not be empty."""
    answers = [answer for meeting in meetings for answer in meeting.answers]
    answered = sum(meeting.answered for meeting in meetings)
    chances = answered + sum(len(meeting.unanswered) for meeting in meetings)
    together = sum(meeting.together for meeting in meetings)
    step, step_percent = _usual_step(answers)
    hours = tuple(map(sum, zip(*(meeting.hours for meeting in meetings), strict=True)))
    behaviour, reasons = behaviour_of(meetings, answers, hours)
    ordered = sorted(meetings, key=lambda meeting: meeting.weight, reverse=True)
    names = [meeting.name for meeting in ordered if meeting.name]
    return Profile(
        merchant_id=merchant_id,
        name=names[0] if names else "",
        goods=len(meetings),
        goods_now=sum(meeting.price is not None for meeting in meetings),
        ahead_now=sum(_is_ahead(meeting) for meeting in meetings),
        under_floor=sum(_is_under_floor(meeting) for meeting in meetings),
        ahead_percent=(
            round(sum(meeting.ahead for meeting in meetings) * 100 / together) if together else None
        ),
        moves=sum(meeting.moves for meeting in meetings),
        chances=chances,
        answers=answered,
        answer_percent=round(answered * 100 / chances) if chances else None,
        delay=delay_of(answers),
        step=step,
        step_percent=step_percent,
        deepest_percent=_deepest(meetings),
        delays=_histogram(answers),
        hours=hours,
        behaviour=behaviour,
        reasons=reasons,
        places=tuple(_place(meeting) for meeting in ordered[:PLACES_AT_MOST]),
        last_seen_at=max((m.last_seen_at for m in meetings if m.last_seen_at), default=None),
    )


def delay_of(answers: Sequence[Answer]) -> Delay | None:
    """Return the median and the quartiles of the delay, each between the looks around it."""
    if not answers:
        return None
    soonest = sorted(answer.shortest for answer in answers)
    latest = sorted(answer.longest for answer in answers)
    return Delay(
        median_from=round(median(soonest)),
        median_to=round(median(latest)),
        quick=soonest[(len(soonest) - 1) // 4],
        slow=latest[-1 - (len(latest) - 1) // 4],
    )


def stops_at(meeting: Meeting) -> int | None:
    """Return where a rival likely ends: the lowest it answered with, once it let a lower price stand."""
    lowest = min((answer.theirs for answer in meeting.answers), default=None)
    if lowest is None or not any(price <= lowest for price in meeting.unanswered):
        return None
    return lowest


def behaviour_of(
    meetings: Sequence[Meeting], answers: Sequence[Answer], hours: Sequence[int]
) -> tuple[Behaviour, tuple[str, ...]]:
    """Name what a rival is most like and say why."""
    moves = sum(meeting.moves for meeting in meetings)
    signs, fall = _bot_signs(answers, hours), _clearance_percent(meetings)
    if all(meeting.price is None for meeting in meetings):
        return Behaviour.GONE, ("Сейчас его нет ни на одном вашем товаре",)
    if len(signs) >= 2:
        return Behaviour.BOT, signs
    if fall is not None:
        return Behaviour.CLEARANCE, (
            f"Только снижает: на {fall}{NBSP}% с начала, ни разу не поднял",
        )
    if not moves:
        return Behaviour.STANDS, ("За 30 дней не изменил ни одной цены",)
    if moves >= 3 and not signs and not any(hours[hour] for hour in _NIGHT):
        return Behaviour.HUMAN, ("Меняет цены только днём, без постоянного шага и не сразу",)
    few = f"Изменений пока мало: {moves}" if moves < 3 else "Меняет цены, но не в ответ на ваши"
    return Behaviour.UNCLEAR, signs or (few,)


def _bot_signs(answers: Sequence[Answer], hours: Sequence[int]) -> tuple[str, ...]:
    signs = []
    delay, (step, share) = delay_of(answers), _usual_step(answers)
    if delay is not None and len(answers) >= 3 and delay.median_to <= _BOT_WITHIN:
        signs.append(f"Отвечает обычно быстрее чем за {-(-delay.median_to // 60)}{NBSP}мин")
    if step is not None and share is not None and len(answers) >= 4 and share >= 70:
        signs.append(f"Постоянный шаг {format_tenge(step)}: {share}{NBSP}% ответов")
    night, moves = sum(hours[hour] for hour in _NIGHT), sum(hours)
    if night >= 3 and night * 10 >= moves:
        signs.append(f"Меняет цены и ночью: {night} из {moves}")
    return tuple(signs)


def _usual_step(answers: Sequence[Answer]) -> tuple[int | None, int | None]:
    if not answers:
        return None, None
    counts = Counter(answer.ours - answer.theirs for answer in answers)
    step, count = min(counts.items(), key=lambda it: (-it[1], it[0]))
    return step, round(count * 100 / len(answers))


def _clearance_percent(meetings: Sequence[Meeting]) -> int | None:
    """Return how far a rival that only ever lowers has come down, when it is far."""
    if any(meeting.rises for meeting in meetings) or sum(m.falls for m in meetings) < 3:
        return None
    falls = [
        round((meeting.highest - meeting.lowest) * 100 / meeting.highest)
        for meeting in meetings
        if meeting.falls and meeting.highest and meeting.lowest
    ]
    fall = round(median(falls)) if falls else 0
    return fall if fall >= 15 else None


def _deepest(meetings: Sequence[Meeting]) -> int | None:
    shares = [
        (meeting.lowest - meeting.floor) * 100 / meeting.floor
        for meeting in meetings
        if meeting.lowest is not None and meeting.floor
    ]
    return round(min(shares)) if shares else None


def _histogram(answers: Sequence[Answer]) -> tuple[int, ...]:
    """Count answers by delay; one known only between two looks stands in the middle of them."""
    counts = [0] * len(DELAY_BUCKETS)
    for answer in answers:
        middle = (answer.shortest + answer.longest) / 2
        counts[min(bisect_left(DELAY_BUCKETS, middle), len(counts) - 1)] += 1
    return tuple(counts)


def _is_ahead(meeting: Meeting) -> bool:
    price, ours = meeting.price, meeting.our_price
    return price is not None and ours is not None and price < ours


def _is_under_floor(meeting: Meeting) -> bool:
    return meeting.price is not None and meeting.floor is not None and meeting.price < meeting.floor


def _place(meeting: Meeting) -> Place:
    return Place(
        product_id=meeting.product_id,
        name=meeting.product_name,
        price=meeting.price,
        our_price=meeting.our_price,
        lowest=meeting.lowest,
        floor=meeting.floor,
        stops_at=stops_at(meeting),
        moves=meeting.moves,
        answers=meeting.answered,
        chances=meeting.answered + len(meeting.unanswered),
    )
