"""Paying partners out: requested by them, approved, paid or refused by the operator."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from cube_demper.core.crypto import SecretBox
from cube_demper.core.errors import Conflict, InvalidInput, NotFound, PermissionDenied
from cube_demper.core.money import TIYN_IN_TENGE, format_tenge
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.audit import service as audit
from cube_demper.domain.partners import (
    books,
    desk,
    mailing,
    money_queries,
    payout_queries,
    queries,
)
from cube_demper.domain.partners.payee import Payee
from cube_demper.domain.partners.people import OPERATORS
from cube_demper.domain.partners.schemas import OperatorPayout, PayoutRow
from cube_demper.domain.partners.terms import terms
from cube_demper.domain.partners.words import PAYOUT_WORDS, moment
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
LISTED = 200
OPEN: Final = (PayoutStatus.REQUESTED, PayoutStatus.APPROVED)
ALL: Final = tuple(PayoutStatus)


NEW_ACCOUNT_WAITS: Final = timedelta(days=1)
"""From the letter about another account to the first money on it: time for its owner to protest."""


async def request(
    tx: WriteTx,
    actor: Actor,
    amount: int,
    payee: Payee,
    *,
    secrets: SecretBox,
    now: datetime,
    is_proven: bool = False,
) -> UUID:
    """Ask for money: its sum leaves the account at once. Of two requests at a time one is made.

    Another account than the last one is taken only when `door.prove` has asked the password
    (`is_proven`); its owner is written to and the money waits a day.
    Raises InvalidInput for a sum below the least, above what there is or not of whole tenge and for
    an account without the password; Conflict while an earlier request is open.
    """
    partner = await queries.lock(tx, actor.own_partner_id)
    if partner is None or partner.is_blocked:
        raise PermissionDenied
    if await payout_queries.find_open(tx, partner.id) is not None:
        raise Conflict("Заявка уже подана. Новую можно подать, когда по ней ответят.")
    least = (await terms(tx, now)).min_payout
    payable = (await money_queries.balance(tx, partner.id)).payable
    _check(amount, least, payable)
    sealed = await _take_account(tx, partner, payee, secrets, now, is_proven=is_proven)
    payout = PartnerPayout(
        partner_id=partner.id,
        amount=amount,
        payee=sealed,
        account_end=payee.iban[-4:],
        requested_at=now,
        not_before=_not_before(partner, now),
    )
    tx.add(payout)
    await tx.flush()
    _write(tx, payout, EntryKind.PAYOUT, -amount, now)
    await desk.something_came(tx, now)
    await _done(tx, actor, payout, now)
    return payout.id


async def _take_account(
    tx: WriteTx,
    partner: Partner,
    payee: Payee,
    secrets: SecretBox,
    now: datetime,
    *,
    is_proven: bool,
) -> str:
    """Return the account, encrypted; it is kept for the next request."""
    known = Payee.from_json(secrets.decrypt(partner.payee)) if partner.payee else None
    if partner.payee and known == payee:
        return partner.payee
    if known is not None:
        if not is_proven:
            raise InvalidInput("Счёт другой: подтвердите его паролем.", field="password")
        partner.payee_changed_at = now
        end = payee.iban[-4:]
        await mailing.enqueue(tx, mailing.ACCOUNT, partner.id, now, account_end=end)
    partner.payee = sealed = secrets.encrypt(payee.to_json())
    return sealed


def _not_before(partner: Partner, now: datetime) -> datetime | None:
    if partner.payee_changed_at is None:
        return None
    end = partner.payee_changed_at + NEW_ACCOUNT_WAITS
    return end if end > now else None


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
    """Agree to pay.

    Raises Conflict when refunds since the request leave too little on the account, while a new
    account waits, and for a partner who is shut out.
    """
    payout, before = await _step(tx, actor, payout_id, PayoutStatus.APPROVED)
    partner = await tx.get_one(Partner, payout.partner_id)
    if partner.is_blocked:
        raise Conflict("Доступ партнёра закрыт: откройте его или откажите с причиной.")
    if payout.not_before is not None and payout.not_before > now:
        raise Conflict(
            f"Счёт новый, владельцу ушло письмо: одобрить можно с {moment(payout.not_before)}."
        )
    lacking = -(await money_queries.balance(tx, payout.partner_id)).payable
    if lacking > 0:
        raise Conflict(
            f"После заявки были возвраты: на счету не хватает {format_tenge(lacking)}. Откажите "
            "с этой причиной, партнёр подаст новую."
        )
    payout.approved_at = now
    await _done(tx, actor, payout, now, before)


async def pay(tx: WriteTx, actor: Actor, payout_id: UUID, bank_note: str, now: datetime) -> None:
    """Write down that the bank has sent the money; `bank_note`: number of the payment order.

    Raises InvalidInput without it: it cannot be undone, and the partner looks for the money by it.
    """
    number = " ".join(bank_note.split())[:60]
    if not number:
        raise InvalidInput("Напишите номер платёжного поручения из банка.", field="note")
    payout, before = await _step(tx, actor, payout_id, PayoutStatus.PAID)
    payout.closed_at, payout.bank_note = now, number
    await tx.flush()
    await books.paid_out(tx, payout, now)
    await _done(tx, actor, payout, now, before)


async def refuse(tx: WriteTx, actor: Actor, payout_id: UUID, reason: str, now: datetime) -> None:
    """Refuse; the sum is the partner's again. `reason` is read by the partner."""
    reason = reason.strip()[:300]
    if not reason:
        raise InvalidInput("Напишите причину: её прочитает партнёр.", field="reason")
    payout, before = await _step(tx, actor, payout_id, PayoutStatus.REFUSED)
    payout.closed_at, payout.reason = now, reason
    _write(tx, payout, EntryKind.PAYOUT_RETURNED, payout.amount, now)
    await _done(tx, actor, payout, now, before)


async def _step(
    tx: WriteTx, actor: Actor, payout_id: UUID, after: PayoutStatus
) -> tuple[PartnerPayout, str]:
    """Take a payout a step further; return it with its status before.

    Raises PermissionDenied, NotFound, Conflict for a wrong step.
    """
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


async def _done(
    tx: WriteTx, actor: Actor, payout: PartnerPayout, now: datetime, before: str = ""
) -> None:
    """Write the step down, tell the partner by letter and their open pages."""
    await tx.flush()
    status = payout.status
    await audit.record(
        tx, actor, f"payout_{status}", "partner_payout", payout.id,
        before={"status": before} if before else None, after={"status": status},
        amount=payout.amount,
    )  # fmt: skip
    facts = {"payout_id": payout.id, "status": status}
    await mailing.enqueue(tx, mailing.PAYOUT, payout.partner_id, now, **facts)
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
    tx: ReadTx,
    actor: Actor,
    statuses: Sequence[PayoutStatus],
    secrets: SecretBox,
    *,
    page: int = 1,
) -> list[OperatorPayout]:
    """List a page of all partners' payouts with bank details, oldest first, 200 a page."""
    if actor.role not in OPERATORS:
        raise PermissionDenied
    offset = (page - 1) * LISTED
    found = await payout_queries.list_by_status(tx, list(statuses), LISTED, offset)
    return [operator_view(row, partner, secrets) for row, partner in found]


def operator_view(row: PartnerPayout, partner: Partner, secrets: SecretBox) -> OperatorPayout:
    """Return a payout with its bank details, for the operator alone."""
    payee = Payee.from_json(secrets.decrypt(row.payee))
    words = f"{payee.name}, ИИН/БИН {payee.tax_id}, {payee.iban}"
    return OperatorPayout(_row(row), partner.email, words, is_blocked=partner.is_blocked)


async def count(tx: ReadTx, actor: Actor, statuses: Sequence[PayoutStatus]) -> int:
    """Count the payouts of all partners in these states. Raises PermissionDenied."""
    if actor.role not in OPERATORS:
        raise PermissionDenied
    return sum([(await payout_queries.count_in(tx, it))[0] for it in statuses])


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
        not_before=it.not_before,
    )
