"""What `cube doctor` says of TipTopPay: what is missing, a wrong key, and webhooks that go elsewhere."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
from accounts_scene import Scene
from redis.asyncio import Redis
from tiptoppay_stage import Till, open_till
from web_stage import web_services

from cube_demper.bootstrap import Services
from cube_demper.core.settings import Settings, TipTopPaySettings
from cube_demper.db.session import Database
from cube_demper.doctor.payments import look_at_gateway
from cube_demper.doctor.report import Level
from cube_demper.integrations.attempts.client import RedisAttempts
from cube_demper.up.show_settings import setting_lines


@pytest.fixture
async def till() -> AsyncIterator[Till]:
    async with open_till() as opened:
        yield opened


@pytest.fixture
def asked(till: Till, db: Database, redis: Redis) -> Services:
    found = web_services(Scene(db, till.clock, RedisAttempts(redis)), redis)
    return replace(found, settings=till.settings())


async def _say(services: Services) -> tuple[Level, str]:
    last = (await look_at_gateway(services))[-1]
    return last.level, " ".join([last.text, *last.details])


async def test_keys_that_are_missing_are_named(asked: Services) -> None:
    level, words = await _say(replace(asked, settings=Settings()))
    assert level is Level.NOTE
    assert "TIPTOPPAY_PUBLIC_ID и TIPTOPPAY_API_SECRET" in words
    half: Any = TipTopPaySettings(TIPTOPPAY_PUBLIC_ID="pk_1")
    _, words = await _say(replace(asked, settings=Settings(tiptoppay=half)))
    assert words.endswith("нужны TIPTOPPAY_API_SECRET")


async def test_a_wrong_key_and_a_gateway_that_is_away(asked: Services, till: Till) -> None:
    wrong = replace(asked, settings=till.settings(TIPTOPPAY_API_SECRET="x"))
    level, words = await _say(wrong)
    assert (level, "не принял" in words) == (Level.BAD, True)
    away = replace(asked, settings=till.settings(TIPTOPPAY_URL="http://127.0.0.1:9"))
    level, words = await _say(away)
    assert (level, "не отвечает" in words) == (Level.BAD, True)


async def test_where_webhooks_go(asked: Services, till: Till) -> None:
    level, words = await _say(asked)
    assert level is Level.BAD
    assert "Pay: http://localhost:3000/webhooks/tiptoppay/pay" in words
    till.terminal.hooks.listen_at("http://127.0.0.1:3000")
    assert (await _say(asked))[0] is Level.GOOD


def test_the_secret_is_masked(till: Till) -> None:
    lines = setting_lines(till.settings())
    assert "TIPTOPPAY_API_SECRET=***" in lines
    assert "TIPTOPPAY_PUBLIC_ID=pk_sandbox_cube" in lines
