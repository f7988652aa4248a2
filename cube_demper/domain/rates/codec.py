"""Rows as texts and back: one form for the shipped files, the database and an editor.

A row's own columns are texts by name; an empty text is «none».
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, fields
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache
from types import NoneType
from typing import Any, TypeVar, get_args, get_type_hints

from cube_demper.domain.rates.rows import Confidence, Dated, Payer

R = TypeVar("R", bound=Dated)
PATH_SEPARATOR = " > "


def decode(kind: type[R], texts: Mapping[str, str | None]) -> R:
    """Build a row. Raises ValueError naming the column at fault."""
    values: dict[str, Any] = {}
    hashable: Any = kind  # mypy takes a frozen class's own hash for its instances'
    for it, read in _columns(hashable):
        text = (texts.get(it.name) or "").strip()
        if not text:
            if it.default is MISSING:
                raise ValueError(f"{it.name}: пусто")
            continue
        try:
            values[it.name] = read(text)
        except (ValueError, InvalidOperation) as error:
            raise ValueError(f"{it.name}: «{text}»") from error
    return kind(**values)


def encode(row: Dated) -> dict[str, str]:
    """Return the row's columns as texts, without those that are none."""
    texts = ((it.name, _text(getattr(row, it.name))) for it in fields(row))
    return {name: text for name, text in texts if text}


@cache
def _columns(kind: type[Dated]) -> list[tuple[Field[Any], Callable[[str], Any]]]:
    hints = get_type_hints(kind)
    return [(it, _READERS[_bare(hints[it.name])]) for it in fields(kind)]


def _bare(hint: Any) -> Any:
    """Return `T` of `T | None`."""
    options = [it for it in get_args(hint) if it is not NoneType]
    return options[0] if NoneType in get_args(hint) else hint


def _path(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(PATH_SEPARATOR.strip()))


def _decimal(text: str) -> Decimal:
    value = Decimal(text)
    if not value.is_finite():
        raise ValueError(text)
    return value


_READERS: dict[Any, Callable[[str], Any]] = {
    str: str,
    int: int,
    Decimal: _decimal,
    date: date.fromisoformat,
    Confidence: Confidence,
    Payer: Payer,
    tuple[str, ...]: _path,
}


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, tuple):
        return PATH_SEPARATOR.join(value)
    if isinstance(value, Decimal):
        return format(value, "f")
    return str(value)
