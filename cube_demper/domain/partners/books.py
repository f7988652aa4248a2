"""What the partner programme writes into the ledger; each event is booked once by its key."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from cube_demper.db.session import WriteTx
from cube_demper.domain.billing import ledger
from cube_demper.domain.billing.ledger import Line, Posting
from cube_demper.models.ledger import Account
from cube_demper.models.partner_program import EntryStatus, PartnerPayout, PartnerTransaction

_COST, _HELD, _PAYABLE = Account.PARTNER_COST, Account.PARTNER_HELD, Account.PARTNER_PAYABLE
_OWED_IN: Final = {
    EntryStatus.HELD: _HELD,
    EntryStatus.DOUBTED: _HELD,
    EntryStatus.RELEASED: _PAYABLE,
}


async def accrued(tx: WriteTx, entry: PartnerTransaction, now: datetime) -> None:
    """Book a commission: a cost of ours that is owed to the partner."""
    owed = _OWED_IN[EntryStatus(entry.status)]
    await _move(tx, f"commission:{entry.id}", entry, (owed, _COST), amount=entry.amount, now=now)


async def taken_back(tx: WriteTx, entry: PartnerTransaction, now: datetime) -> None:
    """Book what a refund takes of a commission."""
    owed = _OWED_IN[EntryStatus(entry.status)]
    await _move(
        tx, f"commission_back:{entry.id}", entry, (_COST, owed), amount=-entry.amount, now=now
    )


async def released(
    tx: WriteTx, partner_id: UUID, payment_id: UUID, amount: int, now: datetime
) -> None:
    """Book that a commission may be paid out."""
    lines = _lines(partner_id, (_PAYABLE, _HELD), amount)
    key = f"commission_released:{payment_id}"
    await ledger.post(tx, Posting(key, "commission_released", lines, payment_id), now)


async def denied(
    tx: WriteTx, partner_id: UUID, payment_id: UUID, amount: int, now: datetime
) -> None:
    """Book that a commission is not due after all."""
    lines = _lines(partner_id, (_COST, _HELD), amount)
    key = f"commission_denied:{payment_id}"
    await ledger.post(tx, Posting(key, "commission_denied", lines, payment_id), now)


async def paid_out(tx: WriteTx, payout: PartnerPayout, now: datetime) -> None:
    """Book that the bank has sent a partner's money."""
    lines = [
        Line(Account.PARTNER_PAYABLE, payout.amount, partner_id=payout.partner_id),
        Line(Account.BANK, -payout.amount),
    ]
    await ledger.post(tx, Posting(f"payout:{payout.id}", "payout", lines), now)


async def _move(
    tx: WriteTx,
    key: str,
    entry: PartnerTransaction,
    accounts: tuple[Account, Account],
    *,
    amount: int,
    now: datetime,
) -> None:
    lines = _lines(entry.partner_id, accounts, amount)
    await ledger.post(tx, Posting(key, entry.kind, lines, entry.payment_id), now)


def _lines(partner_id: UUID, accounts: tuple[Account, Account], amount: int) -> list[Line]:
    """Owe `amount` more in the first account and less in the second; what is owed is negative."""
    to, source = accounts
    return [
        Line(to, -amount, partner_id=partner_id),
        Line(source, amount, partner_id=partner_id),
    ]
