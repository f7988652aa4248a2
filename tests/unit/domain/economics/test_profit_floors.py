"""The floor by the least profit: what the engine itself says of every price that the bot sends."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from unit.domain.pricing.pricing_cases import T0, market, ours, product, rival, store
from unit.domain.pricing.pricing_questions import Question, many, questions

from cube_demper.core.clock import ALMATY
from cube_demper.domain.calculators.schemas import Regime
from cube_demper.domain.economics.conditions import Delivery
from cube_demper.domain.economics.profit_floors import Book, Gap
from cube_demper.domain.economics.sale_terms import Good, SaleTerms, figure_key
from cube_demper.domain.economics.settling import profit_of
from cube_demper.domain.economics.solving import Goal
from cube_demper.domain.pricing.explain import explain
from cube_demper.domain.pricing.rules import decide
from cube_demper.domain.pricing.schemas import Action, Memory, Reason
from cube_demper.domain.rates import shipped
from cube_demper.domain.rates.tables import Tables

TODAY = T0.astimezone(ALMATY).date()
DAY = timedelta(days=1)
PHONES = ("Телефоны и гаджеты", "Смартфоны")
BOOK = Book(shipped.load())
PLAIN = Good()
TERMS = SaleTerms(regime=Regime.IP_SIMPLIFIED, category=PHONES, weight_g=500)


def agreed(terms: SaleTerms, good: Good = PLAIN, book: Book = BOOK) -> SaleTerms:
    """Agree to every figure that the good may meet, today and tomorrow."""
    keys: set[str] = set()
    for on in (TODAY, TODAY + DAY):
        tariff = book.tariff(terms, good, on)
        assert not isinstance(tariff, Gap)
        keys |= {figure_key(it) for it in tariff.figures_at(*(s.price_from for s in tariff.steps))}
    return replace(terms, agreed=frozenset(keys))


def left(terms: SaleTerms, good: Good, price: int, on: date, book: Book = BOOK) -> int:
    tariff = book.tariff(terms, good, on)
    assert not isinstance(tariff, Gap)
    return profit_of(tariff.terms, price, good.cost or 0)


shops = st.builds(
    SaleTerms,
    regime=st.sampled_from(Regime),
    category=st.just(PHONES),
    delivery=st.sampled_from(Delivery),
    own_delivery=st.integers(0, 200_000),
    weight_g=st.integers(1, 40_000),
    packaging=st.integers(0, 50_000),
    advertising=st.integers(0, 50_000),
    advertising_percent=st.sampled_from([Decimal(0), Decimal("2.5"), Decimal(15)]),
    bonus_percent=st.sampled_from([Decimal(0), Decimal(5)]),
    returns_percent=st.sampled_from([Decimal(0), Decimal(3), Decimal(20)]),
    return_loss_percent=st.sampled_from([Decimal(0), Decimal(50)]),
)


@many
@given(questions, shops, st.integers(0, 2_000_000), st.integers(0, 500_000))
def test_no_price_that_the_bot_sends_leaves_less_than_the_least_profit(
    question: Question, shop: SaleTerms, cost: int, profit: int
) -> None:
    seen, terms, settings, memory, _ = question
    good, shop = Good(cost), agreed(shop)
    floor = BOOK.floors(shop, profit, TODAY).of(good)
    decision = decide(seen, terms, settings, memory, floor, T0)
    if decision.action is not Action.CHANGE:
        return
    assert decision.target is not None
    if isinstance(floor, Gap):  # no price leaves it: then none is lowered
        assert decision.target >= (decision.window_price or 0)
        return
    for on in (TODAY, TODAY + DAY):
        assert left(shop, good, decision.target, on) >= profit
    assert decision.target >= cost + profit


@many
@given(questions, st.sampled_from(Gap))
def test_while_the_floor_is_not_known_no_price_falls(question: Question, gap: Gap) -> None:
    seen, terms, settings, memory, _ = question
    decision = decide(seen, terms, settings, memory, gap, T0)
    assert decision.floor_by_profit is None
    if decision.action is Action.CHANGE:
        assert (decision.target or 0) > (decision.window_price or 0)


def test_a_hold_for_an_unknown_floor_says_what_is_missing() -> None:
    seen = market(ours(12_000), rival(11_000))
    decision = decide(seen, product(), store(), Memory(), Gap.COST, T0)
    assert (decision.action, decision.reason) == (Action.HOLD, Reason.BELOW_FLOOR_HOLD)
    assert "не указана себестоимость" in explain(decision)
    assert "ниже нынешней цены бот не идёт" in explain(decision)


@pytest.mark.parametrize(
    ("terms", "good", "gap"),
    [
        (None, Good(800_000), Gap.TERMS),
        (TERMS, Good(None), Gap.COST),
        (replace(TERMS, weight_g=None), Good(800_000), Gap.WEIGHT),
        (replace(TERMS, category=None), Good(800_000), Gap.CATEGORY),
        (replace(TERMS, category=("Нет такой",)), Good(800_000), Gap.CATEGORY),
        (TERMS, Good(800_000), Gap.UNSURE),
        (replace(TERMS, commission_percent=Decimal(99)), Good(800_000), Gap.UNREACHABLE),
    ],
)
def test_what_is_missing_is_told_and_never_a_low_floor(
    terms: SaleTerms | None, good: Good, gap: Gap
) -> None:
    assert BOOK.floors(terms, 100_000, TODAY).of(good) is gap


def test_no_least_profit_asks_for_nothing_even_without_conditions() -> None:
    assert BOOK.floors(None, None, TODAY).of(Good()) is None


def test_agreeing_to_one_figure_does_not_agree_to_the_next() -> None:
    shop = agreed(TERMS)
    price = BOOK.floors(shop, 100_000, TODAY).of(Good(800_000))
    assert isinstance(price, int)
    rest = replace(shop, agreed=frozenset(it for it in shop.agreed if "заказ от" not in it))
    assert BOOK.floors(rest, 100_000, TODAY).of(Good(800_000)) is Gap.UNSURE


def dearer_from(on: date, percent: str) -> Book:
    """Return the tables with another commission for phones from a day on."""
    known = shipped.load()
    row = replace(
        known.commission(PHONES, TODAY),
        valid_from=on,
        percent=Decimal(percent),
        path=PHONES,
    )
    return Book(
        Tables(
            **{
                name: getattr(known, name)
                for name in ("deliveries", "fees", "taxes", "base_rates", "indexes", "duties")
            },
            commissions=(*known.commissions, row),
            category_paths=known.category_paths,
        )
    )


@pytest.mark.parametrize(("percent", "is_rise"), [("20", True), ("3", False)])
def test_figures_that_change_on_a_day_move_the_floor_never_under_either_days(
    percent: str, is_rise: bool
) -> None:
    new_year, good = TODAY + timedelta(days=10), Good(800_000)
    book = dearer_from(new_year, percent)
    shop = agreed(TERMS)
    before, eve, day = (
        book.floors(shop, 100_000, on).of(good)
        for on in (new_year - 2 * DAY, new_year - DAY, new_year)
    )
    assert isinstance(before, int)
    assert isinstance(eve, int)
    assert isinstance(day, int)
    if is_rise:  # a price of the evening still stands in the morning
        assert before < eve == day
    else:
        assert before == eve > day
    for on in (new_year - DAY, new_year):
        assert left(shop, good, eve, on, book) >= 100_000


def test_the_goods_own_category_and_weight_win_over_the_stores() -> None:
    kettle = Good(800_000, "Master - Kettles", None, 2_000)
    shop = replace(TERMS, categories=(("Master - Kettles", ("Утюги",)),))
    tariff = BOOK.tariff(shop, kettle, TODAY)
    chosen = BOOK.tariff(shop, kettle._replace(tariff_category=PHONES), TODAY)
    assert not isinstance(tariff, Gap)
    assert not isinstance(chosen, Gap)
    assert "Бытовая техника" in tariff.figures[0].name
    assert "Телефоны и гаджеты" in chosen.figures[0].name


@given(st.integers(100, 3_000_000), st.integers(0, 60))
def test_a_price_for_a_margin_leaves_it(cost: int, percent: int) -> None:
    good = Good(cost)
    goal = Goal(margin=percent * 10_000)
    price = BOOK.reaching(TERMS, good, goal, TODAY, agreed_only=False)
    assert isinstance(price, int)
    assert left(TERMS, good, price, TODAY) * 100 >= price * percent
