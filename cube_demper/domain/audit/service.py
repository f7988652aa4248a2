"""Writing the audit log: in the transaction of what happened, so that neither exists alone."""

from __future__ import annotations

from typing import Any

from cube_demper.db.session import WriteTx
from cube_demper.domain.accounts import rights
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.models.operations import AuditEntry


async def record(
    tx: WriteTx,
    actor: Actor,
    action: str,
    entity: str,
    entity_id: object = "",
    **details: Any,
) -> None:
    """Write that `actor` did `action` (past tense, snake case) to `entity`. No secrets in `details`.

    Raises PermissionDenied, which takes the change back, for a manager without the right to it:
    whatever is written down is allowed, and every change of a seller's data is written down.
    """
    if not rights.is_personal(entity):
        actor.require(rights.area_of(action, entity))
    tx.add(
        AuditEntry(
            actor_id=actor.user_id,
            owner_id=actor.acts_for or actor.user_id,
            actor_role=actor.role,
            action=action,
            entity=entity,
            entity_id=str(entity_id),
            details=details,
        )
    )
    await tx.flush()
