"""Paying partners out: requested by them, approved, paid or refused by the operator."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from cube_demper.core.crypto import SecretBox
from cube_demper.core.errors import Conflict, InvalidInput, NotFound, PermissionDenied
from cube_demper.core.money import TIYN_IN_TENGE, format_tenge
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.audit import service as audit
from cube_demper.domain.partners import books, money_queries, payout_queries, queries
from cube_demper.domain.partners.payee import Payee
from cube_demper.domain.partners.people import OPERATORS
from cube_demper.domain.partners.schemas import OperatorPayout, PayoutRow
from cube_demper.domain.partners.terms import terms
from cube_demper.domain.partners.words import PAYOUT_WORDS
from cube_demper.models.partner_program import (
    EntryKind,
    EntryStatus,
    PartnerPayout,
    PartnerTransaction,
    PayoutStatus,
)
from cube_demper.models.partners import Partner

_NEXT: Final = {
    PayoutStatus.REQUESTED: frozenset({PayoutStatus.APPROVED, PayoutStatus.REFUSED}),
    PayoutStatus.APPROVED: frozenset({PayoutStatus.PAID, PayoutStatus.REFUSED}),
    PayoutStatus.PAID: frozenset(),
    PayoutStatus.REFUSED: frozenset(),
}
_LISTED = 200


async def request(
    tx: WriteTx, actor: Actor, amount: int, payee: Payee, *, secrets: SecretBox, now: datetime
) -> UUID:
    """Ask for money: its sum leaves the account at once. Of two requests at a time one is made.

    Raises InvalidInput for a sum below the least, above what there is or not of whole tenge; Conflict
    while an earlier request is open.
    """
    partner = await queries.lock(tx, actor.own_partner_id)
    if partner is None or partner.is_blocked:
        raise PermissionDenied
    if await payout_queries.find_open(tx, partner.id) is not None:
        raise Conflict("Заявка уже подана. Новую можно подать, когда по ней ответят.")
    least = (await terms(tx, now)).min_payout
    payable = (await money_queries.balance(tx, partner.id)).payable
    _check(amount, least, payable)
    sealed = secrets.encrypt(payee.to_json())
    payout = PartnerPayout(
        partner_id=partner.id,
        amount=amount,
        payee=sealed,
        account_end=payee.iban[-4:],
        requested_at=now,
    )
    tx.add(payout)
    partner.payee = sealed
    await tx.flush()
    _write(tx, payout, EntryKind.PAYOUT, -amount, now)
    await audit.record(tx, actor, "payout_requested", "partner_payout", payout.id, amount=amount)
    tx.emit(f"partner:{partner.id}", "money")
    return payout.id


def _check(amount: int, least: int, payable: int) -> None:
    if amount % TIYN_IN_TENGE:
        raise InvalidInput("Введите целое число тенге, без тиынов.", field="amount")
    if amount < least:
        raise InvalidInput(f"Наименьшая выплата — {format_tenge(least)}.", field="amount")
    if amount > payable:
        raise InvalidInput(f"К выплате сейчас {format_tenge(payable)}.", field="amount")


def _write(tx: WriteTx, payout: PartnerPayout, kind: EntryKind, amount: int, now: datetime) -> None:
    tx.add(
        PartnerTransaction(
            partner_id=payout.partner_id,
            kind=kind,
            status=EntryStatus.RELEASED,
            amount=amount,
            at=now,
            released_at=now,
            payout_id=payout.id,
            note=payout.reason,
        )
    )


async def approve(tx: WriteTx, actor: Actor, payout_id: UUID, now: datetime) -> None:
    """Agree to pay. Raises Conflict when refunds since the request leave too little on the account."""
    payout, before = await _step(tx, actor, payout_id, PayoutStatus.APPROVED)
    lacking = -(await money_queries.balance(tx, payout.partner_id)).payable
    if lacking > 0:
        raise Conflict(
            f"После заявки были возвраты: на счету не хватает {format_tenge(lacking)}. Откажите "
            "с этой причиной, партнёр подаст новую."
        )
    payout.approved_at = now
    await _done(tx, actor, payout, "payout_approved", before)


async def pay(tx: WriteTx, actor: Actor, payout_id: UUID, bank_note: str, now: datetime) -> None:
    """Write down that the bank has sent the money; `bank_note`: number of the payment order."""
    payout, before = await _step(tx, actor, payout_id, PayoutStatus.PAID)
    payout.closed_at, payout.bank_note = now, bank_note.strip()[:60]
    await tx.flush()
    await books.paid_out(tx, payout, now)
    await _done(tx, actor, payout, "payout_paid", before)


async def refuse(tx: WriteTx, actor: Actor, payout_id: UUID, reason: str, now: datetime) -> None:
    """Refuse; the sum is the partner's again. `reason` is read by the partner."""
    reason = reason.strip()[:300]
    if not reason:
        raise InvalidInput("Напишите причину: её прочитает партнёр.", field="reason")
    payout, before = await _step(tx, actor, payout_id, PayoutStatus.REFUSED)
    payout.closed_at, payout.reason = now, reason
    _write(tx, payout, EntryKind.PAYOUT_RETURNED, payout.amount, now)
    await _done(tx, actor, payout, "payout_refused", before)


async def _step(
    tx: WriteTx, actor: Actor, payout_id: UUID, after: PayoutStatus
) -> tuple[PartnerPayout, str]:
    """Take a payout a step further; return it with its status before. Raises PermissionDenied, NotFound, Conflict for a wrong step."""
    if actor.role not in OPERATORS:
        raise PermissionDenied
    known = await tx.get(PartnerPayout, payout_id)
    if known is None:
        raise NotFound("Такой выплаты нет.")
    await queries.lock(tx, known.partner_id)
    payout = await payout_queries.lock(tx, payout_id)
    if payout is None:
        raise NotFound("Такой выплаты нет.")
    if after not in _NEXT[PayoutStatus(payout.status)]:
        words = PAYOUT_WORDS[payout.status]
        raise Conflict(f"Выплата в состоянии «{words}»: с ней этого сделать нельзя.")
    before, payout.status = payout.status, after
    return payout, before


async def _done(tx: WriteTx, actor: Actor, payout: PartnerPayout, action: str, before: str) -> None:
    await tx.flush()
    details = {"amount": payout.amount, "status": [before, payout.status]}
    await audit.record(tx, actor, action, "partner_payout", payout.id, **details)
    tx.emit(f"partner:{payout.partner_id}", "money")


async def known_payee(tx: ReadTx, actor: Actor, secrets: SecretBox) -> Payee | None:
    """Return the bank details of the actor's last request."""
    partner = await tx.get(Partner, actor.own_partner_id)
    if partner is None or partner.payee is None:
        return None
    return Payee.from_json(secrets.decrypt(partner.payee))


async def listing(tx: ReadTx, actor: Actor, *, page: int, size: int) -> tuple[list[PayoutRow], int]:
    """List a page of the actor's payouts, newest first, and count all."""
    partner_id = actor.own_partner_id
    rows = await payout_queries.list_payouts(tx, partner_id, limit=size, offset=(page - 1) * size)
    return [_row(it) for it in rows], await payout_queries.count_payouts(tx, partner_id)


async def for_operator(
    tx: ReadTx, actor: Actor, statuses: Sequence[PayoutStatus], secrets: SecretBox
) -> list[OperatorPayout]:
    """List payouts of all partners with bank details, oldest first, at most 200."""
    if actor.role not in OPERATORS:
        raise PermissionDenied
    found = await payout_queries.list_by_status(tx, list(statuses), _LISTED)
    return [operator_view(row, partner, secrets) for row, partner in found]


def operator_view(row: PartnerPayout, partner: Partner, secrets: SecretBox) -> OperatorPayout:
    """Return a payout with its bank details, for the operator alone."""
    return OperatorPayout(_row(row), partner.email, _payee_words(secrets, row))


def _payee_words(secrets: SecretBox, row: PartnerPayout) -> str:
    payee = Payee.from_json(secrets.decrypt(row.payee))
    return f"{payee.name}, ИИН/БИН {payee.tax_id}, {payee.iban}"


def _row(it: PartnerPayout) -> PayoutRow:
    return PayoutRow(
        id=it.id,
        amount=it.amount,
        status=it.status,
        account_end=it.account_end,
        requested_at=it.requested_at,
        approved_at=it.approved_at,
        closed_at=it.closed_at,
        reason=it.reason,
        bank_note=it.bank_note,
    )
