"""What a person may spend of their balance: what is promised back to them is no longer theirs to spend."""

from __future__ import annotations

from uuid import UUID

from cube_demper.db.session import ReadTx
from cube_demper.domain.billing import ledger, payment_queries


async def spendable(tx: ReadTx, user_id: UUID) -> int:
    """Return the balance less refunds of it that are on their way, in tiyn; never below zero."""
    owed = await ledger.owed_to_user(tx, user_id)
    return max(0, owed - await payment_queries.sum_promised(tx, user_id)) if owed > 0 else 0
