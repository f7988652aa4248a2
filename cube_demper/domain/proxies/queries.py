"""All SQL of proxies."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select

from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.models.operations import Proxy


async def upsert(tx: WriteTx, rows: Sequence[dict[str, object]]) -> None:
    """Add proxies; a known host and port takes the new address."""
    if not rows:
        return
    unique = list({str(row["label"]): row for row in rows}.values())
    statement = insert(Proxy).values(unique)
    await tx.execute(
        statement.on_conflict_do_update(
            index_elements=["label"], set_={"url": statement.excluded.url, "is_enabled": True}
        )
    )


async def list_enabled(tx: ReadTx) -> Sequence[str]:
    """Return the encrypted addresses in use, in a steady order."""
    rows = await tx.scalars(
        select(Proxy.url).where(col(Proxy.is_enabled)).order_by(col(Proxy.label))
    )
    return rows.all()
