"""What broadcasts refuse."""

from __future__ import annotations

from cube_demper.core.errors import Conflict, InvalidInput, LimitReached, NotFound


class BroadcastNotFound(NotFound):
    """Такой рассылки нет."""

    code = "broadcasts.not_found"


class NotDraft(Conflict):
    """Рассылка уже начата: её текст и получателей не меняют. Скопируйте её в новую."""

    code = "broadcasts.not_draft"


class NotRunning(Conflict):
    """Рассылка сейчас не идёт."""

    code = "broadcasts.not_running"


class NotPaused(Conflict):
    """Рассылка не на паузе."""

    code = "broadcasts.not_paused"


class NumberBusy(Conflict):
    """С этого номера уже идёт другая рассылка: дождитесь её конца или остановите её."""

    code = "broadcasts.number_busy"


class NobodyToWrite(InvalidInput):
    """Под эти условия никто не подходит: расширьте их."""

    code = "broadcasts.nobody"


class ReachChanged(Conflict):
    """Пока вы читали, число получателей изменилось. Проверьте ещё раз и запустите."""

    code = "broadcasts.reach_changed"


class TooManyDrafts(LimitReached):
    """Черновиков рассылок уже 50. Удалите лишние."""

    code = "broadcasts.too_many_drafts"
