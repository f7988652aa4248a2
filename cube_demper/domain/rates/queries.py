"""All SQL of the dated figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Text, cast, delete, func, or_, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select

from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.models.rates import Rate

_SHIPPED = ("kind", "figures", "valid_from", "valid_to", "source", "confidence", "note")


async def list_rates(tx: ReadTx) -> Sequence[Rate]:
    """Return every row, in a steady order (a few hundred)."""
    order = (col(Rate.kind), col(Rate.shipped_as), col(Rate.valid_from), col(Rate.id))
    return (await tx.scalars(select(Rate).order_by(*order))).all()


async def edition(tx: ReadTx) -> str:
    """Sum up all rows and when they were last written."""
    ids = func.sum(func.hashtext(cast(col(Rate.id), Text)))
    row = (await tx.execute(select(func.count(), ids, func.max(col(Rate.updated_at))))).one()
    return "|".join(str(it) for it in row)


async def find_begun(tx: ReadTx, kind: str, begins: date | None) -> Rate | None:
    """Return the row of a kind that begins on a day."""
    found: Rate | None = await tx.scalar(
        select(Rate).where(col(Rate.kind) == kind, col(Rate.valid_from) == begins)
    )
    return found


async def put(tx: WriteTx, values: Mapping[str, Any]) -> UUID:
    """Write a row of a kind that has one at a time, over the one that begins on its day."""
    begins = col(Rate.kind) == values["kind"], col(Rate.valid_from) == values["valid_from"]
    there = update(Rate).where(*begins).values(values).returning(col(Rate.id))
    found: UUID | None = (await tx.scalars(there)).first()
    if found is None:
        found = (await tx.scalars(insert(Rate).values(values).returning(col(Rate.id)))).one()
    return found


async def take_shipped(tx: WriteTx, rows: Sequence[Mapping[str, Any]]) -> tuple[int, int]:
    """Bring rows that nobody edited to what is shipped now; return how many were written, how many went."""
    statement = insert(Rate).values(rows)
    new = statement.excluded
    differs = or_(*(getattr(Rate, name).is_distinct_from(new[name]) for name in _SHIPPED))
    written = await tx.execute(
        statement.on_conflict_do_update(
            index_elements=["shipped_as"],
            set_={name: new[name] for name in _SHIPPED},
            where=col(Rate.edited_at).is_(None) & differs,
        ).returning(col(Rate.id))
    )
    gone = await tx.execute(
        delete(Rate)
        .where(
            col(Rate.edited_at).is_(None),
            col(Rate.shipped_as).not_in([row["shipped_as"] for row in rows]),
        )
        .returning(col(Rate.id))
    )
    return len(written.all()), len(gone.all())
