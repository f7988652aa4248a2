"""What can go wrong with a number's session, in words for the person."""

from __future__ import annotations

from cube_demper.core.errors import Conflict, DomainError, InvalidInput, LimitReached, Unreachable


class SessionNotReady(Unreachable):
    """Номер ещё не в том состоянии. Повторим позже."""

    code = "messaging.session_not_ready"

    def __init__(self, status: str) -> None:
        """`status`: where the gateway says it is."""
        super().__init__()
        self.status = status


class WhatsAppOff(DomainError):
    """WhatsApp не подключён на сервере. Напишите в поддержку."""

    code = "messaging.off"


class ConsentMissing(DomainError):
    """Сначала прочитайте о рисках и согласитесь с ними."""

    code = "messaging.consent_missing"


class TooManyNumbers(LimitReached):
    """Больше номеров подключить нельзя. Удалите лишний."""

    code = "messaging.too_many_numbers"


class NotWaitingForPhone(Conflict):
    """Номер сейчас не ждёт подключения. Обновите страницу."""

    code = "messaging.not_waiting"


class WrongPhone(InvalidInput):
    """Введите номер как +7 701 123 45 67."""

    code = "messaging.wrong_phone"
