"""The one way into the ledger: whole postings, each booked once by its key. Sums in tiyn.

A positive line is what came to an account that holds money, or a cost; what is owed and what is
earned is negative. The database refuses a change, a removal and a posting that is not zero.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID, uuid5

from sqlalchemy import func
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select

from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.models.ledger import Account, LedgerEntry

_NAMES: Final = UUID("9d3c1b0e-6a51-4a5e-9f0a-1f3a7f6f0c11")
"""The namespace of postings' ids."""


@dataclass(frozen=True, slots=True)
class Line:
    """One account's part. `user_id` is for CUSTOMER alone, `partner_id` for the partners' accounts."""

    account: Account
    amount: int
    user_id: UUID | None = None
    partner_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Posting:
    """One event in money. `key` names the event («paid:<id>»); lines of 0 are left out."""

    key: str
    reason: str
    lines: Sequence[Line]
    payment_id: UUID | None = None
    refund_id: UUID | None = None


async def post(tx: WriteTx, posting: Posting, now: datetime) -> bool:
    """Book it; False when it was booked before. Raises ValueError when its sum is not zero."""
    lines = [line for line in posting.lines if line.amount]
    if sum(line.amount for line in lines):
        raise ValueError(f"posting {posting.key} does not sum to zero")
    if not lines:
        return False
    posting_id = uuid5(_NAMES, posting.key)
    common: dict[str, object] = {
        "posting_id": posting_id,
        "payment_id": posting.payment_id,
        "refund_id": posting.refund_id,
        "reason": posting.reason,
        "at": now,
    }
    rows = [
        common
        | {
            "line": number,
            "account": line.account,
            "amount": line.amount,
            "user_id": line.user_id,
            "partner_id": line.partner_id,
        }
        for number, line in enumerate(lines)
    ]
    added = await tx.scalars(
        insert(LedgerEntry)
        .values(rows)
        .on_conflict_do_nothing(index_elements=["posting_id", "line"])
        .returning(col(LedgerEntry.id))
    )
    return bool(added.all())


async def owed_to_user(tx: ReadTx, user_id: UUID) -> int:
    """Return what a user has with us: the balance that pays for a plan. Negative: they owe."""
    return -await _sum(tx, col(LedgerEntry.user_id) == user_id)


async def owed_to_partner(tx: ReadTx, partner_id: UUID, account: Account) -> int:
    """Return what a partner's account (PARTNER_HELD, PARTNER_PAYABLE) holds for them."""
    return -await _sum(
        tx, col(LedgerEntry.partner_id) == partner_id, col(LedgerEntry.account) == account
    )


async def totals(tx: ReadTx) -> dict[Account, int]:
    """Return the sum of each account, for the operator; all of them together are zero."""
    rows = await tx.execute(
        select(col(LedgerEntry.account), func.sum(col(LedgerEntry.amount))).group_by(
            col(LedgerEntry.account)
        )
    )
    return {Account(account): int(total) for account, total in rows.tuples()}


async def _sum(tx: ReadTx, *conditions: object) -> int:
    total = await tx.scalar(
        select(func.coalesce(func.sum(col(LedgerEntry.amount)), 0)).where(*conditions)  # type: ignore[arg-type]
    )
    return int(total or 0)
