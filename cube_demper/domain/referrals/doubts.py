"""What an operator decides about bonuses that signs of fraud hold."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from cube_demper.core.errors import Conflict, InvalidInput, NotFound, PermissionDenied
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.domain.accounts.schemas import Actor, Role
from cube_demper.domain.audit import service as audit
from cube_demper.domain.referrals import queries
from cube_demper.domain.referrals.schemas import DoubtedBonus
from cube_demper.models.referrals import ReferralKind, ReferralTransaction

_MOST = 200


async def doubted(tx: ReadTx, actor: Actor) -> list[DoubtedBonus]:
    """List bonuses that wait for a person, oldest first, at most 200. Raises PermissionDenied."""
    _operator_only(actor)
    return [
        DoubtedBonus(row.id, row.amount, tuple(row.doubts), seller, friend or "удалён")
        for row, seller, friend in await queries.doubted(tx, _MOST)
    ]


async def count_doubted(tx: ReadTx, actor: Actor) -> int:
    """Count bonuses that wait for a person. Raises PermissionDenied."""
    _operator_only(actor)
    return await queries.count_doubted(tx)


async def clear(tx: WriteTx, actor: Actor, bonus_id: UUID, now: datetime) -> None:
    """Decide that the signs mean nothing: the bonus is paid when its hold ends, as any other.

    Raises NotFound, Conflict when it is decided already, PermissionDenied.
    """
    bonus = await _waiting(tx, actor, bonus_id)
    bonus.cleared_at = now
    await _decided(tx, actor, bonus, "bonus_cleared")


async def deny(tx: WriteTx, actor: Actor, bonus_id: UUID, reason: str, now: datetime) -> None:
    """Decide that a bonus is not due; the seller reads `reason`. Raises as `clear` does, InvalidInput."""
    bonus = await _waiting(tx, actor, bonus_id)
    if not reason.strip():
        raise InvalidInput("Напишите причину: её прочитает продавец.")
    for entry in await queries.entries_of_payment(tx, bonus.payment_id):
        entry.denied_at = now
    bonus.note = reason.strip()[:300]
    await _decided(tx, actor, bonus, "bonus_denied")


async def _waiting(tx: WriteTx, actor: Actor, bonus_id: UUID) -> ReferralTransaction:
    _operator_only(actor)
    bonus = await tx.get(ReferralTransaction, bonus_id)
    if bonus is None or bonus.kind != ReferralKind.BONUS:
        raise NotFound("Такого бонуса нет.")
    await queries.lock(tx, bonus.user_id)
    await tx.refresh(bonus)
    if not bonus.doubts or bonus.cleared_at or bonus.denied_at or bonus.released_at:
        raise Conflict("По этому бонусу уже решено.")
    return bonus


async def _decided(tx: WriteTx, actor: Actor, bonus: ReferralTransaction, action: str) -> None:
    await tx.flush()
    await audit.record(
        tx, actor, action, "referral_transaction", bonus.id, owner=bonus.user_id,
        before={"status": "doubted"},
        after={"status": "denied" if bonus.denied_at else "cleared"},
        amount=bonus.amount, note=bonus.note,
    )  # fmt: skip
    tx.emit(f"user:{bonus.user_id}", "referrals")


def _operator_only(actor: Actor) -> None:
    if actor.role not in (Role.SYSTEM, Role.ADMIN):
        raise PermissionDenied
