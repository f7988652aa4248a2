"""Steps of random histories that go over the terminal: pages, saved cards, letters, refunds on their way."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from money_gateway import (
    APPROVES,
    EAR,
    KILLS_AFTER,
    KILLS_BEFORE,
    LOSES,
    Killed,
    Terminal,
    deliver,
)
from sqlalchemy import text

from cube_demper.core.errors import DomainError
from cube_demper.db.session import Database, ReadTx
from cube_demper.domain.accounts.schemas import SYSTEM, Actor
from cube_demper.domain.billing import (
    cards,
    charging,
    gateway_queries,
    payments,
    refunding,
    refunds,
)
from cube_demper.domain.billing.dunning import service as dunning
from cube_demper.domain.billing.gateway import CardSeen, EventKind, Transaction, TransactionStatus
from cube_demper.domain.billing.till import Till
from cube_demper.models.billing import Payment, PaymentMethod, Plan, Refund

OPEN_TRIES: Final = text(
    "SELECT count(*) FROM charge_attempts WHERE outcome IN ('sent', 'unknown')"
)

IN_DOUBT: Final = text(
    "SELECT p.user_id FROM charge_attempts a JOIN payments p ON p.id = a.payment_id"
    " WHERE a.outcome IN ('sent', 'unknown')"
)
EVER_CHARGED: Final = text("SELECT id FROM payments WHERE card_id IS NOT NULL ORDER BY created_at")
KNOWN: Final = text("SELECT gateway_transaction_id, invoice_id, status FROM payments")


@dataclass
class CardSteps:
    """What people, the worker and the terminal do about cards."""

    db: Database
    actors: Sequence[Actor]
    terminal: Terminal
    now: Callable[[], datetime]

    @property
    def till(self) -> Till:
        return Till(self.db, self.terminal, EAR, self.now, "http://localhost")

    async def look(self, tx: ReadTx, settled: Sequence[Payment], given: Sequence[Refund]) -> int:
        """Assert that what we booked is what the terminal did; return the sum of it."""
        made, total = self.terminal.made, 0
        for row in settled:
            if row.method == PaymentMethod.CARD:
                done = made[row.gateway_transaction_id or ""]
                asked = row.amount - row.from_balance
                assert (done.amount, done.account_id) == (asked, str(row.user_id))
                total += asked
        for back in given:
            if back.gateway_refund_id is not None:
                assert made[back.gateway_refund_id].amount == back.amount - back.to_balance
                total -= back.amount - back.to_balance
        return total

    async def pay_on_the_page(self, payment: Payment, *, is_asked: bool) -> None:
        """A person pays a link; `is_asked`: the terminal asks us before, as it does when «Check» is on."""
        if payment.card_id is not None and payment.gateway_transaction_id is None:
            return  # a saved card pays it: there is no page
        due, invoice_id = payment.amount - payment.from_balance, payment.invoice_id.split("/")[0]
        if is_asked:
            async with self.db.read() as tx:
                await payments.check(tx, SYSTEM, invoice_id, self.now(), amount=due, currency="KZT")
        self.terminal.pay(invoice_id, str(payment.user_id), due)

    async def pay_twice(self, first: int) -> None:
        """Somebody pays a page again: the money is theirs, on their balance."""
        own = self.terminal.by_token  # what a saved card pays has no page
        paid = [it for it in self.terminal.made.values() if not it.is_refund and it.id not in own]
        if paid:
            it = paid[first % len(paid)]
            self.terminal.pay(it.invoice_id, it.account_id, it.amount or 0)
            await deliver(self.db, self.terminal.letters.pop(), self.now(), 2)

    async def card(self, first: int, second: int) -> None:
        """A card is saved, and renews the plan that there is."""
        actor = self.actors[first % len(self.actors)]
        seen = CardSeen(token=f"tk{second % 3}", last_four="1111", brand="Visa")
        async with self.db.write() as tx:
            kept = await cards.keep(tx, EAR.secrets, actor.owner_id, seen, self.now())
            if kept is not None:
                await gateway_queries.set_renewing_card(tx, actor.owner_id, kept.id, self.now())

    async def saved(self, first: int, second: int) -> None:
        """A person pays by a saved card; the page charges it at once, or leaves it to the worker."""
        actor = self.actors[first % len(self.actors)]
        async with self.db.read() as tx:
            own = await cards.list_cards(tx, actor)
        if not own:
            return
        async with self.db.write() as tx:
            payment = await payments.begin(
                tx, actor, (Plan.BASIC, Plan.PRO)[second % 2], PaymentMethod.CARD, self.now(),
                use_balance=second % 3 == 0, card_id=own[0].id,
            )  # fmt: skip
        if second % 4:
            await self._learn_what_is_known()
            await charging.charge(self.till, actor, payment.id)

    async def lose_charge(self, first: int, second: int) -> None:
        """A card is charged and nobody hears of it."""
        self.terminal.mood = (LOSES, KILLS_AFTER, KILLS_BEFORE)[second % 3]
        with contextlib.suppress(DomainError, Killed):
            await self.saved(first, 4 * second + 1)

    async def look_and_pay_again(self, first: int, second: int) -> None:
        """The worker looks and finds nothing; then the card's holder, or the worker, tries to pay again."""
        self.terminal.mood = LOSES
        await self.sweep(first, second)
        self.terminal.mood = APPROVES
        await self.saved(first, 4 * (second + first // 2) + 2)

    async def charge(self, _first: int, second: int) -> None:
        """The worker charges what is open, or what was when it looked, or looks up what became of it."""
        async with self.db.read() as tx:
            found = await dunning.open_charges(tx, SYSTEM, self.now())
            if second % 3 == 0:
                found = (await tx.scalars(EVER_CHARGED)).all()
        for payment_id in found:
            await self._learn_what_is_known()
            await charging.charge_or_learn(self.till, SYSTEM, payment_id)

    async def tell(self, first: int, second: int) -> None:
        """Some letter arrives, up to three times at once."""
        if self.terminal.letters:
            letters = self.terminal.letters
            letter = letters[first % len(letters)]
            if second % 3:
                letters.remove(letter)
            await deliver(self.db, letter, self.now(), 1 + second % 3)

    async def sweep(self, _first: int, _second: int) -> None:
        """The worker looks up lost charges and takes in what was told too early."""
        await charging.reconcile_all(self.till, SYSTEM)
        await charging.apply_waiting(self.till, SYSTEM)

    async def send_back(self, _first: int, _second: int) -> None:
        """The worker sends refunds."""
        async with self.db.read() as tx:
            found = await refunds.unsent(tx, SYSTEM, self.now(), 100)
        for refund_id in found:
            await refunding.send_refund(self.till, SYSTEM, refund_id)

    async def lose_refund(self, first: int, second: int) -> None:
        """A part of a card's payment is asked back and leaves; nobody hears what became of it."""
        if not self.terminal.made:
            self.terminal.mood = APPROVES
            await self.saved(1, 1)
        paid = [it for it in self.terminal.made.values() if not it.is_refund]
        if paid:
            async with self.db.write() as tx:
                invoice_id, amount = paid[first % len(paid)].invoice_id, 1 + second * 5_000
                await refunds.request(tx, SYSTEM, invoice_id, self.now(), amount=amount, reason="")
            self.terminal.mood = (LOSES, KILLS_AFTER, KILLS_BEFORE)[first % 3]
            with contextlib.suppress(Killed):
                await self.send_back(first, second)

    async def forge(self, first: int, second: int) -> None:
        """A letter with a right signature and a lie in it: another sum, another's account, a test of fate."""
        paid = [it for it in self.terminal.made.values() if not it.is_refund]
        if not paid:
            return
        it = paid[first % len(paid)]
        lies: tuple[Transaction, ...] = (
            replace(it, id=f"f{second}", amount=(it.amount or 0) + 100),
            replace(it, id=f"f{second}", account_id=str(self.actors[0].owner_id) + "0"),
            replace(it, id=f"f{second}", currency="RUB"),
            replace(it, id=f"f{second}", status=TransactionStatus.DECLINED),
            replace(it, id=f"f{second}", invoice_id="CD-NOBODYS0"),
        )
        self.terminal.write(EventKind.PAY, lies[second % len(lies)])

    async def lose(self, first: int, _second: int) -> None:
        """A letter never comes. The terminal tells of pages again and again: only others may be lost."""
        own = [
            it
            for it in self.terminal.letters
            if it.kind is EventKind.FAIL or _number(it.payload) in self.terminal.asked_for()
        ]
        if own:
            self.terminal.letters.remove(own[first % len(own)])

    async def settle(self) -> None:
        """All letters come, the worker finishes everything."""
        letters = self.terminal.letters
        while letters:
            await deliver(self.db, letters.pop(), self.now(), 2)
        for work in (self.charge, self.sweep, self.send_back):
            with contextlib.suppress(DomainError, Killed):
                await work(0, 1)

    async def _learn_what_is_known(self) -> None:
        async with self.db.read() as tx:
            rows = (await tx.execute(KNOWN)).all()
            self.terminal.known_ids = {str(it.gateway_transaction_id) for it in rows}
            self.terminal.over = {it.invoice_id for it in rows if it.status != "created"}
            self.terminal.in_doubt = {str(it) for it in (await tx.scalars(IN_DOUBT)).all()}


def _number(payload: str) -> str:
    return str(payload.partition('"id":"')[2].partition('"')[0])
