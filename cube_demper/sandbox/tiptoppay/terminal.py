"""What happens at this terminal: links are paid, cards answer, tokens are charged, money goes back."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace

from cube_demper.core.clock import Clock
from cube_demper.sandbox.tiptoppay.payloads import event_fields
from cube_demper.sandbox.tiptoppay.webhooks import Webhooks
from cube_demper.sandbox.tiptoppay.world import (
    BY_NUMBER,
    FAILED_3DS,
    INSUFFICIENT,
    LOST_ANSWER,
    OK,
    THREE_DS,
    Card,
    Order,
    Token,
    Transaction,
)

_FIRST, _EXPIRED = 891_510_000, 20
_WELL_KNOWN = {
    "tk_ok": OK,
    "tk_5051": INSUFFICIENT,
    "tk_3ds": THREE_DS,
    "tk_timeout": LOST_ANSWER,
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A charge of a saved card."""

    amount: int
    currency: str
    invoice_id: str
    account_id: str
    email: str
    description: str


class Terminal:
    """Links, transactions and tokens, and the events that they make."""

    def __init__(self, clock: Clock) -> None:
        """Begin with nothing."""
        self._clock = clock
        self.hooks = Webhooks(clock)
        self._last_id = _FIRST
        self.orders: dict[str, Order] = {}
        self.transactions: dict[int, Transaction] = {}
        self.tokens: dict[str, Token] = {
            it: Token(it, "", "4111111111111111", does) for it, does in _WELL_KNOWN.items()
        }

    def now(self) -> float:
        """Return seconds of the sandbox's clock."""
        return self._clock.now().timestamp()

    def make_order(self, order: Order) -> Order:
        """Keep a payment link."""
        self.orders[order.id] = order
        return order

    async def pay(self, order: Order, number: str) -> Transaction | int:
        """Pay a link with a card; the Check code where the shop said no. 3-DS waits for `answer_3ds`."""
        card = BY_NUMBER[number]
        given = Asked(
            order.amount, order.currency, order.invoice_id, order.account_id, order.email,
            order.description,
        )  # fmt: skip
        transaction = self._begin(given, card.number, order.id)
        if code := await self.hooks.check(
            event_fields("Check", replace(transaction, status="Completed"))
        ):
            return code
        if order.status != "Created":
            return _EXPIRED
        self.transactions[transaction.id] = transaction
        if not card.has_3ds:
            self._finish(transaction, card)
        return transaction

    def answer_3ds(self, transaction: Transaction, *, is_confirmed: bool) -> None:
        """Let the holder confirm at their bank, or not; once."""
        if transaction.status != "AwaitingAuthentication":
            return
        card = BY_NUMBER[transaction.card]
        self._finish(transaction, card if is_confirmed else replace(card, code=FAILED_3DS))

    def charge(self, token: Token, asked: Asked) -> Transaction:
        """Charge a saved card; 3-DS and a lost answer are the caller's to tell."""
        transaction = self._begin(asked, token.card, "")
        self.transactions[transaction.id] = transaction
        transaction.token = token.token
        if token.outcome == THREE_DS:
            return transaction
        code = OK if token.outcome == LOST_ANSWER else token.outcome
        self._settle(transaction, code)
        return transaction

    def refund(self, payment: Transaction, amount: int) -> Transaction:
        """Give money back; the caller has looked that there is as much."""
        payment.refunded += amount
        refund = replace(
            payment, id=self._next_id(), amount=amount, original=payment.id, refunded=0,
            created=self.now(), order_id="",
        )  # fmt: skip
        self.transactions[refund.id] = refund
        self.hooks.emit("Refund", event_fields("Refund", refund))
        return refund

    def confirm(self, payment: Transaction) -> None:
        """Take what is held on a card."""
        payment.status = "Completed"
        self.hooks.emit("Confirm", event_fields("Confirm", payment))

    def void(self, payment: Transaction) -> None:
        """Let go what is held on a card."""
        payment.status = "Cancelled"
        self.hooks.emit("Cancel", event_fields("Cancel", payment))

    def _begin(self, asked: Asked, number: str, order_id: str) -> Transaction:
        return Transaction(
            id=self._next_id(), amount=asked.amount, currency=asked.currency,
            invoice_id=asked.invoice_id, account_id=asked.account_id, email=asked.email,
            description=asked.description, created=self.now(), status="AwaitingAuthentication",
            card=number, order_id=order_id,
        )  # fmt: skip

    def _finish(self, transaction: Transaction, card: Card) -> None:
        if card.code == OK:
            transaction.token = self._token(transaction.account_id, card)
        self._settle(transaction, card.code)

    def _settle(self, transaction: Transaction, code: str) -> None:
        order = self.orders.get(transaction.order_id)
        transaction.code = code
        if code != OK:
            transaction.status = "Declined"
            self.hooks.emit("Fail", event_fields("Fail", transaction))
            return
        is_held = order is not None and order.requires_confirmation
        transaction.status = "Authorized" if is_held else "Completed"
        if order:
            order.status = "Paid"
        self.hooks.emit("Pay", event_fields("Pay", transaction))

    def _token(self, account_id: str, card: Card) -> str:
        """Return the account's token of a card: the same card has the same one."""
        for token in self.tokens.values():
            if (token.account_id, token.card) == (account_id, card.number):
                return token.token
        made = Token(f"tk_{secrets.token_hex(16)}", account_id, card.number, card.later)
        self.tokens[made.token] = made
        return made.token

    def _next_id(self) -> int:
        self._last_id = max(self._last_id, *self.transactions, _FIRST) + 1
        return self._last_id
