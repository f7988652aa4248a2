"""What `cube doctor` says of money that only a person moves on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from accounts_scene import Scene
from money_scene import add_seller, begin
from partner_scene import PAYEE, SECRETS, add_partner
from records import NOON
from redis.asyncio import Redis
from web_stage import web_services

from cube_demper.bootstrap import Services
from cube_demper.core.clock import FixedClock
from cube_demper.db.session import Database
from cube_demper.doctor.money import look_at_money
from cube_demper.doctor.report import Level
from cube_demper.domain.accounts.schemas import SYSTEM
from cube_demper.domain.partners import accrual, payouts
from cube_demper.integrations.attempts.client import RedisAttempts
from cube_demper.models.billing import PaymentMethod, Plan

LATER = NOON + timedelta(days=15)


@pytest.fixture
def asked(db: Database, redis: Redis) -> Services:
    scene = Scene(db, FixedClock(LATER), RedisAttempts(redis))
    return replace(web_services(scene, redis), secrets=SECRETS)


async def _said(services: Services) -> Sequence[str]:
    async with services.db.read() as tx:
        found = await look_at_money(services, tx, LATER)
    return [it.text for it in found if it.level is not Level.BAD]


async def test_nothing_waits(asked: Services) -> None:
    said = await _said(asked)
    assert "Переводы, выплаты и сомнения разобраны" in said
    assert "Переводы Kaspi не принимаются, не задан BILLING_KASPI_PHONE" in said


async def test_transfers_payouts_and_doubts_are_counted(asked: Services, db: Database) -> None:
    now = LATER - timedelta(hours=1)
    await begin(db, await add_seller(db, now), Plan.BASIC, now, method=PaymentMethod.KASPI_TRANSFER)
    programme = await add_partner(db)
    for _ in range(3):
        await programme.buy(await programme.sign_up())
    await programme.buy(await programme.sign_up(email="a@yopmail.com"))
    async with db.write() as tx:
        await accrual.release_due(tx, SYSTEM, LATER)
        await payouts.request(tx, programme.actor, 500_000, PAYEE, secrets=SECRETS, now=LATER)
    said = await _said(asked)
    assert any(it.startswith("Ждут перевода по счёту или Kaspi: 1, самый старый") for it in said)
    assert "Партнёры ждут выплаты: 1" in said
    assert "Начисления партнёрам под сомнением: 1" in said
