"""A try to charge a card, written down before the call; one that never left is the same try next time."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from cube_demper.core.ids import new_id
from cube_demper.db.session import WriteTx
from cube_demper.domain.billing import gateway_queries
from cube_demper.models.billing import Payment
from cube_demper.models.gateway import ChargeAttempt, ChargeResult


async def begin(tx: WriteTx, payment: Payment, card_id: UUID, now: datetime) -> ChargeAttempt:
    """Return a try that is about to leave; one that never left is begun again, under a new id."""
    attempt = await gateway_queries.find_unsent_attempt(tx, payment.id)
    if attempt is None:
        attempt = ChargeAttempt(payment_id=payment.id, request_id=new_id(), started_at=now)
    else:
        attempt.tries += 1
        attempt.request_id, attempt.started_at = new_id(), now
    attempt.card_id, attempt.outcome, attempt.words = card_id, ChargeResult.SENT, None
    tx.add(attempt)
    await tx.flush()
    return attempt
