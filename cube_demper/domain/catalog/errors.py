"""What can go wrong with a seller's goods, in words for the seller."""

from __future__ import annotations

from cube_demper.core.errors import Conflict, InvalidInput, NotFound


class ProductNotFound(NotFound):
    """Товар не найден. Возможно, его убрали из кабинета Kaspi."""

    code = "catalog.product_not_found"


class TermsRefused(InvalidInput):
    """Такие границы не подходят: проверьте мин. и макс. цену."""

    code = "catalog.terms_refused"


class BotRefused(InvalidInput):
    """Бота нельзя включить для этого товара."""

    code = "catalog.bot_refused"


class TermsChanged(Conflict):
    """Условия товара только что изменили в другом месте. Вот новые: проверьте и сохраните ещё раз."""

    code = "catalog.terms_changed"


class CityChanged(Conflict):
    """Границы этого города только что изменил кто-то другой. Посмотрите новые и повторите."""

    code = "catalog.city_changed"


class NothingSelected(InvalidInput):
    """Отметьте хотя бы один товар."""

    code = "catalog.nothing_selected"


class UndoExpired(Conflict):
    """Отменить уже нельзя: прошло больше часа или цены изменили снова."""

    code = "catalog.undo_expired"


class StoreGone(NotFound):
    """Магазин не найден. Возможно, его отключили в другом окне."""

    code = "catalog.store_gone"
