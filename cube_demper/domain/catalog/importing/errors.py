"""What can go wrong with an import, in words for the seller."""

from __future__ import annotations

from cube_demper.core.errors import Conflict, NotFound


class ImportNotFound(NotFound):
    """Такой загрузки нет. Возможно, она старая и уже удалена."""

    code = "catalog.import_not_found"


class ImportBusy(Conflict):
    """Сначала закончите или отмените предыдущую загрузку."""

    code = "catalog.import_busy"


class ImportMoved(Conflict):
    """Загрузка уже в другом состоянии. Обновите страницу."""

    code = "catalog.import_moved"


class Stopped(Conflict):
    """Загрузка отменена."""

    code = "catalog.import_stopped"


class Stale(Conflict):
    """Пока вы смотрели, часть товаров изменилась. Проверьте ещё раз."""

    code = "catalog.import_stale"
