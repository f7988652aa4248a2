"""Talks, messages and what stands in the way, in words. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from cube_demper.core.money import format_tenge
from cube_demper.domain.messaging.gate_schemas import MessageKind, Reason, TriggerEvent
from cube_demper.domain.messaging.inbox.schemas import (
    OrderBrief,
    Origin,
    Said,
    Standing,
    Thread,
    ThreadRow,
)
from cube_demper.domain.messaging.texts import EVENTS
from cube_demper.domain.messaging.words import REASONS
from cube_demper.domain.orders.people import read_phone
from cube_demper.seller.pages.orders.words import STATUSES
from cube_demper.seller.pages.whatsapp_inbox.media_rows import KINDS, media_view
from cube_demper.ui import format as fmt
from cube_demper.ui.chat_rows import MediaView, day_heading, hue, initials, short_moment

_WHAT_TO_DO = {
    Reason.NOT_AGREED: (
        "Прочтите о рисках и согласитесь, потом можно писать.",
        "/messages/connection",
    ),
    Reason.NO_NUMBER: ("Подключите номер: с него и будут уходить ответы.", "/messages/connection"),
    Reason.NOT_LINKED: ("Подключите его снова, и можно будет писать.", "/messages/connection"),
    Reason.STOPPED: ("Продолжите её на странице очереди.", "/messages/queue"),
    Reason.PAUSED: ("Почему и как продолжить, сказано на странице очереди.", "/messages/queue"),
    Reason.OPTED_OUT: ("Если он напишет сам, ему можно будет отвечать сутки.", ""),
    Reason.NOT_ON_WHATSAPP: ("Позвоните покупателю.", ""),
    Reason.NO_PHONE: ("Kaspi не показал номер.", ""),
}


@dataclass
class TalkRow:
    """One talk of the list."""

    id: str = ""
    person: str = ""
    initials: str = ""
    hue: str = "0"
    when: str = ""
    text: str = ""
    mark: str = ""
    unread: int = 0


@dataclass
class SaidRow:
    """One message. `day`: the separator above it; `mark`: how far ours came."""

    id: str = ""
    queue_id: str = ""
    day: str = ""
    is_ours: bool = False
    text: str = ""
    time: str = ""
    note: str = ""
    mark: str = ""
    why: str = ""
    can_cancel: bool = False
    can_retry: bool = False
    media: MediaView = field(default_factory=MediaView)


@dataclass
class OrderRow:
    """An order of the buyer."""

    code: str = ""
    link: str = ""
    total: str = ""
    when: str = ""
    word: str = ""
    tone: str = "gray"


@dataclass
class TalkView:
    """The open talk. `refusal`: why nobody can be written to now; `wait`: what a message waits for."""

    id: str = ""
    person: str = ""
    phone: str = ""
    initials: str = ""
    hue: str = "0"
    number: str = ""
    is_silent: bool = False
    has_older: bool = False
    has_newer: bool = False
    is_unread: bool = False
    last: str = ""
    first: str = ""
    refusal: str = ""
    what_to_do: str = ""
    link: str = ""
    wait: str = ""
    order_count: str = ""
    orders_link: str = ""


def talk_row(row: ThreadRow, now: datetime) -> TalkRow:
    """Put a talk into its line."""
    words = row.text or (KINDS[row.enclosure.kind] if row.enclosure else "")
    return TalkRow(
        id=str(row.id),
        person=row.person,
        initials=initials(row.person),
        hue=hue(str(row.id)),
        when=short_moment(row.talked_at, now),
        text=" ".join(f"Вы: {words}".split() if row.is_ours else words.split())[:120],
        mark=row.status if row.is_ours else "",
        unread=row.unread,
    )


def talk_view(thread: Thread, now: datetime) -> TalkView:
    """Put a talk's head and what stands in the way into words."""
    standing = thread.standing
    refusal = standing.refusal
    what, link = _WHAT_TO_DO.get(refusal, ("", "")) if refusal else ("", "")
    orders = fmt.counted(thread.order_count, "заказ", "заказа", "заказов")
    return TalkView(
        id=str(thread.id),
        person=thread.person,
        phone=thread.phone if thread.phone != thread.person else "",
        initials=initials(thread.person),
        hue=hue(str(thread.id)),
        number=standing.number,
        is_silent=thread.is_silent,
        has_older=thread.has_older,
        is_unread=thread.is_unread,
        last=str(thread.said[-1].id) if thread.said else "",
        first=str(thread.said[0].id) if thread.said else "",
        refusal=REASONS[refusal] if refusal else "",
        what_to_do=what,
        link=link,
        wait=_wait(standing, now),
        order_count=orders if thread.order_count else "",
        orders_link=_orders_link(thread),
    )


def _orders_link(thread: Thread) -> str:
    """Lead to all orders of the person, where only the newest ones are shown here.

    A masked number finds nobody's, or somebody else's.
    """
    if thread.order_count <= len(thread.orders) or read_phone(thread.phone) is None:
        return ""
    digits = "".join(it for it in thread.phone if it.isdigit())
    return f"/orders?q={digits}"


def said_rows(said: Sequence[Said], standing: Standing, now: datetime) -> list[SaidRow]:
    """Put messages into bubbles, a new day's first one under its separator."""
    rows, day = [], None
    for it in said:
        local = it.at.astimezone(fmt.ALMATY).date()
        row = _said_row(it, standing, now)
        if it.status != "waiting" and local != day:
            row.day, day = day_heading(it.at, now), local
        rows.append(row)
    return rows


def order_rows(orders: Sequence[OrderBrief]) -> list[OrderRow]:
    """Put a buyer's orders into lines."""
    return [
        OrderRow(
            code=it.code,
            link=f"/orders?q={it.code}",
            total=format_tenge(it.total),
            when=f"{fmt.day(it.ordered_at)} · {it.store}",
            word=STATUSES[it.status].word,
            tone=STATUSES[it.status].tone,
        )
        for it in orders
    ]


def _said_row(it: Said, standing: Standing, now: datetime) -> SaidRow:
    is_by_hand = it.origin is Origin.SELLER
    is_waiting = it.status == "waiting"
    return SaidRow(
        id=str(it.id),
        queue_id=str(it.queue_id or ""),
        is_ours=it.origin is not Origin.BUYER,
        text="" if _is_caption_of_place(it) else it.text,
        time="" if is_waiting else fmt.clock_time(it.at),
        note=_note(it),
        mark=it.status if it.origin is not Origin.BUYER else "",
        why=_why(it, standing, now),
        can_cancel=is_by_hand and is_waiting,
        can_retry=is_by_hand and it.status in ("failed", "dropped"),
        media=media_view(it),
    )


def _is_caption_of_place(it: Said) -> bool:
    """Tell whether the words only repeat what stands at the pin."""
    return (
        it.enclosure is not None and it.enclosure.place is not None and it.text == it.enclosure.name
    )


def _note(it: Said) -> str:
    if it.origin is Origin.PHONE:
        return "с телефона"
    if it.origin is not Origin.AUTO:
        return ""
    event = EVENTS[TriggerEvent(it.event)].words if it.event else "Автоматически"
    return f"{event} · заказ {it.order_code}" if it.order_code else event


def _why(it: Said, standing: Standing, now: datetime) -> str:
    if it.status != "waiting":
        return REASONS[it.reason] if it.reason else ""
    if it.at > now:
        return f"Уйдёт {fmt.moment(it.at, now=now)}"
    if standing.refusal is not None:
        return REASONS[standing.refusal]
    return _wait(standing, now) or "Уйдёт в течение минуты"


def _wait(standing: Standing, now: datetime) -> str:
    if standing.reason is None:
        return ""
    words = REASONS[standing.reason]
    return f"{words}. Уйдёт {fmt.moment(standing.until, now=now)}" if standing.until else words


def letter_note(standing: Standing) -> str:
    """Say what holds for a message that nobody asked for; nothing for an answer."""
    if standing.kind is not MessageKind.LETTER or standing.refusal is not None:
        return ""
    return "Покупатель не писал больше суток: ночью такое сообщение не уйдёт."
