"""What the price list refuses."""

from __future__ import annotations

from cube_demper.core.errors import Conflict, DomainError, InvalidInput, NotFound


class FeedNotFound(NotFound):
    """Такого прайс-листа нет. Возможно, адрес сменили."""

    code = "feed.not_found"


class FeedRefused(DomainError):
    """Прайс-лист сейчас не отдаётся: короче или старее обычного он снял бы товары с продажи."""

    code = "feed.refused"


class ImportNotFound(NotFound):
    """Загруженный файл не найден. Загрузите его ещё раз."""

    code = "feed.import_not_found"


class MerchantTaken(Conflict):
    """Этот магазин уже подключён. Если не вами — войдите в Kaspi или напишите в поддержку."""

    code = "feed.merchant_taken"


class BadPriceList(InvalidInput):
    """Это не похоже на прайс-лист Kaspi."""

    code = "feed.bad_list"


class CatalogueUnknown(Conflict):
    """Сначала обновите каталог или загрузите прайс-лист: без полного списка товаров отдавать нечего."""

    code = "feed.catalogue_unknown"
