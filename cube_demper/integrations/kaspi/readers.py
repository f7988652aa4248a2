"""Tolerant readers of single values: Kaspi leaves keys out, sends null, floats and "yes"/"no"."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from cube_demper.core import money


def text(value: object) -> str | None:
    """Return a non-empty text; numbers (old merchant ids) become text, the rest None.

    A NUL is left out: no text of Postgres may hold one.
    """
    if isinstance(value, str):
        return value.replace("\x00", "").strip() or None
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return None


def price(value: object) -> int | None:
    """Return tenge of the wire as tiyn; zero, null and anything that is no price is None."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 10**12:
        return None
    tenge = int(value)
    return tenge * money.TIYN_IN_TENGE if tenge == value else money.from_tenge(value)


def whole(value: object) -> int | None:
    """Return a count; `2.0`, as some of Kaspi's exports write, is 2."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return int(value)


def flag(value: object) -> bool:
    """Read a yes or no in either of its two forms."""
    return value is True or (isinstance(value, str) and value.lower() in {"yes", "true"})


def moment(value: object) -> datetime | None:
    """Return an instant, aware; a time that cannot be read is None, never an error."""
    if not isinstance(value, str):
        return None
    try:
        parsed = datetime.fromisoformat(value)
    except ValueError:
        return None
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)


def mapping(value: object) -> Mapping[str, Any]:
    """Return an object of the wire, or an empty one."""
    return value if isinstance(value, dict) else {}


def rows(value: object) -> list[Mapping[str, Any]]:
    """Return the objects of an array of the wire; null is an empty array."""
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def epoch(value: object) -> datetime | None:
    """Return the instant of milliseconds since 1970; what is none, or absurd, is None."""
    milliseconds = whole(value)
    if milliseconds is None or not 0 < milliseconds < 32_503_680_000_000:  # the year 3000
        return None
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


def amount(value: object) -> int | None:
    """Return tenge of the wire as tiyn where zero is a sum like any other; the rest is None."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 10**12:
        return None
    return money.from_tenge(value)


def decimal(value: object) -> Decimal | None:
    """Return a quantity, at most three places; negative and absurd ones are None."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 10**9:
        return None
    return Decimal(str(value)).quantize(Decimal("0.001"))


def key(value: object) -> str | None:
    """Return an id of the orders API without base64's padding, which comes and goes."""
    found = text(value)
    return found.rstrip("=") if found else None
