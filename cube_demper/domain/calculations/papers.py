"""A calculation put on paper: what was asked, what came out, by which formulas and figures. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from cube_demper.core.money import from_tenge
from cube_demper.domain.calculations.schemas import Cell, Paper, Section
from cube_demper.domain.calculations.words import (
    DELIVERIES,
    DUTIES,
    LABELS,
    MONEY,
    PAYERS,
    REGIMES,
    SURENESS,
)
from cube_demper.domain.calculators.result import Result
from cube_demper.domain.rates.figures import Figure

_CHOICES: dict[str, Mapping[Any, str]] = {
    "regime": REGIMES,
    "kind": DUTIES,
    "payer": PAYERS,
    "delivery": DELIVERIES,
}
_FIGURE_HEAD = ("Показатель", "Значение", "Действует", "Источник", "Точность")


def law_paper(title: str, asked: Mapping[str, Any], result: Result) -> Paper:
    """Put an answer of a calculator of law on paper."""
    sums = [(it.name, it.amount) for it in result.parts]
    if len(sums) != 1:
        sums.append(("Всего", result.total))
    sections = [
        Section("Итог", (), tuple(sums)),
        Section("Условие", (), tuple(asked_rows(asked))),
        Section(
            "Как посчитано",
            ("Шаг", "Формула", "Сумма"),
            tuple((it.name, it.formula, it.amount) for it in result.steps),
        ),
        Section("Ставки", _FIGURE_HEAD, tuple(figure_row(it) for it in result.rows)),
        Section("Норма", (), tuple((it,) for it in result.norms)),
    ]
    notes = (*result.warnings, result.rounding)
    return Paper(title, tuple(it for it in sections if it.rows), notes)


def asked_rows(asked: Mapping[str, Any]) -> list[tuple[Cell, ...]]:
    """Return what was asked, a line a field, in the words of the form."""
    rows: list[tuple[Cell, ...]] = []
    for name, value in asked.items():
        if name == "payments":
            rows += [(f"Оплата {_day(it['on'])}", _sum(it["amount"])) for it in value]
        elif name == "contract":
            rows += asked_rows(value)
        else:
            rows.append((LABELS.get(name, name), asked_cell(name, value)))
    return rows


def asked_cell(name: str, value: Any) -> Cell:
    """Return one value that was asked as a person reads it."""
    if name in MONEY:
        return _sum(value)
    if name in _CHOICES:
        return _CHOICES[name].get(value, str(value))
    if isinstance(value, bool):
        return "да" if value else "нет"
    if isinstance(value, list):
        return " / ".join(str(it) for it in value)
    return _day(value) if name in {"on", "due", "until", "rate_on"} else _number(value)


def figure_row(figure: Figure) -> tuple[Cell, ...]:
    """Return a figure with its days, its source and how sure it is."""
    source = f"{figure.source}. {figure.note}" if figure.note else figure.source
    return (figure.name, figure.value, in_force(figure), source, SURENESS[figure.confidence])


def in_force(figure: Figure) -> str:
    """Say since when and until when a figure is in force; «» for one that the person gave."""
    since = f"с {figure.valid_from:%d.%m.%Y}" if figure.valid_from else ""
    until = f"по {figure.valid_to:%d.%m.%Y}" if figure.valid_to else ""
    return " ".join(it for it in (since, until) if it)


def _sum(value: Any) -> int:
    return from_tenge(str(value).replace(",", "."))


def _number(value: Any) -> str:
    return str(value).replace(".", ",")


def _day(value: Any) -> str:
    return f"{date.fromisoformat(value):%d.%m.%Y}"
