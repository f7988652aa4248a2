"""SQL of a rotation: rows that hold encrypted values, and writing one back unless it changed meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import LargeBinary, String, Table, Text, cast, or_, select, text, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import AutoString, SQLModel

from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.keys.renewal import BEGINS, HASHES

_DAYS = text(
    """
    WITH old AS (
        DELETE FROM whatsapp_days WHERE phone_hash = ANY(:old) RETURNING day, sent, new_chats
    ), days AS (
        SELECT day, sum(sent)::integer AS sent, sum(new_chats)::integer AS new_chats
        FROM old GROUP BY day
    )
    INSERT INTO whatsapp_days AS d (phone_hash, day, sent, new_chats)
    SELECT :new, day, sent, new_chats FROM days
    ON CONFLICT (phone_hash, day) DO UPDATE
    SET sent = d.sent + excluded.sent, new_chats = d.new_chats + excluded.new_chats
    """
)

_TWIN = text(
    """
    UPDATE whatsapp_contacts AS kept
    SET opted_out_at = coalesce(kept.opted_out_at, twin.opted_out_at),
        heard_at = greatest(kept.heard_at, twin.heard_at)
    FROM whatsapp_contacts AS twin
    WHERE twin.id = :id AND kept.id <> twin.id AND kept.user_id = twin.user_id
      AND kept.phone_hash = :fresh
    RETURNING kept.id
    """
)


def tables() -> list[Table]:
    """Return every table that could hold an encrypted value: none is listed, so none is forgotten."""
    from cube_demper.models import registry  # noqa: F401, PLC0415 - registers all tables

    found = SQLModel.metadata.sorted_tables
    return [it for it in found if list(it.primary_key.columns.keys()) == ["id"] and sealed(it)]


def sealed(table: Table) -> list[str]:
    """Return the names of columns that could hold one: texts, JSON, and bytes that are no hash."""
    kinds = (String, AutoString, JSONB, LargeBinary)
    return [
        it.name
        for it in table.columns
        if isinstance(it.type, kinds) and not it.name.endswith("_hash")
    ]


def has_files(table: Table) -> bool:
    """Tell whether rows may be large."""
    return any(isinstance(table.columns[name].type, LargeBinary) for name in sealed(table))


async def rows_after(
    tx: ReadTx, table: Table, after: UUID | None, limit: int
) -> Sequence[dict[str, Any]]:
    """Return rows with encrypted values in the order of their ids."""
    names = ["id", *sealed(table), *HASHES.get(table.name, {})]
    columns = table.columns
    query = select(*(columns[name] for name in names)).order_by(columns["id"]).limit(limit)
    query = query.where(or_(*(_holds(table, name) for name in sealed(table))))
    if after is not None:
        query = query.where(columns["id"] > after)
    return [dict(row) for row in (await tx.execute(query)).mappings()]


async def put(tx: WriteTx, table: Table, row: dict[str, Any], changes: dict[str, Any]) -> bool:
    """Write values back; False: somebody has changed one of them since it was read."""
    columns = table.columns
    same = [columns[name].is_not_distinct_from(row[name]) for name in changes]
    query = update(table).where(columns["id"] == row["id"], *same).values(changes)
    return (await tx.execute(query.returning(columns["id"]))).first() is not None


async def has_twin(tx: WriteTx, contact_id: UUID, fresh: bytes) -> bool:
    """Tell whether a person stands under the first key too, who then knows what this row knows.

    A broadcast that begins while a rotation is on its way makes such a row.
    """
    found = await tx.scalar(_TWIN, {"id": contact_id, "fresh": fresh})
    return found is not None


async def move_days(tx: WriteTx, old: Sequence[bytes], new: bytes) -> None:
    """Keep what a number has sent under its hash of the first key."""
    await tx.execute(_DAYS, {"old": list(old), "new": new})


def _holds(table: Table, name: str) -> Any:
    column = table.columns[name]
    if isinstance(column.type, JSONB):
        return cast(column, Text).contains(f'"{BEGINS}', autoescape=True)
    if isinstance(column.type, LargeBinary):
        return column.between(BEGINS.encode(), BEGINS.encode() + b"\xff")
    return column.startswith(BEGINS, autoescape=True)
