"""SQL of bonuses for friends."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Uuid, bindparam, select, text
from sqlmodel import col

from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.models.accounts import User
from cube_demper.models.referrals import ReferralKind, ReferralTransaction

_FRIENDS: Final = """
SELECT u.email, u.full_name AS name, u.created_at AS came_at,
    u.email_confirmed_at IS NOT NULL AS is_confirmed,
    EXISTS (SELECT FROM kaspi_stores s WHERE s.user_id = u.id) AS has_store,
    coalesce(t.bonuses, 0) AS bonuses, coalesce(t.bonus, 0)::bigint AS bonus,
    coalesce(t.taken_back, 0)::bigint AS taken_back, t.hold_until, t.released_at
FROM users u
LEFT JOIN LATERAL (
    SELECT count(*) FILTER (WHERE kind = 'bonus') AS bonuses,
        sum(amount) FILTER (WHERE kind = 'bonus') AS bonus,
        -sum(amount) FILTER (WHERE kind = 'take_back') AS taken_back,
        max(hold_until) AS hold_until, max(released_at) FILTER (WHERE kind = 'bonus') AS released_at
    FROM referral_transactions WHERE referred_user_id = u.id AND user_id = :owner
) t ON true
WHERE u.referred_by = :owner
ORDER BY u.created_at DESC, u.id
LIMIT :most
"""
_TOTALS: Final = """
SELECT (SELECT count(*) FROM users WHERE referred_by = :owner)::int AS friends,
    count(*) FILTER (WHERE kind = 'bonus')::int AS paying,
    coalesce(sum(amount) FILTER (WHERE released_at IS NOT NULL), 0)::bigint AS earned,
    coalesce(sum(amount) FILTER (WHERE released_at IS NULL), 0)::bigint AS held
FROM referral_transactions WHERE user_id = :owner
"""


async def inviter_of(tx: ReadTx, user_id: UUID) -> UUID | None:
    """Return who brought a seller."""
    found: UUID | None = await tx.scalar(
        select(col(User.referred_by)).where(col(User.id) == user_id)
    )
    return found


async def lock(tx: WriteTx, user_id: UUID) -> None:
    """Let one transaction at a time count a seller's bonuses."""
    await tx.scalar(
        select(col(User.id)).where(col(User.id) == user_id).with_for_update(key_share=True)
    )


async def entries_of_friend(tx: ReadTx, friend_id: UUID) -> Sequence[ReferralTransaction]:
    """List the lines of a friend, the bonus first."""
    return (
        await tx.scalars(
            select(ReferralTransaction)
            .where(col(ReferralTransaction.referred_user_id) == friend_id)
            .order_by(col(ReferralTransaction.kind), col(ReferralTransaction.at))
            .execution_options(populate_existing=True)
        )
    ).all()


async def entries_of_payment(tx: ReadTx, payment_id: UUID) -> Sequence[ReferralTransaction]:
    """List the lines of a payment, the bonus first."""
    return (
        await tx.scalars(
            select(ReferralTransaction)
            .where(col(ReferralTransaction.payment_id) == payment_id)
            .order_by(col(ReferralTransaction.kind), col(ReferralTransaction.at))
            .execution_options(populate_existing=True)
        )
    ).all()


async def due(tx: ReadTx, now: datetime, limit: int) -> Sequence[ReferralTransaction]:
    """List bonuses whose hold has ended."""
    return (
        await tx.scalars(
            select(ReferralTransaction)
            .where(
                col(ReferralTransaction.kind) == ReferralKind.BONUS,
                col(ReferralTransaction.released_at).is_(None),
                col(ReferralTransaction.hold_until) <= now,
            )
            .order_by(col(ReferralTransaction.user_id), col(ReferralTransaction.id))
            .limit(limit)
        )
    ).all()


async def friends(tx: ReadTx, owner_id: UUID, most: int) -> Sequence[dict[str, Any]]:
    """List the newest friends of a seller with what came of each."""
    statement = text(_FRIENDS).bindparams(bindparam("owner", type_=Uuid()))
    rows = await tx.execute(statement, {"owner": owner_id, "most": most})
    return [dict(row) for row in rows.mappings().all()]


async def totals(tx: ReadTx, owner_id: UUID) -> dict[str, int]:
    """Add up a seller's bonuses."""
    statement = text(_TOTALS).bindparams(bindparam("owner", type_=Uuid()))
    row = (await tx.execute(statement, {"owner": owner_id})).mappings().one()
    return dict(row)
