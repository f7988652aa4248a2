"""Frozen dataclasses to plain JSON and back, for the jsonb columns of pricing.

Blanks are left out on the way out; unknown keys are ignored and missing ones take their default on
the way in, so that rows written by an older or newer release can still be read.
"""

from __future__ import annotations

import json
import types
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import MAXYEAR, UTC, datetime
from enum import StrEnum
from functools import cache, partial
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

Shape = TypeVar("Shape")
Reader = Callable[[Any], Any]
_PLAIN = frozenset({int, str, bool, float, types.NoneType})


def as_object(value: object) -> dict[str, Any]:
    """Read a JSON column whatever the driver made of it: an object, its text, or nothing."""
    if type(value) is dict:  # nearly always, and asking for a Mapping costs ten times as much
        return value
    if isinstance(value, str | bytes):
        try:
            value = json.loads(value)
        except ValueError:
            return {}
    return dict(value) if isinstance(value, Mapping) else {}


def encode(value: Any) -> Any:
    """Turn a dataclass (or a tuple, instant, code, number inside it) into JSON values."""
    kind = type(value)
    if kind in _PLAIN:
        return value
    if kind is tuple:
        return [encode(item) for item in value]
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, StrEnum):
        return value.value
    pairs = ((name, encode(getattr(value, name))) for name, _, _ in _layout(kind))  # type: ignore[arg-type]
    return {name: item for name, item in pairs if item is not None and item != []}


def decode(shape: type[Shape], value: object, *, lenient: bool = False) -> Shape:
    """Build `shape` from JSON.

    `lenient`: a field that cannot be read takes its default, so that one bad value costs one field.

    Raises:
        ValueError: a needed key is absent or a value is of another kind.
    """
    raw = as_object(value)
    known: dict[str, Any] = {}
    for name, read, is_needed in _layout(shape):  # type: ignore[arg-type]  # classes hash
        if name not in raw:
            if is_needed:
                raise ValueError(f"{shape.__name__} without {name}")
            continue
        try:
            known[name] = read(raw[name])
        except ValueError:
            if is_needed or not lenient:
                raise
    return shape(**known)


@cache
def _layout(shape: type) -> tuple[tuple[str, Reader, bool], ...]:
    """Return every field's name, reader and whether it must be there."""
    hints = get_type_hints(shape)
    return tuple(
        (f.name, _reader(hints[f.name]), f.default is MISSING and f.default_factory is MISSING)
        for f in fields(shape)
    )


def _reader(hint: Any) -> Reader:
    if get_origin(hint) in {Union, types.UnionType}:
        inner = next(part for part in get_args(hint) if part is not types.NoneType)
        read = _reader(inner)
        return lambda value: None if value is None else read(value)
    if get_origin(hint) is tuple:
        return partial(_list, _reader(get_args(hint)[0]))
    if is_dataclass(hint):
        shape: Any = hint
        return partial(decode, shape)
    if hint is datetime:
        return _instant
    return hint if issubclass(hint, StrEnum) else partial(_plain, hint)


def _list(read: Reader, value: object) -> tuple[Any, ...]:
    if not isinstance(value, list):
        raise ValueError(f"not a list: {value!r}")  # noqa: TRY004 - one error for all bad JSON
    return tuple(read(item) for item in value)


def _plain(kind: type, value: object) -> object:
    if type(value) is not kind:
        raise ValueError(f"not {kind.__name__}: {value!r}")
    return value


def _instant(value: object) -> datetime:
    moment = datetime.fromisoformat(value if isinstance(value, str) else "")
    if moment.tzinfo is None or not 1 < moment.year < MAXYEAR:
        raise ValueError(f"not an instant: {value!r}")
    return moment.astimezone(UTC)
