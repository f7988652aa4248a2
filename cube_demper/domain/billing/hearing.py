"""Webhooks of the gateway: each kept once, applied once, in whatever order they come.

What is about something that we do not know yet waits and is applied when we do. What cannot be true (a
wrong sum, somebody else's invoice, a test payment in production) is kept as refused for the operator.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from structlog import get_logger

from cube_demper.core.crypto import SecretBox
from cube_demper.core.errors import DomainError, PermissionDenied
from cube_demper.db.session import WriteTx
from cube_demper.domain.accounts.schemas import SYSTEM, Actor, Role
from cube_demper.domain.billing import (
    declines,
    gateway_queries,
    payment_queries,
    payments,
    refunds,
    taking,
)
from cube_demper.domain.billing.errors import NoSuchPayment, PaymentClosed, WrongSum
from cube_demper.domain.billing.gateway import (
    EventKind,
    GatewayEvent,
    Transaction,
    TransactionStatus,
)
from cube_demper.domain.billing.machine import SETTLED
from cube_demper.domain.billing.taking import AnothersInvoice
from cube_demper.models.gateway import EventStanding, GatewayEventRow, RefundResult

OK, WRONG_INVOICE, WRONG_ACCOUNT, WRONG_SUM, NOT_NOW, EXPIRED = 0, 10, 11, 12, 13, 20
"""Answers to «Check» (INTEGRATIONS.md B.4); all else is answered 0 once it is kept."""
_log = get_logger()


@dataclass(frozen=True, slots=True)
class Ear:
    """What reads webhooks. `is_test_allowed`: payments of a terminal in test mode count as money."""

    secrets: SecretBox
    read: Callable[[EventKind, str], GatewayEvent | None]
    is_test_allowed: bool


class NotPaid(DomainError):
    """Состояние платежа не то, о котором говорит уведомление."""

    code = "not_paid"


@dataclass(frozen=True, slots=True)
class Letter:
    """A webhook as it came. `payload`: its fields as JSON; `key`: its name when it has no number."""

    kind: EventKind
    payload: str
    key: str


async def take(tx: WriteTx, actor: Actor, ear: Ear, letter: Letter, now: datetime) -> int:
    """Keep a webhook and apply it; return the code to answer with. Raises PermissionDenied."""
    if actor.role is not Role.SYSTEM:
        raise PermissionDenied
    kind, event = letter.kind, ear.read(letter.kind, letter.payload)
    told = event.transaction if event else None
    values = {
        "payload": ear.secrets.encrypt(letter.payload),
        "invoice_id": told.invoice_id if told else "",
        "standing": EventStanding.WAITING,
        "received_at": now,
        "answer": OK,
    }
    row = await gateway_queries.hold_event(tx, kind, _name(event, letter), values)
    if kind is EventKind.CHECK:
        row.answer = await _check(tx, ear, event, now)
        row.standing = EventStanding.REFUSED if row.answer else EventStanding.APPLIED
        row.handled_at = now
    elif row.standing == EventStanding.WAITING:
        await _apply(tx, ear, row, event, now)
    return row.answer


async def take_waiting(tx: WriteTx, ear: Ear, now: datetime, *, event_id: UUID) -> bool:
    """Try a webhook that waits once more; tell whether it waits no longer."""
    rows = await gateway_queries.hold_waiting(tx, event_id=event_id)
    for row in rows:
        await _again(tx, ear, row, now)
    return bool(rows) and rows[0].standing != EventStanding.WAITING


async def take_waiting_of(tx: WriteTx, ear: Ear, invoice_id: str, now: datetime) -> None:
    """Apply what came before its payment."""
    for row in await gateway_queries.hold_waiting(tx, invoice_id=invoice_id):
        await _again(tx, ear, row, now)


async def _again(tx: WriteTx, ear: Ear, row: GatewayEventRow, now: datetime) -> None:
    kind = EventKind(row.kind)
    await _apply(tx, ear, row, ear.read(kind, ear.secrets.decrypt(row.payload)), now)


async def _apply(
    tx: WriteTx, ear: Ear, row: GatewayEventRow, event: GatewayEvent | None, now: datetime
) -> None:
    row.handled_at = now
    try:
        async with tx.begin_nested():
            if event is not None:
                await _do(tx, ear, event, now)
    except NoSuchPayment as error:
        row.standing, row.reason = EventStanding.WAITING, error.code
        await tx.flush()
        return
    except DomainError as error:
        row.standing, row.reason = EventStanding.REFUSED, error.code
        _log.error(
            "gateway_event_refused", kind=row.kind, transaction_id=row.transaction_id,
            invoice_id=row.invoice_id, reason=error.code,
        )  # fmt: skip
    else:
        row.standing, row.reason = EventStanding.APPLIED, "" if event else "unreadable"
    await tx.flush()
    if row.standing == EventStanding.APPLIED and row.kind in (EventKind.PAY, EventKind.CONFIRM):
        await take_waiting_of(tx, ear, row.invoice_id, now)


async def _do(tx: WriteTx, ear: Ear, event: GatewayEvent, now: datetime) -> None:
    told = event.transaction
    allowed = ear.is_test_allowed
    match event.kind:
        case EventKind.PAY if told.status is TransactionStatus.AUTHORIZED:
            await taking.take_hold(tx, ear.secrets, told, now, is_test_allowed=allowed)
        case EventKind.PAY if told.status is not TransactionStatus.COMPLETED:
            raise NotPaid
        case EventKind.PAY | EventKind.CONFIRM:
            await taking.take(tx, ear.secrets, told, now, is_test_allowed=allowed)
        case EventKind.FAIL:
            await taking.decline(tx, told, told.code, told.words)
        case EventKind.CANCEL:
            await _cancel(tx, told)
        case EventKind.REFUND:
            await _refund(tx, event, now)
        case EventKind.RECURRENT | EventKind.CHECK:
            # Renewals are charged by us: the gateway's own subscriptions are never made.
            return


async def _cancel(tx: WriteTx, told: Transaction) -> None:
    payment = await taking.held(tx, told)
    if payment.status in SETTLED:
        raise NotPaid
    await payments.failed(
        tx,
        SYSTEM,
        payment.invoice_id,
        code=declines.CANCELLED,
        words=declines.words_of(declines.CANCELLED),
        transaction_id=told.id,
    )


async def _refund(tx: WriteTx, event: GatewayEvent, now: datetime) -> None:
    told = event.transaction
    paid = await payment_queries.find_by_transaction(tx, event.payment_transaction_id)
    if paid is None:
        raise NoSuchPayment
    if told.account_id not in ("", str(paid.user_id)):
        raise AnothersInvoice
    await give_back(tx, event.payment_transaction_id, told.id, told.amount, now)


async def give_back(
    tx: WriteTx, paid_id: str, refund_id: str, amount: int | None, now: datetime
) -> None:
    """Take in a refund that the gateway has made. Raises NoSuchPayment, WrongSum."""
    found = await payment_queries.find_by_transaction(tx, paid_id)
    if found is None:
        raise NoSuchPayment
    known = await payment_queries.find_refund(tx, refund_id)
    left = found.amount - found.refunded
    if amount is None or (known is None and amount > left):
        raise WrongSum
    await refunds.refunded(tx, SYSTEM, paid_id, now, refund_transaction_id=refund_id, amount=amount)
    done = await payment_queries.find_refund(tx, refund_id)
    attempt = await gateway_queries.find_refund_attempt(tx, done.id) if done else None
    if attempt is not None:
        attempt.outcome = RefundResult.DONE
        await tx.flush()


async def _check(tx: WriteTx, ear: Ear, event: GatewayEvent | None, now: datetime) -> int:
    """Say whether a payment that somebody is about to make would be taken."""
    told = event.transaction if event else None
    found = await payment_queries.find_by_invoice(tx, told.invoice_id) if told else None
    if told is None or found is None:
        return WRONG_INVOICE
    if told.account_id not in ("", str(found.user_id)):
        return WRONG_ACCOUNT
    if told.is_test and not ear.is_test_allowed:
        return NOT_NOW
    try:
        await payments.check(
            tx, SYSTEM, told.invoice_id, now, amount=told.amount or 0, currency=told.currency
        )
    except WrongSum:
        return WRONG_SUM
    except PaymentClosed:
        is_late = found.expires_at is not None and found.expires_at <= now
        return EXPIRED if is_late and found.status not in SETTLED else NOT_NOW
    return OK


def _name(event: GatewayEvent | None, letter: Letter) -> str:
    """Return what the event is known by: a subscription tells of itself many times, so by its content."""
    has_number = event is not None and letter.kind is not EventKind.RECURRENT
    return event.transaction.id if event and has_number else letter.key
