"""Steps of random histories that lead straight into a trouble which chance alone would seldom meet."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from datetime import datetime, timedelta

from money_card_steps import CardSteps
from money_gateway import APPROVES, LOSES, Terminal
from sqlmodel import col, select

from cube_demper.core.errors import DomainError
from cube_demper.db.session import Database
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.billing import payments, queries
from cube_demper.models.billing import Payment, PaymentMethod, Plan


class Troubles:
    """What a history does on purpose; see `money_histories.History`."""

    db: Database
    actors: list[Actor]
    now: datetime
    terminal: Terminal
    cards: CardSteps
    transactions: dict[str, int]

    async def _promise(self, first: int, second: int) -> None:
        """What lies on a balance is asked back before or after its owner begins to pay with it."""
        if not await self._credited():
            await self.cards.pay_twice(first)
        found = await self._credited()
        if not found:
            return
        credited = found[first % len(found)]
        actor = next(it for it in self.actors if it.owner_id == credited.user_id)
        await self._come_near_the_end(actor)
        if second % 2:
            await self._ask_all_back(credited)
        async with self.db.write() as tx:
            payment = await payments.begin(
                tx, actor, (Plan.BASIC, Plan.PRO)[first % 2], PaymentMethod.KASPI_TRANSFER, self.now,
                use_balance=True,
            )  # fmt: skip
        await self._ask_all_back(credited)
        await self._settle(payment, f"p{len(self.transactions)}")

    async def _ask_all_back(self, credited: Payment) -> None:
        with contextlib.suppress(DomainError):
            await self._ask_back(credited, None)

    async def _credited(self) -> Sequence[Payment]:
        async with self.db.read() as tx:
            query = select(Payment).where(col(Payment.is_credited)).order_by(col(Payment.id))
            return (await tx.scalars(query)).all()

    async def _come_near_the_end(self, actor: Actor) -> None:
        """Wait until the next days may be paid for."""
        async with self.db.read() as tx:
            row = await queries.find_active(tx, actor.owner_id)
        if row is not None:
            self._pass(max(timedelta(), row.current_period_end - timedelta(days=5) - self.now))

    async def _lost(self, first: int, second: int) -> None:
        """A charge is lost; a look that comes too early finds nothing."""
        await self.cards.lose_charge(first, second)
        self._pass(timedelta(minutes=3 * (first % 2)))
        await self.cards.look_and_pay_again(first, second)

    async def _lost_refund(self, first: int, second: int) -> None:
        """A refund is lost, and sent again after 40, 80 and 120 minutes: the id is kept for 60."""
        await self.cards.lose_refund(first, second)
        for mood in (LOSES, LOSES, APPROVES):
            self._pass(timedelta(minutes=40))
            self.terminal.mood = mood
            await self.cards.send_back(first, second)

    def _pass(self, time: timedelta) -> None:
        self.now += time
        self.terminal.now = self.now

    async def _ask_back(self, payment: Payment | None, amount: int | None) -> None:
        raise NotImplementedError

    async def _settle(self, payment: Payment | None, transaction: str) -> None:
        raise NotImplementedError
