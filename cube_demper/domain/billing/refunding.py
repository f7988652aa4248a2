"""Refunds on their way: sent under one request id, repeated under it for less than an hour."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from structlog import get_logger

from cube_demper.core.errors import IntegrationError
from cube_demper.db.session import WriteTx
from cube_demper.domain.accounts.schemas import SYSTEM, Actor
from cube_demper.domain.billing import gateway_queries, hearing, payment_queries, refunds
from cube_demper.domain.billing.access import operator_only
from cube_demper.domain.billing.gateway import (
    Declined,
    NotSent,
    Refunded,
    RefundOutcome,
    TransactionStatus,
    UnknownOutcome,
)
from cube_demper.domain.billing.till import Till
from cube_demper.models.billing import Payment, Refund, RefundStatus
from cube_demper.models.gateway import RefundAttempt, RefundResult

_REPEATABLE: Final = timedelta(minutes=50)
"""The gateway keeps a request id for an hour (INTEGRATIONS.md B.1, middle confidence)."""
_KEPT: Final = timedelta(hours=1)
_log = get_logger()


class RefundState(StrEnum):
    """How a refund stands after a call. UNKNOWN: a webhook, a look or a person tells; none is sent again."""

    DONE = "done"
    REFUSED = "refused"
    LATER = "later"
    UNKNOWN = "unknown"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class _Leaving:
    """What was committed before the call. `is_repeat`: it may have left before."""

    refund_id: UUID
    transaction_id: str
    amount: int
    request_id: str
    is_repeat: bool


async def send_refund(till: Till, actor: Actor, refund_id: UUID) -> RefundState:
    """Send a refund that was asked for; any number of times gives the money back once.

    Raises PermissionDenied.
    """
    operator_only(actor)
    async with till.db.write() as tx:
        leaving = await _begin(tx, till, refund_id)
    if leaving is RefundState.UNKNOWN:
        return await _look(till, refund_id)
    if isinstance(leaving, RefundState):
        return leaving
    outcome = await till.gateway.refund(leaving.transaction_id, leaving.amount, leaving.request_id)
    async with till.db.write() as tx:
        return await _record(tx, till, leaving, outcome)


async def _begin(tx: WriteTx, till: Till, refund_id: UUID) -> _Leaving | RefundState:
    refund = await refunds.sending(tx, SYSTEM, refund_id)
    if refund.status != RefundStatus.SENT:
        return RefundState.NOTHING
    payment = await tx.get_one(Payment, refund.payment_id)
    if payment.gateway_transaction_id is None:
        return RefundState.NOTHING
    now, attempt = till.now(), await gateway_queries.find_refund_attempt(tx, refund_id)
    may_have_left = attempt is not None and attempt.outcome != RefundResult.NOT_SENT
    if attempt is None:
        attempt = RefundAttempt(refund_id=refund_id, started_at=now)
    elif not may_have_left:
        attempt.started_at = now
    elif now - attempt.started_at > _REPEATABLE:
        attempt.outcome = RefundResult.UNKNOWN
        return RefundState.UNKNOWN
    attempt.outcome = RefundResult.SENT
    tx.add(attempt)
    return _Leaving(
        refund_id=refund_id,
        transaction_id=payment.gateway_transaction_id,
        amount=refund.amount - refund.to_balance,
        request_id=str(refund.request_id),
        is_repeat=may_have_left,
    )


async def _look(till: Till, refund_id: UUID) -> RefundState:
    """Look in the gateway's days for a refund that may not be repeated any more.

    What is found there is done; what is not found waits for a person (`stuck`): its list may be late.
    """
    async with till.db.read() as tx:
        refund = await tx.get_one(Refund, refund_id)
        payment = await tx.get_one(Payment, refund.payment_id)
        attempt = await gateway_queries.find_refund_attempt(tx, refund_id)
    if attempt is None or payment.gateway_transaction_id is None:
        return RefundState.NOTHING
    amount, invoice_id = refund.amount - refund.to_balance, payment.invoice_id.partition("/")[0]
    days = sorted({attempt.started_at.date(), (attempt.started_at + _KEPT).date()})
    try:
        listed = [it for day in days for it in await till.gateway.list_day(day)]
        words = "среди возвратов за тот день его нет"
    except IntegrationError as error:
        listed, words = [], error.message
    async with till.db.write() as tx:
        for it in listed:
            is_done = it.is_refund and it.status is TransactionStatus.COMPLETED
            is_like = is_done and (it.invoice_id, it.amount) == (invoice_id, amount)
            if is_like and await payment_queries.find_refund(tx, it.id) is None:
                await hearing.give_back(
                    tx, payment.gateway_transaction_id, it.id, amount, till.now()
                )
                return RefundState.DONE
        attempt = await gateway_queries.find_refund_attempt(tx, refund_id)
        if attempt is not None:
            attempt.looked_at, attempt.words = till.now(), words
    return RefundState.UNKNOWN


async def _record(
    tx: WriteTx, till: Till, leaving: _Leaving, outcome: RefundOutcome
) -> RefundState:
    refund = await tx.get_one(Refund, leaving.refund_id, populate_existing=True)
    if refund.status == RefundStatus.DONE:
        return RefundState.DONE  # a webhook was quicker
    attempt = await gateway_queries.find_refund_attempt(tx, leaving.refund_id)
    if attempt is None:
        return RefundState.NOTHING
    match outcome:
        case Refunded(transaction_id):
            await hearing.give_back(
                tx, leaving.transaction_id, transaction_id, leaving.amount, till.now()
            )
            return RefundState.DONE
        case NotSent(words):
            # What may have left before is not undone by a call that did not leave now.
            result = RefundResult.UNKNOWN if leaving.is_repeat else RefundResult.NOT_SENT
            attempt.outcome, attempt.words = result, words
            return RefundState.LATER
        case Declined(_, words) if not leaving.is_repeat:
            attempt.outcome, attempt.words = RefundResult.REFUSED, words
            await refunds.refused(tx, SYSTEM, leaving.refund_id, words)
            return RefundState.REFUSED
        case Declined(_, words) | UnknownOutcome(words):
            _log.warning("refund_unknown", refund_id=str(leaving.refund_id), words=words)
            attempt.outcome, attempt.words = RefundResult.UNKNOWN, words
            return RefundState.UNKNOWN
