from __future__ import annotations

from collections.abc import Callable

import pytest
from unit.domain.pricing.pricing_cases import tenge

from cube_demper.core.errors import InvalidInput
from cube_demper.domain.pricing.checks import (
    check_bounds,
    check_delivery_filter,
    check_rival_filters,
    check_step,
    check_strategy,
    check_switch_on,
    check_top_n,
    top_n_of,
)
from cube_demper.domain.pricing.schemas import DeliveryFilter, RivalFilters, Strategy

REFUSED: list[tuple[Callable[[], object], str, str]] = [
    (lambda: check_bounds(tenge(2000), tenge(1000)), "min_price", "больше макс. цены"),
    (lambda: check_bounds(tenge(-1), None), "min_price", "отрицательной"),
    (lambda: check_bounds(None, tenge(-1)), "max_price", "отрицательной"),
    (lambda: check_bounds(100050, None), "min_price", "целое число тенге"),
    (lambda: check_bounds(None, 100050), "max_price", "целое число тенге"),
    (lambda: check_bounds(tenge(9), None), "min_price", "меньше 10"),
    (lambda: check_bounds(None, 0), "max_price", "меньше 10"),
    (lambda: check_switch_on(None, None), "min_price", "задайте мин. цену"),
    (lambda: check_step(0), "price_step", "не меньше 1 тенге"),
    (lambda: check_step(-100), "price_step", "отрицательной"),
    (lambda: check_step(150, field="price_step_override"), "price_step_override", "целое"),
    (lambda: check_strategy("cheapest"), "strategy", "стратегию"),
    (lambda: check_strategy(None), "strategy", "стратегию"),
    (lambda: check_delivery_filter("yesterday"), "delivery_filter", "доставки"),
    (lambda: check_top_n(0), "top_n", "от 1 до 64"),
    (lambda: check_top_n(65), "top_n", "от 1 до 64"),
    (lambda: check_top_n(True), "top_n", "от 1 до 64"),
    (lambda: check_top_n(2.5), "top_n", "от 1 до 64"),
    (lambda: check_top_n("3"), "top_n", "от 1 до 64"),
    (lambda: top_n_of({"top_n": 0}), "top_n", "от 1 до 64"),
    (lambda: check_rival_filters(RivalFilters(min_rating=5.1)), "min_rating", "от 0 до 5"),
    (lambda: check_rival_filters(RivalFilters(min_rating=float("nan"))), "min_rating", "от 0"),
    (lambda: check_rival_filters(RivalFilters(min_reviews=-1)), "min_reviews", "отрицательным"),
]


@pytest.mark.parametrize(("check", "field", "sentence"), REFUSED)
def test_is_refused_with_a_sentence_under_its_field(
    check: Callable[[], object], field: str, sentence: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        check()
    assert refused.value.field == field
    assert sentence in refused.value.message.replace("\u00a0", " ")


def test_good_terms_pass() -> None:
    check_bounds(tenge(10), tenge(10))
    check_bounds(None, None)
    check_switch_on(tenge(10), None)
    check_switch_on(None, tenge(10))
    check_step(100)
    check_rival_filters(RivalFilters())
    check_rival_filters(RivalFilters(min_rating=5, min_reviews=0))
    assert check_strategy("stay_top_n") is Strategy.STAY_TOP_N
    assert check_delivery_filter("till_3_days") is DeliveryFilter.TILL_3_DAYS
    assert check_delivery_filter("") is check_delivery_filter(None) is None
    assert check_top_n(64) == 64
