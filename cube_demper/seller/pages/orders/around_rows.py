"""What stands around an order in the panel, as text: what it leaves, its buyer, what they were told. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from cube_demper.core.money import format_tenge
from cube_demper.domain.economics.shop.sales import Missing, OrderMargin
from cube_demper.domain.messaging.order_talk import OrderTalk, Silence
from cube_demper.domain.messaging.queue_schemas import Overview, QueueRow
from cube_demper.domain.orders.buyers import Buyer, PastOrder
from cube_demper.models.messages import MessageStatus, QueueStatus
from cube_demper.seller.pages.orders.words import STATUSES
from cube_demper.seller.pages.whatsapp_queue.rows import message_row
from cube_demper.ui.format import counted, moment, percent

_ORDERS = ("заказ", "заказа", "заказов")
_MISSING = {
    Missing.PRODUCT: "товара нет в вашем каталоге",
    Missing.COST: "не указана себестоимость",
    Missing.TARIFF: "не хватает условий или тарифа",
}
_SILENCE = {
    Silence.NO_PHONE: "Kaspi скрывает телефон покупателя, поэтому ему не пишем.",
    Silence.NOT_AGREED: "Сообщения покупателям выключены.",
    Silence.STORE_OFF: "Этот магазин покупателям не пишет.",
}
_HEARD = {
    MessageStatus.SENT: "Отправлено",
    MessageStatus.DELIVERED: "Доставлено",
    MessageStatus.READ: "Прочитано",
}
_STATUS = {
    "waiting": ("wait", "Ждёт отправки"),
    "sending": ("wait", "Отправляем"),
    "sent": ("done", "Отправлено"),
    "unknown": ("trouble", "Неизвестно, дошло ли"),
    "failed": ("trouble", "Не отправлено"),
    "dropped": ("hold", "Не отправлено"),
}


@dataclass
class PastRow:
    """Another order of the same buyer."""

    id: str
    code: str
    status: str
    note: str
    total: str


@dataclass
class TalkRow:
    """One message to the buyer."""

    time: str
    code: str
    title: str
    note: str


@dataclass
class AroundView:
    """What stands around one order. `talk_link`: where the messages are switched on.

    `write`: the words that lead to the talk with its buyer; "": Kaspi hides the phone.
    """

    profit: str = ""
    profit_note: str = ""
    profit_tone: str = ""
    profit_link: str = ""
    buyer: str = ""
    buyer_facts: list[tuple[str, str]] = field(default_factory=list)
    past: list[PastRow] = field(default_factory=list)
    past_note: str = ""
    talk: list[TalkRow] = field(default_factory=list)
    talk_note: str = ""
    talk_link: bool = False
    write: str = ""


def around_view(
    margin: OrderMargin | None,
    buyer: Buyer | None,
    talk: OrderTalk,
    numbers: Overview,
    now: datetime,
) -> AroundView:
    """Put it into words."""
    view = AroundView()
    _put_profit(view, margin)
    _put_buyer(view, buyer, now)
    view.talk = [_talk_row(row, numbers, now) for row in talk.rows]
    view.talk_note = _SILENCE[talk.silence] if talk.silence else ""
    if not view.talk and not view.talk_note:
        view.talk_note = "Пока ничего: напишем, когда заказ дойдёт до включённого события."
    if talk.silence is not Silence.NO_PHONE:
        view.write = "Открыть переписку" if view.talk else "Написать покупателю"
    view.talk_link = talk.silence in (Silence.NOT_AGREED, Silence.STORE_OFF)
    return view


def _put_profit(view: AroundView, margin: OrderMargin | None) -> None:
    if margin is None:
        return
    if margin.profit is None:
        reasons = ", ".join(_MISSING[it] for it in margin.missing)
        view.profit, view.profit_note = "не считаем", reasons[:1].upper() + reasons[1:]
        view.profit_link = "" if Missing.PRODUCT in margin.missing else "/economics"
        return
    share = f" · {percent(margin.margin)}" if margin.margin is not None else ""
    view.profit = f"{format_tenge(margin.profit)}{share}"
    view.profit_tone = "red" if margin.profit < 0 else ""
    about = "По тарифам дня заказа и себестоимости сейчас"
    view.profit_note = about if margin.is_sure else f"Оценка: не все ставки подтверждены. {about}"


def _put_buyer(view: AroundView, buyer: Buyer | None, now: datetime) -> None:
    if buyer is None:
        view.buyer = "Kaspi скрывает телефон: другие заказы этого человека не найти."
        return
    if not buyer.is_repeat:
        view.buyer = "Первый заказ этого покупателя у вас."
        return
    view.buyer = f"Повторный покупатель: {counted(buyer.orders, *_ORDERS)} в ваших магазинах."
    known = (
        ("Купил на", format_tenge(buyer.bought)),
        ("Выдано", str(buyer.completed)),
        ("Отменено", str(buyer.cancelled) if buyer.cancelled else ""),
        ("Возвращено", str(buyer.returned) if buyer.returned else ""),
        ("С вами с", moment(buyer.first_at, now=now)),
    )
    view.buyer_facts = [(name, value) for name, value in known if value]
    view.past = [_past(it) for it in buyer.others]
    left = buyer.orders - 1 - len(buyer.others)
    view.past_note = f"и ещё {counted(left, *_ORDERS)}" if left > 0 else ""


def _past(order: PastOrder) -> PastRow:
    word = STATUSES[order.status].word
    note = f"{word.lower()} · {moment(order.ordered_at)} · {order.store_name}"
    return PastRow(str(order.id), order.code, order.status, note, format_tenge(order.total_price))


def _talk_row(row: QueueRow, numbers: Overview, now: datetime) -> TalkRow:
    said = message_row(row, numbers, now)
    code, word = _STATUS[row.status]
    if row.status == QueueStatus.SENT and row.heard in _HEARD:
        word = _HEARD[MessageStatus(row.heard)]
    note = f"{word}. {said.reason}" if said.reason else word
    return TalkRow(said.when, code, said.what, note)
