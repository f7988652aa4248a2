"""Bonuses for friends: a share of a friend's first payment, to the balance once refunds are over.

Brought by a partner, a seller earns nobody a bonus: sign-up binds them to one of the two.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from cube_demper.core.errors import PermissionDenied
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.accounts.schemas import Actor, Role
from cube_demper.domain.billing import ledger
from cube_demper.domain.billing.ledger import Line, Posting
from cube_demper.domain.partners import service as partners
from cube_demper.domain.referrals import queries, rules
from cube_demper.domain.referrals.schemas import Doubt, Friend, FriendStage, Standing
from cube_demper.models.accounts import User
from cube_demper.models.billing import Payment
from cube_demper.models.ledger import Account
from cube_demper.models.referrals import ReferralKind, ReferralTransaction

_BATCH = 200
_SHOWN = 100
_SEEN_WITHIN = timedelta(days=90)


async def accrue(tx: WriteTx, actor: Actor, payload: dict[str, Any], now: datetime) -> None:
    """Handle `billing.paid`: a friend's first payment earns a bonus, which waits for the hold to end."""
    await _settle(tx, actor, UUID(payload["payment_id"]), now)


async def take_back(tx: WriteTx, actor: Actor, payload: dict[str, Any], now: datetime) -> None:
    """Handle `billing.refunded`: the same share of what was given back leaves the balance."""
    await _settle(tx, actor, UUID(payload["payment_id"]), now)


async def _settle(tx: WriteTx, actor: Actor, payment_id: UUID, now: datetime) -> None:
    """Bring the bonus of a payment to what it is worth now, whatever comes twice or out of turn."""
    if actor.role is not Role.SYSTEM:
        raise PermissionDenied
    payment = await tx.get(Payment, payment_id, populate_existing=True)
    if payment is None or payment.paid_at is None:
        return
    owner_id = await queries.inviter_of(tx, payment.user_id)
    if owner_id is None:
        return
    await queries.lock(tx, owner_id)
    percent = (await partners.terms(tx, now)).referral_percent
    money = payment.amount - payment.from_balance
    entries = list(await queries.entries_of_payment(tx, payment_id))
    if not entries:
        if not percent or await queries.entries_of_friend(tx, payment.user_id):
            return
        entries.append(await _accrue(tx, owner_id, payment, rules.bonus(money, 0, percent), now))
    # By the share that was promised, whatever it is now.
    promised = entries[0].amount
    left = promised * max(0, money - min(payment.refunded, money)) // money if money else 0
    excess = sum(it.amount for it in entries) - left
    if excess > 0:
        await _take_back(tx, entries[0], excess, now)
    tx.emit(f"user:{owner_id}", "referrals")


async def _accrue(
    tx: WriteTx, owner_id: UUID, payment: Payment, amount: int, now: datetime
) -> ReferralTransaction:
    paid_at = payment.paid_at or now
    entry = ReferralTransaction(
        user_id=owner_id,
        referred_user_id=payment.user_id,
        kind=ReferralKind.BONUS,
        amount=amount,
        payment_id=payment.id,
        at=paid_at,
        hold_until=paid_at + timedelta(days=(await partners.terms(tx, now)).hold_days),
        released_at=None if amount else now,
        doubts=[str(it) for it in await _doubts(tx, owner_id, payment.user_id, now)],
    )
    tx.add(entry)
    await tx.flush()
    return entry


async def _doubts(tx: ReadTx, owner_id: UUID, friend_id: UUID, now: datetime) -> list[Doubt]:
    return rules.doubts(await queries.signs(tx, owner_id, friend_id, now - _SEEN_WITHIN))


async def _take_back(tx: WriteTx, bonus: ReferralTransaction, excess: int, now: datetime) -> None:
    """Write what a refund takes; of a bonus that was spent it leaves a debt, paid by the next one."""
    entry = ReferralTransaction(
        user_id=bonus.user_id,
        referred_user_id=bonus.referred_user_id,
        kind=ReferralKind.TAKE_BACK,
        amount=-excess,
        payment_id=bonus.payment_id,
        at=now,
        released_at=now if bonus.released_at else None,
        denied_at=bonus.denied_at,
    )
    tx.add(entry)
    await tx.flush()
    if bonus.released_at:
        await _book(tx, f"referral_back:{entry.id}", entry, -excess, now)


async def release_due(tx: WriteTx, actor: Actor, now: datetime) -> int:
    """Put up to 200 bonuses whose hold has ended on their balances; return how many.

    Raises PermissionDenied.
    """
    if actor.role is not Role.SYSTEM:
        raise PermissionDenied
    due = await queries.due(tx, now, _BATCH)
    for bonus in due:
        await queries.lock(tx, bonus.user_id)
        entries = await queries.entries_of_payment(tx, bonus.payment_id)
        waiting = [it for it in entries if it.released_at is None]
        for entry in waiting:
            entry.released_at = now
        await tx.flush()
        if amount := sum(it.amount for it in waiting):
            await _book(tx, f"referral:{bonus.id}", bonus, amount, now)
        tx.emit(f"user:{bonus.user_id}", "referrals")
    return len(due)


async def _book(
    tx: WriteTx, key: str, entry: ReferralTransaction, amount: int, now: datetime
) -> None:
    lines = [
        Line(Account.REFERRAL_COST, amount),
        Line(Account.CUSTOMER, -amount, user_id=entry.user_id),
    ]
    await ledger.post(tx, Posting(key, "referral", lines, entry.payment_id), now)


async def standing(tx: ReadTx, actor: Actor, now: datetime) -> Standing:
    """Return how the actor's own programme stands. Raises PermissionDenied for a manager."""
    actor.require(None)
    owner = await tx.get(User, actor.owner_id)
    if owner is None:
        raise PermissionDenied
    terms = await partners.terms(tx, now)
    totals = await queries.totals(tx, owner.id)
    rows = await queries.friends(tx, owner.id, _SHOWN)
    return Standing(
        code=owner.referral_code,
        percent=terms.referral_percent,
        hold_days=terms.hold_days,
        balance=await ledger.owed_to_user(tx, owner.id),
        earned=totals["earned"],
        held=totals["held"],
        friends=tuple(_friend(row) for row in rows),
        total=totals["friends"],
        paying=totals["paying"],
    )


def _friend(row: dict[str, Any]) -> Friend:
    return Friend(
        email=row["email"],
        name=row["name"],
        came_at=row["came_at"],
        stage=_stage(row),
        bonus=row["bonus"] or 0,
        taken_back=row["taken_back"],
        hold_until=row["hold_until"],
        doubts=tuple(row["doubts"] or ()),
        note=row["note"] or "",
    )


def _stage(row: dict[str, Any]) -> FriendStage:
    if row["bonus"] is None:
        if not row["is_confirmed"]:
            return FriendStage.NO_EMAIL
        return FriendStage.NO_PAYMENT if row["has_store"] else FriendStage.NO_STORE
    is_doubted = bool(row["doubts"]) and row["cleared_at"] is None
    first_true = {
        FriendStage.BY_BALANCE: not row["bonus"],
        FriendStage.REFUNDED: row["bonus"] <= row["taken_back"],
        FriendStage.EARNED: row["released_at"],
        FriendStage.DENIED: row["denied_at"],
        FriendStage.DOUBTED: is_doubted,
    }
    return next((stage for stage, is_so in first_true.items() if is_so), FriendStage.ON_HOLD)
