"""All payments for the operator: tabs, sums, what can be given back; dated prices of plans."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from money_scene import active, add_seller, begin, pay, read
from records import NOON
from sqlmodel import select

from cube_demper.core.errors import Conflict, InvalidInput, PermissionDenied
from cube_demper.db.session import Database
from cube_demper.domain.accounts.schemas import SYSTEM, Actor, Role
from cube_demper.domain.billing import administration, operating, prices, subscribing
from cube_demper.domain.billing.administration import Wanted
from cube_demper.domain.billing.operating import Transfer
from cube_demper.domain.billing.service import plans
from cube_demper.models.billing import PaymentMethod, Plan
from cube_demper.models.operations import AuditEntry

ADMIN = Actor(Role.ADMIN, uuid4(), "admin@example.kz")
DAY = timedelta(days=1)
BASIC = 999_900


async def page(db: Database, **wanted: str) -> administration.PaymentsPage:
    async with db.read() as tx:
        return await administration.list_payments(tx, ADMIN, Wanted(**wanted), 1)


async def test_tabs_sums_and_search(db: Database) -> None:
    waits, paid, back = [await add_seller(db, NOON) for _ in range(3)]
    transfer = await begin(db, waits, Plan.PRO, NOON, method=PaymentMethod.BANK_INVOICE)
    kept = await begin(db, paid, Plan.BASIC, NOON)
    await pay(db, kept, NOON)
    returned = await begin(db, back, Plan.BASIC, NOON, method=PaymentMethod.KASPI_TRANSFER)
    await pay(db, returned, NOON)
    async with db.write() as tx:
        await operating.give_back(
            tx, SYSTEM, returned.invoice_id, NOON, amount=400_000, reason="Простой"
        )
    found = await page(db)
    assert found.page.counts == {"": 3, "waiting": 1, "paid": 1, "refunded": 1}
    assert found.kept == 2 * BASIC - 400_000
    waiting = await page(db, tab="waiting")
    assert [it.invoice_id for it, _ in waiting.page.rows] == [transfer.invoice_id]
    assert (await page(db, search=paid.email)).page.total == 1
    assert (await page(db, search=kept.invoice_id.lower())).page.total == 1
    assert (await page(db, method="card", plan="basic")).page.total == 1
    async with db.read() as tx:
        card = await administration.get_card(tx, ADMIN, returned.invoice_id)
        assert (card.left, card.left_by_money) == (BASIC - 400_000, BASIC - 400_000)
        with pytest.raises(PermissionDenied):
            await administration.list_payments(tx, waits, Wanted(), 1)


async def test_a_confirmation_is_written_down_with_who_and_before_and_after(db: Database) -> None:
    actor = await add_seller(db, NOON)
    payment = await begin(db, actor, Plan.BASIC, NOON, method=PaymentMethod.BANK_INVOICE)
    async with db.write() as tx:
        got = Transfer(payment.invoice_id, BASIC, PaymentMethod.BANK_INVOICE, NOON, "4711")
        await operating.confirm(tx, ADMIN, got, NOON)
    async with db.read() as tx:
        row = await tx.scalar(select(AuditEntry).where(AuditEntry.action == "transfer_confirmed"))
    assert row
    assert row.actor_id == ADMIN.user_id
    assert (row.before, row.after) == ({"status": "created"}, {"status": "paid"})
    assert row.owner_id == actor.owner_id
    assert row.details["reference"] == "4711"


async def test_a_new_price_from_a_day_on_leaves_what_was_bought(db: Database) -> None:
    old = await add_seller(db, NOON)
    payment = await begin(db, old, Plan.BASIC, NOON)
    await pay(db, payment, NOON)
    async with db.write() as tx:
        await prices.plan(tx, ADMIN, Plan.BASIC, 1_200_000, NOON + DAY, now=NOON)
    new = await add_seller(db, NOON)
    assert (await begin(db, new, Plan.BASIC, NOON)).amount == BASIC
    async with db.write() as tx:
        assert await prices.apply_due(tx, NOON + timedelta(hours=23)) == 0
        assert await prices.apply_due(tx, NOON + DAY) == 1
        assert await prices.apply_due(tx, NOON + DAY) == 0
    late = await add_seller(db, NOON + DAY)
    assert (await begin(db, late, Plan.BASIC, NOON + DAY)).amount == 1_200_000
    row = await active(db, old.owner_id)
    assert row
    async with db.read() as tx:
        assert subscribing.renewal_price(row, await plans(tx)) == BASIC
    assert (await read(db, payment)).amount == BASIC


async def test_prices_that_cannot_be(db: Database) -> None:
    for code, price in ((Plan.FREE, 100), (Plan.PRO, 0), (Plan.PRO, 150), (Plan.PRO, -100)):
        with pytest.raises(InvalidInput):
            async with db.write() as tx:
                await prices.plan(tx, ADMIN, code, price, NOON, now=NOON)
    with pytest.raises(PermissionDenied):
        async with db.write() as tx:
            await prices.plan(tx, Actor(Role.SUPPORT), Plan.PRO, 100, NOON, now=NOON)
    async with db.write() as tx:
        later = await prices.plan(tx, ADMIN, Plan.PRO, 100, NOON + DAY, now=NOON)
        now = await prices.plan(tx, ADMIN, Plan.PRO, 3_000_000, NOON, now=NOON)
        assert (await plans(tx))[Plan.PRO].price == 3_000_000
        await prices.cancel(tx, ADMIN, later.id)
        with pytest.raises(Conflict):
            await prices.cancel(tx, ADMIN, now.id)
        assert len(await prices.history(tx, ADMIN)) == 1
