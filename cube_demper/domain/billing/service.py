"""The one gate of plans, and the trial of new accounts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from cube_demper.core.errors import PermissionDenied
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.accounts.schemas import Actor, Role
from cube_demper.domain.billing import queries, rules
from cube_demper.domain.billing.schemas import Entitlements
from cube_demper.models.billing import Plan, Subscription


async def entitlements(
    tx: ReadTx, actor: Actor, user_ids: Sequence[UUID], now: datetime
) -> dict[UUID, Entitlements]:
    """Return what each user's plan allows at `now`; without one in force it is FREE.

    A seller may ask about themselves only. Raises PermissionDenied.
    """
    if actor.role not in (Role.SYSTEM, Role.ADMIN) and set(user_ids) != {actor.owner_id}:
        raise PermissionDenied
    found = {row.user_id: row for row in await queries.list_in_force(tx, user_ids, now)}
    return {user_id: _of(found.get(user_id)) for user_id in user_ids}


async def start_trial(tx: WriteTx, actor: Actor, user_id: UUID, now: datetime) -> None:
    """Give a new account 14 days of PRO. Raises PermissionDenied unless the product itself asks."""
    if actor.role is not Role.SYSTEM:
        raise PermissionDenied
    tx.add(
        Subscription(
            user_id=user_id,
            plan=Plan.PRO,
            is_trial=True,
            current_period_start=now,
            current_period_end=now + rules.TRIAL,
        )
    )
    await tx.flush()


def _of(row: Subscription | None) -> Entitlements:
    plan = Plan(row.plan if row else rules.FREE_PLAN)
    return Entitlements(
        plan=plan,
        bot_limit=rules.BOT_LIMITS[plan],
        can_reprice=plan in rules.REPRICING_PLANS,
        ends_at=row.current_period_end if row else None,
        is_trial=bool(row and row.is_trial),
    )
