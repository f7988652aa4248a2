"""Old values of an action over a selection, kept in the audit log, and how they come back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import cast, column, func, select, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import col

from cube_demper.db.session import WriteTx
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.audit import service as audit
from cube_demper.domain.catalog.edit_schemas import UNDO_FOR
from cube_demper.domain.catalog.errors import UndoExpired
from cube_demper.models.catalog import Product
from cube_demper.models.operations import AuditEntry
from cube_demper.models.staff import Area

_ENTITY = "selection"
_TAKEN_BACK = "goods_taken_back"


async def remember(
    tx: WriteTx, actor: Actor, action: str, goods: Sequence[dict[str, Any]], *, now: datetime
) -> UUID:
    """Write the old values to the audit log; return what `undo` takes."""
    undo_id = uuid4()
    kept = {"goods": list(goods), "at": now.isoformat()}
    await audit.record(tx, actor, action, _ENTITY, undo_id, **kept)
    return undo_id


async def recall(tx: WriteTx, actor: Actor, undo_id: UUID, now: datetime) -> AuditEntry:
    """Return the entry of an action that can still be taken back, and write that it was taken back.

    Raises:
        UndoExpired: it is over an hour old, was undone before, or is somebody else's.
    """
    actor.require(Area.PRICES)
    of_action = select(AuditEntry).where(
        col(AuditEntry.entity) == _ENTITY,
        col(AuditEntry.entity_id) == str(undo_id),
        col(AuditEntry.owner_id) == actor.owner_id,
    )
    is_end = col(AuditEntry.action) == _TAKEN_BACK
    entry: AuditEntry | None = await tx.scalar(of_action.where(~is_end).with_for_update())
    # Asked after the lock: who waited for it sees what the other has written.
    if entry is None or await tx.scalar(of_action.where(is_end).limit(1)) is not None:
        raise UndoExpired
    if datetime.fromisoformat(entry.details["at"]) < now - UNDO_FOR:
        raise UndoExpired
    await audit.record(tx, actor, _TAKEN_BACK, _ENTITY, undo_id)
    return entry


async def write_columns(tx: WriteTx, changes: Sequence[tuple[UUID, dict[str, Any]]]) -> None:
    """Write other values to each product: one statement, one parameter for all that change alike."""
    groups: dict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    for product_id, columns in changes:
        groups[tuple(sorted(columns))].append({"id": str(product_id), **columns})
    for names, rows in groups.items():
        table = Product.__table__.c  # type: ignore[attr-defined]
        given = (
            func.jsonb_to_recordset(cast(rows, JSONB))
            .table_valued(
                column("id", table.id.type), *(column(name, table[name].type) for name in names)
            )
            .render_derived(name="given", with_types=True)
        )
        await tx.execute(
            update(Product)
            .where(col(Product.id) == given.c.id)
            .values({name: given.c[name] for name in names})
            .execution_options(synchronize_session=False)
        )
