"""SQL of a seller's managers: who of them is told, and what they must forget."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import any_, delete, func, literal, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from cube_demper.db.session import WriteTx
from cube_demper.models.accounts import User
from cube_demper.models.operations import Notification
from cube_demper.models.staff import Area, StaffMember


@dataclass(frozen=True, slots=True)
class Manager:
    """Somebody who works for a seller, and the seller's name as they know it."""

    user_id: UUID
    owner_name: str


async def managers_with(tx: WriteTx, owner_id: UUID, area: Area) -> list[Manager]:
    """Return the managers who have this right at this seller; nobody who is shut out.

    They keep it until the transaction ends: whoever takes it away waits, and then finds what was told.
    """
    owner, person = aliased(User), aliased(User)
    rows = await tx.execute(
        select(
            col(person.id),
            func.coalesce(func.nullif(col(owner.full_name), ""), col(owner.email)),
        )
        .select_from(StaffMember)
        .join(owner, col(owner.id) == col(StaffMember.owner_id))
        .join(person, col(person.id) == col(StaffMember.user_id))
        .where(
            col(StaffMember.owner_id) == owner_id,
            col(StaffMember.accepted_at).is_not(None),
            col(StaffMember.revoked_at).is_(None),
            literal(str(area)) == any_(col(StaffMember.rights)),
            col(owner.is_blocked).is_(False),
            col(person.is_blocked).is_(False),
        )
        .order_by(col(person.id))
        .with_for_update(read=True, of=StaffMember)
    )
    return [Manager(user_id, name) for user_id, name in rows.tuples()]


async def forget(
    tx: WriteTx, user_id: UUID, owner_id: UUID, kinds: Collection[str] | None = None
) -> None:
    """Delete what a person was told of a seller, on its way by letter or chat too; `kinds`: these alone."""
    statement = delete(Notification).where(
        col(Notification.user_id) == user_id, col(Notification.owner_id) == owner_id
    )
    if kinds is not None:
        statement = statement.where(col(Notification.kind).in_(kinds))
    await tx.execute(statement)
