"""What a person decides about commissions: those with signs of fraud, those of a partner shut out."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from cube_demper.core.errors import Conflict, InvalidInput, NotFound, PermissionDenied
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.audit import service as audit
from cube_demper.domain.partners import books, money_queries, queries
from cube_demper.domain.partners.accrual import release
from cube_demper.domain.partners.people import OPERATORS
from cube_demper.domain.partners.schemas import DoubtedRow
from cube_demper.models.partner_program import (
    EntryKind,
    EntryStatus,
    PartnerLead,
    PartnerTransaction,
)

LISTED = 200
_DOUBTED = (EntryStatus.DOUBTED,)
_WAITING = (EntryStatus.HELD, EntryStatus.DOUBTED)


async def doubted(tx: ReadTx, actor: Actor, *, page: int = 1) -> list[DoubtedRow]:
    """List a page of commissions that wait for a person, oldest first, 200 a page.

    Raises PermissionDenied.
    """
    if actor.role not in OPERATORS:
        raise PermissionDenied
    found = await money_queries.find_doubted(tx, LISTED, (page - 1) * LISTED)
    return [
        DoubtedRow(row.id, row.amount, tuple(row.doubts), partner, seller)
        for row, partner, seller in found
    ]


async def clear(tx: WriteTx, actor: Actor, entry_id: UUID, now: datetime) -> None:
    """Decide that the signs of fraud mean nothing: the money goes on as any other.

    The seller is not doubted again for the signs of their sign-up. Raises as `_doubted` does.
    """
    entry = await _doubted(tx, actor, entry_id)
    lead = await tx.get(PartnerLead, entry.lead_id) if entry.lead_id else None
    if lead is not None:
        lead.cleared_at = lead.cleared_at or now
    payment_id, hold_until = entry.payment_id, entry.hold_until
    if payment_id is None or hold_until is None:
        raise Conflict
    if hold_until <= now:
        await release(tx, entry.partner_id, payment_id, _DOUBTED, now)
    else:
        await money_queries.move_payment(tx, payment_id, _DOUBTED, EntryStatus.HELD, now)
        tx.emit(f"partner:{entry.partner_id}", "money")
    await _decided(tx, actor, entry, "commission_cleared")


async def deny(tx: WriteTx, actor: Actor, entry_id: UUID, reason: str, now: datetime) -> None:
    """Decide that a commission is not due; `reason` is read by the partner. Raises as `_doubted` does."""
    entry = await _doubted(tx, actor, entry_id)
    await _deny(tx, entry, _said(reason), now)
    tx.emit(f"partner:{entry.partner_id}", "money")
    await _decided(tx, actor, entry, "commission_denied")


async def deny_all(tx: WriteTx, actor: Actor, email: str, reason: str, now: datetime) -> int:
    """Deny what a partner who is shut out has on hold and in doubt; return how many commissions.

    Raises NotFound, PermissionDenied, Conflict for a partner who is not shut out.
    """
    if actor.role not in OPERATORS:
        raise PermissionDenied
    known = await queries.find_by_email(tx, email)
    partner = await queries.lock(tx, known.id) if known else None
    if partner is None:
        raise NotFound("Партнёра с такой почтой нет.")
    if not partner.is_blocked:
        raise Conflict("Партнёр не заблокирован: отказать можно в отдельных начислениях.")
    words = _said(reason)
    found = await money_queries.waiting_commissions(tx, partner.id)
    for entry in found:
        await _deny(tx, entry, words, now)
    tx.emit(f"partner:{partner.id}", "money")
    await audit.record(tx, actor, "commissions_denied", "partner", partner.id, count=len(found))
    return len(found)


async def _decided(tx: WriteTx, actor: Actor, entry: PartnerTransaction, action: str) -> None:
    await tx.refresh(entry)
    await audit.record(
        tx, actor, action, "partner_transaction", entry.id,
        before={"status": EntryStatus.DOUBTED}, after={"status": entry.status},
        amount=entry.amount, note=entry.note, partner=str(entry.partner_id),
    )  # fmt: skip


def _said(reason: str) -> str:
    words = reason.strip()[:300]
    if not words:
        raise InvalidInput("Напишите причину: её прочитает партнёр.", field="reason")
    return words


async def _deny(tx: WriteTx, entry: PartnerTransaction, reason: str, now: datetime) -> None:
    if entry.payment_id is None:
        raise Conflict
    entry.note = reason
    await tx.flush()
    denied = EntryStatus.DENIED
    amount = await money_queries.move_payment(tx, entry.payment_id, _WAITING, denied, now)
    if amount:
        await books.denied(tx, entry.partner_id, entry.payment_id, amount, now)


async def _doubted(tx: WriteTx, actor: Actor, entry_id: UUID) -> PartnerTransaction:
    """Take a doubted commission. Raises NotFound, Conflict when decided already, PermissionDenied."""
    if actor.role not in OPERATORS:
        raise PermissionDenied
    entry = await tx.get(PartnerTransaction, entry_id)
    if entry is None or entry.kind != EntryKind.COMMISSION:
        raise NotFound("Такого начисления нет.")
    await queries.lock(tx, entry.partner_id)
    await tx.refresh(entry)
    if entry.status != EntryStatus.DOUBTED:
        raise Conflict("По этому начислению уже решено.")
    return entry
