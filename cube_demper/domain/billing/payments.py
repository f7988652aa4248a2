"""Payments: begun by a seller, settled by whoever takes the money. Each step may come twice, late, anyhow.

Whoever changes a person's money holds that person's row first, so no two of these run at once.
"""

from __future__ import annotations

import secrets
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from cube_demper.core.errors import Conflict, InvalidInput, NotFound
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.accounts.schemas import SYSTEM, Actor
from cube_demper.domain.audit import service as audit
from cube_demper.domain.billing import balances, payment_queries, queries, settling, subscribing
from cube_demper.domain.billing.access import operator_only
from cube_demper.domain.billing.cards import get_own as own_card
from cube_demper.domain.billing.closing import close
from cube_demper.domain.billing.errors import (
    AnothersTransaction,
    BeingGivenBack,
    NoSuchPayment,
    PaymentClosed,
    TestPayment,
    WrongSum,
)
from cube_demper.domain.billing.machine import CLOSED, OPEN, SETTLED, Event, step
from cube_demper.domain.billing.quotes import quote as work_out
from cube_demper.domain.billing.schemas import CURRENCY, Quote, Settlement
from cube_demper.domain.billing.service import plans
from cube_demper.domain.switches import service as switches
from cube_demper.models.billing import Payment, PaymentMethod, PaymentPurpose, PaymentStatus, Plan
from cube_demper.models.steering import Switch

_OPEN_FOR: Final = {
    PaymentMethod.CARD: timedelta(days=1),
    PaymentMethod.KASPI_TRANSFER: timedelta(days=3),
    PaymentMethod.BANK_INVOICE: timedelta(days=10),
}
"""How long each may be paid: a bank transfer takes up to five working days."""
_LETTERS: Final = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Of invoice ids, which people retype into a transfer: nothing that looks like another."""


async def quote(tx: ReadTx, actor: Actor, plan: Plan, now: datetime, *, use_balance: bool) -> Quote:
    """Return what this plan costs the seller now. Raises InvalidInput, BeingGivenBack."""
    offers = await plans(tx)
    standing = await subscribing.standing(tx, actor.owner_id, now)
    balance = await balances.spendable(tx, actor.owner_id) if use_balance else 0
    made = work_out(offers[plan], standing, balance, now, use_balance=use_balance)
    is_upgrade = made.purpose is PaymentPurpose.UPGRADE
    if is_upgrade and await payment_queries.is_given_back(tx, actor.owner_id, now):
        raise BeingGivenBack
    return made


async def begin(
    tx: WriteTx,
    actor: Actor,
    plan: Plan,
    method: PaymentMethod,
    now: datetime,
    *,
    use_balance: bool,
    card_id: UUID | None = None,
    shown: Quote | None = None,
) -> Payment:
    """Open a payment; the one that is open for the same is returned, another is closed.

    `shown`: what the seller saw; when it costs something else by now nothing is begun. What the balance
    pays whole is paid at once. Raises InvalidInput, Conflict, PermissionDenied, NotFound for a card that
    is not the seller's own.
    """
    actor.require(None)
    if method is PaymentMethod.CARD:
        await switches.require(tx, Switch.CARD_PAYMENTS, "Оплата картой временно не работает.")
    await _hold(tx, actor.owner_id)
    if card_id is not None:
        await own_card(tx, actor, card_id)
    made = await quote(tx, actor, plan, now, use_balance=use_balance)
    if shown is not None and (shown.amount, shown.to_pay, shown.purpose) != (
        made.amount, made.to_pay, made.purpose
    ):  # fmt: skip
        raise Conflict("Условия изменились, пока страница была открыта. Проверьте сумму ещё раз.")
    return await open_payment(tx, actor, actor.owner_id, made, now, method=method, card_id=card_id)


async def open_payment(
    tx: WriteTx,
    actor: Actor,
    user_id: UUID,
    made: Quote,
    now: datetime,
    *,
    method: PaymentMethod,
    card_id: UUID | None = None,
) -> Payment:
    """Open a payment for a quote, as `begin` does; the caller holds the person's row."""
    if made.to_pay == 0:
        method = PaymentMethod.BALANCE
    elif method is PaymentMethod.BALANCE:
        raise InvalidInput("На балансе не хватает денег: выберите, чем доплатить.", field="method")
    if old := await payment_queries.find_open(tx, user_id):
        if _is_same(old, made, method, card_id) and (
            old.expires_at is None or old.expires_at > now
        ):
            return old
        await close(tx, actor, old, Event.CANCEL)
    payment = Payment(
        user_id=user_id,
        subscription_id=made.base_id,
        plan=made.plan,
        purpose=made.purpose,
        method=method,
        amount=made.amount,
        from_balance=made.from_balance,
        invoice_id=_invoice_id(),
        card_id=card_id,
        expires_at=now + _OPEN_FOR.get(method, timedelta(days=1)),
        quote=_shown(made),
    )
    tx.add(payment)
    await tx.flush()
    details = {"plan": made.plan, "amount": made.amount, "method": method}
    await audit.record(tx, actor, "payment_begun", "payment", payment.id, **details)
    if method is PaymentMethod.BALANCE:
        at_once = Settlement(0, CURRENCY, f"balance:{payment.id}", method, now)
        await _settle(tx, payment, at_once, now)
    tx.emit(f"user:{user_id}", "billing", payment.id)
    return payment


async def check(
    tx: ReadTx, actor: Actor, invoice_id: str, now: datetime, *, amount: int, currency: str
) -> Payment:
    """Say before the money moves whether it would be taken; changes nothing.

    After a decline another card may pay while there is time. Raises NoSuchPayment, WrongSum,
    PaymentClosed (paid, closed, or there is nothing left to buy with it).
    """
    operator_only(actor)
    payment = await payment_queries.find_by_invoice(tx, invoice_id)
    if payment is None:
        raise NoSuchPayment
    _same_sum(payment, amount, currency)
    is_over = payment.expires_at is not None and payment.expires_at <= now
    if payment.status not in {*OPEN, PaymentStatus.FAILED} or is_over:
        raise PaymentClosed
    if await subscribing.is_stale(tx, payment, now):
        raise PaymentClosed
    return payment


async def authorized(tx: WriteTx, actor: Actor, invoice_id: str) -> None:
    """Note that money is held on a card and not taken yet. Raises NoSuchPayment."""
    operator_only(actor)
    payment = await _held(tx, invoice_id)
    if to := step(PaymentStatus(payment.status), Event.AUTHORIZE):
        payment.status = to
        await tx.flush()


async def paid(
    tx: WriteTx,
    actor: Actor,
    invoice_id: str,
    settlement: Settlement,
    now: datetime,
    *,
    is_test_allowed: bool = False,
) -> None:
    """Take money in: machine, ledger, subscription, proxies and outbox in one transaction; twice is once.

    Raises NoSuchPayment, WrongSum, TestPayment, AnothersTransaction; nothing is changed then.
    """
    operator_only(actor)
    if settlement.is_test and not is_test_allowed:
        raise TestPayment
    payment = await _held(tx, invoice_id)
    known = await payment_queries.find_by_transaction(tx, settlement.transaction_id)
    if known is not None:
        if known.invoice_id.split("/")[0] != payment.invoice_id:
            raise AnothersTransaction
        return
    _same_sum(payment, settlement.amount, settlement.currency)
    if payment.status in SETTLED:
        await settling.take_extra(tx, payment, settlement, now)
        return
    await _settle(tx, payment, settlement, now)


async def failed(
    tx: WriteTx,
    actor: Actor,
    invoice_id: str,
    *,
    code: str,
    words: str,
    transaction_id: str | None = None,
) -> None:
    """Note that an attempt to pay was declined, in the bank's words. Raises NoSuchPayment."""
    operator_only(actor)
    payment = await _held(tx, invoice_id)
    to = step(PaymentStatus(payment.status), Event.FAIL)
    if to is None:
        return
    payment.status = to
    payment.failure_code, payment.failure_words = code, words
    await audit.record(
        tx, actor, "payment_failed", "payment", payment.id, code=code, transaction=transaction_id
    )
    tx.emit(f"user:{payment.user_id}", "billing", payment.id)


async def cancel(tx: WriteTx, actor: Actor, payment_id: UUID) -> None:
    """Close an open payment of one's own. Raises NotFound, Conflict when it is paid already."""
    actor.require(None)
    await _hold(tx, actor.owner_id)
    payment = await tx.get(Payment, payment_id, populate_existing=True)
    if payment is None or payment.user_id != actor.owner_id:
        raise NotFound
    if payment.status in SETTLED:
        raise Conflict("Счёт уже оплачен.")
    await close(tx, actor, payment, Event.CANCEL)


async def expire(tx: WriteTx, actor: Actor, now: datetime, limit: int = 100) -> int:
    """Close payments that nobody paid in time; return how many."""
    operator_only(actor)
    rows = await payment_queries.list_overdue(tx, now, limit)
    for row in sorted(rows, key=lambda it: it.user_id):
        payment = await _held(tx, row.invoice_id)
        await close(tx, actor, payment, Event.EXPIRE)
    return len(rows)


async def _settle(tx: WriteTx, payment: Payment, settlement: Settlement, now: datetime) -> None:
    was_closed = payment.status in CLOSED
    payment.status = step(PaymentStatus(payment.status), Event.PAY) or payment.status
    payment.gateway_transaction_id = settlement.transaction_id
    payment.method = settlement.method
    payment.paid_at, payment.is_test = settlement.at, settlement.is_test
    payment.failure_code = payment.failure_words = None
    await settling.settle(tx, payment, settlement, now, was_closed=was_closed)
    other = await payment_queries.find_open(tx, payment.user_id)
    if other is not None and await subscribing.is_stale(tx, other, now):
        await close(tx, SYSTEM, other, Event.CANCEL)  # there is nothing left to buy with it


async def _held(tx: WriteTx, invoice_id: str) -> Payment:
    """Return a payment with its person's money held. Raises NoSuchPayment."""
    found = await payment_queries.find_by_invoice(tx, invoice_id)
    if found is None:
        raise NoSuchPayment
    await _hold(tx, found.user_id)
    payment = await payment_queries.find_by_invoice(tx, invoice_id)
    if payment is None:
        raise NoSuchPayment
    return payment


async def _hold(tx: WriteTx, user_id: UUID) -> None:
    if await queries.lock_user(tx, user_id) is None:
        raise NotFound


def _is_same(old: Payment, made: Quote, method: PaymentMethod, card_id: UUID | None) -> bool:
    return (
        (old.plan, old.purpose, old.amount, old.from_balance)
        == (made.plan, made.purpose, made.amount, made.from_balance)
        and (old.method, old.card_id, old.subscription_id) == (method, card_id, made.base_id)
    )  # fmt: skip


def _same_sum(payment: Payment, amount: int, currency: str) -> None:
    if (amount, currency) != (payment.amount - payment.from_balance, payment.currency):
        raise WrongSum


def _invoice_id() -> str:
    """Return an id that a person can retype: a trillion of them, so that none is drawn twice."""
    return "CD-" + "".join(secrets.choice(_LETTERS) for _ in range(8))


def _shown(made: Quote) -> dict[str, Any]:
    return {
        **asdict(made),
        "service_from": made.service_from.isoformat(),
        "service_to": made.service_to.isoformat(),
        "base_id": str(made.base_id) if made.base_id else None,
    }
