"""What can go wrong with costs, in words for the seller."""

from __future__ import annotations

from cube_demper.core.errors import NotFound


class CostedProductNotFound(NotFound):
    """Товар не найден."""

    code = "costs.product_not_found"


class MovementNotFound(NotFound):
    """Такой партии или списания уже нет. Обновите страницу."""

    code = "costs.movement_not_found"
