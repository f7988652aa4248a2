"""What people are told about: words for the settings, what cannot wait, how a group is named.

A kind that is not listed is told like OTHER, so that a forgotten line here silences nobody.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from cube_demper.core.russian import counted
from cube_demper.models.staff import Area

_GOODS = ("товар", "товара", "товаров")
_TIMES = ("событие", "события", "событий")


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of notification.

    Attributes:
        code: as `notifications.kind` has it.
        words: its line on `/settings`.
        note: what exactly it is, one sentence.
        icon: of the list.
        tone: red = broken or money at risk, amber = needs the person, blue = to know.
        is_urgent: sent at once and in quiet hours too.
        group: how several of them are counted in a letter: («товар», «товара», «товаров»).
        help: the answer on `/help` that explains it.
        area: managers with this right are told as well; None: the seller alone.
    """

    code: str
    words: str
    note: str
    icon: str = "bell"
    tone: str = "amber"
    is_urgent: bool = False
    group: tuple[str, str, str] = _TIMES
    help: str = ""
    area: Area | None = None

    def grouped(self, count: int) -> str:
        """Name several at once: «Ценовая война: 5 товаров»."""
        return f"{self.words}: {counted(count, *self.group)}"


OTHER: Final = Kind("other", "Остальное", "Всё, что не вошло в другие строки.", "bell", "blue")

KINDS: Final[Mapping[str, Kind]] = {
    kind.code: kind
    for kind in (
        Kind(
            "bot_silent",
            "Бот не работает",
            "Цены никто не проверяет: обработчики молчат.",
            "power-off",
            "red",
            is_urgent=True,
            help="bot-not-running",
            area=Area.PRICES,
        ),
        Kind(
            "needs_reauth",
            "Нужен вход в Kaspi",
            "Kaspi вышел из кабинета магазина, цены стоят.",
            "log-in",
            "red",
            is_urgent=True,
            help="sign-in-again",
            area=Area.STORES,
        ),
        Kind(
            "whatsapp_lost",
            "WhatsApp отключился",
            "Номер отвязан или заблокирован: покупателям никто не пишет.",
            "unplug",
            "red",
            is_urgent=True,
            area=Area.MESSAGES,
        ),
        Kind(
            "buyer_waits",
            "Покупатель ждёт ответа",
            "ИИ-продавец передал разговор вам: покупатель зовёт человека.",
            "message-circle-question",
            "amber",
            group=("разговор", "разговора", "разговоров"),
            area=Area.MESSAGES,
        ),
        Kind(
            "whatsapp_paused",
            "WhatsApp остановлен",
            "Номер отключён, ограничен или долго не работал: покупателям ничего не уходит.",
            "message-circle-off",
            "red",
            is_urgent=True,
            group=("номер", "номера", "номеров"),
            area=Area.MESSAGES,
        ),
        Kind(
            "plan_landed",
            "Тариф закончился",
            "Бот остановился на ценах, которые вы выбрали.",
            "circle-stop",
            "red",
            is_urgent=True,
        ),
        Kind(
            "payment_due",
            "Оплата не пришла",
            "Период закончился, бот работает ещё несколько дней.",
            "credit-card",
            "red",
            is_urgent=True,
        ),
        Kind(
            "plan_ending",
            "Тариф скоро закончится",
            "За 7, 3 дня и за день до конца.",
            "calendar-clock",
        ),
        Kind(
            "plan_paid",
            "Оплата тарифа",
            "Платёж прошёл, вернулся или остался на балансе.",
            "receipt",
            "blue",
        ),
        Kind(
            "suspicious_price",
            "Подозрительная цена конкурента",
            "Конкурент резко упал, бот ждёт вашего решения.",
            "shield-question",
            group=_GOODS,
            help="suspicious-price",
            area=Area.PRICES,
        ),
        Kind(
            "price_late",
            "Цены нет на витрине 10 минут",
            "Kaspi принял цену, но покупатели её ещё не видят.",
            "clock-alert",
            group=_GOODS,
            help="price-not-shown",
            area=Area.PRICES,
        ),
        Kind(
            "price_not_shown",
            "Kaspi не показал новую цену",
            "Цену отправили дважды, на витрине её нет.",
            "eye-off",
            group=_GOODS,
            help="price-not-shown",
            area=Area.PRICES,
        ),
        Kind(
            "floor_hit",
            "Товары дошли до мин. цены",
            "Конкурент дешевле вашего пола, бот стоит.",
            "arrow-down-to-line",
            group=_GOODS,
            help="at-the-floor",
            area=Area.PRICES,
        ),
        Kind(
            "first_lost",
            "Первое место потеряно надолго",
            "Товар был первым и стоит ниже больше двух часов.",
            "trending-down",
            group=_GOODS,
            help="first-place",
            area=Area.PRICES,
        ),
        Kind(
            "price_war",
            "Ценовая война",
            "Бот вернул цену и сделал паузу.",
            "swords",
            group=_GOODS,
            help="price-war",
            area=Area.PRICES,
        ),
        Kind(
            "feed_refused",
            "Прайс-лист не отдан",
            "Файл стал короче или старее, и мы не дали его Kaspi.",
            "file-x-2",
            "red",
            area=Area.STORES,
        ),
        Kind(
            "feed_not_pulled",
            "Kaspi не забирает прайс-лист",
            "Новые цены ждут в файле дольше трёх часов.",
            "file-clock",
            area=Area.STORES,
        ),
        Kind(
            "store_released",
            "Магазин перешёл к другому",
            "В кабинет магазина, подключённого прайс-листом, вошёл другой пользователь.",
            "store",
            "red",
            is_urgent=True,
            area=Area.STORES,
        ),
        Kind(
            "new_order",
            "Новый заказ",
            "Покупатель оплатил, заказ ждёт вас в Kaspi.",
            "shopping-bag",
            "blue",
            group=("заказ", "заказа", "заказов"),
            area=Area.ORDERS,
        ),
        Kind(
            "order_cancelled",
            "Заказ отменён или возвращён",
            "Покупатель или Kaspi отменили заказ, или товар едет назад.",
            "undo-2",
            group=("заказ", "заказа", "заказов"),
            area=Area.ORDERS,
        ),
        Kind(
            "order_not_done",
            "Действие с заказом не получилось",
            "Kaspi отказал принять, собрать или отменить заказ.",
            "package-x",
            "red",
            group=("заказ", "заказа", "заказов"),
            area=Area.ORDERS,
        ),
        Kind(
            "orders_stopped",
            "Заказы не читаются",
            "Токен не подходит или вход истёк: новых заказов мы не видим.",
            "plug-zap",
            "red",
            area=Area.ORDERS,
        ),
        Kind(
            "rates_change",
            "Новые ставки и тарифы",
            "Скоро изменятся налоги, комиссия или МРП: что станет с прибылью.",
            "calendar-clock",
            area=Area.PRICES,
        ),
        Kind(
            "telegram_off",
            "Telegram отключился",
            "Вы остановили нашего бота, сообщения туда не идут.",
            "send",
            "blue",
        ),
        Kind(
            "staff",
            "Сотрудники",
            "Кто принял приглашение.",
            "users",
            "blue",
        ),
        Kind(
            "staff_act",
            "Действия поддержки",
            "Сотрудник сервиса остановил или запустил бота и написал почему.",
            "headset",
            area=Area.PRICES,
        ),
        Kind(
            "announcement",
            "Объявления сервиса",
            "Плановые работы, новое в программе, изменения тарифов.",
            "megaphone",
            "blue",
        ),
        Kind(
            "export_ready",
            "Архив данных готов",
            "Ссылка на скачивание действует сутки.",
            "archive",
            "blue",
        ),
    )
}


def kind_of(code: str) -> Kind:
    """Return the kind, or OTHER for one that has no line of its own."""
    return KINDS.get(code, OTHER)
