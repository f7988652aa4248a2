"""Scenarios of unit economics on paper, a column each. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from cube_demper.domain.calculations.papers import asked_cell, figure_row
from cube_demper.domain.calculations.schemas import Cell, Paper, Section
from cube_demper.domain.calculations.words import DELIVERIES, LABELS
from cube_demper.domain.economics.calculation import Calculation
from cube_demper.domain.economics.conditions import Delivery
from cube_demper.domain.economics.solving import Reach
from cube_demper.domain.economics.steps import StepCode
from cube_demper.domain.economics.study import Study
from cube_demper.domain.economics.unit_calculator import ROUNDING
from cube_demper.domain.rates.figures import percent_text

LETTERS = "ABC"
MISSING = "нет закупки"
"""What stands where a cost would be needed: never a zero."""
_UNREACHABLE = "такой цены нет"
_FIGURE_HEAD = ("Показатель", "Значение", "Действует", "Источник", "Точность")


def unit_paper(title: str, asked: Sequence[Mapping[str, Any]], studies: Sequence[Study]) -> Paper:
    """Put scenarios side by side."""
    names = tuple(f"Сценарий {letter}" for letter, _ in zip(LETTERS, studies, strict=False))
    head = ("", *names)
    sections = [
        Section("Итог", head, tuple(outcome_rows(studies))),
        Section("Куда уходит цена", head, tuple(step_rows(studies))),
        Section("Условия", head, tuple(_asked(asked))),
        Section("Прибыль при другой доставке", head, tuple(_deliveries(studies))),
        Section("С 1 января", head, tuple(_next_year(studies))),
        Section("Ставки", _FIGURE_HEAD, tuple(_figures(studies))),
    ]
    notes = [ROUNDING]
    if any(it.calculation.cost is None for it in studies):
        notes.insert(0, "Закупка не указана: прибыль без неё не считается.")
    if not all(it.calculation.confidence.is_sure for it in studies):
        notes.insert(0, "Часть ставок не проверена до конца: смотрите столбец «Точность».")
    return Paper(title, tuple(sections), tuple(notes))


def outcome_rows(studies: Sequence[Study]) -> list[tuple[Cell, ...]]:
    """Return what each scenario leaves."""
    lines: list[tuple[str, Callable[[Study], Cell]]] = [
        ("Цена", lambda it: it.calculation.price),
        ("Закупка", lambda it: _or_missing(it.calculation.cost)),
        ("Прибыль", lambda it: _profit(it.calculation)),
        ("Маржа", lambda it: _percent(it.calculation.margin, it)),
        ("Окупаемость закупки (ROI)", lambda it: _percent(it.calculation.roi, it)),
        ("Цена без убытка", lambda it: _safe(it.calculation.break_even, it)),
        (
            "Цена для желаемого",
            lambda it: _safe(it.calculation.wanted, it) if it.case.goal() else None,
        ),
    ]
    rows = [(name, *(tell(it) for it in studies)) for name, tell in lines]
    return [row for row in rows if any(it is not None for it in row[1:])]


def step_rows(studies: Sequence[Study]) -> list[tuple[Cell, ...]]:
    """Return the steps from the price to the profit; a step that nobody has is left out."""
    rows: list[tuple[Cell, ...]] = []
    for code in StepCode:
        found = [next((s for s in it.calculation.steps if s.code is code), None) for it in studies]
        name = next((step.name for step in found if step), None)
        if name:
            cells = (
                0 if it is None else MISSING if it.amount is None else it.amount for it in found
            )
            rows.append((name, *cells))
    return rows


def _asked(asked: Sequence[Mapping[str, Any]]) -> list[tuple[Cell, ...]]:
    names = [name for name in LABELS if any(name in it for it in asked)]
    return [
        (LABELS[name], *(asked_cell(name, it[name]) if name in it else None for it in asked))
        for name in names
    ]


def _deliveries(studies: Sequence[Study]) -> list[tuple[Cell, ...]]:
    rows: list[tuple[Cell, ...]] = []
    for at, kind in enumerate(Delivery):
        variants = [it.deliveries[at] for it in studies]
        cells = (_profit(it.calculation) if it.calculation else it.problem for it in variants)
        rows.append((DELIVERIES[kind], *cells))
    return rows


def _next_year(studies: Sequence[Study]) -> list[tuple[Cell, ...]]:
    later = [it.next_year for it in studies]
    days: tuple[Cell, ...] = ("День", *(f"{it.on:%d.%m.%Y}" for it in later))
    profits = (
        _profit(it.variant.calculation) if it.variant.calculation else it.variant.problem
        for it in later
    )
    news = ("ставки другие" if it.has_news else "новых ставок в таблицах нет" for it in later)
    told = (text if it.variant.calculation else None for it, text in zip(later, news, strict=True))
    return [days, ("Прибыль", *profits), ("Ставки", *told)]


def _figures(studies: Sequence[Study]) -> list[tuple[Cell, ...]]:
    return list(dict.fromkeys(figure_row(f) for it in studies for f in it.calculation.figures))


def _profit(done: Calculation) -> Cell:
    return _or_missing(done.profit)


def _or_missing(amount: int | None) -> Cell:
    return MISSING if amount is None else amount


def _percent(percent: Decimal | None, of: Study) -> Cell:
    if of.case.cost is None:
        return MISSING
    return None if percent is None else percent_text(percent)


def _safe(reach: Reach | None, of: Study) -> Cell:
    if of.case.cost is None:
        return MISSING
    return _UNREACHABLE if reach is None or reach.safe is None else reach.safe
