"""Random histories: whatever comes in whatever order, the partner's lines and the ledger say the same."""

from __future__ import annotations

from datetime import timedelta
from random import Random

import pytest
from partner_scene import PAYEE, SECRETS, Programme, add_partner
from records import NOON
from sqlmodel import select

from cube_demper.core.errors import Conflict, DomainError
from cube_demper.db.session import Database
from cube_demper.domain.accounts.schemas import SYSTEM
from cube_demper.domain.billing import ledger
from cube_demper.domain.partners import accrual, deciding, payouts
from cube_demper.models.billing import Payment, Plan
from cube_demper.models.ledger import Account
from cube_demper.models.partner_program import PartnerPayout, PayoutStatus

DAY = timedelta(days=1)
_STEPS = 40


class Story:
    """One partner's year, drawn by a seed."""

    def __init__(self, programme: Programme, seed: int) -> None:
        self.it, self.draw, self.now = programme, Random(seed), NOON
        self.payments: list[Payment] = []

    async def step(self) -> None:
        self.now += timedelta(hours=self.draw.randint(1, 90))
        await getattr(
            self, self.draw.choice(("pay", "pay", "refund", "again", "release", "ask", "decide"))
        )()

    async def pay(self) -> None:
        email = self.draw.choice(["", "", "", f"a{self.draw.random()}@yopmail.com"])
        user = await self.it.sign_up(self.now, email=email)
        self.payments.append(
            await self.it.buy(user, self.now, self.draw.choice([Plan.BASIC, Plan.PRO]))
        )

    async def refund(self) -> None:
        if not self.payments:
            return
        payment = self.draw.choice(self.payments)
        async with self.it.db.read() as tx:
            known = await tx.get_one(Payment, payment.id)
        left = known.amount - known.refunded
        if left:
            part = self.draw.choice([left, self.draw.randint(1, left)])
            await self.it.refund(payment, self.now, part)

    async def again(self) -> None:
        if self.payments:
            await self.it.deliver(self.draw.choice(self.payments), self.now)

    async def release(self) -> None:
        async with self.it.db.write() as tx:
            await accrual.release_due(tx, SYSTEM, self.now)
        async with self.it.db.read() as tx:
            doubted = await deciding.doubted(tx, SYSTEM)
        for row in doubted[:1]:
            async with self.it.db.write() as tx:
                if self.draw.random() < 0.5:
                    await deciding.clear(tx, SYSTEM, row.id, self.now)
                else:
                    await deciding.deny(tx, SYSTEM, row.id, "нет такого магазина", self.now)

    async def ask(self) -> None:
        amount = self.draw.choice([500_000, (await self.it.balance()).payable // 100 * 100])
        before = await self.it.balance()
        try:
            async with self.it.db.write() as tx:
                await payouts.request(
                    tx, self.it.actor, amount, PAYEE, secrets=SECRETS, now=self.now
                )
        except DomainError:
            assert before.asked or amount < 500_000 or amount > before.payable

    async def decide(self) -> None:
        async with self.it.db.read() as tx:
            rows = (await tx.scalars(select(PartnerPayout))).all()
        for row in rows:
            if row.status in (PayoutStatus.PAID, PayoutStatus.REFUSED):
                continue
            try:
                async with self.it.db.write() as tx:
                    if self.draw.random() < 0.3:
                        await payouts.refuse(tx, SYSTEM, row.id, "ошибка в счёте", self.now)
                    elif row.status == PayoutStatus.REQUESTED:
                        await payouts.approve(tx, SYSTEM, row.id, self.now)
                    else:
                        await payouts.pay(tx, SYSTEM, row.id, "1", self.now)
            except Conflict:
                pass  # refunds since the request: the operator is told

    async def check(self) -> None:
        """What is owed by the books is what the partner reads, and nothing is paid beyond it."""
        mine = await self.it.balance()
        async with self.it.db.read() as tx:
            held = await ledger.owed_to_partner(tx, self.it.partner_id, Account.PARTNER_HELD)
            payable = await ledger.owed_to_partner(tx, self.it.partner_id, Account.PARTNER_PAYABLE)
            totals = await ledger.totals(tx)
        assert held == mine.held + mine.doubted
        assert payable == mine.payable + mine.asked
        assert mine.earned == held + payable + mine.paid
        assert sum(totals.values()) == 0
        assert min(mine.held, mine.doubted) >= 0


@pytest.mark.parametrize("seed", range(6))
async def test_books_and_lines_never_part(db: Database, seed: int) -> None:
    story = Story(await add_partner(db), seed)
    for _ in range(_STEPS):
        await story.step()
        await story.check()
    assert story.payments
