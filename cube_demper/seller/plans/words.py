"""What each feature is for, as the one who lacks it reads it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from cube_demper.ui.i18n import marked


@dataclass(frozen=True, slots=True)
class Lack:
    """A feature that a plan lacks: its name, what it is for and what exactly it gives."""

    name: str
    text: str
    points: tuple[str, ...]


LACKS: Mapping[str, Lack] = MappingProxyType(
    {
        "repricing": Lack(
            marked("Бот сам меняет цены"),
            marked("Сейчас бот только советует. На этом тарифе он отправляет цены в Kaspi сам."),
            (
                marked("Держит место круглые сутки, не опускаясь ниже вашей мин. цены"),
                marked("Поднимает цену, когда конкурент ушёл"),
                marked("Останавливается в ценовой войне и ждёт вас у подозрительных цен"),
            ),
        ),
        "whatsapp": Lack(
            marked("WhatsApp покупателям"),
            marked(
                "Магазин сам пишет покупателю о заказе и просит отзыв, вы отвечаете из одного окна."
            ),
            (
                marked("Сообщения о каждом шаге заказа по вашим текстам"),
                marked("Просьба об отзыве в нужный день"),
                marked("Переписка с покупателями рядом с их заказами"),
            ),
        ),
        "analytics": Lack(
            marked("Аналитика заказов"),
            marked("Что продаётся, что возвращают и сколько остаётся после комиссии и доставки."),
            (
                marked("Выручка, средний чек и отмены по дням"),
                marked("Товары и города, которые приносят деньги"),
                marked("Сколько заказов вы успели собрать в срок"),
            ),
        ),
        "ai": Lack(
            marked("ИИ-помощники"),
            marked("Юрист, продавец и бухгалтер, которые знают ваш магазин."),
            (
                marked("Ответы по закону со ссылкой на статью"),
                marked("Ответы покупателям по живым ценам и остаткам"),
                marked("Отчёты и налоги по вашим продажам"),
            ),
        ),
        "integrations": Lack(
            marked("API и вебхуки"),
            marked("Ваши программы получают товары, цены и заказы прямо из Cube Demper."),
            (
                marked("Ключи доступа с правами"),
                marked("Вебхуки о заказах и ценах"),
                marked("Связь с 1С и складом"),
            ),
        ),
        "priority_support": Lack(
            marked("Поддержка вне очереди"),
            marked("На ваши вопросы отвечают первыми."),
            (marked("Ответ в чате раньше остальных"),),
        ),
    }
)
