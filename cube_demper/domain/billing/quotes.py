"""What a change of plan costs, worked out before anybody pays. Pure: sums in tiyn, days of Almaty.

A bigger plan starts at once for the difference of the days left; a smaller one follows at the period's
end. A plan bought in a trial, or renewed early, begins when what was had is used up.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from cube_demper.core.clock import ALMATY
from cube_demper.core.errors import InvalidInput
from cube_demper.core.money import floor_to_tenge, format_tenge
from cube_demper.domain.billing import rules
from cube_demper.domain.billing.schemas import PlanOffer, Quote
from cube_demper.models.billing import PaymentPurpose, Plan


@dataclass(frozen=True, slots=True)
class Standing:
    """The subscription that a change starts from: the active one, in its period or its grace."""

    id: UUID
    plan: PlanOffer
    is_trial: bool
    ends_at: datetime
    first_until: datetime | None
    price: int
    """What 30 more days of this plan cost, whichever plan was chosen to follow."""
    next_plan: Plan | None = None
    """A plan that was promised to follow."""


def quote(
    plan: PlanOffer, standing: Standing | None, balance: int, now: datetime, *, use_balance: bool
) -> Quote:
    """Return what `plan` costs now; one that is sold no more is still renewed by who has or awaits it.

    Raises InvalidInput, in words, where it cannot be bought now.
    """
    kept = () if standing is None or standing.is_trial else (standing.plan.plan, standing.next_plan)
    if plan.plan is Plan.FREE or not (plan.is_sold or plan.plan in kept):
        raise InvalidInput("Этот тариф не продаётся.", field="plan")
    if standing is None:
        made = _anew(plan, None, now, now)
    elif standing.is_trial:
        made = _anew(plan, standing.id, now, max(now, standing.ends_at))
    elif now >= standing.ends_at or plan.plan is standing.plan.plan:
        made = _renewal(plan, standing, now)
    elif plan.price > standing.plan.price:
        made = _upgrade(plan, standing, now)
    else:
        made = _renewal(plan, standing, now)
    return _with_balance(made, balance if use_balance else 0)


def days_between(start: datetime, end: datetime) -> int:
    """Return how many Almaty midnights lie between: what a person counts on a calendar."""
    return (end.astimezone(ALMATY).date() - start.astimezone(ALMATY).date()).days


def _anew(plan: PlanOffer, base_id: UUID | None, now: datetime, start: datetime) -> Quote:
    words = f"{plan.title}: {format_tenge(plan.price)} за {rules.PERIOD_DAYS} дней"
    if start > now:
        words += f" с {_day(start)}: оставшиеся дни пробного периода сохранятся"
    return Quote(
        plan=plan.plan,
        purpose=PaymentPurpose.SUBSCRIBE,
        amount=plan.price,
        from_balance=0,
        service_from=start,
        service_to=start + rules.PERIOD,
        base_id=base_id,
        words=words,
    )


def _renewal(plan: PlanOffer, standing: Standing, now: datetime) -> Quote:
    if standing.ends_at - now > rules.RENEW_EARLY:
        opens = standing.ends_at - rules.RENEW_EARLY
        raise InvalidInput(
            f"Тариф {standing.plan.title} оплачен до {_day(standing.ends_at)}."
            f" Оплатить следующие {rules.PERIOD_DAYS} дней можно с {_day(opens)}.",
            field="plan",
        )
    is_same = plan.plan is standing.plan.plan
    amount = standing.price if is_same else plan.price
    words = (
        f"{plan.title}: {format_tenge(amount)} за {rules.PERIOD_DAYS} дней"
        f" с {_day(standing.ends_at)}"
    )
    return Quote(
        plan=plan.plan,
        purpose=PaymentPurpose.RENEW,
        amount=amount,
        from_balance=0,
        service_from=standing.ends_at,
        service_to=standing.ends_at + rules.PERIOD,
        base_id=standing.id,
        words=words,
    )


def _upgrade(plan: PlanOffer, standing: Standing, now: datetime) -> Quote:
    start = max(now, standing.first_until or now)
    days = max(1, days_between(start, standing.ends_at))
    difference = plan.price - standing.plan.price
    amount = max(floor_to_tenge(difference * days // rules.PERIOD_DAYS), 100)
    until = _day(standing.ends_at)
    left = f"С {_day(start)} до {until} дней" if start > now else f"До {until} осталось дней"
    words = (
        f"{left}: {days}. Доплата"
        f" ({format_tenge(plan.price)} − {format_tenge(standing.plan.price)})"
        f" × {days} / {rules.PERIOD_DAYS} = {format_tenge(amount)}."
        f" С {until} — {format_tenge(plan.price)} за {rules.PERIOD_DAYS} дней"
    )
    return Quote(
        plan=plan.plan,
        purpose=PaymentPurpose.UPGRADE,
        amount=amount,
        from_balance=0,
        service_from=start,
        service_to=standing.ends_at,
        base_id=standing.id,
        words=words,
    )


def balance_part(amount: int, balance: int) -> int:
    """Return what of a sum the balance pays: whole tenge, so that the rest is a sum people can send."""
    return amount if balance >= amount else floor_to_tenge(max(balance, 0))


def _with_balance(made: Quote, balance: int) -> Quote:
    return replace(made, from_balance=balance_part(made.amount, balance))


def _day(at: datetime) -> str:
    return at.astimezone(ALMATY).strftime("%d.%m.%Y")
