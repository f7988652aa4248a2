"""What stores refuse."""

from __future__ import annotations

from collections.abc import Mapping

from cube_demper.core.errors import InvalidInput, NotFound


class StoreNotFound(NotFound):
    """Магазин не найден. Возможно, его отключили в другом окне."""

    code = "stores.not_found"


class InvalidSettings(InvalidInput):
    """Проверьте настройки бота."""

    code = "stores.invalid_settings"

    def __init__(self, fields: Mapping[str, str]) -> None:
        """`fields`: a sentence for each form field at fault; the first one is the message."""
        field, sentence = next(iter(fields.items()))
        super().__init__(sentence, field=field)
        self.fields = dict(fields)
