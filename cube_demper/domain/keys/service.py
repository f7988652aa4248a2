"""Putting every encrypted value under the first key of SECRET_KEYS, while everything runs.

It may be stopped anywhere and begun again: what is done already is passed over. A value that somebody
writes meanwhile is theirs, and is looked at once more.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Table

from cube_demper.core.crypto import SecretBox
from cube_demper.core.errors import PermissionDenied
from cube_demper.db.session import Database, WriteTx
from cube_demper.domain.accounts.schemas import Actor, Role
from cube_demper.domain.keys import queries
from cube_demper.domain.keys.renewal import Renewal
from cube_demper.domain.messaging import said_texts

_ROWS: Final = 200
_FILES: Final = 4
"""Rows read at once; of tables with files fewer, each may be 16 MB."""


@dataclass(frozen=True, slots=True)
class Renewed:
    """What was done to one table. `unreadable`: values that none of the keys opens; they stay."""

    table: str
    rows: int
    unreadable: int


async def rotate(db: Database, actor: Actor, secrets: SecretBox) -> AsyncIterator[Renewed]:
    """Renew table after table, telling of each that had encrypted values. Raises PermissionDenied.

    What finds such values again (hashes) is made anew with them, so that the old key can go.
    """
    if actor.role is not Role.SYSTEM:
        raise PermissionDenied
    for table in queries.tables():
        renewal = Renewal(secrets)
        rows = await _walk(db, table, renewal, secrets)
        if rows or renewal.unreadable:
            yield Renewed(table.name, rows, len(renewal.unreadable))
    texts = await said_texts.mark_anew(db, actor, secrets)
    if texts:
        yield Renewed("scheduled_messages.text_hash", texts, 0)


async def _walk(db: Database, table: Table, renewal: Renewal, secrets: SecretBox) -> int:
    """Return how many rows were written."""
    limit = _FILES if queries.has_files(table) else _ROWS
    after: UUID | None = None
    written = 0
    while True:
        async with db.read() as tx:
            rows = await queries.rows_after(tx, table, after, limit)
        if not rows:
            return written
        changed = [(row, values) for row in rows if (values := _changes(table, row, renewal))]
        async with db.write() as tx:
            done = [await _put(tx, table, row, values, secrets) for row, values in changed]
        written += sum(done)
        if all(done):
            after = rows[-1]["id"]


def _changes(table: Table, row: dict[str, Any], renewal: Renewal) -> dict[str, Any]:
    values = {name: renewal.of(row[name]) for name in queries.sealed(table)}
    values |= renewal.hashes(table.name, row)
    return {name: value for name, value in values.items() if value != row[name]}


async def _put(
    tx: WriteTx, table: Table, row: dict[str, Any], values: dict[str, Any], secrets: SecretBox
) -> bool:
    fresh = values.get("phone_hash") if table.name == "whatsapp_contacts" else None
    if fresh is not None and await queries.has_twin(tx, row["id"], fresh):
        values = {name: it for name, it in values.items() if name != "phone_hash"}
    if values and not await queries.put(tx, table, row, values):
        return False
    if table.name == "whatsapp_sessions" and "phone_hash" in values:
        hashes = secrets.fingerprints(secrets.decrypt(row["phone"]))
        await queries.move_days(tx, hashes[1:], hashes[0])
    return True
