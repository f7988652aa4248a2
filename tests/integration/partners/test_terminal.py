"""`cube partner …` and `cube billing payout …` as an operator types them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import click
import pytest
from accounts_scene import Scene
from click.testing import CliRunner
from partner_scene import PAYEE, Programme
from records import NOON
from redis.asyncio import Redis
from web_stage import web_services

from cube_demper import partner_commands
from cube_demper.core.clock import FixedClock
from cube_demper.db.session import Database
from cube_demper.domain.accounts.schemas import SYSTEM
from cube_demper.domain.partners import accrual, payouts
from cube_demper.integrations.attempts.client import RedisAttempts
from cube_demper.partner_commands import payout_commands

LATER = NOON + timedelta(days=15)


@pytest.fixture
async def cube(db: Database, redis: Redis) -> Callable[..., Any]:
    """Return a function that runs a command and gives its lines."""
    services = web_services(Scene(db, FixedClock(LATER), RedisAttempts(redis)), redis)
    loop = asyncio.get_running_loop()

    def run(work: Callable[..., Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work(services), loop).result(30)

    groups: dict[str, click.Group] = {
        "partner": partner_commands.partner_commands(run),
        "payout": payout_commands(run),
    }

    async def invoke(group: str, *arguments: str) -> list[str]:
        runner = CliRunner(catch_exceptions=False)
        ran = await asyncio.to_thread(runner.invoke, groups[group], arguments)
        assert ran.exit_code == 0, ran.output
        return ran.output.splitlines()

    return invoke


async def test_an_empty_desk_says_so(cube: Callable[..., Any]) -> None:
    assert await cube("partner", "doubts") == ["Сомнений нет"]
    assert await cube("payout", "list") == ["Заявок нет"]


async def test_doubts_page_and_say_how_many_there_are(
    cube: Callable[..., Any], programme: Programme, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cube_demper.domain.partners.deciding.LISTED", 2)
    monkeypatch.setattr(partner_commands, "_A_PAGE", 2)
    for number in range(3):
        await programme.buy(await programme.sign_up(email=f"a{number}@yopmail.com"))
    first = await cube("partner", "doubts")
    assert len(first) == 3
    assert first[-1] == "Всего 3. Дальше: --page 2"
    second = await cube("partner", "doubts", "--page", "2")
    assert len(second) == 1
    assert not set(first) & set(second)
    number = second[0].split()[0]
    await cube("partner", "deny", number, "--reason", "такого магазина нет")
    assert len(await cube("partner", "doubts")) == 2


async def test_a_request_is_read_approved_and_paid(
    cube: Callable[..., Any], programme: Programme, db: Database
) -> None:
    for _ in range(3):
        await programme.buy(await programme.sign_up())
    async with db.write() as tx:
        await accrual.release_due(tx, SYSTEM, LATER)
        box = web_services(Scene(db, FixedClock(LATER), None), None).secrets  # type: ignore[arg-type]
        await payouts.request(tx, programme.actor, 500_000, PAYEE, secrets=box, now=LATER)
    (line,) = await cube("payout", "list")
    assert PAYEE.iban in line
    number = line.split()[0]
    await cube("payout", "approve", number)
    await cube("payout", "pay", number, "--note", "ПП 7")
    assert await cube("payout", "list") == ["Заявок нет"]
    assert (await programme.balance()).paid == 500_000
    assert "Выплачена" in (await cube("payout", "list", "--all"))[0]


async def test_a_partner_is_shut_out_and_denied(
    cube: Callable[..., Any], programme: Programme
) -> None:
    await programme.buy(await programme.sign_up())
    await cube("partner", "block", programme.email)
    said = await cube("partner", "deny-all", programme.email, "--reason", "накрутка")
    assert said == ["Отказано в начислениях: 1"]
    assert (await programme.balance()).earned == 0
    terms = await cube("partner", "terms", "--hold-days", "20")
    assert "Удержание 20 дн." in terms[0]
