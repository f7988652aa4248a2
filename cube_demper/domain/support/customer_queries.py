"""SQL of the customer's card that no other noun answers."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, func, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from cube_demper.db.session import ReadTx
from cube_demper.domain.support.customer_schemas import OrdersBrief
from cube_demper.models.accounts import User
from cube_demper.models.orders import Order
from cube_demper.models.support import SupportChat

People = tuple[User, User | None]


async def find_people(tx: ReadTx, chat_id: UUID) -> People | None:
    """Find who writes in a chat, and the seller whose business it is where that is somebody else."""
    owner = aliased(User)
    query = (
        select(User, owner)
        .select_from(SupportChat)
        .join(User, col(User.id) == col(SupportChat.user_id))
        .outerjoin(
            owner,
            and_(
                col(owner.id) == col(SupportChat.owner_id),
                col(SupportChat.owner_id) != col(SupportChat.user_id),
            ),
        )
        .where(col(SupportChat.id) == chat_id)
    )
    row = (await tx.execute(query)).one_or_none()
    return None if row is None else (row[0], row[1])


async def orders_brief(
    tx: ReadTx, store_ids: Collection[UUID], today: datetime, week: datetime
) -> OrdersBrief:
    """Count orders since two moments; the last one of all."""
    if not store_ids:
        return OrdersBrief()
    ordered = col(Order.ordered_at)
    counted = select(
        func.count().filter(ordered >= today), func.count().filter(ordered >= week)
    ).where(col(Order.store_id).in_(store_ids), ordered >= min(today, week))
    latest = select(func.max(ordered)).where(col(Order.store_id).in_(store_ids))
    in_day, in_week = (await tx.execute(counted)).one()
    return OrdersBrief(in_day, in_week, await tx.scalar(latest))
