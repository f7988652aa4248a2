"""The orders token in a browser: a wrong one, a right one, one from the cabinet of the sandbox."""

from __future__ import annotations

import json
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from page_audit import audit
from playwright.async_api import Page, expect
from records import add_store, add_user
from sqlalchemy import select
from sqlmodel import col

from cube_demper.bootstrap import Services, build_services
from cube_demper.core.crypto import SecretBox
from cube_demper.core.settings import KaspiSettings, Settings
from cube_demper.db.session import Database
from cube_demper.domain.orders.service import TOKEN_TOPIC
from cube_demper.models.accounts import User
from cube_demper.models.operations import OutboxMessage
from cube_demper.models.orders import OrdersToken
from cube_demper.sandbox.server import Sandbox
from workers.order_tokens import OrderTokens

pytestmark = pytest.mark.e2e
STORE = "30000001"
_SHOTS = os.environ.get("CUBE_SHOTS")
Worker = Callable[[], Awaitable[None]]


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox.start() as running:
        yield running


@pytest.fixture
async def work(
    sandbox: Sandbox, db: Database, services: Services, database_url: str
) -> AsyncIterator[Worker]:
    """Let the worker take what the page has asked for last."""
    settings = Settings(
        DATABASE_URL=database_url,
        REDIS_URL=services.redis_url,
        kaspi=KaspiSettings(
            KASPI_SHOP_URL=sandbox.shop_url, KASPI_MERCHANT_URL=sandbox.merchant_url
        ),
    )
    own = build_services(settings, name="tokens")
    worker = OrderTokens(own)

    async def do() -> None:
        async with db.read() as tx:
            query = select(OutboxMessage).where(col(OutboxMessage.topic) == TOKEN_TOPIC)
            rows = await tx.scalars(query.order_by(col(OutboxMessage.created_at).desc()))
            payload = rows.first().payload  # type: ignore[union-attr]
        await worker.handle(payload)

    yield do
    await worker.close()
    await own.close()


async def _shop(db: Database, sandbox: Sandbox, *, name: str = "Тау Маркет") -> User:
    box = SecretBox(Settings().keys)
    cookies = box.encrypt(json.dumps(sandbox.cookies()))
    now = datetime.now(UTC)
    guid = {"v": 1, "cookies": cookies, "password": None, "authenticated_at": now.isoformat()}
    async with db.write() as tx:
        user = await add_user(tx)
        await add_store(tx, user, name=name, merchant_id=STORE, guid=guid, synced_at=now)
    return user


async def _shot(page: Page, name: str) -> None:
    """Keep a picture when somebody wants to look."""
    if _SHOTS and page.viewport_size:
        width = page.viewport_size["width"]
        await page.wait_for_timeout(500)
        await page.screenshot(path=Path(_SHOTS) / f"{name}-{width}.png")


async def test_a_wrong_token_is_refused_in_words_and_a_right_one_is_kept(
    db: Database, sign_in: Any, sandbox: Sandbox, work: Worker
) -> None:
    user = await _shop(db, sandbox)
    page: Page = await sign_in(user, "/stores")
    line = page.get_by_role("button", name="Токен заказов, Тау Маркет")
    await expect(line).to_have_text("не добавлен")
    await line.click()
    panel = page.get_by_role("dialog", name="Токен заказов")
    field = panel.get_by_label("Токен API")
    await panel.get_by_role("button", name="Проверить и сохранить").click()
    await expect(panel).to_contain_text("Вставьте токен из кабинета Kaspi")
    await field.fill("w" * 44)
    await panel.get_by_role("button", name="Проверить и сохранить").click()
    await expect(panel).to_contain_text("Проверяем токен …wwww в Kaspi…")
    await work()
    await expect(panel).to_contain_text("Токен …wwww не подошёл")
    await expect(panel).to_contain_text("Мы его не сохранили")
    await _shot(page, "token-wrong")
    token = sandbox.make_token(STORE)
    await field.fill(token)
    await panel.get_by_role("button", name="Проверить и сохранить").click()
    await expect(panel).to_contain_text(f"…{token[-4:]} в Kaspi…")
    await work()
    await expect(panel).to_contain_text(f"•••• {token[-4:]}")
    await expect(panel).to_contain_text("вставлен вами")
    assert token not in await page.content()
    await panel.get_by_role("button", name="Удалить", exact=True).click()
    await panel.get_by_role("button", name="Удалить токен").click()
    await expect(page.get_by_text("Токен удалён.")).to_be_visible()
    async with db.read() as tx:
        assert (await tx.scalars(select(OrdersToken))).all() == []


@pytest.mark.parametrize("phone", [False, True])
async def test_the_cabinet_gives_it_at_a_press_and_the_panel_is_accessible(
    db: Database, sign_in: Any, sandbox: Sandbox, work: Worker, *, phone: bool
) -> None:
    user = await _shop(db, sandbox)
    page: Page = await sign_in(user, "/stores", phone=phone)
    await expect(page.get_by_role("button", name="Токен заказов, Тау Маркет")).to_be_visible()
    await _shot(page, "stores")
    await page.get_by_role("button", name="Токен заказов, Тау Маркет").click()
    panel = page.get_by_role("dialog", name="Токен заказов")
    await panel.get_by_role("button", name="Получить токен").click()
    await expect(panel).to_contain_text("Берём токен из кабинета")
    await work()
    await expect(panel).to_contain_text("взят из кабинета")
    await expect(panel).to_contain_text(sandbox.world.tokens[STORE][-4:])
    await _shot(page, "token-kept")
    await audit(page)
