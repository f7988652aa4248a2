"""One subscription's next steps, each in the transaction that writes down that it was done."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from cube_demper.core.errors import PermissionDenied
from cube_demper.db.session import WriteTx
from cube_demper.domain.accounts.schemas import SYSTEM, Actor, Role
from cube_demper.domain.audit import service as audit
from cube_demper.domain.billing import queries
from cube_demper.domain.billing.dunning import queries as dunning
from cube_demper.domain.billing.dunning import renewing, rules, telling
from cube_demper.domain.billing.dunning.rules import Act, Ending, Step
from cube_demper.domain.pricing.returning import landing
from cube_demper.domain.proxies import service as proxies
from cube_demper.models.billing import (
    Landing,
    Subscription,
    SubscriptionStatus,
)
from cube_demper.models.dunning import DunningState, DunningStepKind

_KINDS = {
    Act.REMIND: DunningStepKind.REMIND,
    Act.CHARGE: DunningStepKind.RETRY,
    Act.GRACE: DunningStepKind.GRACE,
    Act.LAND: DunningStepKind.LAND,
}


async def step(
    tx: WriteTx, actor: Actor, subscription_id: UUID, now: datetime, *, min_price_tenge: int = 10
) -> int:
    """Do what is due of one subscription; return how many steps. Raises PermissionDenied.

    A renewal is opened here as a payment with its card, which the worker then charges; what the balance pays
    whole is paid here.
    """
    if actor.role is not Role.SYSTEM:
        raise PermissionDenied
    row = await _held(tx, subscription_id)
    if row is None or row.next_step_at > now:
        return 0
    steps = rules.due(await _ending_of(tx, row), now)
    for it in steps:
        if row.status == SubscriptionStatus.ACTIVE:  # else a step has renewed it at once
            await _do(tx, row, it, now, min_price_tenge=min_price_tenge)
    if row.status == SubscriptionStatus.ACTIVE:
        row.next_step_at = rules.next_at(await _ending_of(tx, row), now)
    await tx.flush()
    return len(steps)


async def _ending_of(tx: WriteTx, row: Subscription) -> Ending:
    return Ending(
        ends_at=row.current_period_end,
        grace_until=row.grace_until,
        renews_itself=not row.is_trial and (await renewing.means_of(tx, row)).is_enough,
        is_cancelled=row.cancel_at_period_end,
        done=await dunning.done_steps(tx, row.id),
    )


async def _do(
    tx: WriteTx, row: Subscription, step_: Step, now: datetime, *, min_price_tenge: int
) -> None:
    payment_id: UUID | None = None
    if step_.act is Act.REMIND:
        await _remind(tx, row, step_)
    elif step_.act is Act.CHARGE:
        payment_id = await renewing.open_renewal(tx, row, now)
    elif step_.act is Act.GRACE:
        await dunning.case_of(tx, row, now)
        await telling.grace(tx, row)
    elif not await _land(tx, row, now, min_price_tenge=min_price_tenge):
        return  # some store rests: looked at again in ten minutes
    await dunning.add_step(
        tx, row.id, now, kind=_KINDS[step_.act], name=step_.name, payment_id=payment_id
    )


async def _remind(tx: WriteTx, row: Subscription, step_: Step) -> None:
    await telling.remind(tx, row, step_.days, await renewing.means_of(tx, row))


async def _land(tx: WriteTx, row: Subscription, now: datetime, *, min_price_tenge: int) -> bool:
    """Stop the bot at the chosen prices; False: some store is not reached yet."""
    case = await dunning.case_of(tx, row, now)
    if case.state == DunningState.OPEN:
        case.landing = row.landing  # it may be chosen until the bot stops
    case.state = DunningState.LANDING
    done = await dunning.landed_stores(tx, case.id)
    running = [it for it in await landing.running_stores(tx, row.user_id) if it not in done]
    found = await landing.land(
        tx, SYSTEM, running, Landing(case.landing), now, min_price_tenge=min_price_tenge
    )
    await dunning.add_landed(tx, case.id, found.places)
    started = row.grace_until or row.current_period_end
    if found.waiting and now < started + rules.LANDING_GIVES_UP:
        return False
    case.goods, case.at_risk = await dunning.count_landed(tx, case.id)
    case.state, case.landed_at = DunningState.LANDED, now
    row.status, row.landed_at = SubscriptionStatus.EXPIRED, now
    await proxies.release(tx, SYSTEM, row.user_id)
    await telling.landed(tx, row, goods=case.goods, at_risk=case.at_risk, waiting=found.waiting)
    await audit.record(
        tx, SYSTEM, "plan_landed", "subscription", row.id, goods=case.goods, at_risk=case.at_risk
    )
    tx.emit(f"user:{row.user_id}", "billing", row.id)
    return True


async def _held(tx: WriteTx, subscription_id: UUID) -> Subscription | None:
    row = await tx.get(Subscription, subscription_id, populate_existing=True)
    if row is None or await queries.lock_user(tx, row.user_id) is None:
        return None
    active = await queries.find_active(tx, row.user_id)
    return active if active is not None and active.id == subscription_id else None
