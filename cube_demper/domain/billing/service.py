"""The one gate of plans, and the trial of new accounts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from cube_demper.core.errors import PermissionDenied
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.accounts.schemas import Actor, Role
from cube_demper.domain.billing import queries, rules
from cube_demper.domain.billing.errors import PlanLacks
from cube_demper.domain.billing.schemas import Entitlements, Feature, PlanOffer
from cube_demper.models.billing import Plan, PlanTerms, Subscription


async def entitlements(
    tx: ReadTx, actor: Actor, user_ids: Sequence[UUID], now: datetime
) -> dict[UUID, Entitlements]:
    """Return what each user's plan allows at `now`; without one in force it is FREE.

    A seller may ask about themselves only. Raises PermissionDenied.
    """
    if actor.role not in (Role.SYSTEM, Role.ADMIN) and set(user_ids) != {actor.owner_id}:
        raise PermissionDenied
    offers = await plans(tx)
    found = {row.user_id: row for row in await queries.list_in_force(tx, user_ids, now)}
    without = [it for it in user_ids if it not in found]
    landed = await queries.landed_users(tx, without) if without else set()
    return {
        user_id: _of(found.get(user_id), offers, now, landed=user_id in landed)
        for user_id in user_ids
    }


async def require(tx: ReadTx, actor: Actor, feature: Feature, now: datetime) -> None:
    """Pass when the actor's seller has a plan that gives `feature`, as it always does for SYSTEM.

    Raises PlanLacks naming the cheapest plan that does.
    """
    if actor.role in (Role.SYSTEM, Role.ADMIN):
        return
    allowed = await entitlements(tx, actor, [actor.owner_id], now)
    if not allowed[actor.owner_id].has(feature):
        raise PlanLacks(feature, cheapest_with(await plans(tx), feature))


async def allows(tx: ReadTx, actor: Actor, user_id: UUID, feature: Feature, now: datetime) -> bool:
    """Tell whether this user's plan gives `feature`. Raises PermissionDenied."""
    return (await entitlements(tx, actor, [user_id], now))[user_id].has(feature)


async def plans(tx: ReadTx) -> dict[Plan, PlanOffer]:
    """Return all plans, the cheapest first."""
    return {Plan(row.code): offer_of(row) for row in await queries.list_plans(tx)}


def cheapest_with(offers: dict[Plan, PlanOffer], feature: Feature) -> Plan:
    """Return the cheapest plan sold that gives `feature`; PRO has everything."""
    return next(
        (it.plan for it in offers.values() if it.is_sold and feature in it.features), Plan.PRO
    )


def offer_of(row: PlanTerms) -> PlanOffer:
    """Return a plan as data; a feature that this version does not know is left out."""
    known = set(Feature)
    return PlanOffer(
        plan=Plan(row.code),
        title=row.title,
        price=row.price,
        bot_limit=row.bot_limit,
        features=frozenset(Feature(it) for it in row.features if it in known),
        priority=row.priority,
        is_sold=row.is_sold,
        trial_days=row.trial_days,
        ai_tokens=row.ai_tokens,
    )


def plan_in_force(row: Subscription, now: datetime) -> Plan:
    """Return the plan at `now`: what was had before is kept until `first_until`."""
    is_first = row.first_until is not None and now < row.first_until
    return Plan(row.first_plan if is_first and row.first_plan else row.plan)


async def start_trial(tx: WriteTx, actor: Actor, user_id: UUID, now: datetime) -> None:
    """Give a new account its days of PRO. Raises PermissionDenied unless the product itself asks."""
    if actor.role is not Role.SYSTEM:
        raise PermissionDenied
    offer = (await plans(tx))[Plan(rules.TRIAL_PLAN)]
    if not offer.trial_days:
        return
    tx.add(
        Subscription(
            user_id=user_id,
            plan=offer.plan,
            is_trial=True,
            current_period_start=now,
            current_period_end=now + timedelta(days=offer.trial_days),
            next_step_at=now,
        )
    )
    await tx.flush()


def _of(
    row: Subscription | None, offers: dict[Plan, PlanOffer], now: datetime, *, landed: bool
) -> Entitlements:
    offer = offers[plan_in_force(row, now) if row else Plan(rules.FREE_PLAN)]
    return Entitlements(
        plan=offer.plan,
        bot_limit=offer.bot_limit,
        features=offer.features,
        ends_at=row.current_period_end if row else None,
        is_trial=bool(row and row.is_trial),
        in_grace=bool(row and row.current_period_end <= now),
        landed=landed,
        priority=offer.priority,
        ai_tokens=offer.ai_tokens,
    )
