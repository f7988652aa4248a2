"""What the send gate and its templates refuse."""

from __future__ import annotations

from cube_demper.core.errors import Conflict, NotFound


class NumberNotFound(NotFound):
    """Сначала подключите номер WhatsApp: с него и будут уходить сообщения."""

    code = "messaging.number_not_found"


class TalkNotAgreed(Conflict):
    """Сначала прочтите о рисках на странице WhatsApp и согласитесь с ними."""

    code = "messaging.not_agreed"


class SendingStopped(Conflict):
    """Отправка остановлена. Продолжите её на странице очереди и повторите."""

    code = "messaging.stopped"


class TurnLost(Conflict):
    """Номер уже взял другой обработчик."""

    code = "messaging.turn_lost"


class PhoneHidden(Conflict):
    """Kaspi скрыл телефон покупателя: написать некуда."""

    code = "messaging.phone_hidden"
