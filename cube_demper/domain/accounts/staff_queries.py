"""All SQL of staff."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlmodel import col

from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.accounts.schemas import Deed
from cube_demper.models.accounts import User
from cube_demper.models.operations import AuditEntry
from cube_demper.models.staff import StaffMember

_LIVE = col(StaffMember.revoked_at).is_(None)
_OWN_BUSINESS = ("user", "user_session", "support_chat")


async def list_of_owner(tx: ReadTx, owner_id: UUID) -> Sequence[tuple[StaffMember, User | None]]:
    """Return a seller's managers and invitations with the person, where there is one yet."""
    rows = await tx.execute(
        select(StaffMember, User)
        .outerjoin(User, col(User.id) == col(StaffMember.user_id))
        .where(col(StaffMember.owner_id) == owner_id, _LIVE)
        .order_by(col(StaffMember.created_at), col(StaffMember.id))
    )
    return [(row[0], row[1]) for row in rows]


async def find_live(tx: ReadTx, owner_id: UUID, email: str) -> StaffMember | None:
    """Return a seller's manager or invitation by mailbox."""
    found: StaffMember | None = await tx.scalar(
        select(StaffMember).where(
            col(StaffMember.owner_id) == owner_id,
            func.lower(col(StaffMember.email)) == email.lower(),
            _LIVE,
        )
    )
    return found


async def count_live(tx: ReadTx, owner_id: UUID) -> int:
    """Count a seller's managers and invitations."""
    found = await tx.scalar(
        select(func.count())
        .select_from(StaffMember)
        .where(col(StaffMember.owner_id) == owner_id, _LIVE)
    )
    return int(found or 0)


async def find_by_token(
    tx: ReadTx, token_hash: bytes, now: datetime
) -> tuple[StaffMember, User] | None:
    """Return a live invitation and the seller behind it."""
    return await _find_with_owner(
        tx,
        col(StaffMember.token_hash) == token_hash,
        col(StaffMember.expires_at) > now,
        col(StaffMember.accepted_at).is_(None),
    )


async def find_open(
    tx: ReadTx, email: str, now: datetime, invitation_id: UUID | None = None
) -> tuple[StaffMember, User] | None:
    """Return the newest invitation to a mailbox that nobody has accepted yet, or this one of them."""
    this = () if invitation_id is None else (col(StaffMember.id) == invitation_id,)
    return await _find_with_owner(
        tx,
        func.lower(col(StaffMember.email)) == email.lower(),
        col(StaffMember.expires_at) > now,
        col(StaffMember.accepted_at).is_(None),
        *this,
    )


async def find_membership(
    tx: ReadTx, owner_id: UUID, user_id: UUID
) -> tuple[StaffMember, User] | None:
    """Return what lets a person work for a seller now, with that seller."""
    return await _find_with_owner(
        tx,
        col(StaffMember.owner_id) == owner_id,
        col(StaffMember.user_id) == user_id,
        col(StaffMember.accepted_at).is_not(None),
    )


async def _find_with_owner(
    tx: ReadTx, *conditions: ColumnElement[bool]
) -> tuple[StaffMember, User] | None:
    found = await tx.execute(
        select(StaffMember, User)
        .join(User, col(User.id) == col(StaffMember.owner_id))
        .where(*conditions, col(User.is_blocked).is_(False), _LIVE)
        .order_by(col(StaffMember.updated_at).desc(), col(StaffMember.id))
        .limit(1)
    )
    row = found.one_or_none()
    return row.tuple() if row else None


async def list_owners(tx: ReadTx, user_id: UUID) -> Sequence[User]:
    """Return the sellers whom a person may work for."""
    rows = await tx.scalars(
        select(User)
        .join(StaffMember, col(StaffMember.owner_id) == col(User.id))
        .where(
            col(StaffMember.user_id) == user_id,
            col(StaffMember.accepted_at).is_not(None),
            col(User.is_blocked).is_(False),
            _LIVE,
        )
        .order_by(col(User.email))
    )
    return rows.all()


async def leave(tx: WriteTx, user_id: UUID, owner_id: UUID) -> None:
    """Send a person back to their own cabinet if they are in this seller's."""
    await tx.execute(
        update(User)
        .where(col(User.id) == user_id, col(User.acts_for) == owner_id)
        .values(acts_for=None)
    )


async def deeds(tx: ReadTx, owner_id: UUID, limit: int) -> list[Deed]:
    """Return the latest audited changes of a seller's data, newest first; a bulk change is one.

    Rows of one transaction share `created_at`, which the database writes.
    """
    # An admin who is signed in as the seller acts under their name: it was us all the same.
    is_ours = or_(
        col(AuditEntry.actor_role).in_(("admin", "support")),
        col(AuditEntry.impersonator_id).is_not(None),
    )
    deed = (
        col(AuditEntry.created_at),
        col(AuditEntry.actor_id),
        col(User.full_name),
        col(User.email),
        col(AuditEntry.action),
        col(AuditEntry.entity),
        is_ours,
    )
    rows = await tx.execute(
        select(*deed, func.min(col(AuditEntry.entity_id)), func.count())
        .outerjoin(User, col(User.id) == col(AuditEntry.actor_id))
        .where(
            col(AuditEntry.owner_id) == owner_id,
            col(AuditEntry.entity).not_in(_OWN_BUSINESS),
        )
        .group_by(*deed)
        .order_by(col(AuditEntry.created_at).desc())
        .limit(limit)
    )
    return [
        Deed(
            at,
            "" if by_us else name or email or "",
            is_own=actor_id == owner_id and not by_us,
            action=action,
            entity=entity,
            entity_id=entity_id,
            count=count,
        )
        for at, actor_id, name, email, action, entity, by_us, entity_id, count in rows.tuples()
    ]
