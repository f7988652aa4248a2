"""What the inbox refuses."""

from __future__ import annotations

from cube_demper.core.errors import Conflict, InvalidInput, LimitReached, NotFound


class ThreadNotFound(NotFound):
    """Такой переписки нет."""

    code = "messaging.thread_not_found"


class FileNotKept(NotFound):
    """Файл больше не хранится."""

    code = "messaging.file_not_kept"


class CannotWrite(Conflict):
    """Сейчас этому покупателю написать нельзя."""

    code = "messaging.cannot_write"


class WrongFile(InvalidInput):
    """Такой файл отправить нельзя."""

    code = "messaging.wrong_file"


class TooManyFiles(LimitReached):
    """За сутки загружено слишком много файлов. Попробуйте завтра."""

    code = "messaging.too_many_files"


class TooManyReplies(LimitReached):
    """Быстрых ответов уже 50. Удалите лишние."""

    code = "messaging.too_many_replies"
