"""Pure rules of stock edits: how they lie over what Kaspi said, and when they have arrived there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final, cast

from cube_demper.domain.catalog.schemas import Availability, PriceChange
from cube_demper.domain.supply.errors import SupplyRefused
from cube_demper.domain.supply.schemas import Edits, OpenSupply, PointEdit

MOST_PIECES: Final = 99_999
LONGEST_PRE_ORDER: Final = 30
"""Days (KASPI.md §2.4)."""
_FIELDS: Final = ("available", "stockCount", "preOrder")


def overlay(availabilities: Iterable[Availability], edits: Edits) -> tuple[Availability, ...]:
    """Return every point as it was but for what was edited; points that only the edits name follow."""
    rows = {row["storeId"]: row for row in availabilities}
    rows |= {point: _blank(point) for point in edits if point not in rows}
    return tuple(_edited(row, edits.get(point, {})) for point, row in rows.items())


def carry(change: PriceChange, open_: OpenSupply | None) -> tuple[PriceChange, bool]:
    """Lay open stock edits over a price's change; tell whether it takes the waiting ones along."""
    if open_ is None:
        return change, False
    after = overlay(change.availabilities, open_.edits)
    if not sells_somewhere(after):
        return change, False
    return replace(change, availabilities=after), open_.is_waiting


def combine(older: Edits, newer: Edits) -> dict[str, PointEdit]:
    """Lay newer edits over older ones, field by field."""
    points = [*older, *(point for point in newer if point not in older)]
    return {
        point: cast("PointEdit", {**older.get(point, {}), **newer.get(point, {})})
        for point in points
    }


def values_at(availabilities: Iterable[Availability], edits: Edits) -> dict[str, PointEdit]:
    """Return what stands now where the edits would write."""
    rows = {row["storeId"]: row for row in availabilities}
    return {
        point: cast(
            "PointEdit", {name: _value(rows.get(point) or _blank(point), name) for name in edit}
        )
        for point, edit in edits.items()
    }


def changes_only(availabilities: Iterable[Availability], edits: Edits) -> dict[str, PointEdit]:
    """Leave out what is so already."""
    now = values_at(availabilities, edits)
    kept: dict[str, dict[str, Any]] = {}
    for point, edit in edits.items():
        standing = cast("Mapping[str, Any]", now[point])
        changed = {name: value for name, value in edit.items() if standing[name] != value}
        if changed:
            kept[point] = changed
    return cast("dict[str, PointEdit]", kept)


def is_shown(availabilities: Iterable[Availability], edits: Edits, before: Edits) -> bool:
    """Tell whether the cabinet shows the edits.

    Pieces may have been sold since: fewer than were sent is shown too, unless that is the old number.
    """
    now = values_at(availabilities, edits)
    for point, edit in edits.items():
        old = cast("Mapping[str, Any]", before.get(point, {}))
        standing = cast("Mapping[str, Any]", now[point])
        for name, wanted in edit.items():
            seen = standing[name]
            if seen == wanted:
                continue
            is_counted = name == "stockCount" and isinstance(seen, int) and isinstance(wanted, int)
            if not is_counted or seen > wanted or seen == old.get(name):
                return False
    return True


def sells_somewhere(availabilities: Sequence[Availability]) -> bool:
    """Tell whether any point sells the product."""
    return any(row["available"] == "yes" for row in availabilities)


def check_edits(edits: Edits, points: Iterable[str]) -> None:
    """Refuse what Kaspi would not take. Raises SupplyRefused."""
    known = set(points)
    for point, edit in edits.items():
        if point not in known:
            raise SupplyRefused("Такой точки у магазина больше нет.")
        stock, days = edit.get("stockCount"), edit.get("preOrder")
        if stock is not None and not 1 <= stock <= MOST_PIECES:
            raise SupplyRefused(
                f"Остаток — от 1 до {MOST_PIECES} шт. Если товара нет, выключите точку.",
                field="stock",
            )
        if days is not None and not 1 <= days <= LONGEST_PRE_ORDER:
            raise SupplyRefused(
                f"Предзаказ — от 0 до {LONGEST_PRE_ORDER} дней.", field="pre_order_days"
            )
        if edit.get("available") not in {None, "yes", "no"}:
            raise SupplyRefused


def pre_order_days(availabilities: Iterable[Availability]) -> int:
    """Return the longest pre-order of the points that sell the product, days."""
    return max(
        (row["preOrder"] or 0 for row in availabilities if row["available"] == "yes"), default=0
    )


def _edited(row: Availability, edit: PointEdit) -> Availability:
    given = cast("Mapping[str, object]", edit)
    changed: dict[str, object] = {**row, **{name: given[name] for name in _FIELDS if name in given}}
    if "stockCount" in edit:
        changed["stockSpecified"] = edit["stockCount"] is not None
    return cast("Availability", changed)


def _blank(point: str) -> Availability:
    return {
        "storeId": point,
        "available": "no",
        "stockCount": None,
        "stockSpecified": False,
        "preOrder": None,
    }


def _value(row: Availability, name: str) -> object:
    """Return a field as edits speak of it: no pre-order is None, pieces only where they are counted."""
    if name == "preOrder":
        return row["preOrder"] or None
    if name == "stockCount":
        return row["stockCount"] if row["stockSpecified"] else None
    return row["available"]
