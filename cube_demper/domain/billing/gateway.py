"""What billing needs from whoever takes cards. Sums are tiyn; outcomes of money are typed and never raised.

A request id is made and committed before the call, so that an unknown outcome is looked for, never repeated.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol


class EventKind(StrEnum):
    """What the gateway tells us about, one address each."""

    CHECK = "check"
    PAY = "pay"
    FAIL = "fail"
    CONFIRM = "confirm"
    REFUND = "refund"
    RECURRENT = "recurrent"
    CANCEL = "cancel"


class TransactionStatus(StrEnum):
    """Where a transaction stands. UNKNOWN: a word that we do not know, which is never money."""

    AWAITING = "awaiting"
    AUTHORIZED = "authorized"
    """Held on the card and not taken yet."""
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    DECLINED = "declined"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class CardSeen:
    """A card as the gateway shows it. `token` charges it again; the number itself never reaches us."""

    token: str = ""
    first_six: str = ""
    last_four: str = ""
    brand: str = ""
    expires: str = ""
    """«MM/YY»."""


@dataclass(frozen=True, slots=True)
class Transaction:
    """A transaction as the gateway knows it. `amount` None: not a sum."""

    id: str
    status: TransactionStatus
    amount: int | None
    currency: str
    invoice_id: str = ""
    account_id: str = ""
    is_test: bool = False
    is_refund: bool = False
    code: str = ""
    words: str = ""
    at: datetime | None = None
    card: CardSeen = CardSeen()


@dataclass(frozen=True, slots=True)
class GatewayEvent:
    """What one webhook says. `payment_transaction_id`: of the payment that a refund gives back."""

    kind: EventKind
    transaction: Transaction
    payment_transaction_id: str = ""
    subscription_id: str = ""


@dataclass(frozen=True, slots=True)
class NewOrder:
    """What a payment link is made of."""

    invoice_id: str
    account_id: str
    amount: int
    description: str
    email: str
    request_id: str
    success_url: str
    fail_url: str


@dataclass(frozen=True, slots=True)
class PaymentLink:
    """Where a person pays."""

    order_id: str
    url: str


@dataclass(frozen=True, slots=True)
class NewCharge:
    """A charge of a saved card without its holder."""

    request_id: str
    invoice_id: str
    account_id: str
    amount: int
    token: str
    description: str
    email: str


@dataclass(frozen=True, slots=True)
class Approved:
    """The money is taken."""

    transaction: Transaction


@dataclass(frozen=True, slots=True)
class Declined:
    """The bank said no. `code`: TipTopPay's ReasonCode, «5051»; `words`: for the card's holder."""

    code: str
    words: str
    transaction_id: str = ""


@dataclass(frozen=True, slots=True)
class ThreeDsNeeded:
    """The bank wants the card's holder to confirm: nothing is taken, the person has to pay themselves."""

    transaction_id: str = ""


@dataclass(frozen=True, slots=True)
class NotSent:
    """Surely nothing happened: no connection, our key was refused, or the request itself is wrong."""

    words: str
    is_temporary: bool = True


@dataclass(frozen=True, slots=True)
class UnknownOutcome:
    """It may have happened. Only `find`, a webhook or a person tells."""

    words: str


ChargeOutcome = Approved | Declined | ThreeDsNeeded | NotSent | UnknownOutcome


@dataclass(frozen=True, slots=True)
class Refunded:
    """The money goes back. `transaction_id`: the refund's own."""

    transaction_id: str


RefundOutcome = Refunded | Declined | NotSent | UnknownOutcome


class PaymentGateway(Protocol):
    """Takes cards. `create_order` and what only reads raise IntegrationError; money never raises."""

    async def probe(self) -> None:
        """Ask whether the keys open the door. Raises CredentialsRejected and its kin."""
        ...

    async def create_order(self, order: NewOrder) -> PaymentLink:
        """Make a payment link; the same request id gives the same link."""
        ...

    async def cancel_order(self, order_id: str) -> None:
        """Close a payment link; any number of times."""
        ...

    async def charge_token(self, charge: NewCharge) -> ChargeOutcome:
        """Charge a saved card once."""
        ...

    async def refund(self, transaction_id: str, amount: int, request_id: str) -> RefundOutcome:
        """Give money back once; within an hour the same request id is the same refund."""
        ...

    async def find(self, invoice_id: str) -> Transaction | None:
        """Return the last payment of an invoice; None: the gateway surely has none."""
        ...

    async def list_day(self, day: date) -> Sequence[Transaction]:
        """Return all transactions of one day of Almaty."""
        ...
