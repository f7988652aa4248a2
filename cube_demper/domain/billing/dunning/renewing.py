"""How a plan renews itself: from the balance first, the rest from the saved card."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from cube_demper.db.session import WriteTx
from cube_demper.domain.accounts.schemas import SYSTEM
from cube_demper.domain.billing import (
    balances,
    gateway_queries,
    payment_queries,
    payments,
    subscribing,
)
from cube_demper.domain.billing.dunning import telling
from cube_demper.domain.billing.quotes import balance_part, quote
from cube_demper.domain.billing.service import plans
from cube_demper.models.billing import Payment, PaymentMethod, PaymentStatus, Plan, Subscription


@dataclass(frozen=True, slots=True)
class Means:
    """What the next period costs, and what pays for it. `unpaid`: an invoice or a link that is open."""

    price: int
    from_balance: int
    has_card: bool
    unpaid: Payment | None = None

    @property
    def is_enough(self) -> bool:
        """Tell whether the period is paid without its holder doing anything."""
        return self.has_card or self.from_balance == self.price


async def means_of(tx: WriteTx, row: Subscription) -> Means:
    """Return how a subscription would be renewed now."""
    price = subscribing.renewal_price(row, await plans(tx))
    part = balance_part(price, await balances.spendable(tx, row.user_id))
    waiting = await payment_queries.find_open(tx, row.user_id)
    unpaid = waiting if waiting is not None and waiting.card_id is None else None
    return Means(price, part, row.card_id is not None, unpaid)


async def open_renewal(tx: WriteTx, row: Subscription, now: datetime) -> UUID | None:
    """Open the payment that renews a plan; None while other money is on its way.

    An invoice that lies around unpaid is closed and its payer told: if its money comes after all, it is
    theirs and pays for the period after.
    """
    waiting = await payment_queries.find_open(tx, row.user_id)
    standing = await subscribing.standing(tx, row.user_id, now)
    if standing is None or await _is_moving(tx, waiting, row):
        return None
    offer = (await plans(tx))[Plan(row.next_plan or row.plan)]
    made = quote(offer, standing, await balances.spendable(tx, row.user_id), now, use_balance=True)
    if made.to_pay and row.card_id is None:
        return None
    payment = await payments.open_payment(
        tx, SYSTEM, row.user_id, made, now, method=PaymentMethod.CARD, card_id=row.card_id
    )
    if waiting is not None and waiting.card_id is None:
        await telling.invoice_closed(tx, waiting, made)
    return payment.id


async def _is_moving(tx: WriteTx, waiting: Payment | None, row: Subscription) -> bool:
    """Tell whether money of this person is on its way: it may be for the same days."""
    if await gateway_queries.has_open_attempt(tx, row.user_id):
        return True
    if waiting is None:
        return False
    return waiting.status == PaymentStatus.AUTHORIZED or waiting.card_id not in (None, row.card_id)
