"""What a seller reads when a replay cannot be made."""

from __future__ import annotations

from cube_demper.core.errors import Conflict, InvalidInput, NotFound


class ReplayNotFound(NotFound):
    """Такой проверки нет."""


class NothingToReplay(InvalidInput):
    """Проверять нечего: выберите товары с карточкой Kaspi или включите бота."""


class ReplayBusy(Conflict):
    """Одна проверка уже идёт. Дождитесь её или отмените."""
