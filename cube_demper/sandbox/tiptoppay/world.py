"""What a terminal of the sandbox keeps: links, transactions, cards and their tokens. Sums are tiyn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

PUBLIC_ID = "pk_sandbox_cube"
API_SECRET = "sandbox-tiptoppay-secret"  # noqa: S105 - opens the sandbox alone

OK, INSUFFICIENT, EXPIRED_CARD, FAILED_3DS = "0", "5051", "5054", "5206"
REASONS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        OK: ("Approved", "Оплата успешно проведена"),
        INSUFFICIENT: ("InsufficientFunds", "Недостаточно средств на карте"),
        EXPIRED_CARD: ("ExpiredCard", "Срок действия карты истёк"),
        FAILED_3DS: ("AuthenticationFailed", "Банк не подтвердил владельца карты"),
    }
)
"""ReasonCode: what the API and what the holder reads (INTEGRATIONS.md B.2)."""

THREE_DS, LOST_ANSWER = "3ds", "timeout"
"""What a token may do besides answering with a ReasonCode."""


@dataclass(frozen=True, slots=True)
class Card:
    """A card number and what it does: `code` on the page, `later` when its token is charged."""

    number: str
    words: str
    code: str = OK
    has_3ds: bool = False
    later: str = OK


CARDS = (
    Card("4111111111111111", "платит сразу"),
    Card("4242424242424242", "спрашивает код (3-DS) и платит", has_3ds=True),
    Card("4000056655665556", "денег нет", INSUFFICIENT, later=INSUFFICIENT),
    Card("5555555555554444", "спрашивает код, денег нет", INSUFFICIENT, has_3ds=True),
    Card("4000000000000341", "платит раз, при продлении денег нет", later=INSUFFICIENT),
    Card("4000002500003155", "платит раз, при продлении просит код", later=THREE_DS),
    Card("4000000000000119", "при продлении платит, а ответ теряется", later=LOST_ANSWER),
)
"""The first four are of INTEGRATIONS.md B.5, the rest the sandbox's own."""
BY_NUMBER = {card.number: card for card in CARDS}


@dataclass(slots=True)
class Order:
    """A payment link."""

    id: str
    number: int
    amount: int
    currency: str
    invoice_id: str
    account_id: str
    email: str
    description: str
    success_url: str
    fail_url: str
    created: float
    requires_confirmation: bool = False
    status: str = "Created"


@dataclass(slots=True)
class Transaction:
    """A payment, or a refund of the payment `original`."""

    id: int
    amount: int
    currency: str
    invoice_id: str
    account_id: str
    email: str
    description: str
    created: float
    status: str
    card: str
    token: str = ""
    code: str = OK
    order_id: str = ""
    refunded: int = 0
    original: int = 0

    @property
    def is_refund(self) -> bool:
        """Tell whether money went back."""
        return bool(self.original)


@dataclass(slots=True)
class Token:
    """A saved card of one account. `outcome`: a ReasonCode, `3ds` or `timeout`."""

    token: str
    account_id: str
    card: str
    outcome: str = OK


def brand(number: str) -> str:
    """Return the payment system of a card number."""
    return "Visa" if number.startswith("4") else "MasterCard"
