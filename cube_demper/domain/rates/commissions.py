"""Which of the commissions in force is a category's: the row of the longest path wins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import TypeVar

from cube_demper.domain.rates.categories import Categories, Path, normalized
from cube_demper.domain.rates.errors import NoRate
from cube_demper.domain.rates.rows import CommissionRow, Confidence, Dated

R = TypeVar("R", bound=Dated)
_SHOWN = 5


def rate_of(
    path: Sequence[str], rows: Sequence[CommissionRow], categories: Categories
) -> CommissionRow:
    """Return the row of a category. Raises NoRate with the names to choose from."""
    by_path = {row.path: row for row in sorted(rows, key=_began)}
    found = categories.find(path)
    if not found:
        return _of_unknown(path, by_path, categories)
    answers = [_of_known(it, by_path) for it in found]
    one = answers[0]
    if one is not None and all(it and it.percent == one.percent for it in answers):
        return one
    raise _choose(path, found, categories)


def rates_within(
    path: Path, rows: Sequence[CommissionRow]
) -> tuple[CommissionRow | None, tuple[Decimal, ...]]:
    """Return the row of a category in the tree and every percentage that it and its parts have.

    The row is None where one of the parts must be chosen; `rows` are those in force.
    """
    by_path = {row.path: row for row in sorted(rows, key=_began)}
    depths = range(len(path), 0, -1)
    own = [by_path[path[:depth]] for depth in depths if path[:depth] in by_path][:1]
    below = [row for it, row in by_path.items() if len(it) > len(path) and it[: len(path)] == path]
    percents = {row.percent for row in (*own, *below)}
    return _of_known(path, by_path), tuple(sorted(percents))


def less_sure(row: R, note: str) -> R:
    """Return the row as no more than medium sure, with the reason."""
    return replace(
        row,
        confidence=row.confidence.at_most(Confidence.MEDIUM),
        note=f"{row.note}. {note}" if row.note else note,
    )


def _began(row: CommissionRow) -> int:
    return row.valid_from.toordinal() if row.valid_from else 0


def _of_known(path: Path, by_path: dict[Path, CommissionRow]) -> CommissionRow | None:
    """Return the row, or None where the parts of this category have different ones."""
    depths = range(len(path), 0, -1)
    own = next((by_path[path[:depth]] for depth in depths if path[:depth] in by_path), None)
    below = [row for it, row in by_path.items() if len(it) > len(path) and it[: len(path)] == path]
    if own is None or all(row.percent == own.percent for row in below):
        return own
    if len(path) > 1:
        return None
    names = ", ".join(row.path[-1] for row in below[:3])
    return less_sure(own, f"Есть подкатегории с другой ставкой: {names}… Уточните категорию.")


def _of_unknown(
    path: Sequence[str], by_path: dict[Path, CommissionRow], categories: Categories
) -> CommissionRow:
    """Take the rate of a top category that has only one, else ask."""
    names = [name for name in path if name.strip()]
    if len(names) > 1:
        top = normalized(names[0])
        of_top = [row for it, row in by_path.items() if normalized(it[0]) == top]
        if len(of_top) == 1 and len(of_top[0].path) == 1:
            return less_sure(
                of_top[0], f"Подкатегории «{names[-1]}» в таблице нет, взята ставка категории."
            )
    name = names[-1] if names else ""
    options = categories.nearest(name)
    hint = f" Похожие: {'; '.join(options)}." if options else ""
    raise NoRate(f"Категории «{name}» нет в тарифах Kaspi.{hint}", options=options)


def _choose(path: Sequence[str], found: Sequence[Path], categories: Categories) -> NoRate:
    if len(found) > 1:
        options = [" > ".join(it) for it in found]
    else:
        options = [it[-1] for it in categories.children(found[0])]
    shown = "; ".join(options[:_SHOWN]) + ("…" if len(options) > _SHOWN else "")
    return NoRate(
        f"В категории «{path[-1]}» ставки разные, выберите точнее: {shown}.", options=options
    )
