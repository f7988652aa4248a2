"""Papers of payments as facts: an invoice when it is asked for, an act once the days it paid for are over.

Both sides stand on a paper as they were; its number is the next of its year, without gaps.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from cube_demper.core.clock import ALMATY
from cube_demper.core.errors import Conflict, InvalidInput, NotFound, PermissionDenied
from cube_demper.core.russian import day_words
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.accounts.schemas import Actor, Role
from cube_demper.domain.audit import service as audit
from cube_demper.domain.billing import paper_queries, queries, rules
from cube_demper.domain.billing.machine import SETTLED
from cube_demper.models.billing import Payment
from cube_demper.models.invoices import Invoice, PaperKind


@dataclass(frozen=True, slots=True)
class Side:
    """A company or a person as papers name them. `vat_percent` empty: no VAT."""

    company: str = ""
    bin: str = ""
    address: str = ""
    iban: str = ""
    bank: str = ""
    bik: str = ""
    kbe: str = ""
    signer: str = ""
    vat_percent: str = ""

    @property
    def is_complete(self) -> bool:
        """Tell whether a paper may be issued by this side: nothing on it is invented."""
        return all((self.company, self.bin, self.iban, self.bank, self.bik))


async def issue(
    tx: WriteTx, actor: Actor, payment_id: UUID, now: datetime, *, kind: PaperKind, operator: Side
) -> Invoice:
    """Return the payment's paper of this kind; the first time it gets its number and its requisites.

    Raises NotFound for anybody else's payment, Conflict where there is nothing to issue yet, InvalidInput
    while requisites of one side are missing.
    """
    payment = await _own_payment(tx, actor, payment_id)
    if (found := await paper_queries.find(tx, payment.id, kind)) is not None:
        return found
    amount = _amount(payment, kind, now)
    buyer = await _buyer(tx, payment.user_id)
    if not operator.is_complete:
        raise InvalidInput("Реквизиты сервиса ещё не заданы: напишите в поддержку.")
    issued_on = now.astimezone(ALMATY).date()
    paper = Invoice(
        kind=kind,
        year=issued_on.year,
        number=await paper_queries.next_number(tx, kind, issued_on.year),
        user_id=payment.user_id,
        payment_id=payment.id,
        title=_title(payment, kind),
        amount=amount,
        issued_at=now,
        issued_on=issued_on,
        requisites={"seller": asdict(operator), "buyer": asdict(buyer)},
    )
    tx.add(paper)
    await tx.flush()
    await audit.record(
        tx, actor, "paper_issued", "payment", payment.id, kind=kind, number=paper.number
    )
    tx.emit(f"user:{payment.user_id}", "billing", payment.id)
    return paper


async def get_own(tx: ReadTx, actor: Actor, paper_id: UUID) -> Invoice:
    """Return a paper of the actor's seller. Raises NotFound."""
    row = await tx.get(Invoice, paper_id)
    if row is None or row.user_id != actor.owner_id:
        raise NotFound
    return row


async def due_acts(tx: ReadTx, actor: Actor, now: datetime, limit: int = 100) -> Sequence[UUID]:
    """Return payments whose days are over and whose payer has requisites, without an act."""
    if actor.role is not Role.SYSTEM:
        raise PermissionDenied
    return await paper_queries.list_due_acts(tx, now, limit)


async def _own_payment(tx: WriteTx, actor: Actor, payment_id: UUID) -> Payment:
    row = await tx.get(Payment, payment_id)
    is_product = actor.role in (Role.SYSTEM, Role.ADMIN)
    if row is None or (not is_product and row.user_id != actor.owner_id):
        raise NotFound
    await queries.lock_user(tx, row.user_id)
    await tx.refresh(row)
    return row


def _amount(payment: Payment, kind: PaperKind, now: datetime) -> int:
    if kind is PaperKind.INVOICE:
        due = payment.amount - payment.from_balance
        if due <= 0:
            raise Conflict("Этот счёт оплачен с баланса.")
        return due
    is_over = payment.service_to is not None and payment.service_to <= now
    left = payment.amount - payment.refunded
    if payment.status not in SETTLED or payment.is_credited or not is_over or left <= 0:
        raise Conflict("Акт будет готов, когда закончатся оплаченные дни.")
    return left


async def _buyer(tx: ReadTx, user_id: UUID) -> Side:
    row = await paper_queries.find_requisites(tx, user_id)
    if row is None:
        raise InvalidInput("Сначала заполните реквизиты: без них счёт не выставить.")
    return Side(row.company, row.bin, row.address, row.iban, row.bank, row.bik)


def _title(payment: Payment, kind: PaperKind) -> str:
    title = f"Доступ к сервису Cube Demper, тариф {payment.plan.upper()}"
    if kind is PaperKind.ACT and payment.service_from and payment.service_to:
        first = payment.service_from.astimezone(ALMATY).date()
        last = payment.service_to.astimezone(ALMATY).date()
        return f"{title}, с {day_words(first)} {first.year} по {day_words(last)} {last.year}"
    is_upgrade = payment.purpose == "upgrade"
    return f"{title}, {'доплата за оставшиеся дни' if is_upgrade else f'{rules.PERIOD_DAYS} дней'}"
