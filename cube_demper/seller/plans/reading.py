"""The plan of the frame, read beside the frame's other numbers."""

from __future__ import annotations

from datetime import datetime

from cube_demper.db.session import ReadTx
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.billing import service as billing
from cube_demper.domain.billing import viewing
from cube_demper.seller.plans.line import PlanLine, for_manager, plan_line


async def read_plan_line(tx: ReadTx, actor: Actor, now: datetime) -> PlanLine:
    """Read the actor's plan, how much of it is used and what it lacks."""
    allowed = (await billing.entitlements(tx, actor, [actor.owner_id], now))[actor.owner_id]
    standing = await viewing.standing(tx, actor, now)
    usage = await viewing.usage(tx, actor, now, allowed)
    plans = await viewing.list_plans(tx)
    line = plan_line(standing, usage, plans, frozenset(allowed.features), now)
    if actor.acts_for is not None:
        line.banner = for_manager(line.banner)
    return line
