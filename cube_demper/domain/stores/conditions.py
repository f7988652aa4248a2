"""What each condition means to the seller: words, remedy, where to go. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from cube_demper.domain.stores.schemas import Condition, ConditionCode, Weight

_Code = ConditionCode

_MEANINGS: Final[dict[ConditionCode, tuple[Weight, str, str, str]]] = {
    _Code.BOT_OFF_NO_BOUND: (
        Weight.ATTENTION,
        "Бот выключен, мин. цена не задана",
        "Задайте мин. цену: без неё бот не включится",
        "/products?tab=no_min_price",
    ),
    _Code.BOT_OFF: (
        Weight.OFF,
        "Бот для товара выключен",
        "Включите бота у нужных товаров",
        "/products?tab=bot_off",
    ),
    _Code.USER_BLOCKED: (
        Weight.BROKEN,
        "Ваш доступ приостановлен",
        "Напишите в поддержку",
        "/help#support",
    ),
    _Code.STORE_OFF: (Weight.OFF, "Магазин отключён", "Включите магазин", "/stores"),
    _Code.BOT_STOPPED: (Weight.OFF, "Бот магазина остановлен", "Запустите бота", "/bot"),
    _Code.SMS_REQUIRED: (
        Weight.BROKEN,
        "Kaspi просит код из SMS",
        "Войдите в Kaspi заново",
        "/stores/connect",
    ),
    _Code.INVALID_CREDENTIALS: (
        Weight.BROKEN,
        "Пароль от кабинета Kaspi изменился",
        "Войдите в Kaspi с новым паролем",
        "/stores/connect",
    ),
    _Code.CREDENTIALS_MISSING: (
        Weight.BROKEN,
        "Вход в Kaspi истёк, а пароль не сохранён",
        "Войдите в Kaspi заново",
        "/stores/connect",
    ),
    _Code.NEEDS_REAUTH: (
        Weight.BROKEN,
        "Магазину нужен новый вход в Kaspi",
        "Войдите в Kaspi заново",
        "/stores/connect",
    ),
    _Code.NO_SESSION: (
        Weight.BROKEN,
        "В кабинет Kaspi ещё не входили",
        "Подключите магазин",
        "/stores/connect",
    ),
    _Code.NO_CARD: (
        Weight.ATTENTION,
        "У товара нет кода карточки Kaspi",
        "Обновите каталог: код приходит из Kaspi",
        "/products?tab=error",
    ),
    _Code.OVER_PLAN_LIMIT: (
        Weight.ATTENTION,
        "Товары сверх предела тарифа",
        "Выберите тариф больше: первыми остались включённые раньше",
        "/billing?goods=losing",
    ),
    _Code.PLAN_WITHOUT_REPRICING: (
        Weight.ATTENTION,
        "Тариф без отправки цен: бот только предлагает",
        "Выберите тариф с отправкой цен",
        "/billing",
    ),
    _Code.OUTSIDE_WORK_HOURS: (
        Weight.OFF,
        "Сейчас не рабочие часы бота",
        "Измените часы работы или подождите",
        "/bot",
    ),
    _Code.ERRORS: (
        Weight.BROKEN,
        "Последняя проверка не удалась, бот повторит сам",
        "Посмотрите причину у товара",
        "/products?tab=error",
    ),
    _Code.CLAIMED: (Weight.OK, "Проверяются прямо сейчас", "", ""),
    _Code.NOT_DUE: (Weight.OK, "Проверены, ждут следующей проверки", "", ""),
    _Code.OVERDUE: (
        Weight.ATTENTION,
        "Ждут проверки дольше минуты",
        "Не хватает рабочих процессов: они догонят сами",
        "",
    ),
    _Code.DUE: (Weight.OK, "Ждут своей очереди", "", ""),
}


def condition(code: ConditionCode, count: int) -> Condition:
    """Say what `count` goods in this condition mean."""
    weight, words, remedy, link = _MEANINGS[code]
    return Condition(code, count, weight, words, remedy, link)


def in_order(counts: Mapping[ConditionCode, int]) -> list[Condition]:
    """Return the conditions that hold for at least one product, in the order they are asked."""
    return [condition(code, counts[code]) for code in ConditionCode if counts.get(code)]
