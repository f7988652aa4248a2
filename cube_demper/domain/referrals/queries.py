"""SQL of bonuses for friends."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Uuid, and_, bindparam, func, or_, select, text
from sqlalchemy.orm import aliased
from sqlmodel import col

from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.referrals.schemas import Signs
from cube_demper.models.accounts import User
from cube_demper.models.referrals import ReferralKind, ReferralTransaction

_FRIENDS: Final = """
SELECT u.email, u.full_name AS name, u.created_at AS came_at,
    u.email_confirmed_at IS NOT NULL AS is_confirmed,
    EXISTS (SELECT FROM kaspi_stores s WHERE s.user_id = u.id) AS has_store,
    b.amount AS bonus, b.hold_until, b.released_at, b.doubts, b.cleared_at, b.denied_at, b.note,
    (SELECT coalesce(-sum(t.amount), 0) FROM referral_transactions t
        WHERE t.payment_id = b.payment_id AND t.kind = 'take_back')::bigint AS taken_back
FROM users u
LEFT JOIN referral_transactions b
    ON b.referred_user_id = u.id AND b.user_id = :owner AND b.kind = 'bonus'
WHERE u.referred_by = :owner
ORDER BY u.created_at DESC, u.id
LIMIT :most
"""
_SIGNS: Final = """
WITH friends AS (SELECT id FROM users WHERE referred_by = :owner),
here AS (
    SELECT DISTINCT ip, user_agent FROM user_sessions
    WHERE user_id = :friend AND ip <> '' AND impersonated_by IS NULL
),
own AS (
    SELECT ip, user_agent FROM user_sessions
    WHERE user_id = :owner AND created_at >= :since AND impersonated_by IS NULL
)
SELECT (SELECT email FROM users WHERE id = :friend) AS email,
    EXISTS (SELECT FROM own JOIN here USING (ip)) AS is_own_address,
    EXISTS (SELECT FROM own JOIN here USING (ip, user_agent)) AS is_own_device,
    EXISTS (
        SELECT FROM payment_cards mine JOIN payment_cards theirs
            ON theirs.user_id <> mine.user_id AND (
                theirs.token_hash = mine.token_hash
                OR (mine.last_four <> '' AND mine.expires <> '' AND (theirs.first_six, theirs.last_four,
                    theirs.expires) = (mine.first_six, mine.last_four, mine.expires))
            )
        WHERE mine.user_id = :friend
            AND (theirs.user_id = :owner OR theirs.user_id IN (SELECT id FROM friends))
    ) AS is_own_card,
    (SELECT count(DISTINCT s.user_id) FROM user_sessions s
        WHERE s.user_id IN (SELECT id FROM friends) AND s.created_at >= :since
            AND s.ip IN (SELECT ip FROM here) AND s.impersonated_by IS NULL)::int AS from_address
"""
_TOTALS: Final = """
SELECT (SELECT count(*) FROM users WHERE referred_by = :owner)::int AS friends,
    count(*) FILTER (WHERE kind = 'bonus')::int AS paying,
    coalesce(sum(amount) FILTER (WHERE released_at IS NOT NULL), 0)::bigint AS earned,
    coalesce(sum(amount) FILTER (WHERE released_at IS NULL AND denied_at IS NULL), 0)::bigint AS held
FROM referral_transactions WHERE user_id = :owner
"""

_IS_TRUSTED: Final = or_(
    func.cardinality(col(ReferralTransaction.doubts)) == 0,
    col(ReferralTransaction.cleared_at).is_not(None),
)
_WAITS_FOR_A_PERSON: Final = and_(
    col(ReferralTransaction.kind) == ReferralKind.BONUS,
    col(ReferralTransaction.released_at).is_(None),
    col(ReferralTransaction.denied_at).is_(None),
    ~_IS_TRUSTED,
)


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
                col(ReferralTransaction.denied_at).is_(None),
                _IS_TRUSTED,
                col(ReferralTransaction.hold_until) <= now,
            )
            .order_by(col(ReferralTransaction.user_id), col(ReferralTransaction.id))
            .limit(limit)
        )
    ).all()


async def doubted(tx: ReadTx, limit: int) -> Sequence[tuple[ReferralTransaction, str, str | None]]:
    """List bonuses that wait for a person, oldest first, with the mails of seller and friend."""
    seller, friend = aliased(User), aliased(User)
    rows = await tx.execute(
        select(ReferralTransaction, col(seller.email), col(friend.email))
        .join(seller, col(seller.id) == col(ReferralTransaction.user_id))
        .outerjoin(friend, col(friend.id) == col(ReferralTransaction.referred_user_id))
        .where(_WAITS_FOR_A_PERSON)
        .order_by(col(ReferralTransaction.at), col(ReferralTransaction.id))
        .limit(limit)
    )
    return rows.tuples().all()


async def count_doubted(tx: ReadTx) -> int:
    """Count bonuses that wait for a person."""
    counted = select(func.count()).select_from(ReferralTransaction).where(_WAITS_FOR_A_PERSON)
    return await tx.scalar(counted) or 0


async def signs(tx: ReadTx, owner_id: UUID, friend_id: UUID, since: datetime) -> Signs:
    """Read what a friend has in common with the seller who invited them; sessions `since` count."""
    people = [bindparam(name, type_=Uuid()) for name in ("owner", "friend")]
    statement = text(_SIGNS).bindparams(*people)
    given = {"owner": owner_id, "friend": friend_id, "since": since}
    return Signs(**(await tx.execute(statement, given)).mappings().one())


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
