"""How the seller's bots do now, by this process's clock and limits."""

from __future__ import annotations

from datetime import datetime

from cube_demper import bootstrap
from cube_demper.db.session import ReadTx
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.operations.service import ALIVE_WITHIN
from cube_demper.domain.stores import service as stores
from cube_demper.domain.stores.schemas import BotStatus


async def read_status(tx: ReadTx, actor: Actor, now: datetime) -> BotStatus:
    """Read how all bots of the actor do."""
    services = bootstrap.web()
    return await stores.bot_status(
        tx,
        actor,
        now,
        changes_limit=services.settings.kaspi.changes_per_30_min,
        # Heartbeats come by real seconds, of which a clock that runs fast makes more.
        alive_within=ALIVE_WITHIN * services.clock.speed,
    )
