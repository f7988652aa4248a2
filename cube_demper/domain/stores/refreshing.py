"""Sign-ins that renew themselves with a kept password: how far each is, or what holds it up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from cube_demper.db.session import ReadTx
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.operations import service as operations
from cube_demper.domain.stores.changes import list_stores
from cube_demper.domain.stores.queries import logins

WORKER = "logins"


class RefreshState(StrEnum):
    """NOW: it is queued or runs. LATER: Kaspi must be left alone for a while. STUCK: nobody does it."""

    NOW = "now"
    LATER = "later"
    STUCK = "stuck"


@dataclass(frozen=True, slots=True)
class Refresh:
    """A refresh of a store's sign-in. `retry_at`: when it goes on, for LATER."""

    state: RefreshState
    retry_at: datetime | None = None


async def is_worker_alive(tx: ReadTx, now: datetime, *, within: timedelta) -> bool:
    """Tell whether some process signs in to Kaspi; silent for `within` is dead."""
    return any(beat.name == WORKER for beat in await operations.alive(tx, now, within=within))


async def refreshes(
    tx: ReadTx, actor: Actor, now: datetime, *, alive_within: timedelta = operations.ALIVE_WITHIN
) -> dict[UUID, Refresh]:
    """Return the refreshes of the actor's stores; a store that waits for its seller has none.

    `alive_within`: how long a living worker may be silent, in the clock's own time.
    """
    ids = [store.id for store in await list_stores(tx, actor) if store.is_refreshing]
    if not ids:
        return {}
    if not await is_worker_alive(tx, now, within=alive_within):
        return dict.fromkeys(ids, Refresh(RefreshState.STUCK))
    retries = await logins.retries(tx, ids)
    later = {key: moment for key, moment in retries.items() if moment > now}
    return {
        key: Refresh(RefreshState.LATER, later[key]) if key in later else Refresh(RefreshState.NOW)
        for key in ids
    }
