"""The billing worker: what is due is done once, whoever fails beside it, however often it is started."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from money_scene import active, add_seller, begin, pay, read, save_card
from records import NOON
from sqlmodel import select

from cube_demper.bootstrap import Services, build_services
from cube_demper.core.clock import FixedClock
from cube_demper.core.errors import Unreachable
from cube_demper.core.settings import OperatorSettings, Settings
from cube_demper.db.session import Database
from cube_demper.domain.accounts.schemas import SYSTEM, Actor
from cube_demper.domain.billing import payments
from cube_demper.domain.billing.schemas import Settlement
from cube_demper.models.billing import Payment, PaymentMethod, PaymentStatus, Plan
from cube_demper.models.invoices import BillingRequisites, Invoice
from workers.billing import Billing
from workers.runtime import Options, Process

DAY = timedelta(days=1)
END = NOON + 30 * DAY


@pytest.fixture
async def here(db: Database, database_url: str, redis_url: str) -> AsyncIterator[Services]:
    settings = Settings(DATABASE_URL=database_url, REDIS_URL=redis_url)
    settings.operator = OperatorSettings(
        BILLING_COMPANY="ТОО «Сервис»",
        BILLING_BIN="123",
        BILLING_IBAN="KZ1",
        BILLING_BANK="Банк",
        BILLING_BIK="BIK",
    )
    built = replace(build_services(settings, name="billing"), clock=FixedClock(NOON))
    yield built
    await built.close()


class FakeCards:
    """A gateway that takes every card but these, and once is out of reach."""

    def __init__(self, db: Database, services: Services, *, is_away: bool = False) -> None:
        self._db, self._services, self.is_away = db, services, is_away
        self.charged: list[UUID] = []

    async def charge(self, payment_id: UUID) -> None:
        if self.is_away:
            raise Unreachable
        self.charged.append(payment_id)
        now = self._services.clock.now()
        async with self._db.write() as tx:
            payment = await tx.get_one(Payment, payment_id)
            money = Settlement(payment.amount, "KZT", f"t{payment_id}", PaymentMethod.CARD, now)
            await payments.paid(tx, SYSTEM, payment.invoice_id, money, now)

    async def send_refund(self, refund_id: UUID) -> None:
        raise AssertionError(refund_id)

    async def sweep(self) -> int:
        """There is nothing unknown."""
        return 0

    async def close(self) -> None:
        """There is nothing open."""


def worker(services: Services, cards: FakeCards | None = None) -> Billing:
    process = Process("billing", services, Options(until_idle=True), services.clock.now())
    return Billing(process, cards)


async def paid_seller(db: Database) -> Actor:
    actor = await add_seller(db, NOON)
    await pay(db, await begin(db, actor, Plan.BASIC, NOON), NOON)
    return actor


def wait(services: Services, days: float) -> None:
    clock = services.clock
    assert isinstance(clock, FixedClock)
    clock.move(days=days)


async def test_a_card_renews_the_plan_though_the_gateway_was_away_at_first(
    db: Database, here: Services
) -> None:
    actor = await paid_seller(db)
    await save_card(db, actor)
    wait(here, 29.9)
    cards = FakeCards(db, here, is_away=True)
    await worker(here, cards).run_bounded()
    assert cards.charged == []
    cards.is_away = False
    for _ in range(3):
        await worker(here, cards).run_bounded()
    assert len(cards.charged) == 1
    plan = await active(db, actor.owner_id)
    assert plan is not None
    assert plan.current_period_end == END + 30 * DAY


async def test_what_nobody_pays_is_closed_and_acts_get_their_numbers(
    db: Database, here: Services
) -> None:
    actor = await paid_seller(db)
    async with db.write() as tx:
        tx.add(BillingRequisites(user_id=actor.owner_id, company="ИП", bin="1"))
    waiting = await begin(db, await add_seller(db, NOON), Plan.PRO, NOON)
    wait(here, 40)
    for _ in range(2):
        await worker(here).run_bounded()
    assert (await read(db, waiting)).status == PaymentStatus.EXPIRED
    assert await active(db, actor.owner_id) is None
    async with db.read() as tx:
        (act,) = (await tx.scalars(select(Invoice))).all()
    assert (act.kind, act.number, act.amount) == ("act", 1, 999_900)
