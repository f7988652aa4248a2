"""What each kind of file says of itself and of its rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from cube_demper.core.money import NBSP, format_tenge
from cube_demper.domain.catalog.importing.schemas import ImportRow
from cube_demper.domain.catalog.importing.sheet import HEADING_OF, Field, strategy_name
from cube_demper.models.imports import ImportKind
from cube_demper.seller.pages.products.words import goods, of_goods
from cube_demper.ui.format import counted, number

_MONEY = (Field.COST, Field.MIN, Field.MAX, Field.STEP)
_FLAGS = (Field.BOT, Field.PRIORITY)


@dataclass(frozen=True, slots=True)
class KindWords:
    """Sentences about a file; those with `{}` take a count of what it changes."""

    count: Callable[[int], str]
    left: Callable[[int], str]
    """Rows that do nothing."""
    will: str
    same: str
    apply: str
    applied: str
    undo: str
    undone: str
    kept: str
    row: Callable[[ImportRow], str]


def batches(count: int) -> str:
    """Count batches."""
    return counted(count, "партию", "партии", "партий")


def _left_alone(count: int) -> str:
    forms = ("строка останется", "строки останутся", "строк останутся")
    return counted(count, *(f"{form} как есть" for form in forms))


def _not_taken(count: int) -> str:
    return counted(count, "строка не подошла", "строки не подошли", "строк не подошли")


def _terms(row: ImportRow) -> str:
    parts = [
        f"{HEADING_OF[field]}: {_value(field, row.old)} → {_value(field, row.new)}"
        for field in HEADING_OF
        if field in row.new
    ]
    if "strategy_params" in row.new and Field.STRATEGY not in row.new:
        place = row.new["strategy_params"].get("top_n", "")
        parts.append(f"{HEADING_OF[Field.STRATEGY]}: Топ-{place}")
    return " · ".join(parts) or "Без изменений"


def _value(field: Field, columns: Mapping[str, Any]) -> str:
    value = columns.get(field)
    if field in _MONEY:
        return format_tenge(value) if value is not None else "нет"
    if field in _FLAGS:
        return "да" if value else "нет"
    top_n = (columns.get("strategy_params") or {}).get("top_n") or 3
    return strategy_name(str(value), int(top_n)).replace(" ", NBSP)


def _batch(row: ImportRow) -> str:
    """Tell a batch: «20.11.2026 · 10 шт. по 6 000 ₸»."""
    if not row.new:
        return "Такая партия уже есть"
    day = date.fromisoformat(row.new["bought_on"])
    pieces = f"{number(row.new['quantity'])}{NBSP}шт. по {format_tenge(row.new['unit_cost'])}"
    parts = (f"{day:%d.%m.%Y}", pieces, row.new["note"])
    return " · ".join(part for part in parts if part)


WORDS: Final[Mapping[ImportKind, KindWords]] = {
    ImportKind.TERMS: KindWords(
        count=goods,
        left=_left_alone,
        will="Изменится у {}",
        same="В файле те же значения, что и сейчас.",
        apply="Изменить {}",
        applied="Изменили {}",
        undo="Вернуть {} как было",
        undone="Вернули как было: {}",
        kept="Не тронули {}: с тех пор их изменили.",
        row=_terms,
    ),
    ImportKind.BATCHES: KindWords(
        count=batches,
        left=_not_taken,
        will="Файл добавит {}",
        same="Все эти партии уже есть.",
        apply="Добавить {}",
        applied="Добавили {}",
        undo="Убрать {}",
        undone="Убрали {}",
        kept="Оставили {}: с тех пор себестоимость этих товаров меняли.",
        row=_batch,
    ),
}


def will(kind: ImportKind, count: int) -> str:
    """Say what a file would change."""
    words = WORDS[kind]
    return words.will.format(of_goods(count) if kind is ImportKind.TERMS else words.count(count))
