"""Subscriptions: what a payment turns into, what a refund takes back, and what a seller decides.

Everybody here holds the person's row (`queries.lock_user`) before reading.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import structlog

from cube_demper.core.errors import InvalidInput, NotFound
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.accounts.schemas import SYSTEM, Actor
from cube_demper.domain.audit import service as audit
from cube_demper.domain.billing import payment_queries, queries, rules
from cube_demper.domain.billing.closing import drop_renewal
from cube_demper.domain.billing.dunning import recovery
from cube_demper.domain.billing.quotes import Standing
from cube_demper.domain.billing.schemas import PlanOffer
from cube_demper.domain.billing.service import plan_in_force, plans
from cube_demper.domain.proxies import service as proxies
from cube_demper.models.billing import (
    Landing,
    Payment,
    PaymentPurpose,
    Plan,
    Subscription,
    SubscriptionStatus,
)

_log = structlog.get_logger()


async def standing(tx: ReadTx, user_id: UUID, now: datetime) -> Standing | None:
    """Return the subscription that a change starts from; None when none is in its period or grace."""
    rows = await queries.list_in_force(tx, [user_id], now)
    if not rows:
        return None
    row, offers = rows[0], await plans(tx)
    offer = offers[Plan(row.plan)]
    return Standing(
        id=row.id,
        plan=offer,
        is_trial=row.is_trial,
        ends_at=row.current_period_end,
        first_until=row.first_until,
        price=_own_price(row, offers),
        next_plan=Plan(row.next_plan) if row.next_plan else None,
    )


def renewal_price(row: Subscription, offers: dict[Plan, PlanOffer]) -> int:
    """Return what the next 30 days of this subscription cost, of the plan that follows (tiyn)."""
    if row.next_plan:
        return offers[Plan(row.next_plan)].price
    return _own_price(row, offers)


async def is_stale(tx: ReadTx, payment: Payment, now: datetime) -> bool:
    """Tell whether what the payment was to change has been changed otherwise since.

    Nobody pays for more of a plan whose own money is on its way back.
    """
    base = await standing(tx, payment.user_id, now)
    if payment.purpose != PaymentPurpose.UPGRADE:
        return base is not None and base.id != payment.subscription_id
    if base is None or base.id != payment.subscription_id or now >= base.ends_at:
        return True
    return await payment_queries.is_given_back(tx, payment.user_id, now)


async def apply(tx: WriteTx, payment: Payment, now: datetime, *, was_closed: bool) -> None:
    """Replace the subscription by the one that is paid for, and allot its proxies (SPEC §8.2).

    `was_closed`: its payer, or who pays by another way, wanted it no more; its days are theirs, and what
    they have decided since (that the plan ends, that a smaller one follows) stands.
    """
    offers = await plans(tx)
    old = await queries.find_active(tx, payment.user_id)
    base = await standing(tx, payment.user_id, now)
    new = _next(payment, old, base, offers, now)
    if (
        old is not None
        and base is not None
        and was_closed
        and payment.purpose == PaymentPurpose.RENEW
    ):
        _keep_decisions(new, old)
    if old is not None:
        old.status = SubscriptionStatus.CANCELLED if base else SubscriptionStatus.EXPIRED
        await tx.flush()
    tx.add(new)
    await tx.flush()
    payment.subscription_id = new.id
    await tx.flush()
    given = await proxies.allot(tx, SYSTEM, payment.user_id, rules.PROXIES, now)
    if given < rules.PROXIES:
        _log.warning("proxies_short", user_id=str(payment.user_id), allotted=given)
    await recovery.recover(tx, payment.user_id, now)
    await audit.record(
        tx, SYSTEM, "subscription_started", "subscription", new.id, plan=new.plan, proxies=given
    )
    tx.emit(f"user:{payment.user_id}", "billing", new.id)


def _next(
    payment: Payment,
    old: Subscription | None,
    base: Standing | None,
    offers: dict[Plan, PlanOffer],
    now: datetime,
) -> Subscription:
    plan = Plan(payment.plan)
    if payment.purpose == PaymentPurpose.UPGRADE and base is not None:
        start, end, price = max(now, base.first_until or now), base.ends_at, offers[plan].price
    else:
        start = base.ends_at if base else now
        end, price = start + rules.PERIOD, payment.amount
    before = plan_in_force(old, now) if old is not None and base is not None else plan
    payment.service_from, payment.service_to = start, end
    return Subscription(
        user_id=payment.user_id,
        plan=plan,
        current_period_start=now,
        current_period_end=end,
        price=price,
        first_plan=before if before is not plan and start > now else None,
        first_until=start if before is not plan and start > now else None,
        card_id=payment.card_id or (old.card_id if old else None),
        grace_until=end + rules.GRACE,
        landing=old.landing if old else Landing.STAY,
        next_step_at=now,
    )


def _keep_decisions(new: Subscription, old: Subscription) -> None:
    if old.cancel_at_period_end:
        new.cancel_at_period_end, new.grace_until = True, None
    elif old.next_plan != new.plan:
        new.next_plan = old.next_plan


async def fill_shortages(tx: WriteTx, actor: Actor, now: datetime, limit: int = 100) -> int:
    """Allot proxies that have come since to whose plan was paid when there were too few; return to how many.

    Raises PermissionDenied.
    """
    if not await proxies.has_free(tx, actor):
        return 0
    short = await queries.list_short_of_proxies(tx, rules.PROXIES, now, limit)
    for user_id in short:
        await proxies.allot(tx, actor, user_id, rules.PROXIES, now)
    return len(short)


async def take_back(tx: WriteTx, payment: Payment, now: datetime) -> None:
    """Undo what a payment that was given back whole had bought: the days that are left of it."""
    row = await queries.find_active(tx, payment.user_id)
    if row is None or payment.service_to is None or payment.service_from is None:
        return
    left = payment.service_to - max(now, payment.service_from)
    if left.total_seconds() <= 0:
        return
    if payment.purpose == PaymentPurpose.UPGRADE:
        await _back_to_the_smaller(tx, row, payment, now)
    else:
        _shorten(row, row.current_period_end - left, now)
        await _back_to_the_trial(tx, row, payment)
    row.next_step_at = now
    await tx.flush()
    await audit.record(tx, SYSTEM, "subscription_taken_back", "subscription", row.id)
    tx.emit(f"user:{payment.user_id}", "billing", row.id)


async def cancel_at_period_end(tx: WriteTx, actor: Actor, now: datetime) -> datetime:
    """Let the plan end with its period, or with the grace it is in; return when. Raises NotFound."""
    row = await _own(tx, actor, now)
    await drop_renewal(tx, actor, row.user_id)
    row.cancel_at_period_end = True
    if row.current_period_end > now:
        row.grace_until = None
    row.next_step_at = now
    await audit.record(tx, actor, "subscription_cancelled", "subscription", row.id)
    tx.emit(f"user:{row.user_id}", "billing", row.id)
    return row.grace_until or row.current_period_end


async def resume(tx: WriteTx, actor: Actor, now: datetime) -> None:
    """Undo a cancellation, or a smaller plan that was to follow. Raises NotFound."""
    row = await _own(tx, actor, now)
    row.cancel_at_period_end, row.next_plan = False, None
    if not row.is_trial:
        row.grace_until = row.current_period_end + rules.GRACE
    row.next_step_at = now
    await audit.record(tx, actor, "subscription_resumed", "subscription", row.id)
    tx.emit(f"user:{row.user_id}", "billing", row.id)


async def change_at_period_end(tx: WriteTx, actor: Actor, plan: Plan, now: datetime) -> datetime:
    """Let a smaller plan that is sold follow; return from when. FREE is a cancellation.

    Raises InvalidInput, NotFound.
    """
    if plan is Plan.FREE:
        return await cancel_at_period_end(tx, actor, now)
    row, offers = await _own(tx, actor, now), await plans(tx)
    if row.is_trial or offers[plan].price >= offers[Plan(row.plan)].price:
        raise InvalidInput("С конца периода можно перейти только на тариф дешевле.", field="plan")
    if not offers[plan].is_sold:
        raise InvalidInput("Этот тариф не продаётся.", field="plan")
    await drop_renewal(tx, actor, row.user_id)
    row.next_plan, row.cancel_at_period_end = plan, False
    row.grace_until = row.current_period_end + rules.GRACE
    row.next_step_at = now
    await audit.record(tx, actor, "smaller_plan_chosen", "subscription", row.id, plan=plan)
    tx.emit(f"user:{row.user_id}", "billing", row.id)
    return row.current_period_end


async def choose_landing(tx: WriteTx, actor: Actor, landing: Landing, now: datetime) -> None:
    """Say where prices stop if the plan ends. Raises NotFound."""
    row = await _own(tx, actor, now)
    row.landing = landing
    await audit.record(tx, actor, "landing_chosen", "subscription", row.id, landing=landing)


async def _own(tx: WriteTx, actor: Actor, now: datetime) -> Subscription:
    """Return the seller's subscription in force, held. Raises NotFound, PermissionDenied."""
    actor.require(None)
    await queries.lock_user(tx, actor.owner_id)
    row = await queries.find_active(tx, actor.owner_id)
    if row is None or await standing(tx, actor.owner_id, now) is None:
        raise NotFound("Сейчас у вас нет платного тарифа.")
    return row


def _own_price(row: Subscription, offers: dict[Plan, PlanOffer]) -> int:
    return row.price if row.price is not None else offers[Plan(row.plan)].price


async def _back_to_the_smaller(
    tx: WriteTx, row: Subscription, payment: Payment, now: datetime
) -> None:
    """The days of an upgrade have the smaller plan again; what was paid for after them stays."""
    base_id, until = payment.quote.get("base_id"), payment.service_to
    base = await tx.get(Subscription, UUID(base_id)) if base_id else None
    if base is None or until is None or (row.first_plan or row.plan) != payment.plan:
        return
    if row.current_period_end <= until:
        row.plan, row.price = base.plan, base.price
        row.first_plan, row.first_until = base.first_plan, base.first_until
        return
    smaller = plan_in_force(base, now)
    is_same = smaller == row.plan
    row.first_plan, row.first_until = (None, None) if is_same else (smaller, until)


async def _back_to_the_trial(tx: WriteTx, row: Subscription, payment: Payment) -> None:
    """What is left of a trial that was bought out of is a trial again."""
    base_id = payment.quote.get("base_id")
    base = await tx.get(Subscription, UUID(base_id)) if base_id else None
    if base is None or not base.is_trial or row.current_period_end > base.current_period_end:
        return
    row.is_trial, row.plan, row.price, row.grace_until = True, base.plan, None, None


def _shorten(row: Subscription, end: datetime, now: datetime) -> None:
    """Let the period end earlier. One that is over now has no grace: it is not awaited, it was returned."""
    end = max(end, min(now, row.current_period_end))
    if end <= row.current_period_start:
        row.current_period_start = end - rules.PERIOD
    row.current_period_end = end
    is_awaited = end > now and not row.cancel_at_period_end
    row.grace_until = end + rules.GRACE if is_awaited else None
    if row.first_until and end <= row.first_until and row.first_plan:
        row.plan, row.first_plan, row.first_until = row.first_plan, None, None
        row.price = None  # it was that of the plan that was to follow
