"""Payment links: made at the gateway once a payment, opened by whoever pays."""

from __future__ import annotations

from datetime import datetime
from uuid import NAMESPACE_URL, UUID, uuid5

from cube_demper.core.errors import NotFound
from cube_demper.db.session import ReadTx
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.billing import payment_queries, queries
from cube_demper.domain.billing.errors import BeingGivenBack, PaymentClosed
from cube_demper.domain.billing.gateway import NewOrder
from cube_demper.domain.billing.gateway_words import description
from cube_demper.domain.billing.machine import OPEN
from cube_demper.domain.billing.till import Till
from cube_demper.models.accounts import User
from cube_demper.models.billing import Payment, PaymentMethod, PaymentPurpose

_BACK = "/billing?tab=payments"


async def open_link(till: Till, actor: Actor, payment_id: UUID) -> str:
    """Return where the seller pays for an open payment; the same one every time.

    Raises NotFound, PaymentClosed, BeingGivenBack, PermissionDenied, and IntegrationError of the gateway.
    """
    actor.require(None)
    async with till.db.read() as tx:
        payment = await _own(tx, actor, payment_id, till.now())
        if payment.pay_url:
            return payment.pay_url
        user = await tx.get_one(User, payment.user_id)
    link = await till.gateway.create_order(_order(till, payment, user.email))
    async with till.db.write() as tx:
        await queries.lock_user(tx, actor.owner_id)
        fresh = await tx.get_one(Payment, payment_id, populate_existing=True)
        is_open = fresh.status in OPEN
        if is_open:
            fresh.pay_url, fresh.gateway_order_id = link.url, link.order_id
            tx.emit(f"user:{fresh.user_id}", "billing", fresh.id)
    if not is_open:
        await till.gateway.cancel_order(link.order_id)
        raise PaymentClosed
    return link.url


async def _own(tx: ReadTx, actor: Actor, payment_id: UUID, now: datetime) -> Payment:
    payment = await tx.get(Payment, payment_id, populate_existing=True)
    if payment is None or payment.user_id != actor.owner_id:
        raise NotFound
    is_upgrade = payment.purpose == PaymentPurpose.UPGRADE
    if is_upgrade and await payment_queries.is_given_back(tx, actor.owner_id, now):
        raise BeingGivenBack
    if payment.status not in OPEN or payment.method != PaymentMethod.CARD:
        raise PaymentClosed
    if payment.card_id is not None:
        raise PaymentClosed  # the saved card may be paying it this moment
    return payment


def _order(till: Till, payment: Payment, email: str) -> NewOrder:
    back = f"{till.app_url}{_BACK}"
    return NewOrder(
        invoice_id=payment.invoice_id,
        account_id=str(payment.user_id),
        amount=payment.amount - payment.from_balance,
        description=description(payment),
        email=email,
        # Made from the payment, so that a link whose answer was lost is the same link.
        request_id=str(uuid5(NAMESPACE_URL, f"order:{payment.id}")),
        success_url=back,
        fail_url=back,
    )
