"""Renewals by a saved card: each try committed before the call, an unknown one never followed by another."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from structlog import get_logger

from cube_demper.core.errors import DomainError, IntegrationError, NotFound
from cube_demper.db.session import WriteTx
from cube_demper.domain.accounts.schemas import SYSTEM, Actor, Role
from cube_demper.domain.billing import (
    declines,
    gateway_queries,
    hearing,
    payments,
    queries,
    taking,
    tries,
)
from cube_demper.domain.billing.access import operator_only
from cube_demper.domain.billing.gateway import (
    Approved,
    ChargeOutcome,
    Declined,
    NewCharge,
    NotSent,
    ThreeDsNeeded,
    Transaction,
    TransactionStatus,
    UnknownOutcome,
)
from cube_demper.domain.billing.gateway_words import description
from cube_demper.domain.billing.till import Till
from cube_demper.models.accounts import User
from cube_demper.models.billing import Payment, PaymentMethod, PaymentStatus
from cube_demper.models.gateway import ChargeAttempt, ChargeResult

PATIENCE: Final = timedelta(minutes=2)
"""A try that is longer on its way has lost its process: the client gives up after a minute."""
_SURELY_ABSENT: Final = timedelta(hours=1)
"""A charge that the gateway does not know of by then was never made: its own memory of ids is as long."""
_LOOK_EVERY: Final = timedelta(minutes=1)
_SWEEP: Final = 100
_log = get_logger()


class ChargeState(StrEnum):
    """How a payment stands after a call. NOTHING: there was nothing to charge or to look for."""

    PAID = "paid"
    DECLINED = "declined"
    NEEDS_PERSON = "needs_person"
    UNKNOWN = "unknown"
    LATER = "later"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class _Try:
    """What was committed before the call."""

    attempt_id: UUID
    charge: NewCharge


async def charge(till: Till, actor: Actor, payment_id: UUID) -> ChargeState:
    """Charge an open payment's card once; a declined one fails the payment, LATER changes nothing.

    While an earlier try is not known to have ended, nothing is charged: call `reconcile`. Asked by the
    product, or by who pays. Raises NotFound for another's payment, PermissionDenied.
    """
    async with till.db.write() as tx:
        begun = await _begin(tx, till, actor, payment_id)
    if isinstance(begun, ChargeState):
        return begun
    outcome = await till.gateway.charge_token(begun.charge)
    async with till.db.write() as tx:
        return await _record(tx, till, begun, outcome)


async def reconcile(till: Till, actor: Actor, payment_id: UUID) -> ChargeState:
    """Ask the gateway how a try ended whose answer never came (lost, or its process was killed).

    Raises PermissionDenied.
    """
    operator_only(actor)
    now = till.now()
    async with till.db.read() as tx:
        attempt = await gateway_queries.find_open_attempt(tx, payment_id)
        payment = await tx.get(Payment, payment_id)
    if attempt is None or payment is None:
        return ChargeState.NOTHING
    if not _may_look(attempt, now):
        return ChargeState.UNKNOWN
    failure = ""
    try:
        found = await till.gateway.find(payment.invoice_id)
    except IntegrationError as error:
        found, failure = None, error.message
    async with till.db.write() as tx:
        await queries.lock_user(tx, payment.user_id)
        attempt = await gateway_queries.find_open_attempt(tx, payment_id)
        if attempt is None:
            return ChargeState.NOTHING
        attempt.looked_at = now
        if failure:
            return _end(attempt, ChargeResult.UNKNOWN, failure)
        return await _learn(tx, till, attempt, found)


async def charge_or_learn(till: Till, actor: Actor, payment_id: UUID) -> ChargeState:
    """Charge an open payment, or find out how an earlier try ended: what a worker calls again and again.

    Raises PermissionDenied.
    """
    state = await charge(till, actor, payment_id)
    return await reconcile(till, actor, payment_id) if state is ChargeState.UNKNOWN else state


async def reconcile_all(till: Till, actor: Actor) -> int:
    """Look unknown tries up, at most a hundred; return how many are known now. Raises PermissionDenied."""
    operator_only(actor)
    async with till.db.read() as tx:
        waiting = await gateway_queries.list_open_attempts(tx, till.now() - PATIENCE, _SWEEP)
    states = [await reconcile(till, actor, payment_id) for payment_id in waiting]
    return sum(state is not ChargeState.UNKNOWN for state in states)


async def apply_waiting(till: Till, actor: Actor) -> int:
    """Try webhooks that wait; return how many wait no longer. Raises PermissionDenied."""
    operator_only(actor)
    async with till.db.read() as tx:
        waiting = await gateway_queries.list_waiting(tx, _SWEEP)
    applied = 0
    for event_id in waiting:
        async with till.db.write() as tx:
            applied += await hearing.take_waiting(tx, till.ear, till.now(), event_id=event_id)
    return applied


def _may_look(attempt: ChargeAttempt, now: datetime) -> bool:
    """Tell whether to ask now: not while the charge may be on its way, and ever less often after."""
    age = now - attempt.started_at
    if attempt.outcome == ChargeResult.SENT and age < PATIENCE:
        return False
    return attempt.looked_at is None or now - attempt.looked_at >= max(_LOOK_EVERY, age / 10)


async def _begin(tx: WriteTx, till: Till, actor: Actor, payment_id: UUID) -> _Try | ChargeState:
    now = till.now()
    payment = await tx.get(Payment, payment_id)
    _payer_only(actor, payment)
    if payment is None or (user := await queries.lock_user(tx, payment.user_id)) is None:
        return ChargeState.NOTHING
    await tx.refresh(payment)
    is_over = payment.expires_at is not None and payment.expires_at <= now
    is_open = payment.status == PaymentStatus.CREATED and not is_over
    if not is_open or payment.method != PaymentMethod.CARD or payment.card_id is None:
        return ChargeState.NOTHING
    if await gateway_queries.has_open_attempt(tx, payment.user_id):
        return ChargeState.UNKNOWN  # of whichever payment: it may have been for the same days
    card = await gateway_queries.find_card(tx, payment.card_id)
    if card is None or card.user_id != payment.user_id:
        words = declines.words_of(declines.NO_CARD)
        await payments.failed(tx, SYSTEM, payment.invoice_id, code=declines.NO_CARD, words=words)
        return ChargeState.DECLINED
    attempt = await tries.begin(tx, payment, card.id, now)
    token = till.ear.secrets.decrypt(card.token)
    return _Try(attempt.id, _asked(payment, user, attempt, token))


def _payer_only(actor: Actor, payment: Payment | None) -> None:
    """Pass the product itself and who pays. Raises NotFound, PermissionDenied."""
    if actor.role in (Role.SYSTEM, Role.ADMIN):
        return
    actor.require(None)
    if payment is None or payment.user_id != actor.owner_id:
        raise NotFound


def _asked(payment: Payment, user: User, attempt: ChargeAttempt, token: str) -> NewCharge:
    return NewCharge(
        request_id=str(attempt.request_id),
        invoice_id=payment.invoice_id,
        account_id=str(payment.user_id),
        amount=payment.amount - payment.from_balance,
        token=token,
        description=description(payment),
        email=user.email,
    )


async def _record(tx: WriteTx, till: Till, begun: _Try, outcome: ChargeOutcome) -> ChargeState:
    asked = begun.charge
    await queries.lock_user(tx, UUID(asked.account_id))
    attempt = await tx.get_one(ChargeAttempt, begun.attempt_id, populate_existing=True)
    is_known = attempt.outcome not in gateway_queries.OPEN_CHARGES
    if is_known and not isinstance(outcome, Approved):
        return _STATES[ChargeResult(attempt.outcome)]  # a webhook was quicker
    match outcome:
        case Approved(transaction):
            return await _take(tx, till, attempt, transaction)
        case Declined(code, words, transaction_id):
            return await _decline(tx, attempt, _about(asked, transaction_id, code), code, words)
        case ThreeDsNeeded(transaction_id):
            told = _about(asked, transaction_id)
            return await _decline(tx, attempt, told, declines.THREE_DS)
        case NotSent(words, is_temporary=False):
            _log.error("charge_refused", invoice_id=asked.invoice_id, words=words)
            return await _decline(tx, attempt, _about(asked), declines.REFUSED)
        case NotSent(words) | UnknownOutcome(words):
            is_lost = isinstance(outcome, UnknownOutcome)
            _log.warning("charge_not_known", invoice_id=asked.invoice_id, words=words, lost=is_lost)
            return _end(attempt, ChargeResult.UNKNOWN if is_lost else ChargeResult.NOT_SENT, words)


async def _learn(
    tx: WriteTx, till: Till, attempt: ChargeAttempt, found: Transaction | None
) -> ChargeState:
    """Take in what a look at the gateway has shown."""
    if found is None:
        is_sure = till.now() - attempt.started_at >= _SURELY_ABSENT
        result = ChargeResult.ABSENT if is_sure else ChargeResult.UNKNOWN
        return _end(attempt, result, "платёжный сервис не знает этого списания")
    match found.status:
        case TransactionStatus.COMPLETED:
            return await _take(tx, till, attempt, found)
        case TransactionStatus.DECLINED:
            return await _decline(tx, attempt, found, found.code, found.words)
        case TransactionStatus.CANCELLED:
            return await _decline(tx, attempt, found, declines.CANCELLED)
        case TransactionStatus.AWAITING:
            return await _decline(tx, attempt, found, declines.THREE_DS)
        case TransactionStatus.AUTHORIZED | TransactionStatus.UNKNOWN:
            return _end(attempt, ChargeResult.UNKNOWN, f"у платёжного сервиса: {found.status}")


async def _take(tx: WriteTx, till: Till, attempt: ChargeAttempt, told: Transaction) -> ChargeState:
    now, ear = till.now(), till.ear
    try:
        async with tx.begin_nested():
            await taking.take(tx, ear.secrets, told, now, is_test_allowed=ear.is_test_allowed)
    except DomainError as error:
        # Money was taken that does not fit: a person looks, and nothing is charged meanwhile.
        _log.error("charge_does_not_fit", invoice_id=told.invoice_id, reason=error.code)
        return _end(attempt, ChargeResult.UNKNOWN, error.message)
    await hearing.take_waiting_of(tx, ear, told.invoice_id, now)
    return ChargeState.PAID


async def _decline(
    tx: WriteTx, attempt: ChargeAttempt, told: Transaction, code: str, words: str = ""
) -> ChargeState:
    await taking.decline(tx, told, code, words)
    await tx.refresh(attempt)
    return _STATES[ChargeResult(attempt.outcome)]


def _end(attempt: ChargeAttempt, result: ChargeResult, words: str) -> ChargeState:
    attempt.outcome, attempt.words = result, words
    return _STATES[result]


def _about(asked: NewCharge, transaction_id: str = "", code: str = "") -> Transaction:
    return Transaction(
        id=transaction_id,
        status=TransactionStatus.DECLINED,
        amount=asked.amount,
        currency="KZT",
        invoice_id=asked.invoice_id,
        account_id=asked.account_id,
        code=code,
    )


_STATES: Final = {
    ChargeResult.SENT: ChargeState.UNKNOWN,
    ChargeResult.UNKNOWN: ChargeState.UNKNOWN,
    ChargeResult.APPROVED: ChargeState.PAID,
    ChargeResult.DECLINED: ChargeState.DECLINED,
    ChargeResult.THREE_DS: ChargeState.NEEDS_PERSON,
    ChargeResult.ABSENT: ChargeState.LATER,
    ChargeResult.NOT_SENT: ChargeState.LATER,
}
