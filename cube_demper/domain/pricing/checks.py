"""Refusals of what a seller must not set. Forms and services call the same checks.

Each raises InvalidInput with a sentence for the seller and the field's name.
"""

from __future__ import annotations

from cube_demper.core.errors import InvalidInput
from cube_demper.core.money import TIYN_IN_TENGE, format_tenge
from cube_demper.domain.pricing.codec import as_object
from cube_demper.domain.pricing.schemas import (
    DEFAULT_TOP_N,
    LOWEST_PRICE,
    DeliveryFilter,
    RivalFilters,
    Strategy,
)

MAX_TOP_N = 64
MAX_RATING = 5


def check_bounds(
    min_price: int | None, max_price: int | None, *, min_price_allowed: int = LOWEST_PRICE
) -> None:
    """Refuse bounds that are negative, fractional, under Kaspi's least price or in the wrong order."""
    for field, word, price in (("min_price", "Мин.", min_price), ("max_price", "Макс.", max_price)):
        if price is None:
            continue
        _check_whole(price, field=field)
        if price < min_price_allowed:
            raise InvalidInput(
                f"{word} цена не может быть меньше {format_tenge(min_price_allowed)}.", field=field
            )
    if min_price is not None and max_price is not None and min_price > max_price:
        raise InvalidInput(
            f"Мин. цена {format_tenge(min_price)} больше макс. цены {format_tenge(max_price)}.",
            field="min_price",
        )


def check_switch_on(min_price: int | None, max_price: int | None) -> None:
    """Refuse to switch a bot on with both bounds blank: a blank never means «anything»."""
    if min_price is None and max_price is None:
        raise InvalidInput("Чтобы включить бота, задайте мин. цену.", field="min_price")


def check_step(step: int, *, field: str = "price_step") -> None:
    """Refuse a step that is zero, negative or not whole tenge."""
    _check_whole(step, field=field)
    if step < TIYN_IN_TENGE:
        raise InvalidInput("Шаг должен быть не меньше 1 тенге.", field=field)


def check_strategy(value: object) -> Strategy:
    """Return the strategy of this name, or refuse."""
    try:
        return Strategy(str(value))
    except ValueError:
        raise InvalidInput("Выберите стратегию из списка.", field="strategy") from None


def check_delivery_filter(value: object) -> DeliveryFilter | None:
    """Return the delivery filter of this name (blank: none), or refuse."""
    if value is None or value == "":
        return None
    try:
        return DeliveryFilter(str(value))
    except ValueError:
        raise InvalidInput("Выберите срок доставки из списка.", field="delivery_filter") from None


def check_top_n(value: object) -> int:
    """Return the place to stay within, or refuse."""
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= MAX_TOP_N:
        raise InvalidInput(f"Место должно быть числом от 1 до {MAX_TOP_N}.", field="top_n")
    return value


def top_n_of(strategy_params: object) -> int:
    """Read `top_n` from the stored parameters: JSON or its text, 3 when absent. Refuses a bad one."""
    return check_top_n(as_object(strategy_params).get("top_n", DEFAULT_TOP_N))


def check_rival_filters(filters: RivalFilters) -> None:
    """Refuse a rating outside 0–5 and a negative number of reviews."""
    if filters.min_rating is not None and not 0 <= filters.min_rating <= MAX_RATING:
        raise InvalidInput(f"Рейтинг — от 0 до {MAX_RATING}.", field="min_rating")
    if filters.min_reviews is not None and filters.min_reviews < 0:
        raise InvalidInput("Число отзывов не может быть отрицательным.", field="min_reviews")


def _check_whole(amount: int, *, field: str) -> None:
    if amount < 0:
        raise InvalidInput("Сумма не может быть отрицательной.", field=field)
    if amount % TIYN_IN_TENGE:
        raise InvalidInput("Введите целое число тенге, без тиынов.", field=field)
