"""How the gate's reasons are said to a seller: one place for the page and for notifications. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from cube_demper.domain.messaging.gate_schemas import Limiter, MessageKind, PauseReason, Reason

REASONS: Final[Mapping[Reason, str]] = MappingProxyType(
    {
        Reason.NOT_AGREED: "Вы ещё не согласились с рисками WhatsApp",
        Reason.STOPPED: "Вы остановили отправку",
        Reason.PAUSED: "Номер на паузе",
        Reason.NO_NUMBER: "У магазина нет номера",
        Reason.NOT_LINKED: "Номер не подключён",
        Reason.NIGHT: "Тихие часы: ночью никому не пишем",
        Reason.BUDGET: "Сообщения на сегодня закончились",
        Reason.PACE: "Пауза между сообщениями",
        Reason.UNREACHABLE: "WhatsApp не отвечал, попробуем ещё",
        Reason.UNCHECKED: "Не удалось проверить номер, попробуем ещё",
        Reason.CANCELLED: "Заказ отменён или возвращён",
        Reason.ORDER_GONE: "Kaspi больше не показывает заказ",
        Reason.MOVED_ON: "Заказ уже ушёл дальше",
        Reason.TOO_OLD: "Устарело: прошло слишком много времени",
        Reason.OPTED_OUT: "Покупатель просил не писать",
        Reason.NO_PHONE: "Телефон покупателя скрыт",
        Reason.NOT_ON_WHATSAPP: "Номера нет в WhatsApp",
        Reason.SAME_TEXT: "Этот текст покупатель уже получил",
        Reason.SWITCHED_OFF: "Вы выключили эти сообщения",
        Reason.EMPTY: "Текст пуст",
        Reason.FILE_GONE: "Файл больше не хранится",
        Reason.NO_PLAN: "На вашем тарифе нет WhatsApp",
        Reason.BY_SELLER: "Вы убрали из очереди",
        Reason.REFUSED: "WhatsApp отказал",
        Reason.OUTCOME_UNKNOWN: "Неизвестно, дошло ли: повторять не будем",
    }
)
LIMITERS: Final[Mapping[Limiter, str]] = MappingProxyType(
    {
        Limiter.SPEC: "Больше 100 сообщений в день с одного номера — риск блокировки.",
        Limiter.SELLER: "Столько вы разрешили сами.",
        Limiter.WARM_UP: "Номер новый и прогревается: с каждым днём можно больше.",
    }
)
KINDS: Final[Mapping[MessageKind, str]] = MappingProxyType(
    {
        MessageKind.TEST: "Проверка",
        MessageKind.REPLY: "Ответ",
        MessageKind.LETTER: "Письмо",
        MessageKind.ORDER: "Заказ",
        MessageKind.REVIEW: "Отзыв",
        MessageKind.SALESMAN: "ИИ-продавец",
        MessageKind.BROADCAST: "Рассылка",
    }
)
PAUSES: Final[Mapping[PauseReason, tuple[str, str]]] = MappingProxyType(
    {
        PauseReason.SELLER: ("Номер на паузе", "Вы остановили его сами."),
        PauseReason.FAILED: (
            "WhatsApp отключил номер",
            (
                "Так бывает, когда устройство отвязали на телефоне или WhatsApp заметил рассылку. "
                "Откройте WhatsApp на телефоне: если номер жив, подключите его снова и продолжите."
            ),
        ),
        PauseReason.CAPPED: (
            "WhatsApp ограничил новые чаты",
            "Лимит новых собеседников исчерпан. Мы проверим снова через сутки и продолжим сами.",
        ),
        PauseReason.TIMELOCK: (
            "WhatsApp временно запретил писать новым людям",
            (
                "Обычно это первый знак блокировки. Мы проверим снова через несколько часов и продолжим "
                "сами; рассылки лучше не запускать."
            ),
        ),
        PauseReason.REFUSED: (
            "WhatsApp отказывается отправлять",
            (
                "Несколько отказов подряд бывают перед блокировкой. Проверьте номер на телефоне, "
                "потом продолжите отправку."
            ),
        ),
        PauseReason.OUTAGE: (
            "WhatsApp не работал больше часа",
            (
                "За это время накопились сообщения. Решите, отправить их или убрать: сами мы их не "
                "отправим."
            ),
        ),
    }
)
"""What happened, and what it means and what to do."""
