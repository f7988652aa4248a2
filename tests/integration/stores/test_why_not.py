"""«Почему бот не ведёт товары»: each product in exactly one condition, with a remedy."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any

import pytest
from records import NOON, add_product, add_store, add_user, limit_bots, seller

from cube_demper.db.session import Database
from cube_demper.domain.accounts.schemas import SYSTEM
from cube_demper.domain.stores import conditions, service
from cube_demper.domain.stores.schemas import ConditionCode, Weight
from cube_demper.models.billing import Plan

_SOON = NOON + timedelta(minutes=5)


@pytest.mark.parametrize(
    ("code", "user", "store", "bot", "product"),
    [
        ("bot_off", {}, {}, {}, {"bot_active": False}),
        ("bot_off_no_bound", {}, {}, {}, {"bot_active": False, "min_price": None}),
        ("user_blocked", {"is_blocked": True}, {}, {}, {}),
        ("store_off", {}, {"is_active": False}, {}, {}),
        ("bot_stopped", {}, {}, {"is_enabled": False}, {}),
        ("bot_stopped", {}, {}, False, {}),
        ("sms_required", {}, {"needs_reauth": True, "reauth_reason": "sms_required"}, {}, {}),
        (
            "invalid_credentials",
            {},
            {"needs_reauth": True, "reauth_reason": "invalid_credentials"},
            {},
            {},
        ),
        (
            "credentials_missing",
            {},
            {"needs_reauth": True, "reauth_reason": "credentials_missing"},
            {},
            {},
        ),
        ("needs_reauth", {}, {"needs_reauth": True}, {}, {}),
        ("no_session", {}, {"guid": None}, {}, {}),
        ("due", {}, {"guid": None, "channel": "feed"}, {}, {}),
        ("no_card", {}, {}, {}, {"external_kaspi_id": None}),
        ("plan_without_repricing", {"plan": None}, {}, {}, {}),
        ("plan_without_repricing", {"plan": Plan.FREE}, {}, {}, {}),
        (
            "outside_work_hours",
            {},
            {},
            {"work_hours_start": time(13), "work_hours_end": time(14)},
            {},
        ),
        ("errors", {}, {}, {}, {"check_failures": 2, "last_error": "Kaspi не ответил"}),
        ("claimed", {}, {}, {}, {"claimed_until": _SOON}),
        ("not_due", {}, {}, {}, {"next_check_at": _SOON}),
        ("overdue", {}, {}, {}, {"next_check_at": NOON - timedelta(minutes=2)}),
        ("due", {}, {}, {}, {}),
    ],
)
async def test_each_condition_is_recognised(
    db: Database, *, code: str, user: Any, store: Any, bot: Any, product: Any
) -> None:
    async with db.write() as tx:
        owner = await add_user(tx, **user)
        await add_product(tx, await add_store(tx, owner, bot=bot, **store), **product)
    async with db.read() as tx:
        found = await service.why_not(tx, seller(owner), NOON)
    assert [(it.code.value, it.count) for it in found] == [(code, 1)]


async def test_counts_add_up_and_the_first_condition_wins(db: Database) -> None:
    async with db.write() as tx:
        await limit_bots(tx, 4)
        owner = await add_user(tx)
        store = await add_store(tx, owner)
        stopped = await add_store(tx, owner, bot={"is_enabled": False}, guid=None)
        for minutes in (50, 40, 30):
            await add_product(tx, store, bot_enabled_at=NOON - timedelta(minutes=minutes))
        await add_product(
            tx, stopped, bot_enabled_at=NOON - timedelta(minutes=20), external_kaspi_id=None
        )
        await add_product(tx, store, bot_enabled_at=NOON, check_failures=5)
        await add_product(tx, store, bot_active=False)
        await add_product(tx, await add_store(tx, await add_user(tx)))
    async with db.read() as tx:
        mine = await service.why_not(tx, seller(owner), NOON)
        one = await service.why_not(tx, seller(owner), NOON, stopped.id)
        everyone = await service.why_not(tx, SYSTEM, NOON)
    assert {it.code.value: it.count for it in mine} == {
        "bot_off": 1,
        "bot_stopped": 1,
        "over_plan_limit": 1,
        "due": 3,
    }
    assert [(it.code.value, it.count) for it in one] == [("bot_stopped", 1)]
    assert sum(it.count for it in everyone) == 7


@pytest.mark.parametrize("code", list(ConditionCode))
def test_every_condition_has_words_and_all_but_healthy_ones_a_remedy(code: ConditionCode) -> None:
    it = conditions.condition(code, 1)
    assert it.words
    assert bool(it.remedy) is (it.weight is not Weight.OK)
