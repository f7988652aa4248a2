"""Studies of a sale as the page shows them. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from cube_demper.core.money import format_tenge
from cube_demper.domain.calculations.schemas import Cell
from cube_demper.domain.calculations.unit_papers import MISSING, outcome_rows, step_rows
from cube_demper.domain.calculations.words import DELIVERIES
from cube_demper.domain.economics.conditions import Delivery
from cube_demper.domain.economics.study import NextYear, Study, Variant
from cube_demper.seller.calculations.figures import FigureRow, figure_rows
from cube_demper.ui.format import percent, signed_tenge

_STRONG = frozenset({"Прибыль", "Цена без убытка"})


@dataclass
class SideRow:
    """One line of scenarios side by side; `tones` colour the cells in words' company."""

    name: str = ""
    cells: list[str] = field(default_factory=list)
    tones: list[str] = field(default_factory=list)
    is_strong: bool = False


@dataclass
class DeliveryRow:
    """The sale under another delivery."""

    name: str = ""
    profit: str = ""
    margin: str = ""
    difference: str = ""
    tone: str = ""
    is_chosen: bool = False


@dataclass
class ChangeRow:
    """A figure now and on the next 1 January."""

    name: str = ""
    now: str = ""
    later: str = ""
    note: str = ""


@dataclass
class Detail:
    """Everything about the chosen scenario but its plots."""

    letter: str = ""
    deliveries: list[DeliveryRow] = field(default_factory=list)
    formulas: list[SideRow] = field(default_factory=list)
    year: str = ""
    year_profit: str = ""
    year_difference: str = ""
    year_tone: str = ""
    year_note: str = ""
    changes: list[ChangeRow] = field(default_factory=list)
    figures: list[FigureRow] = field(default_factory=list)
    is_sure: bool = True


def sides(studies: Sequence[Study]) -> list[SideRow]:
    """Return what each scenario leaves, side by side, and the steps that lead there."""
    rows = outcome_rows(studies)
    named = {row[0] for row in rows}
    rows += [row for row in step_rows(studies) if row[0] not in named]
    return [_side(row) for row in rows]


def _side(row: tuple[Cell, ...]) -> SideRow:
    name, cells = str(row[0]), row[1:]
    is_profit = name == "Прибыль"
    return SideRow(
        name,
        [_words(it) for it in cells],
        [_tone(it, is_profit=is_profit) for it in cells],
        name in _STRONG,
    )


def _words(cell: Cell) -> str:
    if cell is None:
        return "—"
    return format_tenge(cell) if isinstance(cell, int) else cell


def _tone(cell: Cell, *, is_profit: bool) -> str:
    if cell == MISSING:
        return "amber"
    if is_profit and isinstance(cell, int):
        return "green" if cell > 0 else "red"
    return ""


def detail_of(study: Study, letter: str) -> Detail:
    """Put one scenario into words."""
    year, done = study.next_year, study.calculation
    later = year.variant.calculation
    difference = _difference(later.profit if later else None, done.profit)
    return Detail(
        letter=letter,
        deliveries=[
            _delivery(kind, it, study) for kind, it in zip(Delivery, study.deliveries, strict=True)
        ],
        formulas=[SideRow(it.name, [it.formula, _amount(it.amount)]) for it in done.steps],
        year=f"{year.on:%d.%m.%Y}",
        year_profit="" if later is None else _amount(later.profit),
        year_difference=difference if later and later.profit != done.profit else "",
        year_tone=_trend(later.profit if later else None, done.profit),
        year_note=_year_note(year),
        changes=[_change(year, at) for at in range(len(year.figures))],
        figures=figure_rows((*done.figures, *(later.figures if later else ()))),
        is_sure=done.confidence.is_sure,
    )


def _delivery(kind: Delivery, variant: Variant, study: Study) -> DeliveryRow:
    is_chosen = kind is study.case.delivery
    done = variant.calculation
    if done is None:
        return DeliveryRow(DELIVERIES[kind], "—", variant.problem, is_chosen=is_chosen)
    return DeliveryRow(
        DELIVERIES[kind],
        _amount(done.profit),
        "" if done.margin is None else f"маржа {percent(done.margin)}",
        "" if is_chosen else _difference(done.profit, study.calculation.profit),
        "" if is_chosen else _trend(done.profit, study.calculation.profit),
        is_chosen,
    )


def _change(year: NextYear, at: int) -> ChangeRow:
    it = year.figures[at]
    later = it.later.value if it.later else "—"
    if it.is_other:
        note = "другая ставка"
    else:
        note = "подтверждена новой строкой" if it.is_new else "новой строки в таблице нет"
    return ChangeRow(it.now.name, it.now.value, later, note)


def _year_note(year: NextYear) -> str:
    if year.variant.calculation is None:
        return year.variant.problem
    if year.has_news:
        return "Та же продажа по ставкам этого дня."
    return "Новых ставок на этот день в таблицах ещё нет: взяты нынешние, они могут измениться."


def _amount(tiyn: int | None) -> str:
    return MISSING if tiyn is None else format_tenge(tiyn)


def _difference(new: int | None, old: int | None) -> str:
    return "" if new is None or old is None else signed_tenge(new - old)


def _trend(new: int | None, old: int | None) -> str:
    if new is None or old is None or new == old:
        return ""
    return "green" if new > old else "red"
