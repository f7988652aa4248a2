"""What can be refused about accounts, in words for the person."""

from __future__ import annotations

from datetime import timedelta

from cube_demper.core.errors import Conflict, InvalidInput, LimitReached


class TooManyAttempts(LimitReached):
    """Слишком много попыток. Повторите позже."""

    code = "accounts.too_many_attempts"

    def __init__(self, wait: timedelta) -> None:
        """`wait`: how long until the next try is allowed."""
        minutes = max(1, -(-int(wait.total_seconds()) // 60))
        super().__init__(f"Слишком много попыток. Повторите через {minutes} мин.")
        self.wait = wait


class LimitsUnavailable(LimitReached):
    """Вход и письма временно недоступны. Повторите через минуту."""

    code = "accounts.limits_unavailable"


class WrongCredentials(InvalidInput):
    """Неверная почта или пароль."""

    code = "accounts.wrong_credentials"


class WrongCode(InvalidInput):
    """Код не подошёл. Дождитесь следующего или проверьте время на телефоне."""

    code = "accounts.wrong_code"


class LinkExpired(InvalidInput):
    """Ссылка устарела или уже использована. Запросите новую."""

    code = "accounts.link_expired"


class EmailTaken(Conflict):
    """Пользователь с такой почтой уже есть."""

    code = "accounts.email_taken"
