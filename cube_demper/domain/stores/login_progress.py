"""What the sign-in worker writes down in the middle of a visit, so that a kill loses as little as can be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from cube_demper.core.crypto import SecretBox
from cube_demper.core.errors import PermissionDenied
from cube_demper.db.session import WriteTx
from cube_demper.domain.accounts.schemas import Actor, Role
from cube_demper.domain.stores.login_state import seal
from cube_demper.domain.stores.queries import logins
from cube_demper.domain.stores.signing_in_schemas import LoginJob
from cube_demper.models.stores import LoginStep

LEASE = timedelta(seconds=30)
"""Renewed all the while; after a crash another process goes on so much later at most."""


async def hold(tx: WriteTx, actor: Actor, login_id: UUID, now: datetime) -> None:
    """Keep a sign-in in this worker's hands for another while. Raises PermissionDenied."""
    only_system(actor)
    await logins.extend_claim(tx, login_id, now + LEASE)


async def typing(tx: WriteTx, actor: Actor, job: LoginJob) -> bool:
    """Note that something is about to be typed; False when the sign-in ended meanwhile."""
    only_system(actor)
    row = await logins.take_back(tx, job.id)
    if row is None:
        return False
    row.details = {**row.details, "is_typed": True}
    return True


async def code_taken(
    tx: WriteTx, actor: Actor, job: LoginJob, cookies: Sequence[Any], *, box: SecretBox
) -> None:
    """Keep what Kaspi gave for the code, at once: it is good for one time, its cookies for longer."""
    only_system(actor)
    row = await logins.take_back(tx, job.id)
    if row is None:
        return
    row.state = seal(box, replace(job.secrets, code="", cookies=tuple(cookies)))
    row.step = LoginStep.ENTERING
    tx.emit(f"user:{row.user_id}", "sign_in", row.id)


def only_system(actor: Actor) -> None:
    """Raise PermissionDenied for anybody but our own processes."""
    if actor.role is not Role.SYSTEM:
        raise PermissionDenied
