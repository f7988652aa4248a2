"""SQL of printed waybills."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, select, update
from sqlalchemy.orm import defer, undefer
from sqlmodel import col

from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.accounts.schemas import Actor, Role
from cube_demper.domain.orders.doing.queries import standing
from cube_demper.models.doing import WaybillPrint
from cube_demper.models.orders import Order, OrdersToken
from cube_demper.models.stores import KaspiStore


async def find(
    tx: ReadTx, print_id: UUID, owner_id: UUID | None = None, *, with_file: bool = False
) -> WaybillPrint | None:
    """Return a file, of this owner unless None; its content only on demand."""
    content = col(WaybillPrint.pdf)
    query = select(WaybillPrint).where(col(WaybillPrint.id) == print_id)
    if owner_id is not None:
        query = query.where(col(WaybillPrint.owner_id) == owner_id)
    loading = undefer(content) if with_file else defer(content)  # type: ignore[arg-type]
    found: WaybillPrint | None = await tx.scalar(
        query.options(loading).execution_options(populate_existing=True)
    )
    return found


async def list_wanted(tx: ReadTx, order_ids: Sequence[UUID], owner_id: UUID) -> Sequence[Row[Any]]:
    """Return orders of a seller as `doing.queries.standing` does, with links and keys."""
    rows = await tx.execute(
        standing(Actor(Role.USER, owner_id))
        .add_columns(
            col(Order.waybill_url),
            col(KaspiStore.merchant_id),
            col(KaspiStore.guid),
            col(OrdersToken.token),
        )
        .where(col(Order.id).in_(order_ids))
    )
    found: Sequence[Row[Any]] = rows.all()
    return found


async def update_print(tx: WriteTx, print_id: UUID, values: dict[str, Any]) -> None:
    """Change a file's row."""
    await tx.execute(update(WaybillPrint).where(col(WaybillPrint.id) == print_id).values(**values))


async def forget_expired(tx: WriteTx, now: datetime) -> None:
    """Delete files whose day is over."""
    await tx.execute(delete(WaybillPrint).where(col(WaybillPrint.expires_at) <= now))
