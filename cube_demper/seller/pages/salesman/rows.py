"""Messages of the salesman, his stores and his gain in words. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from cube_demper.domain.salesman.deciding import Thought
from cube_demper.domain.salesman.overview import ENOUGH, Gain, Standing, StoreDesk
from cube_demper.models.salesman import SalesmanMode, ThoughtStatus, Trigger
from cube_demper.ui import format as fmt

TRIGGERS: Final = {
    Trigger.NEW_ORDER: "Новый заказ",
    Trigger.REPEAT_CUSTOMER: "Купил снова",
    Trigger.REVIEW_REQUEST: "Просьба об отзыве",
    Trigger.REPLY: "Ответ покупателю",
}
_STATES: Final = {
    ThoughtStatus.PLANNED: ("Будет написано", "blue"),
    ThoughtStatus.WAITING: ("Ждёт вашего слова", "amber"),
    ThoughtStatus.QUEUED: ("Отдано в отправку", "green"),
    ThoughtStatus.HANDED_OVER: ("Ждёт вашего ответа", "amber"),
    ThoughtStatus.REJECTED: ("Не прошло проверку", "gray"),
    ThoughtStatus.SKIPPED: ("Не написано", "gray"),
    ThoughtStatus.DECLINED: ("Вы отклонили", "gray"),
    ThoughtStatus.HELD_OUT: ("Для сравнения не пишем", "gray"),
}


@dataclass
class ThoughtRow:
    """One message."""

    id: str = ""
    person: str = ""
    trigger: str = ""
    state: str = ""
    tone: str = "gray"
    text: str = ""
    reason: str = ""
    when: str = ""
    order: str = ""
    talk: str = ""
    is_waiting: bool = False


@dataclass
class DeskRow:
    """One store."""

    id: str = ""
    name: str = ""
    state: str = ""
    tone: str = "gray"
    note: str = ""


@dataclass
class Head:
    """What stands above the messages."""

    tokens: str = ""
    gain: str = ""
    gain_note: str = ""


def thought_row(it: Thought, now: datetime) -> ThoughtRow:
    """Turn a message into its row."""
    state, tone = _STATES[ThoughtStatus(it.status)]
    is_planned = it.status == ThoughtStatus.PLANNED
    return ThoughtRow(
        id=str(it.id),
        person=it.person or "Покупатель",
        trigger=TRIGGERS[Trigger(it.trigger)],
        state=state,
        tone=tone,
        text=it.text,
        reason=it.reason[:1].upper() + it.reason[1:],
        when=fmt.moment(it.due_at if is_planned else it.created_at, now=now),
        order=f"/orders/{it.order_id}" if it.order_id else "",
        talk=f"/messages?thread={it.contact_id}",
        is_waiting=it.status == ThoughtStatus.WAITING,
    )


def desk_row(it: StoreDesk) -> DeskRow:
    """Turn a store into its card."""
    if not it.is_on:
        return DeskRow(str(it.id), it.name, "Выключен", "gray", "Покупателям никто не предлагает.")
    if not it.can_write:
        note = "Сначала включите WhatsApp для этого магазина."
        return DeskRow(str(it.id), it.name, "Писать неоткуда", "amber", note)
    if it.mode is SalesmanMode.AUTO:
        note = "Что прошло проверку, уходит само."
        return DeskRow(str(it.id), it.name, "Пишет сам", "green", note)
    note = "Каждое сообщение ждёт вашего слова."
    return DeskRow(str(it.id), it.name, "Предлагает вам", "green", note)


def head_of(standing: Standing) -> Head:
    """Say what the month's tokens and the gain are."""
    tokens = standing.tokens
    until = fmt.day(tokens.renews_at)
    left = fmt.number(tokens.left)
    return Head(
        tokens=f"Осталось {left} из {fmt.number(tokens.given)} токенов, обновятся {until}",
        gain=_gain(standing.gain),
        gain_note=_gain_note(standing.gain),
    )


def _gain(gain: Gain) -> str:
    if not gain.is_known:
        return "Пока рано судить"
    sign = "+" if gain.points >= 0 else "−"
    return f"{sign}{fmt.number(abs(gain.points), digits=1)} п. п. повторных заказов"


def _gain_note(gain: Gain) -> str:
    if not gain.is_known:
        told, alone = fmt.number(gain.told), fmt.number(gain.alone)
        return f"Нужно по {ENOUGH} покупателей: написали {told}, оставили для сравнения {alone}."
    told = fmt.percent(100 * gain.told_again / gain.told)
    alone = fmt.percent(100 * gain.alone_again / gain.alone)
    return f"Заказали снова за 14 дней: {told} из тех, кому написали, и {alone} из остальных."
