"""All partners for the operator: figures, terms of one, deletion that keeps what must be kept, the queue."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from partner_scene import PAYEE, SECRETS, SHARE, Programme, add_partner
from records import NOON
from sqlmodel import select

from cube_demper.core.errors import Conflict, InvalidInput, PermissionDenied
from cube_demper.db.session import Database
from cube_demper.domain.accounts.schemas import SYSTEM, Actor, Role
from cube_demper.domain.partners import accrual, administration, payouts
from cube_demper.models.operations import AuditEntry
from cube_demper.models.partners import Partner

ADMIN = Actor(Role.ADMIN, uuid4(), "admin@example.kz")
DAY = timedelta(days=1)


async def test_a_line_sums_up_what_a_partner_brought(programme: Programme, db: Database) -> None:
    for _ in range(2):
        await programme.buy(await programme.sign_up())
    await programme.sign_up()
    async with db.read() as tx:
        page = await administration.list_partners(tx, ADMIN, NOON)
        (line,) = page.rows
    assert (line.leads, line.paying, line.active, line.clicks) == (3, 2, 2, 3)
    assert (line.earned, line.held, line.payable) == (2 * SHARE, 2 * SHARE, 0)


async def test_a_new_share_is_for_what_comes(programme: Programme, db: Database) -> None:
    await programme.buy(await programme.sign_up())
    async with db.write() as tx:
        await administration.change(
            tx, ADMIN, programme.partner_id, full_name=" Дана  Оспанова ", percent=30
        )
    await programme.buy(await programme.sign_up())
    async with db.read() as tx:
        line = await administration.find(tx, ADMIN, programme.partner_id, NOON)
        row = await tx.scalar(select(AuditEntry).where(AuditEntry.action == "partner_changed"))
    assert (line.full_name, line.earned) == ("Дана Оспанова", SHARE + SHARE * 3 // 2)
    assert row
    assert (row.before or {})["commission_percent"] == 20
    assert (row.after or {})["commission_percent"] == 30
    with pytest.raises(InvalidInput):
        async with db.write() as tx:
            await administration.change(tx, ADMIN, programme.partner_id, full_name="", percent=101)


async def test_a_partner_with_money_stays_and_another_goes(
    programme: Programme, db: Database
) -> None:
    await programme.buy(await programme.sign_up())
    idle = await add_partner(db, "idle@example.kz")
    lost = await idle.sign_up()
    with pytest.raises(Conflict, match=r"1.999,80.₸"):
        async with db.write() as tx:
            await administration.delete(tx, ADMIN, programme.partner_id)
    async with db.write() as tx:
        await administration.delete(tx, ADMIN, idle.partner_id)
    async with db.read() as tx:
        assert [it.id for it in (await tx.scalars(select(Partner))).all()] == [programme.partner_id]
        assert await tx.get(type(lost), lost.id)


async def test_the_queue_shows_open_requests_first_and_only_to_the_operator(
    programme: Programme, db: Database
) -> None:
    for _ in range(6):
        await programme.buy(await programme.sign_up())
    later = NOON + 15 * DAY
    async with db.write() as tx:
        await accrual.release_due(tx, SYSTEM, later)
        first = await payouts.request(
            tx, programme.actor, 500_000, PAYEE, secrets=SECRETS, now=later
        )
    async with db.write() as tx:
        await payouts.refuse(tx, ADMIN, first, "Счёт закрыт", later)
    async with db.write() as tx:
        second = await payouts.request(
            tx, programme.actor, 600_000, PAYEE, secrets=SECRETS, now=later + DAY
        )
    async with db.read() as tx:
        page, sums = await administration.list_payouts(tx, ADMIN, SECRETS)
        assert [it.row.id for it in page.rows] == [second, first]
        assert PAYEE.iban in page.rows[0].payee
        assert (sums["requested"], page.counts["requested"]) == (600_000, 1)
        row = await tx.scalar(select(AuditEntry).where(AuditEntry.action == "payout_refused"))
        assert row
        assert (row.before, row.after) == (
            {"status": "requested"},
            {"status": "refused"},
        )
        for actor in (programme.actor, Actor(Role.SUPPORT)):
            with pytest.raises(PermissionDenied):
                await administration.list_payouts(tx, actor, SECRETS)
