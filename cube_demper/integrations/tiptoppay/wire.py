"""What TipTopPay says, read with care: a field that is not as documented is as good as absent.

Shapes: INTEGRATIONS.md B.2 and B.4. A webhook's fields are texts in a form and typed in JSON.
"""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

JsonObject = dict[str, Any]
_MOST_TIYN = Decimal(10) ** 13


def dict_of(value: object) -> JsonObject:
    """Return an object as it is, and anything else as an empty one."""
    return value if isinstance(value, dict) else {}


def list_of(value: object) -> list[JsonObject]:
    """Return the objects of a list; what is none of them is left out."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def text_of(value: object, most: int = 300) -> str:
    """Return a text or a whole number as text, and anything else as none."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value.strip()[:most] if isinstance(value, str) else ""


def tiyn_of(value: object) -> int | None:
    """Return a sum in tiyn; None for what is no positive sum of whole tiyn."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        tiyn = Decimal(str(value).strip()) * 100
    except InvalidOperation:
        return None
    is_sum = tiyn.is_finite() and 0 < tiyn < _MOST_TIYN and tiyn == tiyn.to_integral_value()
    return int(tiyn) if is_sum else None


def flag_of(value: object) -> bool:
    """Return a yes: true, 1, «1» or «true»."""
    return str(value).strip().lower() in ("true", "1")


def moment_of(value: object) -> datetime | None:
    """Return a time, which TipTopPay writes without a zone and means in UTC (B.1, low confidence)."""
    try:
        moment = datetime.fromisoformat(text_of(value))
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
