"""Days given by an admin: added to the subscription in force, or a plan for as many days."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from cube_demper.core.errors import InvalidInput, NotFound
from cube_demper.db.session import WriteTx
from cube_demper.domain.accounts.schemas import SYSTEM, Actor, Role
from cube_demper.domain.audit import service as audit
from cube_demper.domain.billing import queries, rules
from cube_demper.domain.billing.dunning import recovery
from cube_demper.domain.proxies import service as proxies
from cube_demper.models.billing import Plan, Subscription, SubscriptionStatus

MOST_DAYS = 366


async def extend(
    tx: WriteTx, actor: Actor, user_id: UUID, days: int, now: datetime, *, plan: Plan | None = None
) -> datetime:
    """Give a seller `days` more, of `plan` where they have no subscription; return when it ends.

    Raises PermissionDenied, NotFound, InvalidInput for a wrong number of days or no plan to extend.
    """
    actor.require_role(Role.ADMIN, Role.SYSTEM)
    if not 1 <= days <= MOST_DAYS:
        raise InvalidInput(f"Дней может быть от 1 до {MOST_DAYS}.", field="days")
    user = await queries.lock_user(tx, user_id)
    if user is None or user.deleted_at is not None:
        raise NotFound("Такого пользователя нет.")
    row = await queries.find_active(tx, user_id)
    is_over = row is not None and max(row.current_period_end, row.grace_until or now) <= now
    if row is None or is_over:
        row, before = await _give(tx, row, _new(user_id, days, plan, now), now), None
    else:
        before = _facts(row)
        row.current_period_end = max(row.current_period_end, now) + timedelta(days=days)
        if row.grace_until is not None:
            row.grace_until = row.current_period_end + rules.GRACE
        row.next_step_at = now
    await tx.flush()
    await recovery.recover(tx, user_id, now)
    await audit.record(
        tx,
        actor,
        "subscription_extended",
        "subscription",
        row.id,
        owner=user_id,
        before=before,
        after=_facts(row),
        days=days,
    )
    tx.emit(f"user:{user_id}", "billing", row.id)
    tx.emit("staff", "users", user_id)
    return row.current_period_end


def _new(user_id: UUID, days: int, plan: Plan | None, now: datetime) -> Subscription:
    if plan is None or plan is Plan.FREE:
        raise InvalidInput("Действующей подписки нет: выберите тариф, который дать.", field="plan")
    return Subscription(
        user_id=user_id,
        plan=plan,
        current_period_start=now,
        current_period_end=now + timedelta(days=days),
        next_step_at=now,
    )


async def _give(
    tx: WriteTx, old: Subscription | None, new: Subscription, now: datetime
) -> Subscription:
    if old is not None:
        old.status = SubscriptionStatus.EXPIRED
        await tx.flush()
    tx.add(new)
    await tx.flush()
    await proxies.allot(tx, SYSTEM, new.user_id, rules.PROXIES, now)
    return new


def _facts(row: Subscription) -> dict[str, str]:
    return {"plan": row.plan, "until": row.current_period_end.isoformat()}
