"""A report made by the rules differs in nothing; anything changed in it is named, and nothing else."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from payout_scene import (
    FIRST,
    LAST,
    TABLES,
    TODAY,
    Sheet,
    order,
    return_of,
    sale_of,
)

from cube_demper.domain.economics.payouts import rules
from cube_demper.domain.economics.payouts.facts import (
    Difference,
    Elsewhere,
    Frame,
    OrderEnd,
    OrderFacts,
)
from cube_demper.domain.economics.payouts.heads import find_head
from cube_demper.domain.economics.payouts.parsing import Line, Reading
from cube_demper.domain.economics.payouts.sums import Judge
from cube_demper.domain.economics.payouts.tariff import Part, Rater
from cube_demper.models.payouts import DifferenceKind as Kind

RATER = Rater(TABLES)
NOWHERE = Elsewhere()


def read(sheet: Sheet) -> tuple[Reading, list[Line]]:
    rows = sheet.numbered()
    reading = Reading(rows, find_head(rows, {}))
    lines = [line for line, _ in reading.take(rows)]
    assert reading.is_right
    return reading, lines


def compare(sheet: Sheet, orders: list[OrderFacts]) -> list[Difference]:
    report, lines = read(sheet)
    assert report.period == (FIRST, LAST)
    frame = Frame(FIRST, LAST, TODAY, is_delivery_in_net=rules.is_delivery_in_net(lines))
    judge, known = Judge(RATER, frame), {it.code: it for it in orders}
    groups: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        groups[line.order_code].append(line)
    found: list[Difference] = []
    for code, group in groups.items():
        found += rules.judge_lines(group, known.get(code), NOWHERE, judge).differences
    unpaid = [rules.judge_unpaid(it, judge) for it in orders if it.code not in groups]
    found += [it for it in unpaid if it]
    if report.total is not None and not any(it.trouble for it in lines):
        net = sum(it.net or 0 for it in lines)
        total = rules.judge_total(net, report.total, is_net=report.is_total_net)
        found += [total] if total else []
    return found


def kinds(sheet: Sheet, orders: list[OrderFacts]) -> list[Kind]:
    return [it.kind for it in compare(sheet, orders)]


TOTALS = st.integers(min_value=100, max_value=2_000_000).map(lambda tenge: tenge * 100)
KINDS = st.sampled_from([("city",), ("kazakhstan",), ("express",), ()])


@st.composite
def many_orders(draw: st.DrawFn, least: int = 1) -> list[OrderFacts]:
    """Any set of completed and returned orders."""
    totals = draw(st.lists(TOTALS, min_size=least, max_size=8))
    orders = []
    for number, total in enumerate(totals):
        cut = draw(st.integers(min_value=1, max_value=total - 1))
        parts = (Part(cut, "Бытовая техника"), Part(total - cut, "Продукты питания"))
        known = order(
            number,
            total,
            delivery_kinds=draw(KINDS),
            weight_g=draw(st.integers(min_value=1, max_value=150_000)),
            end=draw(st.sampled_from([OrderEnd.COMPLETED, OrderEnd.COMPLETED, OrderEnd.RETURNED])),
        )
        orders.append(replace(known, parts=parts) if draw(st.booleans()) else known)
    return orders


def sheet_of(orders: list[OrderFacts]) -> Sheet:
    lines = []
    for it in orders:
        lines.append(sale_of(it))
        if it.end is OrderEnd.RETURNED:
            lines.append(return_of(lines[-1], LAST))
    return Sheet(tuple(lines), total=sum(line.net for line in lines))


@settings(deadline=None, max_examples=150)
@given(many_orders())
def test_a_report_by_the_rules_differs_in_nothing(orders: list[OrderFacts]) -> None:
    assert compare(sheet_of(orders), orders) == []


Change = Callable[[Sheet, list[OrderFacts], int], tuple[Sheet, list[OrderFacts]]]


def _line(**by: int) -> Change:
    def change(sheet: Sheet, orders: list[OrderFacts], tiyn: int) -> tuple[Sheet, list[OrderFacts]]:
        sale = sheet.lines[0]
        moved = {name: getattr(sale, name) + sign * tiyn for name, sign in by.items()}
        return sheet.with_line(0, replace(sale, **moved)), orders

    return change


def _order(**changes: object) -> Change:
    return lambda sheet, orders, _: (sheet, [replace(orders[0], **changes), *orders[1:]])  # type: ignore[arg-type]


def _without(sheet: Sheet, orders: list[OrderFacts], _: int) -> tuple[Sheet, list[OrderFacts]]:
    return replace(sheet, lines=sheet.lines[1:]), orders


def _twice(sheet: Sheet, orders: list[OrderFacts], _: int) -> tuple[Sheet, list[OrderFacts]]:
    return replace(sheet, lines=(*sheet.lines, sheet.lines[0])), orders


def _strange(sheet: Sheet, orders: list[OrderFacts], _: int) -> tuple[Sheet, list[OrderFacts]]:
    line = replace(sheet.lines[0], code="900000001")
    return replace(sheet, lines=(*sheet.lines, line)), orders


def _charged(sheet: Sheet, orders: list[OrderFacts], _: int) -> tuple[Sheet, list[OrderFacts]]:
    line = replace(sheet.lines[0], code="", kind="Реклама", delivery=0)
    return replace(sheet, lines=(*sheet.lines, line)), orders


def _taken_back(sheet: Sheet, orders: list[OrderFacts], _: int) -> tuple[Sheet, list[OrderFacts]]:
    return replace(sheet, lines=(*sheet.lines, return_of(sheet.lines[0], LAST))), orders


def _after(sheet: Sheet, orders: list[OrderFacts], _: int) -> tuple[Sheet, list[OrderFacts]]:
    line = replace(sheet.lines[0], on=LAST + timedelta(days=3))
    return sheet.with_line(0, line), orders


def _foreign(sheet: Sheet, orders: list[OrderFacts], _: int) -> tuple[Sheet, list[OrderFacts]]:
    return sheet.with_line(0, replace(sheet.lines[0], currency="usd")), orders


CHANGES: dict[Kind, Change] = {
    Kind.COMMISSION_HIGHER: _line(commission=1),
    Kind.COMMISSION_LOWER: _line(commission=-1),
    Kind.DELIVERY: _line(delivery=1),
    Kind.AMOUNT: _line(gross=1),
    Kind.LINE_SUM: _line(short=1),
    Kind.MISSING: _without,
    Kind.TWICE: _twice,
    Kind.UNKNOWN_ORDER: _strange,
    Kind.OTHER_CHARGE: _charged,
    Kind.CANCELLED_PAID: _order(end=OrderEnd.CANCELLED),
    Kind.RETURN_MISSING: _order(end=OrderEnd.RETURNED),
    Kind.RETURN_UNEXPECTED: _taken_back,
    Kind.DATE: _after,
    Kind.CURRENCY: _foreign,
}


@pytest.mark.parametrize("kind", list(CHANGES))
@settings(deadline=None, max_examples=40)
@given(orders=many_orders(least=2), tenge=st.integers(min_value=50, max_value=4_000))
def test_one_change_is_that_difference_and_no_other(
    kind: Kind, orders: list[OrderFacts], tenge: int
) -> None:
    orders = [replace(it, end=OrderEnd.COMPLETED) for it in orders]
    first = replace(orders[0], total=5_000_000, parts=(Part(5_000_000, "Бытовая техника"),))
    orders[0] = replace(first, delivery_kinds=("city",), weight_g=4_000)
    sheet, changed = CHANGES[kind](sheet_of(orders), orders, tenge * 100)
    sheet = replace(sheet, total=sum(line.net for line in sheet.lines))
    assert kinds(sheet, changed) == [kind]


@settings(deadline=None, max_examples=40)
@given(orders=many_orders(), tenge=st.integers(min_value=2, max_value=9_000))
def test_a_wrong_total_is_named_alone(orders: list[OrderFacts], tenge: int) -> None:
    sheet = sheet_of(orders)
    wrong = replace(sheet, total=(sheet.total or 0) + tenge * 100)
    (found,) = compare(wrong, orders)
    assert (found.kind, found.amount) == (Kind.TOTAL, -tenge * 100)


def test_amounts_say_what_the_seller_is_short_of() -> None:
    known = order(3, 5_000_000)
    sheet, _ = CHANGES[Kind.COMMISSION_HIGHER](sheet_of([known]), [known], 12_300)
    (found,) = compare(replace(sheet, total=None), [known])
    assert (found.amount, found.is_estimate) == (12_300, False)
    assert found.facts["figure"] == "12,5\u00a0%"
    assert "Тарифы Магазина на Kaspi.kz 2026" in found.facts["source"]


def test_the_unrounded_rate_is_as_right_as_the_published_one() -> None:
    known, sale = order(3, 100_000_000), sale_of(order(3, 100_000_000))
    exact = replace(sale, commission=12_492_000 - sale.kaspi_pay)
    assert compare(Sheet((exact,)), [known]) == []
    between = replace(sale, commission=12_470_000 - sale.kaspi_pay)
    assert kinds(Sheet((between,)), [known]) == [Kind.COMMISSION_LOWER]


def test_kaspi_pay_on_top_of_the_rate_is_recognised() -> None:
    known, sale = order(3, 5_000_000), sale_of(order(3, 5_000_000))
    on_top = replace(sale, commission=sale.commission + sale.kaspi_pay)
    (found,) = compare(Sheet((on_top,)), [known])
    assert (found.kind, found.facts["hint"]) == (Kind.COMMISSION_HIGHER, "kaspi_pay")


def test_an_unknown_category_or_weight_is_an_estimate_and_no_error() -> None:
    known = order(3, 5_000_000)
    vague = replace(known, parts=(), weight_g=None)
    assert compare(sheet_of([known]), [vague]) == []
    sheet, _ = CHANGES[Kind.COMMISSION_HIGHER](sheet_of([known]), [known], 30_000)
    (found,) = compare(replace(sheet, total=None), [vague])
    assert (found.kind, found.is_estimate) == (Kind.COMMISSION_HIGHER, True)


def test_an_order_completed_at_the_end_is_awaited_and_then_missed() -> None:
    late = order(3, 5_000_000, ended_on=LAST)
    judge = Judge(RATER, Frame(FIRST, LAST, LAST + timedelta(days=1)))
    awaited = rules.judge_unpaid(late, judge)
    assert awaited is not None
    assert (awaited.kind, awaited.amount) == (Kind.AWAITED, 0)
    later = rules.judge_unpaid(late, Judge(RATER, Frame(FIRST, LAST, TODAY)))
    assert later is not None
    assert (later.kind, later.facts["since"]) == (Kind.MISSING, LAST.isoformat())
    assert 0 < later.amount < late.total


def test_several_lines_of_one_order_are_added_up() -> None:
    known, sale = order(3, 5_000_000), sale_of(order(3, 5_000_000))
    half = replace(
        sale, gross=2_000_000, commission=1_000, kaspi_pay=0, delivery=0, document="first"
    )
    rest = replace(sale, gross=3_000_000, commission=sale.commission - 1_000, document="second")
    assert compare(Sheet((half, rest)), [known]) == []


def test_delivery_that_is_listed_and_not_withheld_is_understood() -> None:
    orders = [order(number, 5_000_000) for number in range(4)]
    lines = tuple(replace(sale_of(it), short=-sale_of(it).delivery) for it in orders)
    assert compare(Sheet(lines), orders) == []


def test_reports_of_before_the_tables_are_read_and_not_judged_by_tariff() -> None:
    old = order(3, 5_000_000, ordered_on=FIRST.replace(year=2020))
    sheet = Sheet((sale_of(order(3, 5_000_000)),))
    assert kinds(sheet, [old]) == []
