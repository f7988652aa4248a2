"""Frozen dataclasses to plain JSON and back, for the jsonb columns of pricing.

Blanks are left out on the way out; unknown keys are ignored and missing ones take their default on
the way in, so that rows written by an older or newer release can still be read.
"""

from __future__ import annotations

import json
import types
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import MAXYEAR, UTC, datetime
from enum import StrEnum
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

Shape = TypeVar("Shape")


def as_object(value: object) -> dict[str, Any]:
    """Read a JSON column whatever the driver made of it: an object, its text, or nothing."""
    if isinstance(value, str | bytes):
        try:
            value = json.loads(value)
        except ValueError:
            return {}
    return dict(value) if isinstance(value, Mapping) else {}


def encode(value: Any) -> Any:
    """Turn a dataclass (or a tuple, instant, code, number inside it) into JSON values."""
    if is_dataclass(value) and not isinstance(value, type):
        pairs = ((f.name, encode(getattr(value, f.name))) for f in fields(value))
        return {name: item for name, item in pairs if item is not None and item != []}
    if isinstance(value, tuple):
        return [encode(item) for item in value]
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, StrEnum):
        return value.value
    return value


def decode(shape: type[Shape], value: object, *, lenient: bool = False) -> Shape:
    """Build `shape` from JSON.

    `lenient`: a field that cannot be read takes its default, so that one bad value costs one field.

    Raises:
        ValueError: a needed key is absent or a value is of another kind.
    """
    raw = as_object(value)
    known: dict[str, Any] = {}
    for name, hint, is_needed in _layout(shape):  # type: ignore[arg-type]  # classes hash
        if name not in raw:
            if is_needed:
                raise ValueError(f"{shape.__name__} without {name}")
            continue
        try:
            known[name] = _read(hint, raw[name])
        except ValueError:
            if is_needed or not lenient:
                raise
    return shape(**known)


@cache
def _layout(shape: type) -> tuple[tuple[str, Any, bool], ...]:
    hints = get_type_hints(shape)
    return tuple(
        (f.name, hints[f.name], f.default is MISSING and f.default_factory is MISSING)
        for f in fields(shape)
    )


def _read(hint: Any, value: Any) -> Any:
    origin = get_origin(hint)
    if origin is Union or origin is types.UnionType:
        inner = next(part for part in get_args(hint) if part is not types.NoneType)
        return None if value is None else _read(inner, value)
    if origin is tuple:
        if not isinstance(value, list):
            raise ValueError(f"not a list: {value!r}")
        return tuple(_read(get_args(hint)[0], item) for item in value)
    if is_dataclass(hint):
        return decode(hint, value)  # type: ignore[arg-type]  # a field's hint is always a class
    if hint is datetime:
        return _instant(value)
    if issubclass(hint, StrEnum):
        return hint(value)
    if not isinstance(value, hint) or (hint is int and isinstance(value, bool)):
        raise ValueError(f"not {hint.__name__}: {value!r}")
    return value


def _instant(value: object) -> datetime:
    moment = datetime.fromisoformat(value if isinstance(value, str) else "")
    if moment.tzinfo is None or not 1 < moment.year < MAXYEAR:
        raise ValueError(f"not an instant: {value!r}")
    return moment.astimezone(UTC)
