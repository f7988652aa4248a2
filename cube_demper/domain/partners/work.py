"""What the workers call: payments that came and went, and the end of the hold."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from cube_demper.core.errors import PermissionDenied
from cube_demper.db.session import WriteTx
from cube_demper.domain.accounts.schemas import Actor, Role
from cube_demper.domain.partners.accrual import settle
from cube_demper.domain.partners.schemas import Payment
from cube_demper.models import billing


async def accrue(tx: WriteTx, actor: Actor, payload: dict[str, Any], now: datetime) -> None:
    """Handle `billing.paid`: the partner who brought this seller earns their share, on hold."""
    await _settle(tx, actor, UUID(payload["payment_id"]), now)


async def take_back(tx: WriteTx, actor: Actor, payload: dict[str, Any], now: datetime) -> None:
    """Handle `billing.refunded`: the same share of what was given back is taken back."""
    await _settle(tx, actor, UUID(payload["payment_id"]), now)


async def _settle(tx: WriteTx, actor: Actor, payment_id: UUID, now: datetime) -> None:
    """Read the payment as it is now: the two topics may be delivered in any order, and twice."""
    if actor.role is not Role.SYSTEM:
        raise PermissionDenied
    found = await tx.get(billing.Payment, payment_id, populate_existing=True)
    if found is None or found.paid_at is None:
        return
    money = found.amount - found.from_balance
    payment = Payment(
        id=found.id,
        user_id=found.user_id,
        money=money,
        # What a card paid goes back first (`billing.refunds`): the balance's part earned nothing.
        refunded=min(found.refunded, money),
        paid_at=found.paid_at,
    )
    await settle(tx, payment, now)
