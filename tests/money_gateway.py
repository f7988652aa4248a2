"""A terminal in memory that keeps its own books: money moves there whatever becomes of whoever asked.

Its letters are kept until a history delivers them, late, twice, at once and in any order.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from uuid import uuid4

import orjson

from cube_demper.core.crypto import SecretBox
from cube_demper.core.errors import Unreachable
from cube_demper.db.session import Database
from cube_demper.domain.accounts.schemas import SYSTEM
from cube_demper.domain.billing import hearing
from cube_demper.domain.billing.gateway import (
    Approved,
    ChargeOutcome,
    Declined,
    EventKind,
    GatewayEvent,
    NewCharge,
    NewOrder,
    NotSent,
    PaymentLink,
    Refunded,
    RefundOutcome,
    Transaction,
    TransactionStatus,
    UnknownOutcome,
)
from cube_demper.domain.billing.hearing import Ear, Letter

APPROVES, DECLINES, LOSES, KILLS_AFTER, KILLS_BEFORE, AWAY = range(6)
"""What happens when money is asked for. KILLS: of the process that asked, when it was done or before."""
MOODS = (APPROVES, APPROVES, DECLINES, LOSES, KILLS_AFTER, KILLS_BEFORE, AWAY)
_DONE = TransactionStatus.COMPLETED


class Killed(BaseException):
    """The process that asked is no more: nothing of it runs on, not even an `except Exception`."""


@dataclass
class Terminal:
    """See `domain.billing.gateway.PaymentGateway`."""

    now: datetime
    mood: int = APPROVES
    made: dict[str, Transaction] = field(default_factory=dict)
    refunds_of: dict[str, str] = field(default_factory=dict)
    letters: list[Letter] = field(default_factory=list)
    by_token: dict[str, str] = field(default_factory=dict)
    """Invoices that a saved card has paid, by transaction."""
    known_ids: set[str] = field(default_factory=set)
    """Transactions that our books know, as of the last look."""
    over: set[str] = field(default_factory=set)
    """Invoices that are paid, failed or closed by their payer, as of that look."""
    in_doubt: set[str] = field(default_factory=set)
    """Accounts with a charge of which our books do not know how it ended, as of that look."""
    asked_refunds: dict[str, tuple[datetime, str]] = field(default_factory=dict)

    def books(self) -> dict[str, int]:
        """Return what was taken from each account less what it was given back."""
        total: Counter[str] = Counter()
        for it in self.made.values():
            total[it.account_id] += (-1 if it.is_refund else 1) * (it.amount or 0)
        return dict(total)

    def asked_for(self) -> set[str]:
        """Return what we asked for ourselves, and can ask about: charges of cards, refunds."""
        return {*self.by_token, *(done for _, done in self.asked_refunds.values())}

    def pay(self, invoice_id: str, account_id: str, amount: int) -> Transaction:
        """Let a person pay on the terminal's page."""
        done = Transaction(
            str(len(self.made) + 1), _DONE, amount, "KZT", invoice_id, account_id, at=self.now
        )
        self.made[done.id] = done
        self.write(EventKind.PAY, done)
        return done

    def write(self, kind: EventKind, told: Transaction, of: str = "") -> None:
        """Put a letter on its way."""
        body = {
            "id": told.id, "amount": told.amount, "invoice": told.invoice_id, "code": told.code,
            "account": told.account_id, "status": told.status, "of": of, "currency": told.currency,
        }  # fmt: skip
        self.letters.append(Letter(kind, orjson.dumps(body).decode(), key=str(uuid4())))

    def give_back(self, paid: Transaction, amount: int) -> Transaction | None:
        """Give money back, as far as it is there."""
        before = sum(
            it.amount or 0 for it in self.made.values() if self.refunds_of.get(it.id) == paid.id
        )
        if before + amount > (paid.amount or 0):
            return None
        done = replace(paid, id=str(len(self.made) + 1), amount=amount, is_refund=True, at=self.now)
        self.made[done.id], self.refunds_of[done.id] = done, paid.id
        self.write(EventKind.REFUND, done, paid.id)
        return done

    async def charge_token(self, charge: NewCharge) -> ChargeOutcome:
        unknown = [it for it in self.by_token if it not in self.known_ids
                   and self.made[it].account_id == charge.account_id]  # fmt: skip
        assert charge.invoice_id not in self.over, "charged what is not to be paid"
        assert charge.account_id not in self.in_doubt, "charged while in doubt"
        assert not unknown, "charged again while an earlier charge is not known"
        assert charge.invoice_id not in self.by_token.values(), "the same invoice charged twice"
        match self.mood:
            case 5:
                return NotSent("нет связи")
            case 4:
                raise Killed
            case 1:
                declined = Transaction(
                    f"d{uuid4()}", TransactionStatus.DECLINED, charge.amount, "KZT",
                    charge.invoice_id, charge.account_id, code="5051",
                )  # fmt: skip
                self.write(EventKind.FAIL, declined)
                return Declined("5051", "Нет денег", declined.id)
        done = self.pay(charge.invoice_id, charge.account_id, charge.amount)
        self.by_token[done.id] = charge.invoice_id
        if self.mood == KILLS_AFTER:
            raise Killed
        return UnknownOutcome("тайм-аут") if self.mood == LOSES else Approved(done)

    async def refund(self, transaction_id: str, amount: int, request_id: str) -> RefundOutcome:
        if self.mood == AWAY:
            return NotSent("нет связи")
        if self.mood == KILLS_BEFORE:
            raise Killed
        at, known = self.asked_refunds.get(request_id, (self.now, ""))
        is_forgotten = (self.now - at).total_seconds() > 3600
        assert not (known and is_forgotten), "a refund sent again when its id is forgotten"
        if not known:
            done = self.give_back(self.made[transaction_id], amount)
            if done is None:
                return Declined("", "Refund amount is greater than the payment's rest")
            self.asked_refunds[request_id] = (self.now, known := done.id)
        if self.mood == KILLS_AFTER:
            raise Killed
        return UnknownOutcome("тайм-аут") if self.mood == LOSES else Refunded(known)

    async def find(self, invoice_id: str) -> Transaction | None:
        if self.mood == AWAY:
            raise Unreachable
        found = [it for it in self.made.values() if it.invoice_id == invoice_id]
        if self.mood == LOSES:  # its list is late
            found = [it for it in found if it.at and self.now - it.at >= timedelta(hours=1)]
        return next((it for it in found if not it.is_refund), None)

    async def list_day(self, day: date) -> Sequence[Transaction]:
        return [it for it in self.made.values() if it.at and it.at.date() == day]

    async def probe(self) -> None:
        """Answer."""

    async def create_order(self, order: NewOrder) -> PaymentLink:
        return PaymentLink(order.invoice_id, f"http://localhost/{order.invoice_id}")

    async def cancel_order(self, order_id: str) -> None:
        """Let a link stay open: whoever has it may pay all the same."""

    async def aclose(self) -> None:
        """Hold nothing."""


def read_letter(kind: EventKind, payload: str) -> GatewayEvent:
    """Read what `Terminal.write` wrote."""
    it = orjson.loads(payload)
    told = Transaction(
        it["id"], TransactionStatus(it["status"]), it["amount"], it["currency"], it["invoice"],
        it["account"], code=it["code"], is_refund=bool(it["of"]),
    )  # fmt: skip
    return GatewayEvent(kind, told, it["of"])


EAR = Ear(SecretBox(["k" * 44]), read_letter, is_test_allowed=True)


async def deliver(db: Database, letter: Letter, now: datetime, times: int) -> None:
    """Deliver a letter so many times at once."""

    async def once() -> None:
        async with db.write() as tx:
            await hearing.take(tx, SYSTEM, EAR, letter, now)

    await asyncio.gather(*(once() for _ in range(times)))
