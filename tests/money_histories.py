"""Random histories of people's money against the real tables, beside a plain account of what must be true.

Each step is one transaction as in the product; a crash is the same step rolled back at its end. Cards are
charged at a terminal that keeps its own books: at the end of a history ours are the same to the tiyn.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import money_rules
from money_card_steps import OPEN_TRIES, CardSteps
from money_gateway import APPROVES, MOODS, Killed, Terminal
from money_scene import add_seller
from money_troubles import Troubles
from records import NOON
from sqlalchemy import text
from sqlmodel import col, select

from cube_demper.core.errors import DomainError
from cube_demper.db.session import Database
from cube_demper.domain.accounts.schemas import SYSTEM, Actor
from cube_demper.domain.billing import ledger, payments, queries, refunds, service, subscribing
from cube_demper.domain.billing.dunning import service as dunning
from cube_demper.domain.billing.ledger import Line, Posting
from cube_demper.domain.billing.machine import SETTLED
from cube_demper.domain.billing.schemas import Entitlements, Settlement
from cube_demper.models.billing import (
    Payment,
    PaymentMethod,
    PaymentStatus,
    Plan,
    Refund,
    RefundStatus,
    Subscription,
)
from cube_demper.models.ledger import Account

Step = tuple[str, int, int]
STEPS = (
    "begin", "begin", "pay", "pay", "pay_again", "pay_wrong", "pay_crash", "pay_for_another", "fail",
    "refund", "refund", "refund_whole", "expire", "wait", "wait", "work", "gift", "renew", "renew",
    "promise", "lost_refund",
    "partner", "cancel", "resume", "smaller", "card", "saved", "saved", "lost", "lost", "charge", "charge",
    "tell", "tell", "sweep", "send_back", "cabinet", "tabs", "forge", "forge", "lose",
)  # fmt: skip
STARTS = (
    NOON,
    datetime(2026, 12, 31, 18, 59, tzinfo=UTC),  # a minute before the year ends in Almaty
    datetime(2027, 1, 30, 19, 1, tzinfo=UTC),
    datetime(2028, 2, 28, 23, 30, tzinfo=UTC),
)
METHODS = (*[PaymentMethod.CARD] * 2, PaymentMethod.BANK_INVOICE, PaymentMethod.KASPI_TRANSFER)
ENTRIES = text("SELECT posting_id, account, amount, user_id FROM ledger_entries")
BOOKED = text(
    "SELECT p.user_id, sum(e.amount) FROM ledger_entries e JOIN payments p ON p.id = e.payment_id"
    " WHERE e.account = 'gateway' GROUP BY 1"
)
"""What we say that the terminal has taken from each person, less what it gave back."""
BY_HAND = (Account.BANK, Account.KASPI)


class Crash(Exception):
    """The process was killed before its commit."""


@dataclass
class History(Troubles):
    """Two sellers, their payments, and what has happened to them."""

    db: Database
    actors: list[Actor]
    prices: Mapping[str, int]
    now: datetime = NOON
    money: int = 0
    """What came by hand less what went out, as the outside world saw it."""
    transactions: dict[str, int] = field(default_factory=dict)
    gifts: int = 0
    is_refunded: bool = False
    is_cabinet_used: bool = False
    """Money was given back past us: what was spent already is owed to us then."""
    terminal: Terminal = field(default_factory=lambda: Terminal(NOON))
    number: int = 0

    def __post_init__(self) -> None:
        self.cards = CardSteps(self.db, self.actors, self.terminal, lambda: self.now)

    async def do(self, step: Step) -> None:
        """Play one step; a refusal in words changes nothing."""
        name, first, second = step
        self.terminal.now = self.now
        self.terminal.mood = MOODS[second % len(MOODS)]
        play = getattr(self.cards, name, None) or getattr(self, f"_{name}")
        with contextlib.suppress(DomainError, Crash, Killed):
            await play(first, second)

    async def end(self) -> None:
        """Let everything arrive that is on its way; then our books are the terminal's."""
        for hours in (1, 1, 3, 30, 200):
            self.now += timedelta(hours=hours)
            self.terminal.now, self.terminal.mood = self.now, APPROVES
            await self.cards.settle()
        await self.look()
        async with self.db.read() as tx:
            rows = (await tx.execute(BOOKED)).tuples().all()
            assert {str(it): total for it, total in rows} == self.terminal.books(), "other books"
            assert await tx.scalar(OPEN_TRIES) == 0, "a try that nobody will end"

    async def look(self) -> None:
        """Assert everything that must always hold."""
        self.is_refunded |= any(it.is_refund for it in self.terminal.made.values())
        async with self.db.read() as tx:
            entries = (await tx.execute(ENTRIES)).all()
            balanced, totals, owed = Counter[UUID](), Counter[str](), Counter[UUID]()
            for posting, account, amount, user_id in entries:
                balanced[posting] += amount
                totals[account] += amount
                owed[user_id] -= amount
            assert not any(balanced.values())
            assert sum(totals.get(it, 0) for it in BY_HAND) == self.money
            rows = list((await tx.scalars(select(Payment))).all())
            given = list((await tx.scalars(select(Refund))).all())
            money_rules.assert_prices(rows, self.prices)
            if not self.is_cabinet_used:
                money_rules.assert_promises(rows, given, owed)
            settled = [it for it in rows if it.status in SETTLED]
            done = {it.id: 0 for it in rows} | money_rules.given_back(given)
            assert all(it.refunded == done[it.id] <= it.amount for it in rows)
            bought = [it for it in settled if not it.is_credited]
            revenue = sum(it.amount - it.refunded for it in bought)
            assert totals.get(Account.REVENUE, 0) == -revenue
            paid_by = [it.gateway_transaction_id for it in settled]
            assert len(paid_by) == len(set(paid_by))
            assert (
                -totals.get(Account.CUSTOMER, 0)
                == money_rules.balances(settled, given) + self.gifts
            )
            booked = await self.cards.look(tx, settled, given)
            assert totals.get(Account.GATEWAY, 0) == booked, "money that never moved"
            ids = [it.owner_id for it in self.actors]
            allowed = await service.entitlements(tx, SYSTEM, ids, self.now)
            active = {it.user_id: it for it in await queries.list_in_force(tx, ids, self.now)}
        for user_id in ids:
            own = [it for it in bought if it.user_id == user_id]
            self._look_at(allowed[user_id], active.get(user_id), own)

    def _look_at(
        self, allowed: Entitlements, row: Subscription | None, bought: list[Payment]
    ) -> None:
        live = [it for it in bought if it.refunded < it.amount]
        if allowed.plan is not Plan.FREE and not allowed.is_trial:
            assert live, "a plan that nobody paid for"
        if self.is_refunded:
            return
        holds = [
            it for it in live if it.service_from and it.service_from <= self.now < (it.service_to or self.now)
        ]  # fmt: skip
        assert not holds or allowed.plan is not Plan.FREE, "money without its plan"
        money_rules.assert_periods(bought, None if row is None or row.is_trial else row)

    async def _renew(self, first: int, second: int) -> None:
        """The time of a renewal comes: the worker opens it and charges, whatever becomes of that."""
        async with self.db.read() as tx:
            row = await queries.find_active(tx, self._actor(first).owner_id)
        if row is not None:
            hours = (-5, -1, 13, 37, 61)[first % 5]
            self.now = max(self.now, row.current_period_end + timedelta(hours=hours))
            self.terminal.now = self.now
            await self._work(first, second)
            await self.cards.charge(first, second)

    async def _begin(self, first: int, second: int) -> None:
        plan = (Plan.BASIC, Plan.PRO)[second % 2]
        async with self.db.write() as tx:
            await payments.begin(
                tx,
                self._actor(first),
                plan,
                METHODS[second % 4],
                self.now,
                use_balance=second % 3 == 0,
            )

    async def _pay(self, first: int, second: int) -> None:
        payment = await self._payment(first)
        if payment is not None and payment.method == PaymentMethod.CARD:
            await self.cards.pay_on_the_page(payment, is_asked=second % 2 == 0)
        else:
            await self._settle(payment, f"t{second % 7}-{first % 5}")

    async def _pay_again(self, first: int, second: int) -> None:
        payment = await self._payment(first)
        if payment is None:
            return
        known = payment.gateway_transaction_id
        if known or payment.method != PaymentMethod.CARD:
            await self._settle(payment, known or f"t{second}")

    async def _pay_wrong(self, first: int, second: int) -> None:
        payment = await self._payment(first)
        if payment is not None and payment.method != PaymentMethod.BALANCE:
            due = payment.amount - payment.from_balance + 1 + second % 100
            await self._settle(payment, f"w{second}", amount=due)
            raise AssertionError("a wrong sum was taken")

    async def _pay_crash(self, first: int, second: int) -> None:
        await self._settle(await self._payment(first), f"c{second}", crash=True)

    async def _pay_for_another(self, first: int, _second: int) -> None:
        payment, other = await self._payment(first), await self._payment(first + 1)
        if (
            payment
            and other
            and payment.gateway_transaction_id
            and payment.user_id != other.user_id
            and other.method != PaymentMethod.BALANCE
        ):
            await self._settle(other, payment.gateway_transaction_id)
            raise AssertionError("another's transaction was taken")

    async def _settle(
        self,
        payment: Payment | None,
        transaction: str,
        *,
        amount: int | None = None,
        crash: bool = False,
    ) -> None:
        if payment is None:
            return
        due = payment.amount - payment.from_balance if amount is None else amount
        money = Settlement(due, "KZT", transaction, PaymentMethod(payment.method), self.now)
        if money.method is PaymentMethod.BALANCE:
            return
        async with self.db.write() as tx:
            await payments.paid(tx, SYSTEM, payment.invoice_id, money, self.now)
            if crash:
                raise Crash
        if transaction not in self.transactions and transaction not in self.terminal.made:
            self.transactions[transaction] = due
            self.money += due

    async def _fail(self, first: int, second: int) -> None:
        payment = await self._payment(first)
        if payment is not None:
            async with self.db.write() as tx:
                code, words = str(second), "Нет денег"
                await payments.failed(tx, SYSTEM, payment.invoice_id, code=code, words=words)

    async def _refund(self, first: int, second: int) -> None:
        await self._ask_back(await self._payment(first, SETTLED), 1 + second * 25_000)

    async def _refund_whole(self, first: int, _second: int) -> None:
        await self._ask_back(await self._payment(first, SETTLED), None)

    async def _ask_back(self, payment: Payment | None, amount: int | None) -> None:
        if payment is None:
            return
        async with self.db.write() as tx:
            refund = await refunds.request(
                tx, SYSTEM, payment.invoice_id, self.now, amount=amount, reason=""
            )
        if refund.status == RefundStatus.DONE:
            self.is_refunded = True
            if payment.method not in (PaymentMethod.BALANCE, PaymentMethod.CARD):
                self.money -= refund.amount - refund.to_balance

    async def _cabinet(self, first: int, second: int) -> None:
        """Somebody gives money back in the terminal's own cabinet."""
        paid = [it for it in self.terminal.made.values() if not it.is_refund]
        if paid:
            it = paid[first % len(paid)]
            share = it.amount or 0 if second % 2 else 1 + second * 1_000
            self.is_cabinet_used |= self.terminal.give_back(it, share) is not None

    async def _tabs(self, first: int, second: int) -> None:
        """Two tabs subscribe at once, perhaps to different plans."""

        async def choose(plan: Plan) -> None:
            with contextlib.suppress(DomainError):
                async with self.db.write() as tx:
                    await payments.begin(
                        tx, self._actor(first), plan, METHODS[second % 4], self.now,
                        use_balance=second % 2 == 0,
                    )  # fmt: skip

        await asyncio.gather(choose(Plan.PRO), choose((Plan.PRO, Plan.BASIC)[second % 2]))

    async def _expire(self, _first: int, _second: int) -> None:
        async with self.db.write() as tx:
            await payments.expire(tx, SYSTEM, self.now)

    async def _wait(self, first: int, second: int) -> None:
        self.now += timedelta(days=first % 12, hours=second % 24)

    async def _work(self, _first: int, _second: int) -> None:
        async with self.db.read() as tx:
            found = await dunning.due_subscriptions(tx, SYSTEM, self.now)
        for one in found:
            async with self.db.write() as tx:
                await dunning.step(tx, SYSTEM, one, self.now)

    async def _gift(self, first: int, second: int) -> None:
        user_id, amount = self._actor(first).owner_id, 50_000 * (1 + second % 30)
        lines = [Line(Account.REFERRAL_COST, amount), Line(Account.CUSTOMER, -amount, user_id)]
        await self._post(lines)
        self.gifts += amount

    async def _partner(self, _first: int, second: int) -> None:
        partner, amount = uuid4(), 100 + second
        costs = ((Account.PARTNER_COST, amount), (Account.PARTNER_HELD, -amount))
        await self._post([Line(account, it, partner_id=partner) for account, it in costs])

    async def _post(self, lines: list[Line]) -> None:
        self.number += 1
        posting = Posting(f"history:{self.number}", "history", lines)
        for _ in range(2):
            async with self.db.write() as tx:
                await ledger.post(tx, posting, self.now)

    async def _cancel(self, first: int, _second: int) -> None:
        async with self.db.write() as tx:
            await subscribing.cancel_at_period_end(tx, self._actor(first), self.now)

    async def _resume(self, first: int, _second: int) -> None:
        async with self.db.write() as tx:
            await subscribing.resume(tx, self._actor(first), self.now)

    async def _smaller(self, first: int, _second: int) -> None:
        async with self.db.write() as tx:
            actor = self._actor(first)
            await subscribing.change_at_period_end(tx, actor, Plan.BASIC, self.now)

    def _actor(self, number: int) -> Actor:
        return self.actors[number % len(self.actors)]

    async def _payment(
        self, number: int, states: Collection[PaymentStatus] = tuple(PaymentStatus)
    ) -> Payment | None:
        async with self.db.read() as tx:
            found = await tx.scalars(
                select(Payment)
                .where(col(Payment.status).in_(states))
                .order_by(col(Payment.created_at), col(Payment.id))
            )
            rows = found.all()
        return rows[number % len(rows)] if rows else None


async def begin_history(db: Database, start: datetime = NOON) -> History:
    """Return two sellers, one in a trial, with nothing paid yet."""
    first, second = await add_seller(db, start), await add_seller(db, start)
    async with db.write() as tx:
        await service.start_trial(tx, SYSTEM, second.owner_id, start)
        prices = {it.plan.value: it.price for it in (await service.plans(tx)).values()}
    history = History(db, [first, second], prices, start)
    await history.cards.card(1, 0)
    return history
