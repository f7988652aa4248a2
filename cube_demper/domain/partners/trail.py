"""«Почему не начислено»: the way of a seller from a click to money, and where and why it stops."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from cube_demper.domain.partners.schemas import LeadFacts, Step
from cube_demper.models.partner_program import Doubt


class StepState(StrEnum):
    """Whether a step is behind, is where it stands, stops for good, or is still to come."""

    DONE = "done"
    HERE = "here"
    STOPPED = "stopped"
    LATER = "later"


class Stop(StrEnum):
    """Why there is no money to pay yet, or ever."""

    NOTHING = "nothing"
    SELF = "self"
    BLOCKED = "blocked"
    NO_EMAIL = "no_email"
    NO_STORE = "no_store"
    ON_TRIAL = "on_trial"
    NO_PAYMENT = "no_payment"
    BY_BALANCE = "by_balance"
    REFUNDED = "refunded"
    DOUBTED = "doubted"
    DENIED = "denied"
    ON_HOLD = "on_hold"


@dataclass(frozen=True, slots=True)
class TrailStep:
    """One step. `amount` in tiyn, where the step is about money."""

    step: Step
    state: StepState
    at: datetime | None = None
    amount: int = 0


@dataclass(frozen=True, slots=True)
class Trail:
    """The whole way: `stop` says why it ends where it does."""

    steps: tuple[TrailStep, ...]
    stop: Stop


def trail_of(it: LeadFacts, now: datetime) -> Trail:
    """Tell the way of a lead as it stands now."""
    stop = _stop(it, now)
    reached = [
        (Step.CLICK, it.clicked_at or (it.signed_up_at if it.way == "code" else None), 0),
        (Step.SIGN_UP, it.signed_up_at, 0),
        (Step.EMAIL, it.confirmed_at, 0),
        (Step.STORE, it.store_at, 0),
        (Step.PAYMENT, it.paid_first_at, it.paid),
        (Step.HOLD, it.hold_until if it.held or it.doubted else None, it.held + it.doubted),
        (Step.READY, None, it.released),
    ]
    last = max(
        (number for number, step in enumerate(reached) if _is_behind(step[0], it)), default=0
    )
    is_final = stop in (Stop.SELF, Stop.BLOCKED, Stop.DENIED, Stop.REFUNDED)
    steps = []
    for number, (step, at, amount) in enumerate(reached):
        if number <= last:  # who paid without a store has passed that by
            state = StepState.DONE if _is_behind(step, it) else StepState.LATER
        elif number == last + 1 and stop is not Stop.NOTHING:
            state = StepState.STOPPED if is_final else StepState.HERE
        else:
            state = StepState.LATER
        steps.append(TrailStep(step, state, at, amount))
    return Trail(tuple(steps), stop)


def _is_behind(step: Step, it: LeadFacts) -> bool:
    is_settled = not it.held and not it.doubted
    return {
        Step.CLICK: True,
        Step.SIGN_UP: True,
        Step.EMAIL: it.confirmed_at is not None,
        Step.STORE: it.store_at is not None,
        Step.PAYMENT: it.payments > 0,
        Step.HOLD: it.released > 0 and is_settled,
        Step.READY: it.released > 0 and is_settled,
    }[step]


def _stop(it: LeadFacts, now: datetime) -> Stop:
    """Find the one reason that matters most; money that is ready has none."""
    if Doubt.SELF in it.doubts:
        return Stop.SELF
    if not it.payments:
        return _before_payment(it, now)
    ends = (
        (Stop.DOUBTED, it.doubted > 0),
        (Stop.ON_HOLD, it.held > 0),
        (Stop.NOTHING, it.released > 0),
        (Stop.DENIED, it.denied > 0),
        (Stop.REFUNDED, it.taken_back > 0),
    )
    return next((stop for stop, is_so in ends if is_so), Stop.BY_BALANCE)


def _before_payment(it: LeadFacts, now: datetime) -> Stop:
    if it.is_blocked:
        return Stop.BLOCKED
    if it.confirmed_at is None:
        return Stop.NO_EMAIL
    if it.store_at is None:
        return Stop.NO_STORE
    is_trying = it.trial_ends_at is not None and it.trial_ends_at > now
    return Stop.ON_TRIAL if is_trying else Stop.NO_PAYMENT
