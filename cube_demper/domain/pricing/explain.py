"""A decision in Russian, from its own numbers: a headline for a list, an explanation for the log."""

from __future__ import annotations

from collections.abc import Callable

from cube_demper.core.money import NBSP, format_tenge
from cube_demper.domain.pricing.guards import WAR_FALLS, WAR_REST, WAR_SPAN
from cube_demper.domain.pricing.phrases import (
    by_rival,
    cap_source,
    fall_percent,
    floor_source,
    is_floor_by_profit,
    moment,
    nobody,
    place_is_safe,
    rival_at_place,
    why_not_higher,
)
from cube_demper.domain.pricing.schemas import Action, Decision, Reason


def headline(decision: Decision) -> str:
    """Say in a few words what is done, or why nothing is."""
    if decision.action is Action.CHANGE:
        verb = "Снижаем" if decision.is_fall else "Поднимаем"
        return f"{verb} до {format_tenge(decision.target)}"
    if decision.reason is Reason.PRICE_IS_RIGHT:
        return "Вы первые" if decision.place == 1 else "Цена уже верная"
    if decision.reason is Reason.FEWER_THAN_N_HOLD:
        return f"{decision.top_n}-е место обеспечено"
    return _HOLD_HEADLINES.get(decision.reason, "Цена не меняется")


def explain(decision: Decision) -> str:
    """Say why, in one or two sentences."""
    return _TEXTS[decision.reason](decision)


_HOLD_HEADLINES = {
    Reason.FLOOR_OVER_CAP: "Пол выше макс. цены",
    Reason.BOUNDS_MISSING: "Не заданы границы цены",
    Reason.NOT_ON_SALE: "Товара нет в продаже",
    Reason.PRICE_UNKNOWN: "Наша цена пока неизвестна",
    Reason.WAR_REST: "Пауза после ценовой войны",
    Reason.RETURNED_BY_SELLER: "Вы вернули прежнюю цену",
    Reason.RETURN_REST: "Пауза: вы вернули прежнюю цену",
    Reason.PLAN_ENDED: "Тариф закончился",
    Reason.BELOW_FLOOR_HOLD: "Ниже пола не идём",
    Reason.AT_FLOOR: "Цена на полу",
    Reason.ALONE_HOLD: "Конкурентов нет",
    Reason.RIVALS_UNREAD: "Прочитаны не все предложения",
    Reason.WAITING_SECOND_LOOK: "Проверим ещё раз",
    Reason.SUSPICIOUS_FALL: "Нужно ваше согласие",
    Reason.WAITING_CONFIRMATION: "Ждём новую цену в витрине",
}


def _floor_over_cap(decision: Decision) -> str:
    advice = (
        "снизьте мин. прибыль или поднимите макс. цену"
        if is_floor_by_profit(decision)
        else "поднимите макс. цену"
    )
    return (
        f"Пол {format_tenge(decision.floor)} ({floor_source(decision)}) выше макс. цены "
        f"{format_tenge(decision.max_price)}. Цена не меняется: {advice}."
    )


def _bounds_missing(decision: Decision) -> str:
    missing = "мин." if decision.min_price is None else "макс."
    return (
        f"Не задана {missing} цена, и неизвестно, с какой цены бот начинал. "
        f"Цена не меняется: задайте {missing} цену."
    )


def _not_on_sale(decision: Decision) -> str:
    if not decision.offers_count:
        return "В этом городе товар никто не предлагает, вашего предложения тоже нет. Бот ждёт."
    return (
        f"Прочитаны все предложения в этом городе ({decision.offers_count}), вашего среди них нет. "
        "Бот ждёт, пока товар снова появится в продаже."
    )


def _price_unknown(decision: Decision) -> str:
    return (
        f"Предложений слишком много ({decision.offers_count}): вашего среди прочитанных нет, "
        "а цена в кабинете неизвестна. Цена не меняется."
    )


def _raised_to_floor(decision: Decision) -> str:
    return (
        f"Цена {format_tenge(decision.window_price)} ниже пола {format_tenge(decision.floor)} "
        f"({floor_source(decision)}) → {format_tenge(decision.target)}"
    )


def _lowered_to_cap(decision: Decision) -> str:
    return (
        f"Цена {format_tenge(decision.window_price)} выше потолка ({cap_source(decision)}) "
        f"→ {format_tenge(decision.target)}"
    )


def _price_war(decision: Decision) -> str:
    minutes, hours = int(WAR_SPAN.total_seconds() // 60), int(WAR_REST.total_seconds() // 3600)
    return (
        f"Ценовая война: {WAR_FALLS} снижений за {minutes} минут вслед за одним и тем же "
        f"{by_rival(decision.rival)}. "
        f"Возвращаем {format_tenge(decision.target)} и делаем паузу на {hours} часа."
    )


def _war_rest(decision: Decision) -> str:
    return (
        f"Пауза после ценовой войны до {moment(decision.wait_until)}: "
        f"цена {format_tenge(decision.window_price)} пока не меняется."
    )


def _returned(decision: Decision) -> str:
    return (
        f"Вы вернули цену, которая была час назад: {format_tenge(decision.target)}. "
        "Час после отправки бот её не меняет."
    )


def _return_rest(decision: Decision) -> str:
    return (
        f"Вы вернули цену {format_tenge(decision.window_price)}: "
        f"до {moment(decision.wait_until)} бот её не меняет."
    )


def _plan_ended(decision: Decision) -> str:
    return (
        f"Тариф закончился, бот останавливается на цене, которую вы выбрали:"
        f" {format_tenge(decision.target)}. После оплаты он продолжит сам."
    )


def _behind_rival(decision: Decision) -> str:
    return (
        f"{rival_at_place(decision)}, шаг {format_tenge(decision.step)} "
        f"→ {format_tenge(decision.target)}"
    )


def _raised_to_cap(decision: Decision) -> str:
    return (
        f"{rival_at_place(decision)}, но потолок ниже ({cap_source(decision)}) "
        f"→ {format_tenge(decision.target)}"
    )


def _price_is_right(decision: Decision) -> str:
    ours, rival = format_tenge(decision.window_price), rival_at_place(decision)
    if decision.window_price == decision.cap:
        return f"{rival}. Цена {ours} уже на потолке ({cap_source(decision)}), менять её не нужно."
    return (
        f"{rival}, шаг {format_tenge(decision.step)}. Цена {ours} уже верная, менять её не нужно."
    )


def _below_floor_hold(decision: Decision) -> str:
    return (
        f"{rival_at_place(decision)}: чтобы быть дешевле, пришлось бы опуститься ниже пола "
        f"{format_tenge(decision.floor)} ({floor_source(decision)}). "
        f"Цена {format_tenge(decision.window_price)} не меняется, ждём, пока конкурент поднимет свою."
    )


def _below_floor_to_floor(decision: Decision) -> str:
    return (
        f"{rival_at_place(decision)}: чтобы быть дешевле, пришлось бы опуститься ниже пола "
        f"({floor_source(decision)}). Стратегия «Всегда первый» идёт до пола "
        f"→ {format_tenge(decision.target)}"
    )


def _at_floor(decision: Decision) -> str:
    return (
        f"{rival_at_place(decision)}. Цена {format_tenge(decision.window_price)} уже на полу "
        f"({floor_source(decision)}), ниже бот её не опустит."
    )


def _alone_to_max(decision: Decision) -> str:
    return f"{nobody(decision)}, проверено дважды → макс. цена {format_tenge(decision.target)}"


def _alone_hold(decision: Decision) -> str:
    return f"{nobody(decision)}. {why_not_higher(decision)}"


def _fewer_than_n_to_max(decision: Decision) -> str:
    return f"{place_is_safe(decision)} → макс. цена {format_tenge(decision.target)}"


def _fewer_than_n_hold(decision: Decision) -> str:
    return f"{place_is_safe(decision)}. {why_not_higher(decision)}"


def _rivals_unread(decision: Decision) -> str:
    return (
        f"Предложений слишком много ({decision.offers_count}), прочитаны не все, и среди "
        f"прочитанных конкурентов не хватает. Цена {format_tenge(decision.window_price)} не меняется."
    )


def _waiting_second_look(decision: Decision) -> str:
    seen = (
        f"Похоже, {decision.top_n}-е место обеспечено при любой цене"
        if decision.rivals_count
        else "Похоже, конкурентов нет"
    )
    return (
        f"{seen}. Прежде чем поднять цену до {format_tenge(decision.target)}, "
        f"бот проверит ещё раз, не раньше {moment(decision.wait_until)}."
    )


def _suspicious_fall(decision: Decision) -> str:
    usual = (
        ""
        if decision.reference == decision.window_price
        else f" (обычная за сутки {format_tenge(decision.reference)})"
    )
    return (
        f"{rival_at_place(decision)}: цена {format_tenge(decision.window_price)}{usual} упала бы "
        f"до {format_tenge(decision.target)}, на {fall_percent(decision)}. Без вашего согласия "
        f"можно не больше чем на {decision.max_fall_percent}{NBSP}%: возможно, конкурент ошибся. "
        "Цена не меняется, пока вы не согласитесь."
    )


def _waiting_confirmation(decision: Decision) -> str:
    return (
        f"Цена {format_tenge(decision.target)} уже отправлена, ждём её в витрине. "
        f"Если её не будет до {moment(decision.wait_until)}, отправим ещё раз."
    )


_TEXTS: dict[Reason, Callable[[Decision], str]] = {
    Reason.FLOOR_OVER_CAP: _floor_over_cap,
    Reason.BOUNDS_MISSING: _bounds_missing,
    Reason.NOT_ON_SALE: _not_on_sale,
    Reason.PRICE_UNKNOWN: _price_unknown,
    Reason.RAISED_TO_FLOOR: _raised_to_floor,
    Reason.LOWERED_TO_CAP: _lowered_to_cap,
    Reason.PRICE_WAR: _price_war,
    Reason.WAR_REST: _war_rest,
    Reason.RETURNED_BY_SELLER: _returned,
    Reason.RETURN_REST: _return_rest,
    Reason.PLAN_ENDED: _plan_ended,
    Reason.UNDERCUT: _behind_rival,
    Reason.RAISED_BEHIND_RIVAL: _behind_rival,
    Reason.RAISED_TO_CAP: _raised_to_cap,
    Reason.PRICE_IS_RIGHT: _price_is_right,
    Reason.BELOW_FLOOR_HOLD: _below_floor_hold,
    Reason.BELOW_FLOOR_TO_FLOOR: _below_floor_to_floor,
    Reason.AT_FLOOR: _at_floor,
    Reason.ALONE_TO_MAX: _alone_to_max,
    Reason.ALONE_HOLD: _alone_hold,
    Reason.FEWER_THAN_N_TO_MAX: _fewer_than_n_to_max,
    Reason.FEWER_THAN_N_HOLD: _fewer_than_n_hold,
    Reason.RIVALS_UNREAD: _rivals_unread,
    Reason.WAITING_SECOND_LOOK: _waiting_second_look,
    Reason.SUSPICIOUS_FALL: _suspicious_fall,
    Reason.WAITING_CONFIRMATION: _waiting_confirmation,
}
