"""The texts that we ship, in Russian and Kazakh, and when each event is told by default. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType
from typing import Final

from cube_demper.domain.messaging.gate_schemas import (
    Language,
    MessageKind,
    OrderStatus,
    TriggerEvent,
)


@dataclass(frozen=True, slots=True)
class Event:
    """One event: at which status it happens, whether and when it is told while the store says nothing.

    `words`: its name; `when`: what exactly starts it, one sentence.
    """

    status: OrderStatus
    words: str
    when: str
    is_on: bool
    delay: timedelta = timedelta()
    kind: MessageKind = MessageKind.ORDER


EVENTS: Final[Mapping[TriggerEvent, Event]] = MappingProxyType(
    {
        TriggerEvent.ORDER_APPROVED: Event(
            OrderStatus.APPROVED, "Заказ оплачен", "Kaspi показал новый оплаченный заказ.", True
        ),
        TriggerEvent.ORDER_SHIPPED: Event(
            OrderStatus.DELIVERY,
            "Заказ отправлен",
            "Курьер Kaspi забрал заказ или вы приняли его для своей доставки.",
            True,
        ),
        TriggerEvent.ORDER_DELIVERED: Event(
            OrderStatus.DELIVERED, "Заказ доставлен", "Заказ ждёт в пункте или постомате.", True
        ),
        TriggerEvent.ORDER_COMPLETED: Event(
            OrderStatus.COMPLETED, "Заказ завершён", "Покупатель получил заказ.", False
        ),
        TriggerEvent.REVIEW_REQUEST: Event(
            OrderStatus.COMPLETED,
            "Просьба об отзыве",
            "Через некоторое время после получения.",
            True,
            timedelta(days=1),
            MessageKind.REVIEW,
        ),
        TriggerEvent.REVIEW_BONUS: Event(
            OrderStatus.COMPLETED,
            "Просьба об отзыве с бонусом",
            "Вместо обычной просьбы. Бонус берётся из настроек магазина.",
            False,
            timedelta(days=1),
            MessageKind.REVIEW,
        ),
    }
)

_RU: Final = {
    TriggerEvent.ORDER_APPROVED: (
        "Здравствуйте, {customer_name}!\n"
        "Спасибо за заказ № {order_code} в магазине «{store_name}» на Kaspi.\n\n"
        "{items_list}\n\n"
        "Сумма: {order_total}\n"
        "Мы уже собираем его и напишем, когда отправим.\n\n"
        "Если сообщения не нужны, ответьте «стоп»."
    ),
    TriggerEvent.ORDER_SHIPPED: (
        "{customer_name}, ваш заказ № {order_code} отправлен.\n"
        "Адрес: {delivery_address}\n\n"
        "За доставкой можно следить в приложении Kaspi.kz. Магазин «{store_name}»."
    ),
    TriggerEvent.ORDER_DELIVERED: (
        "{customer_name}, ваш заказ № {order_code} уже на месте, его можно забрать.\n"
        "Адрес: {delivery_address}\n\n"
        "Код получения есть в приложении Kaspi.kz. Магазин «{store_name}»."
    ),
    TriggerEvent.ORDER_COMPLETED: (
        "{customer_name}, спасибо за покупку!\n"
        "Заказ № {order_code} получен. Если с товаром что-то не так, напишите нам сюда: поможем.\n\n"
        "Магазин «{store_name}»."
    ),
    TriggerEvent.REVIEW_REQUEST: (
        "Здравствуйте, {customer_name}!\n"
        "Как вам покупка из заказа № {order_code}?\n\n"
        "{items_list}\n\n"
        "Будем благодарны за отзыв в приложении Kaspi.kz: он помогает другим покупателям выбрать. "
        "А если что-то не понравилось, напишите нам, исправим.\n\n"
        "Магазин «{store_name}»."
    ),
    TriggerEvent.REVIEW_BONUS: (
        "Здравствуйте, {customer_name}!\n"
        "Как вам покупка из заказа № {order_code}?\n\n"
        "{items_list}\n\n"
        "Оставьте честный отзыв в приложении Kaspi.kz, и мы поблагодарим вас: {review_bonus}\n\n"
        "Магазин «{store_name}»."
    ),
}
_KK: Final = {
    TriggerEvent.ORDER_APPROVED: (
        "Сәлеметсіз бе, {customer_name}!\n"
        "Kaspi-дегі «{store_name}» дүкеніне берген № {order_code} тапсырысыңызға рақмет.\n\n"
        "{items_list}\n\n"
        "Сомасы: {order_total}\n"
        "Тапсырысты жинап жатырмыз, жөнелткенде хабарлаймыз.\n\n"
        "Хабарлама керек болмаса, «тоқта» деп жауап беріңіз."
    ),
    TriggerEvent.ORDER_SHIPPED: (
        "{customer_name}, № {order_code} тапсырысыңыз жолға шықты.\n"
        "Мекенжай: {delivery_address}\n\n"
        "Жеткізілуін Kaspi.kz қосымшасынан бақылай аласыз. «{store_name}» дүкені."
    ),
    TriggerEvent.ORDER_DELIVERED: (
        "{customer_name}, № {order_code} тапсырысыңыз жетті, алып кетуге болады.\n"
        "Мекенжай: {delivery_address}\n\n"
        "Алу коды Kaspi.kz қосымшасында. «{store_name}» дүкені."
    ),
    TriggerEvent.ORDER_COMPLETED: (
        "{customer_name}, сатып алғаныңызға рақмет!\n"
        "№ {order_code} тапсырысыңыз қолыңызға тиді. Тауарға қатысты сұрақ болса, осында жазыңыз: "
        "көмектесеміз.\n\n"
        "«{store_name}» дүкені."
    ),
    TriggerEvent.REVIEW_REQUEST: (
        "Сәлеметсіз бе, {customer_name}!\n"
        "№ {order_code} тапсырысыңыз көңіліңізден шықты ма?\n\n"
        "{items_list}\n\n"
        "Kaspi.kz қосымшасында пікір қалдырсаңыз, алғыс айтамыз: ол басқа сатып алушыларға "
        "таңдауға көмектеседі. Бірдеңе ұнамаса, бізге жазыңыз, түзетеміз.\n\n"
        "«{store_name}» дүкені."
    ),
    TriggerEvent.REVIEW_BONUS: (
        "Сәлеметсіз бе, {customer_name}!\n"
        "№ {order_code} тапсырысыңыз көңіліңізден шықты ма?\n\n"
        "{items_list}\n\n"
        "Kaspi.kz қосымшасында шынайы пікір қалдырыңыз, біз алғыс айтамыз: {review_bonus}\n\n"
        "«{store_name}» дүкені."
    ),
}
_TEXTS: Final = {Language.RU: _RU, Language.KK: _KK}


def default_text(event: TriggerEvent, language: Language) -> str:
    """Return the text that we ship."""
    return _TEXTS[language][event]
