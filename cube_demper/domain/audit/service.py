"""Writing the audit log: in the transaction of what happened, so that neither exists alone."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from cube_demper.core.errors import PermissionDenied
from cube_demper.db.session import WriteTx
from cube_demper.domain.accounts import rights
from cube_demper.domain.accounts.schemas import Actor, Role
from cube_demper.models.operations import AuditEntry

_STAFF: Final = frozenset({Role.ADMIN, Role.SUPPORT})


async def record(
    tx: WriteTx,
    actor: Actor,
    action: str,
    entity: str,
    entity_id: object = "",
    *,
    owner: Any = None,
    before: Any = None,
    after: Any = None,
    **details: Any,
) -> None:
    """Write that `actor` did `action` (past tense, snake case) to `entity`. No secrets in any of it.

    Raises PermissionDenied, which takes the change back, for a manager without the right to it:
    whatever is written down is allowed, and every change of a seller's data is written down.

    Args:
        tx: the transaction of the change.
        actor: who did it.
        action: what was done.
        entity: to what kind of thing.
        entity_id: to which.
        owner: the id of the seller whose data it is, where staff did it; else the actor's or their seller's,
            and nobody's where staff change what belongs to no person.
        before: the values by name as they were.
        after: the same values as they are now.
        details: what else is worth knowing.
    """
    if not rights.is_personal(entity):
        actor.require(rights.area_of(action, entity))
    elif actor.impersonated_by and action not in rights.OF_VISITS:
        raise PermissionDenied(actor.refusal)
    if actor.token_id is not None:
        details["token"] = str(actor.token_id)
    tx.add(
        AuditEntry(
            actor_id=actor.user_id,
            owner_id=owner or actor.acts_for or _own(actor, entity),
            actor_role=actor.role,
            action=action,
            entity=entity,
            entity_id=str(entity_id),
            details=details,
            before=before,
            after=after,
            ip=actor.ip,
            impersonator_id=actor.impersonated_by,
        )
    )
    await tx.flush()


def _own(actor: Actor, entity: str) -> UUID | None:
    is_theirs = actor.role not in _STAFF or rights.is_personal(entity)
    return actor.user_id if is_theirs else None
