"""What payments earn partners: accrued, held, taken back with refunds, released, denied.

Every function may be called again with the same payment: it brings the account to what the payment is
worth now, so deliveries that repeat or change places do nothing wrong.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from cube_demper.core.errors import PermissionDenied
from cube_demper.db.session import WriteTx
from cube_demper.domain.accounts.schemas import Actor, Role
from cube_demper.domain.partners import (
    books,
    desk,
    lead_queries,
    money_queries,
    queries,
    rules,
    words,
)
from cube_demper.domain.partners.schemas import Payment
from cube_demper.domain.partners.terms import terms
from cube_demper.models.partner_program import (
    Doubt,
    EntryKind,
    EntryStatus,
    PartnerLead,
    PartnerTransaction,
)
from cube_demper.models.partners import Partner

_BATCH = 200


async def settle(tx: WriteTx, payment: Payment, now: datetime) -> None:
    """Bring the commission of a payment to what its money, less refunds, is worth."""
    lead = await lead_queries.find_lead_of(tx, payment.user_id)
    partner = await queries.lock(tx, lead.partner_id) if lead else None
    if lead is None or partner is None:
        return
    entries = list(await money_queries.entries_of_payment(tx, payment.id))
    if not entries:
        entries.append(await _accrue(tx, partner, lead, payment, now))
    first = entries[0]
    left = rules.due(first.base or 0, payment.refunded, first.percent or 0).left
    excess = sum(it.amount for it in entries) - left
    if excess > 0:
        await _take_back(tx, first, excess, now)
    tx.emit(f"partner:{partner.id}", "money")


async def _accrue(
    tx: WriteTx, partner: Partner, lead: PartnerLead, payment: Payment, now: datetime
) -> PartnerTransaction:
    amount = rules.due(payment.money, 0, partner.commission_percent).commission
    doubts = await _doubts(tx, partner, lead)
    is_shut_out = partner.blocked_at is not None and payment.paid_at >= partner.blocked_at
    entry = PartnerTransaction(
        partner_id=partner.id,
        lead_id=lead.id,
        kind=EntryKind.COMMISSION,
        status=EntryStatus.DENIED if is_shut_out else _first_status(amount, doubts),
        amount=amount,
        at=payment.paid_at,
        payment_id=payment.id,
        base=payment.money,
        percent=partner.commission_percent,
        hold_until=payment.paid_at + timedelta(days=(await terms(tx, now)).hold_days),
        doubts=[str(it) for it in doubts],
        note=words.SHUT_OUT if is_shut_out else "",
    )
    tx.add(entry)
    await tx.flush()
    if entry.status != EntryStatus.DENIED:
        await books.accrued(tx, entry, now)
    if entry.status == EntryStatus.DOUBTED:
        await desk.doubt_came(tx, now)
    return entry


def _first_status(amount: int, doubts: list[Doubt]) -> EntryStatus:
    if Doubt.SELF in doubts:
        return EntryStatus.DENIED
    if not amount:
        return EntryStatus.RELEASED
    return EntryStatus.DOUBTED if doubts else EntryStatus.HELD


async def _doubts(tx: WriteTx, partner: Partner, lead: PartnerLead) -> list[Doubt]:
    if Doubt.SELF in lead.doubts:
        return [Doubt.SELF]
    found = [] if lead.cleared_at else [Doubt(it) for it in lead.doubts]
    if await lead_queries.is_card_shared(tx, partner.id, partner.email, lead.user_id):
        found.append(Doubt.OWN_CARD)
    if rules.has_many_refunds(*await money_queries.refund_count(tx, partner.id)):
        found.append(Doubt.MANY_REFUNDS)
    return found


async def _take_back(
    tx: WriteTx, commission: PartnerTransaction, excess: int, now: datetime
) -> None:
    """Write what a refund takes: where the commission is released already, the account may go below zero."""
    entry = PartnerTransaction(
        partner_id=commission.partner_id,
        lead_id=commission.lead_id,
        kind=EntryKind.TAKE_BACK,
        status=commission.status,
        amount=-excess,
        at=now,
        payment_id=commission.payment_id,
        released_at=now if commission.status == EntryStatus.RELEASED else None,
    )
    tx.add(entry)
    await tx.flush()
    if entry.status != EntryStatus.DENIED:
        await books.taken_back(tx, entry, now)


async def release_due(tx: WriteTx, actor: Actor, now: datetime) -> int:
    """Release up to 200 commissions whose hold has ended; return how many. Raises PermissionDenied.

    A partner who is shut out keeps theirs on hold, until they are let in again or it is denied.
    """
    if actor.role is not Role.SYSTEM:
        raise PermissionDenied
    due = await money_queries.due_payments(tx, now, _BATCH)
    # In one order everywhere, so that two processes never wait for one another in a ring.
    for payment_id, partner_id in sorted(due, key=lambda it: (it[1], it[0])):
        await queries.lock(tx, partner_id)
        await release(tx, partner_id, payment_id, (EntryStatus.HELD,), now)
    return len(due)


async def release(
    tx: WriteTx,
    partner_id: UUID,
    payment_id: UUID,
    before: tuple[EntryStatus, ...],
    now: datetime,
) -> None:
    """Let the commission of a payment go to what can be asked for; its partner is locked already."""
    amount = await money_queries.move_payment(tx, payment_id, before, EntryStatus.RELEASED, now)
    if amount:
        await books.released(tx, partner_id, payment_id, amount, now)
    tx.emit(f"partner:{partner_id}", "money")
