"""What may stand between a seller and an assistant's answer."""

from __future__ import annotations

from cube_demper.core.errors import DomainError, LimitReached


class NoModel(DomainError):
    """Модель не подключена: для ответов нужен GEMINI_API_KEY в настройках сервиса."""

    code = "no_model"


class TokensSpent(LimitReached):
    """Токены тарифа на этот месяц израсходованы."""

    code = "tokens_spent"


class AnswerRejected(DomainError):
    """Модель не смогла ответить так, чтобы это прошло проверку. Попробуйте спросить иначе."""

    code = "answer_rejected"


class Unfit(Exception):
    """A check's word about an answer that may not be shown; its text goes to the model and the log."""
