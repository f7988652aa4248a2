"""A payout report from the upload to a settled difference and its deletion, in a browser."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from payout_scene import Sheet, add_order, order, sale_of
from playwright.async_api import expect
from records import add_store, add_user, seller
from redis.asyncio import Redis
from sqlmodel import col, select

from cube_demper import bootstrap
from cube_demper.db.session import Database
from cube_demper.domain.economics.payouts import work
from cube_demper.domain.economics.payouts.facts import OrderEnd
from cube_demper.domain.economics.payouts.schemas import BUSY
from cube_demper.integrations.spreadsheets.reader import payout_lines
from cube_demper.models.accounts import User
from cube_demper.models.payouts import PayoutReport

pytestmark = pytest.mark.e2e


@contextlib.asynccontextmanager
async def _worker(db: Database, redis_url: str, user: User) -> AsyncIterator[None]:
    """Do what the outbox worker does, and tell the page."""
    redis = Redis.from_url(redis_url)

    async def work_on() -> None:
        while True:
            async with db.read() as tx:
                busy = select(col(PayoutReport.id)).where(col(PayoutReport.status).in_(BUSY))
                ids = list(await tx.scalars(busy))
            for report_id in ids:
                await work.run(db, seller(user), report_id, payout_lines, datetime.now(UTC))
            event = f'["user:{user.id}","payout",""]'.encode()
            await redis.publish(bootstrap.EVENTS_CHANNEL, event)
            await asyncio.sleep(0.3)

    task = asyncio.create_task(work_on())
    yield
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
    await redis.aclose()


async def _shop(db: Database) -> tuple[User, Sheet]:
    orders = [order(number, 1_990_000 + 50_000 * number) for number in range(6)]
    back = order(11, 3_490_000, end=OrderEnd.CANCELLED)
    async with db.write() as tx:
        user = await add_user(tx)
        store = await add_store(tx, user, name="Тау Маркет")
        for it in (*orders, back, order(7, 2_500_000)):
            await add_order(tx, store, it)
    sales = [sale_of(it) for it in orders]
    sales[0] = replace(sales[0], commission=sales[0].commission + 50_000)
    sales[1] = replace(sales[1], delivery=sales[1].delivery + 42_000)
    strange = replace(sales[2], code="900000001")
    return user, Sheet((*sales, strange, sale_of(back), sales[3]))


async def test_a_report_from_upload_to_deletion(db: Database, sign_in: Any, redis_url: str) -> None:
    user, sheet = await _shop(db)
    page = await sign_in(user, "/reconciliation")
    await expect(page.get_by_text("Отчётов пока нет")).to_be_visible()
    file = {"name": "ноябрь.xlsx", "mimeType": "application/octet-stream", "buffer": sheet.xlsx()}
    await page.locator("input[type=file]").set_input_files(file)
    await expect(page.get_by_text("Страницу можно закрыть")).to_be_visible()
    await page.get_by_role("button", name="Отменить").click()
    await expect(page.get_by_text("Сверка отменена")).to_be_visible()
    await page.get_by_role("button", name="Продолжить сверку").click()
    async with _worker(db, redis_url, user):
        await expect(page.get_by_role("heading", name="01.11.2026 — 15.11.2026")).to_be_visible()
        row = page.get_by_role("row").filter(has_text="800000000")
        await expect(row).to_contain_text("По тарифу на 01.11.2026: 12,5\u00a0%")
        await expect(row).to_contain_text("+500\u00a0₸".replace("+", "\u2212"))
        await expect(page.get_by_role("row").filter(has_text="800000007")).to_contain_text(
            "Заказа нет в отчётах"
        )
        await page.get_by_role("link", name="Комиссия выше тарифа").click()
        await expect(page.get_by_role("row").filter(has_text="800000007")).to_be_hidden()
        await row.get_by_role("button", name="Комиссия выше тарифа").click()
        panel = page.get_by_role("dialog")
        await panel.get_by_label("Заметка").fill("обращение 17")
        await panel.get_by_role("button", name="Разобрано").click()
        await expect(row).to_be_hidden()
    await page.get_by_role("button", name="Разобраны").click()
    await expect(page.get_by_role("row").filter(has_text="обращение 17")).to_be_visible()
    async with page.expect_download() as saved:
        await page.get_by_role("link", name="Скачать XLSX").click()
    path = await (await saved.value).path()
    rows = [cells for _, cells in payout_lines(path.open("rb")).lines]
    assert rows[0][:3] == ["Строка", "Заказ", "Различие"]
    assert [cells[9] for cells in rows if len(cells) > 9 and cells[9][:1] == "о"] == [
        "обращение 17"
    ]
    await page.get_by_role("button", name="Удалить").click()
    dialog = page.get_by_role("alertdialog")
    await expect(dialog).to_contain_text("Удалим 9\u00a0строк отчёта")
    await dialog.get_by_role("button", name="Удалить").click()
    await expect(page.get_by_text("Отчётов пока нет")).to_be_visible()
