"""The error tree, named by what the catcher must do. The docstring of a class is its default message."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from datetime import timedelta


class CubeError(Exception):
    """Что-то пошло не так."""

    code = "error"

    def __init__(self, message: str | None = None, *, code: str | None = None) -> None:
        """Keep the text for a person in `message` and the stable code for programs in `code`."""
        self.message = message or inspect.cleandoc(type(self).__doc__ or "")
        self.code = code or type(self).code
        super().__init__(self.message)


class DomainError(CubeError):
    """Действие не выполнено."""

    code = "domain"


class NotFound(DomainError):
    """Не найдено."""

    code = "not_found"


class PermissionDenied(DomainError):
    """Нет доступа."""

    code = "permission_denied"


class Conflict(DomainError):
    """Данные уже изменились. Обновите страницу и повторите."""

    code = "conflict"


class InvalidInput(DomainError):
    """Проверьте введённые данные."""

    code = "invalid_input"

    def __init__(
        self, message: str | None = None, *, field: str | None = None, code: str | None = None
    ) -> None:
        """Name the form field at fault in `field`, so that the text appears under it."""
        super().__init__(message, code=code)
        self.field = field
        self.faults = {field: self.message} if field else {}


class InvalidFields(InvalidInput):
    """Several fields are at fault at once, each with its own text."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        """`faults`: text by field, not empty, in the order of the form."""
        field, message = next(iter(faults.items()))
        super().__init__(message, field=field)
        self.faults = dict(faults)


class LimitReached(DomainError):
    """Достигнут предел тарифа."""

    code = "limit_reached"


class IntegrationError(CubeError):
    """Внешний сервис ответил ошибкой."""

    code = "integration"


class Unreachable(IntegrationError):
    """Внешний сервис не отвечает. Повторим позже."""

    code = "unreachable"


class RateLimited(IntegrationError):
    """Внешний сервис просит не спешить."""

    code = "rate_limited"

    def __init__(self, retry_after: timedelta, message: str | None = None) -> None:
        """`retry_after`: how long this lane must stay silent."""
        super().__init__(message)
        self.retry_after = retry_after


class CredentialsRejected(IntegrationError):
    """Внешний сервис не принял вход. Войдите заново."""

    code = "credentials_rejected"


class Refused(IntegrationError):
    """Внешний сервис отказал."""

    code = "refused"


class OutcomeUnknown(IntegrationError):
    """Запрос ушёл, но ответа нет: выполнен ли он, покажет проверка."""

    code = "outcome_unknown"


class HumanNeeded(IntegrationError):
    """Нужен человек: код, капча или решение."""

    code = "human_needed"


class ContractChanged(IntegrationError):
    """Внешний сервис ответил не так, как обычно. Работа с ним остановлена."""

    code = "contract_changed"

    def __init__(self, message: str | None = None, *, sample: str = "") -> None:
        """`sample`: the start of the answer, already redacted."""
        super().__init__(message)
        self.sample = sample


class ConfigurationError(CubeError):
    """Настройки неверны."""

    code = "configuration"
