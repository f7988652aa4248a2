"""Writing the audit log: in the transaction of what happened, so that neither exists alone."""

from __future__ import annotations

from typing import Any

from cube_demper.db.session import WriteTx
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.models import AuditEntry


async def record(
    tx: WriteTx,
    actor: Actor,
    action: str,
    entity: str,
    entity_id: object = "",
    **details: Any,
) -> None:
    """Write that `actor` did `action` (past tense, snake case) to `entity`. No secrets in `details`."""
    tx.add(
        AuditEntry(
            actor_id=actor.user_id,
            actor_role=actor.role,
            action=action,
            entity=entity,
            entity_id=str(entity_id),
            details=details,
        )
    )
    await tx.flush()
