"""Closing a payment that nobody has paid: by its payer, by time, by another that buys the same."""

from __future__ import annotations

from uuid import UUID

from cube_demper.db.session import WriteTx
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.audit import service as audit
from cube_demper.domain.billing import payment_queries
from cube_demper.domain.billing.dunning import queries as dunning
from cube_demper.domain.billing.machine import Event, step
from cube_demper.models.billing import Payment, PaymentPurpose, PaymentStatus


async def close(tx: WriteTx, actor: Actor, payment: Payment, event: Event) -> None:
    """Close an open payment; one that is not open stays as it is."""
    to = step(PaymentStatus(payment.status), event)
    if to is None:
        return
    payment.status = to
    await tx.flush()
    await audit.record(tx, actor, f"payment_{to}", "payment", payment.id)
    tx.emit(f"user:{payment.user_id}", "billing", payment.id)


async def drop_renewal(tx: WriteTx, actor: Actor, user_id: UUID) -> None:
    """Close what a saved card was still to pay for the next period: its holder wants that no more.

    Its try is forgotten: whoever wants it after all has it made at once.
    """
    found = await payment_queries.find_open(tx, user_id)
    if found is None or found.card_id is None or found.purpose != PaymentPurpose.RENEW:
        return
    await close(tx, actor, found, Event.CANCEL)
    await dunning.forget_step_of(tx, found.id)


async def close_upgrade(tx: WriteTx, actor: Actor, user_id: UUID) -> None:
    """Close what was to be paid for more of a plan whose money goes back."""
    found = await payment_queries.find_open(tx, user_id)
    if found is not None and found.purpose == PaymentPurpose.UPGRADE:
        await close(tx, actor, found, Event.CANCEL)
