"""Differences in words: their names, what happened with them and what to do. Pure.

Sums in the sentences are in tenge; what the seller reads is always «вы».
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from cube_demper.core.money import NBSP, format_tenge
from cube_demper.core.russian import counted
from cube_demper.domain.economics.payouts.schemas import DifferenceView
from cube_demper.models.payouts import DifferenceKind as Kind

NAMES: Mapping[Kind, str] = {
    Kind.COMMISSION_HIGHER: "Комиссия выше тарифа",
    Kind.COMMISSION_LOWER: "Комиссия ниже тарифа",
    Kind.DELIVERY: "Другая доставка",
    Kind.AMOUNT: "Другая сумма заказа",
    Kind.LINE_SUM: "Строка не сходится",
    Kind.MISSING: "Заказа нет в отчётах",
    Kind.AWAITED: "Ждём в следующем отчёте",
    Kind.UNKNOWN_ORDER: "Нет такого заказа",
    Kind.OTHER_CHARGE: "Операция не по заказу",
    Kind.TWICE: "Строка дважды",
    Kind.CANCELLED_PAID: "Оплачен отменённый заказ",
    Kind.RETURN_MISSING: "Возврат не удержан",
    Kind.RETURN_UNEXPECTED: "Возврат без возврата у нас",
    Kind.TOTAL: "Итог не сходится",
    Kind.CURRENCY: "Другая валюта",
    Kind.DATE: "Дата вне периода",
    Kind.UNREADABLE: "Строка не читается",
}
_ASK = "Напишите в поддержку Kaspi Pay, приложите номер заказа и сумму."
_ASK_TOO = "напишите в поддержку Kaspi Pay, приложите номер заказа и сумму."


def story_of(it: DifferenceView) -> str:
    """Say in a sentence or two what differs and what to do."""
    return _STORIES[it.kind](it)


def _commission(it: DifferenceView) -> str:
    figure, source = it.facts.get("figure", ""), it.facts.get("source", "")
    told = f"По тарифу на {_day(it, 'ordered_on')}: {figure} ({source})."
    if it.facts.get("hint") == "kaspi_pay":
        return f"{told} Разница равна Kaspi Pay: похоже, его взяли сверх ставки. {_ASK}"
    if it.facts.get("hint") == "later":
        return (
            f"{told} Сходится с тарифом на день операции, {_day(it, 'on')}:"
            f" {it.facts.get('later', '')}. Спорить не о чем."
        )
    if it.is_estimate:
        told += " Категория товара нам неизвестна или ставка восстановлена, это оценка."
    if it.kind is Kind.COMMISSION_LOWER:
        return f"{told} Удержали меньше: делать ничего не нужно, но разницу могут удержать позже."
    return f"{told} {_ASK}"


def _delivery(it: DifferenceView) -> str:
    if not it.ours and it.amount > 0:
        return f"У этого заказа нет Kaspi Доставки: доставляете вы или самовывоз. {_ASK}"
    told = f"По тарифу: {it.facts.get('figure', '')}."
    if it.is_estimate:
        told += " Вес или вид доставки нам неизвестен, это оценка."
    if it.amount < 0:
        return f"{told} Удержали меньше: делать ничего не нужно."
    return f"{told} Сверьте вес и габариты в накладной; если они верны, {_ASK_TOO}"


def _amount(it: DifferenceView) -> str:
    return (
        f"Заказ на {format_tenge(it.ours)}, в отчёте {format_tenge(it.theirs)}. Проверьте, не было ли"
        " частичной отмены; если нет, спросите поддержку Kaspi Pay."
    )


def _line_sum(it: DifferenceView) -> str:
    return (
        f"Сумма минус удержания даёт {format_tenge(it.ours)}, к зачислению {format_tenge(it.theirs)}."
        " В строке есть удержание, которого нет в столбцах: спросите Kaspi Pay, какое."
    )


def _missing(it: DifferenceView) -> str:
    return (
        f"Выдан {_day(it, 'since')}, прошло {_days(it)}, а в отчётах его нет. Ждём примерно"
        f" {format_tenge(it.ours)}. Загрузите отчёт за следующие дни; если нет и там, {_ASK_TOO}"
    )


def _awaited(it: DifferenceView) -> str:
    return (
        f"Выдан {_day(it, 'since')}, в конце периода. Обычно такие приходят в следующем отчёте:"
        " загрузите его, и строка закроется сама."
    )


def _unknown(it: DifferenceView) -> str:
    return (
        f"Выплатили {format_tenge(it.theirs)}, но такого заказа у нас нет. Возможно, это заказ другого"
        " магазина или он старше загруженных: проверьте номер в кабинете Kaspi."
    )


def _charge(it: DifferenceView) -> str:
    return (
        f"Операция на {format_tenge(it.theirs)} без номера заказа: например, реклама или перевод."
        " Проверьте её название в строке отчёта."
    )


def _twice(it: DifferenceView) -> str:
    return (
        f"Та же операция уже есть в строке {it.facts.get('first', '')}. Если деньги пришли дважды,"
        " лишнее удержат: не тратьте их."
    )


def _cancelled(it: DifferenceView) -> str:
    return (
        f"Заказ отменён{_on(it)}, а выплата {format_tenge(it.theirs)} не возвращена. Её могут удержать"
        " позже: отложите эту сумму."
    )


def _not_taken(it: DifferenceView) -> str:
    return (
        f"Покупатель вернул заказ{_on(it)}, а деньги ({format_tenge(it.theirs)}) ещё у вас. Kaspi"
        " удержит их позже: отложите эту сумму."
    )


def _unexpected(it: DifferenceView) -> str:
    return (
        f"Kaspi удержал {format_tenge(it.amount)} как возврат, а заказ у нас не возвращён. Проверьте"
        " его в кабинете: если товар к вам не вернулся, обратитесь в поддержку Kaspi Pay."
    )


def _total(it: DifferenceView) -> str:
    what = "к зачислению" if it.facts.get("of") == "net" else "операций"
    return (
        f"Строки {what} дают {format_tenge(it.ours)}, в итоге файла {format_tenge(it.theirs)}. Скачайте"
        " отчёт заново: возможно, он выгружен не весь."
    )


def _currency(it: DifferenceView) -> str:
    return (
        f"Строка в валюте {it.facts.get('currency', '')}. Мы сверяем только тенге: проверьте её"
        " по курсу вручную."
    )


def _date(it: DifferenceView) -> str:
    if it.facts.get("ordered_on"):
        return (
            f"Операция {_day(it, 'on')}, а заказ оформлен {_day(it, 'ordered_on')}, позже неё."
            " Проверьте номер заказа в строке."
        )
    return (
        f"Операция {_day(it, 'on')}, а период отчёта {_day(it, 'first')}–{_day(it, 'last')}. Проверьте,"
        " не вошла ли она и в соседний отчёт."
    )


def _unreadable(it: DifferenceView) -> str:
    return (
        f"Не смогли прочитать: {it.facts.get('trouble', '')}. В сверку строка не вошла: исправьте её"
        " в файле и загрузите его снова."
    )


_STORIES: Mapping[Kind, Callable[[DifferenceView], str]] = {
    Kind.COMMISSION_HIGHER: _commission,
    Kind.COMMISSION_LOWER: _commission,
    Kind.DELIVERY: _delivery,
    Kind.AMOUNT: _amount,
    Kind.LINE_SUM: _line_sum,
    Kind.MISSING: _missing,
    Kind.AWAITED: _awaited,
    Kind.UNKNOWN_ORDER: _unknown,
    Kind.OTHER_CHARGE: _charge,
    Kind.TWICE: _twice,
    Kind.CANCELLED_PAID: _cancelled,
    Kind.RETURN_MISSING: _not_taken,
    Kind.RETURN_UNEXPECTED: _unexpected,
    Kind.TOTAL: _total,
    Kind.CURRENCY: _currency,
    Kind.DATE: _date,
    Kind.UNREADABLE: _unreadable,
}


def _day(it: DifferenceView, name: str) -> str:
    text = it.facts.get(name)
    return f"{date.fromisoformat(text):%d.%m.%Y}" if text else f"неизвестный{NBSP}день"


def _on(it: DifferenceView) -> str:
    return f" {_day(it, 'since')}" if it.facts.get("since") else ""


def _days(it: DifferenceView) -> str:
    return counted(int(it.facts.get("days") or 0), "день", "дня", "дней")
