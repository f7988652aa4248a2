"""After a payment the bot goes on by itself: what was to stop stays, and goods are looked at now."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from cube_demper.db.session import WriteTx
from cube_demper.domain.billing.dunning import queries, telling
from cube_demper.domain.pricing.returning import landing
from cube_demper.models.dunning import DunningState


async def recover(tx: WriteTx, user_id: UUID, now: datetime) -> None:
    """Close a user's cases; prices that have not left for their landing stay where they are."""
    cases = await queries.live_cases(tx, user_id)
    if not cases:
        return
    has_landed = [it for it in cases if it.state != DunningState.OPEN]
    for case in cases:
        case.state, case.recovered_at = DunningState.RECOVERED, now
    if has_landed:
        await landing.take_off(tx, user_id, now)
        await telling.recovered(tx, user_id, has_landed[-1].id, has_landed[-1].goods)
    await tx.flush()
