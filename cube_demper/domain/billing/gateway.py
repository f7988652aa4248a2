"""What billing needs of whoever takes cards; `integrations/tiptoppay` does it. Sums in tiyn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID


@dataclass(frozen=True, slots=True)
class OrderAsked:
    """A payment link to make. `invoice_id` is what every later message names it by."""

    invoice_id: str
    amount: int
    description: str
    account_id: str
    email: str
    success_url: str
    fail_url: str
    request_id: UUID


@dataclass(frozen=True, slots=True)
class Order:
    """A payment link that was made."""

    id: str
    url: str


@dataclass(frozen=True, slots=True)
class ChargeAsked:
    """Money to take from a saved card without its holder."""

    invoice_id: str
    amount: int
    description: str
    account_id: str
    email: str
    token: str
    request_id: UUID


class ChargeOutcome(StrEnum):
    """How a charge ended. AWAITING: the holder must confirm it, so without them it has failed."""

    PAID = "paid"
    AUTHORIZED = "authorized"
    AWAITING = "awaiting"
    DECLINED = "declined"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Transaction:
    """What the gateway knows of one attempt to pay."""

    id: str
    invoice_id: str
    outcome: ChargeOutcome
    amount: int
    currency: str
    at: datetime
    is_test: bool
    code: str = ""
    words: str = ""
    """Why it was declined, for the holder of the card."""


class PaymentGateway(Protocol):
    """A gateway. Every call may raise IntegrationError; OutcomeUnknown: it may have been done."""

    async def orders_create(self, asked: OrderAsked) -> Order:
        """Make a payment link."""

    async def orders_cancel(self, order_id: str) -> None:
        """Take a link back; one that is gone already is no error."""

    async def charge_token(self, asked: ChargeAsked) -> Transaction:
        """Charge a saved card. The same `request_id` is charged once."""

    async def refund(self, transaction_id: str, amount: int, request_id: UUID) -> str:
        """Give back a part or all; return the refund's own id. The same `request_id` is one refund."""

    async def find(self, invoice_id: str) -> Transaction | None:
        """Return the last attempt for this invoice; None when there was none."""
