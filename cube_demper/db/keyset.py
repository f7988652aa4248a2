"""Pages by a cursor: as fast at a million rows as at ten, newest first, forward and back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy import Select, tuple_
from sqlmodel import col

from cube_demper.core.ids import find_id
from cube_demper.db.session import ReadTx

T = TypeVar("T")
_BACK = "<"


@dataclass(frozen=True, slots=True)
class Cursor:
    """The row that a page begins after; `is_back`: the page before it."""

    at: datetime
    id: UUID
    is_back: bool = False

    def __str__(self) -> str:
        return f"{_BACK * self.is_back}{self.at.isoformat()}_{self.id}"


def read_cursor(text: str) -> Cursor | None:
    """Read a cursor out of an address; nonsense is none."""
    moment, _, row = text.removeprefix(_BACK).partition("_")
    found = find_id(row)
    try:
        at = datetime.fromisoformat(
            moment.replace(" ", "+")
        )  # a bare plus of an address is a space
    except ValueError:
        return None
    if found is None or at.tzinfo is None:
        return None
    return Cursor(at, found, text.startswith(_BACK))


@dataclass(frozen=True, slots=True)
class Window(Generic[T]):
    """A page of rows, and the cursors of its neighbours, empty at an end."""

    rows: Sequence[T]
    newer: str = ""
    older: str = ""


async def take(
    tx: ReadTx,
    query: Select[Any],
    row: type[Any],
    cursor: Cursor | None,
    size: int,
    *,
    make: Callable[[Any], T],
    key: Callable[[Any], tuple[datetime, UUID]],
) -> Window[T]:
    """Read a page of `query`, which selects from `row`: by `created_at` and `id`, newest first.

    Args:
        tx: where to read.
        query: without order and limit.
        row: the table of the order.
        cursor: where to go on.
        size: rows a page.
        make: turns a found row into what is returned.
        key: the place of a found row in the order.
    """
    order = (col(row.created_at), col(row.id))
    is_back = cursor is not None and cursor.is_back
    if cursor is not None:
        here = tuple_(cursor.at, cursor.id)
        query = query.where(tuple_(*order) > here if is_back else tuple_(*order) < here)
    by = [it.asc() if is_back else it.desc() for it in order]
    found = list((await tx.execute(query.order_by(*by).limit(size + 1))).all())
    has_more, found = len(found) > size, found[:size]
    if is_back:
        found.reverse()
    if not found:
        return Window([])
    has_newer = has_more if is_back else cursor is not None
    has_older = True if is_back else has_more
    return Window(
        [make(it) for it in found],
        newer=str(Cursor(*key(found[0]), is_back=True)) if has_newer else "",
        older=str(Cursor(*key(found[-1]))) if has_older else "",
    )
