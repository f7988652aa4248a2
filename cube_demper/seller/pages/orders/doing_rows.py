"""What the panel shows of what can be done and of how the last action went. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from cube_demper.domain.orders.doing.rules import TRIES_OF_CODE
from cube_demper.domain.orders.doing.schemas import ActionView, Doable
from cube_demper.domain.orders.doing.words import DONE, FAILED, GOING_ON, refusal_words
from cube_demper.domain.orders.list_schemas import OrderView
from cube_demper.models.doing import ActionKind, ActionRefusal, ActionStatus
from cube_demper.ui.format import clock_time, counted

MOST_GOODS = 100
"""Entries of an order in its panel: what a tab keeps has a bound, and hardly an order has twenty."""
_OF_CODE = (ActionRefusal.WRONG_CODE, ActionRefusal.CODE_SPENT)
_WITHOUT = {
    ActionKind.ACCEPT: "принять",
    ActionKind.ASSEMBLE: "собрать",
    ActionKind.COMPLETE: "выдать по коду",
    ActionKind.REDUCE: "убрать товар",
    ActionKind.CANCEL: "отменить",
    ActionKind.ARRIVE: "отметить поступление товара для",
    ActionKind.TAKE_BACK: "принять обратно",
}


@dataclass
class DoingView:
    """What can be done to one order. `kinds`: `ActionKind`s; `line`: how the last action went."""

    kinds: list[str] = field(default_factory=list)
    is_going_on: bool = False
    line: str = ""
    note: str = ""
    tone: str = ""
    without_token: str = ""
    has_waybill: bool = False
    code_note: str = ""
    code_error: str = ""
    goods: list[dict[str, str]] = field(default_factory=list)


def doing_view(view: OrderView, doable: Doable | None) -> DoingView:
    """Put into words what can be done."""
    if doable is None:
        return DoingView()
    last = doable.last
    line, note, tone = _last(last)
    is_code = last is not None and last.refusal in _OF_CODE
    return DoingView(
        kinds=[str(kind) for kind in doable.kinds],
        is_going_on=last is not None and last.is_open,
        line="" if is_code else line,
        note="" if is_code else note,
        tone=tone,
        without_token=_without(doable),
        has_waybill=doable.has_waybill,
        code_note=_code_note(doable),
        code_error=_code_error(last, doable.tries_left) if is_code and last else "",
        goods=[
            {
                "value": str(item.number),
                "label": f"{item.name}, {plain_quantity(item.quantity)} шт.",
            }
            for item in view.items[:MOST_GOODS]
            if item.quantity > 0
        ],
    )


def row_note(last: ActionView | None, seen_at: datetime) -> str:
    """Say in the list what goes on, or what came of it and is not seen in the order yet."""
    if last is None:
        return ""
    if last.is_open:
        return "Kaspi не ответил, проверяем" if _is_lost(last) else f"{GOING_ON[last.kind]}…"
    if last.status is ActionStatus.CONFIRMED and last.done_at and last.done_at > seen_at:
        return f"{DONE[last.kind]}, обновляем"
    if last.status is ActionStatus.REFUSED and last.refusal not in _OF_CODE:
        return FAILED[last.kind] if last.done_at and last.done_at >= seen_at else ""
    return ""


def plain_quantity(quantity: Decimal) -> str:
    """Show a quantity without zeros after the comma: «2», «0,35»."""
    return f"{quantity.normalize():f}".replace(".", ",")


def _last(last: ActionView | None) -> tuple[str, str, str]:
    if last is None or last.status is ActionStatus.DROPPED:
        return "", "", ""
    if last.is_open:
        if _is_lost(last):
            return (
                "Kaspi не ответил",
                "Читаем заказ, чтобы узнать, сделано ли. Повторять не нужно.",
                "amber",
            )
        return f"{GOING_ON[last.kind]}…", "", ""
    if last.refusal is not None:
        return FAILED[last.kind], refusal_words(last.refusal, last.said), "red"
    return f"{DONE[last.kind]} в {clock_time(last.done_at)}", "", "green"


def _is_lost(last: ActionView) -> bool:
    return last.status is ActionStatus.UNKNOWN


def _without(doable: Doable) -> str:
    verbs = [_WITHOUT[kind] for kind in doable.without_token if kind in _WITHOUT]
    if not verbs:
        return ""
    return (
        f"Чтобы {_listed(verbs)} заказ отсюда, нужен токен заказов: через кабинет Kaspi"
        " этого сделать не даёт."
    )


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} или {words[-1]}"


def _code_note(doable: Doable) -> str:
    if doable.code_sent_at is None:
        return "Kaspi пришлёт код покупателю. Введите его при выдаче."
    return f"Код отправлен в {clock_time(doable.code_sent_at)}. Покупатель видит его в Kaspi.kz."


def _code_error(last: ActionView, tries_left: int | None) -> str:
    if last.refusal is ActionRefusal.CODE_SPENT or tries_left == 0:
        return "Этот код больше не подойдёт. Отправьте покупателю новый."
    left = TRIES_OF_CODE if tries_left is None else tries_left
    verb = "Осталась" if left == 1 else "Осталось"
    return f"Код не подошёл. {verb} {counted(left, 'попытка', 'попытки', 'попыток')}."
