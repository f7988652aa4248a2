"""Unit economics from JSON to JSON: money as decimal texts of tenge, a missing sum as null."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from cube_demper.core.errors import InvalidInput
from cube_demper.core.money import to_tenge
from cube_demper.domain.calculators.reading import read_case
from cube_demper.domain.economics.calculation import Calculation, calculate, compare
from cube_demper.domain.economics.conditions import Conditions
from cube_demper.domain.economics.cutting import weigh_cut
from cube_demper.domain.economics.solving import Reach
from cube_demper.domain.economics.steps import Step
from cube_demper.domain.economics.tariffs import Tariffs
from cube_demper.domain.economics.terms import Terms
from cube_demper.domain.economics.unit_case import EXAMPLE, CutCase, UnitCase
from cube_demper.domain.rates.tables import Tables

ROUNDING = "Каждая сумма округляется до тиына, половина вверх; прибыль — точная разность."


class UnitCalculator:
    """The calculator of one sale, as `cube calc` takes them."""

    title = "Юнит-экономика одной продажи"
    case = UnitCase
    example = EXAMPLE

    def count_json(self, content: bytes, tables: Tables) -> dict[str, Any]:
        """Count a case given as JSON. Raises InvalidInput for a wrong one, NoRate outside the tables."""
        return _answer(read_case(UnitCase, content), Tariffs(tables))


UNIT = UnitCalculator()


def _answer(case: UnitCase, tariffs: Tariffs) -> dict[str, Any]:
    conditions, goal = case.conditions(), case.goal()
    done = calculate(conditions, case.price, case.cost, tariffs, goal=goal)
    told = _calculation(done)
    if goal is not None:
        told["wanted"] = _reach(done.wanted)
    if case.compare:
        told["compare"] = _deliveries(case, conditions, tariffs)
    if case.cut is not None:
        told["cut"] = _cut(case, case.cut, tariffs.of(conditions).terms)
    return told


def _calculation(done: Calculation) -> dict[str, Any]:
    return {
        "price": _tenge(done.price),
        "cost": _tenge(done.cost),
        "profit": _tenge(done.profit),
        "margin_percent": _percent(done.margin),
        "roi_percent": _percent(done.roi),
        "missing": ["cost"] if done.cost is None else [],
        "confidence": done.confidence.value,
        "break_even": _reach(done.break_even),
        "steps": [_step(it) for it in done.steps],
        "rows": [it.as_json() for it in done.figures],
        "rounding": ROUNDING,
    }


def _step(step: Step) -> dict[str, Any]:
    return {
        "code": step.code.value,
        "name": step.name,
        "amount": _tenge(step.amount),
        "formula": step.formula,
        "rows": [it.value for it in step.figures],
    }


def _reach(reach: Reach | None) -> dict[str, Any] | None:
    """Tell where a goal is reached; `safe` is the price above which no price misses it."""
    if reach is None:
        return None
    return {
        "lowest": _tenge(reach.lowest),
        "safe": _tenge(reach.safe),
        "ranges": [{"from": _tenge(it.from_), "to": _tenge(it.upto)} for it in reach.ranges],
    }


def _deliveries(case: UnitCase, conditions: Conditions, tariffs: Tariffs) -> list[dict[str, Any]]:
    variants = tuple(replace(conditions, delivery=it) for it in case.compare)
    return [
        {
            "delivery": kind.value,
            "profit": _tenge(done.profit),
            "margin_percent": _percent(done.margin),
            "break_even": _reach(done.break_even),
            "confidence": done.confidence.value,
        }
        for kind, done in zip(
            case.compare, compare(variants, case.price, case.cost, tariffs), strict=True
        )
    ]


def _cut(case: UnitCase, cut: CutCase, terms: Terms) -> dict[str, Any]:
    if case.cost is None:
        raise InvalidInput("cost: чтобы оценить снижение цены, нужна себестоимость.", field="cost")
    weighed = weigh_cut(
        terms,
        case.cost,
        old_price=case.price,
        new_price=cut.new_price,
        pieces=cut.pieces,
        stock=cut.stock,
    )
    growth = (
        None
        if weighed.growth is None
        else round(Decimal(100) * weighed.growth.numerator / weighed.growth.denominator, 2)
    )
    return {
        "new_price": _tenge(cut.new_price),
        "old_profit": _tenge(weighed.old_profit),
        "new_profit": _tenge(weighed.new_profit),
        "pieces_before": weighed.pieces_before,
        "pieces_needed": weighed.pieces_needed,
        "growth_percent": _percent(growth),
        "is_in_stock": weighed.is_in_stock,
    }


def _tenge(tiyn: int | None) -> str | None:
    return None if tiyn is None else f"{to_tenge(tiyn):.2f}"


def _percent(percent: Decimal | None) -> str | None:
    return None if percent is None else str(percent)
