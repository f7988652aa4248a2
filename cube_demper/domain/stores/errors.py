"""What stores refuse."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from cube_demper.core.errors import Conflict, InvalidInput, LimitReached, NotFound


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


class SettingsChanged(Conflict):
    """Настройки бота только что изменили в другом месте. Вот новые: проверьте и сохраните ещё раз."""

    code = "stores.settings_changed"


class EmailNotConfirmed(Conflict):
    """Сначала подтвердите свою почту: ссылка в письме от нас."""

    code = "stores.email_not_confirmed"


class TooManySignIns(LimitReached):
    """В этот кабинет входили слишком часто. Повторите позже."""

    code = "stores.too_many_sign_ins"

    def __init__(self, wait: timedelta) -> None:
        """`wait`: how long until the next try is allowed."""
        minutes = max(1, -(-int(wait.total_seconds()) // 60))
        super().__init__(
            f"Вход в один кабинет разрешён трижды в час. Повторите через {minutes} мин."
        )
        self.wait = wait
