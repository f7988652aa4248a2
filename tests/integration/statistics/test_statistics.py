"""Figures of days, money and failures are those of the rows, and the numbers open their lists."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest
from money_scene import add_seller, begin, pay
from records import NOON, add_decision, add_product, add_store, add_user

from cube_demper.core.errors import PermissionDenied
from cube_demper.db import outbox
from cube_demper.db.session import Database
from cube_demper.domain.accounts.schemas import SYSTEM, Actor, Role
from cube_demper.domain.billing import operating
from cube_demper.domain.statistics import collecting, reading
from cube_demper.domain.statistics.errors import list_errors
from cube_demper.domain.statistics.schemas import ErrorKind, Machine, Report
from cube_demper.models.billing import Plan
from cube_demper.models.pricing import PriceStatus
from cube_demper.models.stores import KaspiLogin

ADMIN = Actor(Role.ADMIN, uuid4(), "admin@example.kz")
DAY = timedelta(days=1)
BASIC, PRO = 999_900, 2_999_900


async def report(db: Database, days: int = 7) -> Report:
    async with db.read() as tx:
        return await reading.report(tx, ADMIN, days, NOON)


async def machine(db: Database) -> Machine:
    async with db.read() as tx:
        return await reading.machine(tx, ADMIN, NOON, changes_limit=5)


async def test_money_by_plan_churn_and_days(db: Database) -> None:
    stays, goes, comes = [await add_seller(db, NOON - 40 * DAY) for _ in range(3)]
    for actor, at, plan in (
        (stays, NOON - 40 * DAY, Plan.BASIC),
        (goes, NOON - 40 * DAY, Plan.BASIC),
        (stays, NOON - 11 * DAY, Plan.BASIC),
        (comes, NOON - DAY, Plan.PRO),
    ):
        payment = await begin(db, actor, plan, at)
        await pay(db, payment, at)
    async with db.write() as tx:
        await operating.give_back(tx, SYSTEM, payment.invoice_id, NOON, amount=99_900, reason="—")
    found = await report(db, 30)
    assert {it.plan: (it.people, it.mrr) for it in found.plans} == {
        "basic": (1, BASIC),
        "pro": (1, PRO),
    }
    assert (found.mrr, found.revenue_before) == (BASIC + PRO, 2 * BASIC)
    assert (found.churn.before, found.churn.lost, found.churn.won) == (2, 1, 1)
    assert found.revenue[date(2026, 11, 21)] == {"pro": PRO}
    assert found.revenue_total == BASIC + PRO


async def test_a_day_is_collected_with_what_stands_and_the_past_without(db: Database) -> None:
    async with db.write() as tx:
        store = await add_store(tx, await add_user(tx))
        product = await add_product(tx, store)
        await add_product(tx, store, bot_active=False)
        send = uuid4()
        for city in ("750000000", "710000000"):  # one change in two cities
            await add_decision(
                tx, product, PriceStatus.CONFIRMED, send_id=send, sent_at=NOON, city_id=city
            )
        await add_decision(tx, product, PriceStatus.REFUSED, created_at=NOON - DAY)
        tx.add(
            KaspiLogin(
                user_id=store.user_id, account_hash="x", account="a…@mail.kz", step="refused",
                state="", refusal="flood", started_at=NOON, expires_at=NOON, ended_at=NOON,
            )
        )  # fmt: skip
    for _ in range(2):
        async with db.write() as tx:
            await collecting.collect(tx, SYSTEM, NOON)
    days = {it.day: it for it in (await report(db)).days}
    today, yesterday = days[date(2026, 11, 22)], days[date(2026, 11, 21)]
    assert (today.changed, today.refused, today.bots, today.goods, today.stores) == (1, 0, 1, 2, 1)
    assert today.errors[ErrorKind.SIGN_IN] == 1
    assert (yesterday.refused, yesterday.errors[ErrorKind.SEND], yesterday.bots) == (1, 1, None)
    assert days[date(2026, 11, 16)].changed == 0


async def test_the_machine_now_and_the_lists_behind_it(db: Database) -> None:
    async with db.write() as tx:
        user = await add_user(tx, last_seen_at=NOON - timedelta(minutes=2))
        await add_user(tx, last_seen_at=NOON - timedelta(hours=1))
        busy = await add_store(tx, user, name="Тау")
        banned = await add_store(tx, user, sends_blocked_until=NOON + timedelta(minutes=5))
        product = await add_product(tx, busy, check_failures=3, last_error="Kaspi не ответил")
        for _ in range(4):
            await add_decision(tx, product, PriceStatus.SENT, send_id=uuid4(), sent_at=NOON)
        await add_decision(tx, product, PriceStatus.QUEUED, queued_at=NOON)
        await add_decision(tx, product, PriceStatus.REFUSED, note="Kaspi отказал: цена")
        await outbox.enqueue(tx, "mail.reset", "1", {}, NOON)
    now = await machine(db)
    assert (now.online, now.failing, now.changes, now.banned, now.near_limit) == (1, 1, 4, 1, 1)
    assert [it.store_id for it in now.budgets] == [banned.id, busy.id]
    queues = {it.code: it.waiting for it in now.queues}
    assert (queues["prices"], queues["mail.reset"]) == (1, 1)
    async with db.read() as tx:
        for kind in ErrorKind:
            page = await list_errors(tx, ADMIN, kind, NOON - DAY, 1)
            assert page.total == (kind in (ErrorKind.LOOK, ErrorKind.SEND))
        (line,) = (await list_errors(tx, ADMIN, ErrorKind.SEND, NOON - DAY, 1)).rows
    assert (line.words, line.store_id, line.owner) == ("Kaspi отказал: цена", busy.id, user.email)


async def test_only_the_operator_reads(db: Database) -> None:
    async with db.read() as tx:
        for actor in (Actor(Role.SUPPORT), Actor(Role.USER, uuid4())):
            with pytest.raises(PermissionDenied):
                await reading.report(tx, actor, 7, NOON)
            with pytest.raises(PermissionDenied):
                await reading.machine(tx, actor, NOON, changes_limit=1)
            with pytest.raises(PermissionDenied):
                await list_errors(tx, actor, ErrorKind.LOOK, NOON, 1)
