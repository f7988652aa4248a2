"""What can go wrong with stock and pre-orders, in words for the seller."""

from __future__ import annotations

from cube_demper.core.errors import Conflict, InvalidInput, NotFound


class SupplyRefused(InvalidInput):
    """Так указать наличие нельзя."""

    code = "supply.refused"


class SupplyChanged(Conflict):
    """Наличие только что изменилось. Посмотрите новое значение и повторите."""

    code = "supply.changed"


class ChangeNotFound(NotFound):
    """Такого изменения нет."""

    code = "supply.change_not_found"


class TooLateToUndo(Conflict):
    """Отменить уже нельзя: прошло больше часа или наличие изменилось снова."""

    code = "supply.too_late_to_undo"
