"""Managers are told what their right is about, each in a notification of their own."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from uuid import UUID

from cube_demper.db.session import WriteTx
from cube_demper.domain.notifications import manager_queries
from cube_demper.domain.notifications.kinds import KINDS, kind_of
from cube_demper.domain.notifications.schemas import Tell
from cube_demper.models.staff import Area


async def copies_of(tx: WriteTx, tell: Tell) -> list[Tell]:
    """Return a notification of a seller as the managers with the right to its kind get it."""
    area = kind_of(tell.kind).area
    if area is None:
        return []
    return [
        replace(
            tell,
            user_id=manager.user_id,
            owner_id=tell.user_id,
            body=f"Кабинет: {manager.owner_name.rstrip('.')}. {tell.body}".strip(),
            dedupe_key=f"{tell.user_id}:{tell.dedupe_key}",
        )
        for manager in await manager_queries.managers_with(tx, tell.user_id, area)
    ]


async def keep_only(
    tx: WriteTx, user_id: UUID, owner_id: UUID, rights: Collection[Area] = ()
) -> None:
    """Let a manager keep what they were told of within these rights; the rest is theirs no more."""
    lost = [code for code, kind in KINDS.items() if kind.area not in {None, *rights}]
    await manager_queries.forget(tx, user_id, owner_id, lost if rights else None)
    tx.emit(f"user:{user_id}", "notification")
