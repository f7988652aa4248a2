"""One connection of a merchant at a time, in whichever way it is made."""

from __future__ import annotations

from sqlalchemy import func, select

from cube_demper.db.session import WriteTx


async def lock_merchant(tx: WriteTx, merchant_id: str) -> None:
    """Hold everybody else's connection of this merchant until the transaction ends."""
    key = func.hashtextextended(f"merchant:{merchant_id}", 0)
    await tx.execute(select(func.pg_advisory_xact_lock(key)))
