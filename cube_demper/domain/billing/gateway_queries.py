"""All SQL of saved cards, tries to move money and webhooks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, func, select

from cube_demper.core.ids import new_id
from cube_demper.db.session import ReadTx, WriteTx
from cube_demper.models.billing import Payment, Refund, Subscription, SubscriptionStatus
from cube_demper.models.gateway import (
    ChargeAttempt,
    ChargeResult,
    EventStanding,
    GatewayEventRow,
    PaymentCard,
    RefundAttempt,
)

OPEN_CHARGES = (ChargeResult.SENT, ChargeResult.UNKNOWN)


async def list_cards(tx: ReadTx, user_id: UUID) -> Sequence[PaymentCard]:
    """Return a person's cards, the default one first."""
    rows = await tx.scalars(
        select(PaymentCard)
        .where(col(PaymentCard.user_id) == user_id, col(PaymentCard.removed_at).is_(None))
        .order_by(col(PaymentCard.is_default).desc(), col(PaymentCard.created_at).desc())
        .limit(50)
    )
    return rows.all()


async def find_card(tx: ReadTx, card_id: UUID) -> PaymentCard | None:
    """Return a card that was not removed."""
    row: PaymentCard | None = await tx.scalar(
        select(PaymentCard)
        .where(col(PaymentCard.id) == card_id, col(PaymentCard.removed_at).is_(None))
        .execution_options(populate_existing=True)
    )
    return row


async def find_card_by_token(
    tx: ReadTx, user_id: UUID, hashes: Sequence[bytes]
) -> PaymentCard | None:
    """Return a person's card by its token's fingerprints, a removed one too."""
    row: PaymentCard | None = await tx.scalar(
        select(PaymentCard).where(
            col(PaymentCard.user_id) == user_id, col(PaymentCard.token_hash).in_(hashes)
        )
    )
    return row


async def clear_default(tx: WriteTx, user_id: UUID) -> None:
    """Leave a person without a default card."""
    await tx.execute(
        update(PaymentCard)
        .where(col(PaymentCard.user_id) == user_id, col(PaymentCard.is_default))
        .values(is_default=False)
    )


async def set_renewing_card(
    tx: WriteTx, user_id: UUID, card_id: UUID | None, now: datetime
) -> None:
    """Renew a person's active plan with this card from now on; without a plan nothing happens."""
    await tx.execute(
        update(Subscription)
        .where(
            col(Subscription.user_id) == user_id,
            col(Subscription.status) == SubscriptionStatus.ACTIVE,
        )
        .values(card_id=card_id, next_step_at=now)
    )


async def find_open_attempt(tx: ReadTx, payment_id: UUID) -> ChargeAttempt | None:
    """Return the try whose outcome is not known."""
    row: ChargeAttempt | None = await tx.scalar(
        select(ChargeAttempt)
        .where(
            col(ChargeAttempt.payment_id) == payment_id,
            col(ChargeAttempt.outcome).in_(OPEN_CHARGES),
        )
        .execution_options(populate_existing=True)
    )
    return row


async def find_unsent_attempt(tx: ReadTx, payment_id: UUID) -> ChargeAttempt | None:
    """Return the try that never left; a payment has one at most."""
    row: ChargeAttempt | None = await tx.scalar(
        select(ChargeAttempt)
        .where(
            col(ChargeAttempt.payment_id) == payment_id,
            col(ChargeAttempt.outcome) == ChargeResult.NOT_SENT,
        )
        .order_by(col(ChargeAttempt.started_at).desc())
        .limit(1)
        .execution_options(populate_existing=True)
    )
    return row


async def has_ended_try(tx: ReadTx, payment_id: UUID, transaction_id: str) -> bool:
    """Tell whether a try of this payment is known to have ended with this transaction."""
    found = await tx.scalar(
        select(col(ChargeAttempt.id))
        .where(
            col(ChargeAttempt.payment_id) == payment_id,
            col(ChargeAttempt.transaction_id) == transaction_id,
            col(ChargeAttempt.outcome).not_in(OPEN_CHARGES),
        )
        .limit(1)
    )
    return found is not None


async def has_open_attempt(tx: ReadTx, user_id: UUID) -> bool:
    """Tell whether any try to charge this person has no known outcome, whichever payment it is of."""
    found = await tx.scalar(
        select(col(ChargeAttempt.id))
        .join(Payment, col(Payment.id) == col(ChargeAttempt.payment_id))
        .where(col(Payment.user_id) == user_id, col(ChargeAttempt.outcome).in_(OPEN_CHARGES))
        .limit(1)
    )
    return found is not None


async def list_open_attempts(tx: ReadTx, before: datetime, limit: int) -> Sequence[UUID]:
    """Return payments with a try begun before then whose outcome is not known, the oldest first."""
    rows = await tx.scalars(
        select(col(ChargeAttempt.payment_id))
        .where(
            col(ChargeAttempt.outcome).in_(OPEN_CHARGES), col(ChargeAttempt.started_at) <= before
        )
        .order_by(col(ChargeAttempt.started_at))
        .limit(limit)
    )
    return rows.all()


async def find_refund_attempt(tx: ReadTx, refund_id: UUID) -> RefundAttempt | None:
    """Return how a refund's sending stands."""
    row: RefundAttempt | None = await tx.scalar(
        select(RefundAttempt)
        .where(col(RefundAttempt.refund_id) == refund_id)
        .execution_options(populate_existing=True)
    )
    return row


async def hold_event(
    tx: WriteTx, kind: str, transaction_id: str, values: dict[str, Any]
) -> GatewayEventRow:
    """Keep a webhook once, and hold its row until this transaction ends; the same one waits for it."""
    await tx.execute(
        insert(GatewayEventRow)
        .values(id=new_id(), kind=kind, transaction_id=transaction_id, **values)
        .on_conflict_do_nothing(index_elements=["kind", "transaction_id"])
    )
    row: GatewayEventRow = (
        await tx.scalars(
            select(GatewayEventRow)
            .where(
                col(GatewayEventRow.kind) == kind,
                col(GatewayEventRow.transaction_id) == transaction_id,
            )
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    ).one()
    return row


async def hold_waiting(
    tx: WriteTx, *, invoice_id: str = "", event_id: UUID | None = None
) -> Sequence[GatewayEventRow]:
    """Hold the webhooks that wait: one, or those of an invoice; what another holds is left out."""
    query = select(GatewayEventRow).where(col(GatewayEventRow.standing) == EventStanding.WAITING)
    query = (
        query.where(col(GatewayEventRow.id) == event_id)
        if event_id
        else query.where(col(GatewayEventRow.invoice_id) == invoice_id)
    )
    rows = await tx.scalars(
        query.order_by(col(GatewayEventRow.received_at))
        .limit(100)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    return rows.all()


async def list_waiting(tx: ReadTx, limit: int) -> Sequence[UUID]:
    """Return webhooks that wait, those first that were tried longest ago."""
    rows = await tx.scalars(
        select(col(GatewayEventRow.id))
        .where(col(GatewayEventRow.standing) == EventStanding.WAITING)
        .order_by(col(GatewayEventRow.handled_at).nulls_first(), col(GatewayEventRow.received_at))
        .limit(limit)
    )
    return rows.all()


async def count_events(tx: ReadTx, standing: EventStanding, since: datetime) -> dict[str, int]:
    """Return how many webhooks stand so since then, by their reason."""
    rows = await tx.execute(
        select(GatewayEventRow.reason, func.count())
        .where(
            col(GatewayEventRow.standing) == standing,
            col(GatewayEventRow.received_at) >= since,
            # A refused «Check» is our own answer, and nothing was paid.
            col(GatewayEventRow.kind) != "check",
        )
        .group_by(col(GatewayEventRow.reason))
    )
    return dict(rows.tuples().all())


async def list_paid_by_card(
    tx: ReadTx, since: datetime, until: datetime, limit: int
) -> Sequence[Payment]:
    """Return payments that the gateway took in a span of time."""
    rows = await tx.scalars(
        select(Payment)
        .where(
            col(Payment.method) == "card",
            col(Payment.gateway_transaction_id).is_not(None),
            col(Payment.paid_at) >= since,
            col(Payment.paid_at) < until,
        )
        .order_by(col(Payment.paid_at))
        .limit(limit)
    )
    return rows.all()


async def known_transactions(tx: ReadTx, ids: Sequence[str]) -> dict[str, int]:
    """Return the sums that we know these transactions by: payments and refunds."""
    payments = await tx.execute(
        select(Payment.gateway_transaction_id, Payment.amount - Payment.from_balance).where(
            col(Payment.gateway_transaction_id).in_(ids)
        )
    )
    refunds = await tx.execute(
        select(Refund.gateway_refund_id, Refund.amount - Refund.to_balance).where(
            col(Refund.gateway_refund_id).in_(ids)
        )
    )
    return {str(key): value for key, value in [*payments.tuples(), *refunds.tuples()]}
