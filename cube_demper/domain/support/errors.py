"""What support refuses."""

from __future__ import annotations

from cube_demper.core.errors import Conflict, InvalidInput, LimitReached, NotFound


class ChatNotFound(NotFound):
    """Такого чата нет."""

    code = "support.chat_not_found"


class FileNotKept(NotFound):
    """Файл больше не хранится."""

    code = "support.file_not_kept"


class AlreadyTaken(Conflict):
    """Чат уже в работе у коллеги."""

    code = "support.already_taken"


class WrongStep(Conflict):
    """С этим чатом так сделать нельзя. Обновите страницу."""

    code = "support.wrong_step"


class WrongFile(InvalidInput):
    """Такой файл отправить нельзя."""

    code = "support.wrong_file"


class TooMuch(LimitReached):
    """Слишком часто. Подождите минуту."""

    code = "support.too_much"
