"""What a person changes about themselves besides the password."""

from __future__ import annotations

from cube_demper.core.errors import InvalidInput, PermissionDenied
from cube_demper.db.session import WriteTx
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.audit import service as audit
from cube_demper.models.accounts import User

MAX_NAME = 120


async def rename(tx: WriteTx, actor: Actor, full_name: str) -> None:
    """Set the actor's name. Raises InvalidInput."""
    name = " ".join(full_name.split())
    if len(name) > MAX_NAME:
        raise InvalidInput(f"Не длиннее {MAX_NAME} знаков.", field="full_name")
    user = await tx.get(User, actor.person_id)
    if user is None:
        raise PermissionDenied
    user.full_name = name
    await audit.record(tx, actor, "renamed", "user", user.id)
