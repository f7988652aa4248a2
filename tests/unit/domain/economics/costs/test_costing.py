"""Batches costed: worked examples, and that nothing bought is ever lost or made up."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from cube_demper.domain.economics.costs.rules import Batch, Issue, stock_of
from cube_demper.models.catalog import CostMethod

FIRST = date(2026, 11, 1)
days = st.integers(0, 20).map(lambda day: FIRST + timedelta(days=day))
batches = st.lists(st.builds(Batch, days, st.integers(1, 50), st.integers(0, 100_000)), max_size=6)
issues = st.lists(st.builds(Issue, days, st.integers(1, 40)), max_size=6)
by_batches = st.sampled_from([CostMethod.FIFO, CostMethod.AVERAGE])
BOUGHT = [Batch(FIRST, 10, 10_000), Batch(date(2026, 11, 5), 10, 13_000)]
SOLD = [Issue(date(2026, 11, 3), 4), Issue(date(2026, 11, 6), 8)]


def test_first_in_goes_first_out() -> None:
    stock = stock_of(CostMethod.FIFO, BOUGHT, SOLD)
    assert stock.issued == (40_000, 6 * 10_000 + 2 * 13_000)
    assert (stock.left, stock.value, stock.unit_cost) == (8, 104_000, 13_000)


def test_the_average_moves_with_each_batch() -> None:
    """6 pieces of 100 ₸ and 10 of 130 ₸ make 16 of 118.75 ₸."""
    stock = stock_of(CostMethod.AVERAGE, BOUGHT, SOLD)
    assert stock.issued == (40_000, 95_000)
    assert (stock.left, stock.value, stock.unit_cost) == (8, 95_000, 11_875)


def test_a_cost_that_does_not_divide_is_rounded_up_for_the_floor() -> None:
    bought = [Batch(FIRST, 1, 100), Batch(FIRST, 2, 101)]
    assert stock_of(CostMethod.AVERAGE, bought, []).unit_cost == 101


def test_what_leaves_without_a_batch_has_no_cost() -> None:
    stock = stock_of(CostMethod.FIFO, BOUGHT[:1], [Issue(date(2026, 11, 2), 13)])
    assert stock.issued == (None,)
    assert (stock.short, stock.left, stock.value) == (3, 0, 0)
    assert (stock.unit_cost, stock.is_estimate) == (10_000, True)


def test_a_batch_bought_later_does_not_cost_what_left_before() -> None:
    stock = stock_of(CostMethod.FIFO, BOUGHT[1:], [Issue(FIRST, 1)])
    assert (stock.issued, stock.short, stock.left) == ((None,), 1, 10)


def test_without_a_batch_the_cost_is_missing() -> None:
    stock = stock_of(CostMethod.FIFO, [], [])
    assert (stock.unit_cost, stock.is_estimate, stock.left) == (None, False, 0)


@given(by_batches, batches, issues)
@settings(deadline=None)
def test_pieces_are_neither_lost_nor_made_up(
    method: CostMethod, bought: list[Batch], gone: list[Issue]
) -> None:
    stock = stock_of(method, bought, gone)
    pieces = sum(it.quantity for it in bought)
    assert stock.left == pieces - sum(it.quantity for it in gone) + stock.short
    assert stock.left >= 0
    assert (None in stock.issued) == (stock.short > 0)


@given(by_batches, batches, issues)
@settings(deadline=None)
def test_money_is_neither_lost_nor_made_up(
    method: CostMethod, bought: list[Batch], gone: list[Issue]
) -> None:
    stock = stock_of(method, bought, gone)
    paid = sum(it.quantity * it.unit_cost for it in bought)
    if not stock.short:
        assert stock.value + sum(cost or 0 for cost in stock.issued) == paid
    assert 0 <= stock.value <= paid
    if stock.unit_cost is not None:
        prices = [it.unit_cost for it in bought]
        assert min(prices) <= stock.unit_cost <= max(prices) + 1


@given(batches)
@settings(deadline=None)
def test_both_methods_agree_when_all_is_gone(bought: list[Batch]) -> None:
    pieces = sum(it.quantity for it in bought)
    gone = [Issue(FIRST + timedelta(days=30), pieces)] if pieces else []
    fifo, average = (stock_of(it, bought, gone) for it in (CostMethod.FIFO, CostMethod.AVERAGE))
    assert fifo.issued == average.issued
    assert fifo.value == average.value == 0


@given(by_batches, batches, issues)
@settings(deadline=None)
def test_days_count_and_not_the_order_of_entry(
    method: CostMethod, bought: list[Batch], gone: list[Issue]
) -> None:
    entered = stock_of(method, bought, gone)
    by_day = stock_of(method, bought, sorted(gone, key=lambda it: it.on))
    assert (entered.left, entered.value, entered.short) == (by_day.left, by_day.value, by_day.short)
