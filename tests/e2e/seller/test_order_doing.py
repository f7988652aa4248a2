"""A seller's day with orders in a browser: accept, assemble, print the waybills, hand over by the code."""

from __future__ import annotations

import asyncio
import io
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from doing_scene import DoingScene
from page_audit import audit
from playwright.async_api import Page, expect
from pypdf import PdfReader
from sqlalchemy import select
from sqlmodel import col
from worker_stage import Stage

from cube_demper.domain.orders import waybills
from cube_demper.models.accounts import User
from cube_demper.models.operations import OutboxMessage
from cube_demper.models.orders import Order
from cube_demper.sandbox.order_lives import Way
from workers.waybills import Waybills

pytestmark = pytest.mark.e2e


@pytest.fixture
def speed() -> float:
    return 1


async def _shoot(page: Page, name: str) -> None:
    folder = os.environ.get("CUBE_SHOTS")
    if folder:
        await page.wait_for_timeout(700)
        await page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


@asynccontextmanager
async def _workers(scene: DoingScene) -> AsyncIterator[None]:
    """Let workers act and print for as long as the block runs."""
    actions = (await scene.worker()).actions
    printing = Waybills(scene.stage.services)

    async def work() -> None:
        while True:
            await actions.tick()
            async with scene.stage.db.read() as tx:
                query = select(OutboxMessage).where(col(OutboxMessage.topic) == waybills.TOPIC)
                asked = (await tx.scalars(query)).all()
            for message in asked:
                await printing.handle(message.payload)
            await asyncio.sleep(0.1)

    task = asyncio.create_task(work())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        await printing.close()


async def _seller(scene: DoingScene) -> User:
    async with scene.stage.db.read() as tx:
        return await tx.get_one(User, scene.stage.user_id)


def _row(page: Page, order: Order) -> Any:
    return page.get_by_role("row").filter(has_text=order.kaspi_order_code)


async def test_from_a_new_order_to_its_waybill_and_the_buyers_code(
    stage: Stage,
    sign_in: Any,
) -> None:
    scene = DoingScene(stage)
    city, postomat, pickup = await scene.open_shop(Way.CITY, Way.POSTOMAT, Way.PICKUP)
    page = await sign_in(await _seller(scene), "/orders")
    async with _workers(scene):
        await expect(_row(page, city)).to_contain_text("принять до")
        await _shoot(page, "doing-list-desktop")
        await page.get_by_label("Выбрать все строки на странице").click()
        await page.get_by_role("button", name="Принять 3").click()
        dialog = page.get_by_role("dialog")
        await expect(dialog).to_contain_text("Принять 3 заказа на")
        await audit(page)
        await _shoot(page, "doing-accept-desktop")
        await dialog.get_by_role("button", name="Принять 3").click()
        await expect(page.get_by_text("Приняли 3 из 3 заказов")).to_be_visible()
        await scene.work()
        await expect(_row(page, city)).to_contain_text("Принят")
        await page.get_by_role("button", name="Скрыть").click()

        for order in (city, postomat):
            await page.get_by_label(f"Выбрать заказ {order.kaspi_order_code}").click()
        await page.get_by_role("button", name="Собрать 2").click()
        await page.get_by_label("Мест в заказе").fill("2")
        await page.keyboard.press("Enter")
        await expect(page.get_by_text("Собрали 2 из 2 заказов")).to_be_visible()
        await scene.work()
        assert scene.deed(city).spaces == 2
        for order in (city, postomat):
            scene.deed(order).assembled -= 120_000  # type: ignore[operator]

        await page.get_by_label("Выбрать все строки на странице").click()
        await page.get_by_role("button", name="Накладные").click()
        await page.get_by_role("button", name="Подготовить файл").click()
        await expect(page.get_by_text("Накладные готовы: 2 заказа, 1 лист")).to_be_visible()
        await expect(page.get_by_text(f"{pickup.kaspi_order_code}: ещё не собран")).to_be_visible()
        await audit(page)
        await _shoot(page, "doing-waybills-desktop")
        link = page.get_by_role("link", name="Открыть и распечатать")
        answer = await page.request.get(
            f"{page.url.split('/orders')[0]}{await link.get_attribute('href')}"
        )
        (sheet,) = PdfReader(io.BytesIO(await answer.body())).pages
        assert sheet.extract_text().count("KASPI SHOP") == 4

        await _hand_over(page, scene, pickup)


async def _hand_over(page: Page, scene: DoingScene, order: Order) -> None:
    await page.get_by_role("button", name=f"Заказ {order.kaspi_order_code}").click()
    panel = page.get_by_role("dialog")
    await panel.get_by_role("button", name="Отправить код").click()
    await expect(panel).to_contain_text("Код отправлен в")
    code = scene.deed(order).code
    await panel.get_by_label("Код покупателя").fill("0000" if code != "0000" else "1111")
    await page.keyboard.press("Enter")
    await expect(panel).to_contain_text("Код не подошёл. Осталось 2 попытки.")
    await audit(page)
    await _shoot(page, "doing-code-desktop")
    await panel.get_by_label("Код покупателя").fill(code)
    await page.keyboard.press("Enter")
    await expect(panel).to_contain_text("Выдан в")
    await expect(panel.get_by_role("button", name="Выдать заказ")).to_have_count(0)


async def test_on_a_phone_one_order_is_refused_and_another_cancelled(
    stage: Stage,
    sign_in: Any,
) -> None:
    scene = DoingScene(stage)
    city, other = await scene.open_shop(Way.CITY, Way.CITY)
    page = await sign_in(await _seller(scene), "/orders", phone=True)
    async with _workers(scene):
        await expect(
            page.get_by_role("button", name=f"Заказ {city.kaspi_order_code}")
        ).to_be_visible()
        await audit(page)
        await _shoot(page, "doing-list-phone")
        scene.change(city.kaspi_order_code, {"state": "ARCHIVE", "status": "CANCELLED"})
        await page.get_by_role("button", name=f"Заказ {city.kaspi_order_code}").click()
        panel = page.get_by_role("dialog")
        await _shoot(page, "doing-panel-phone")
        await panel.get_by_role("button", name="Принять заказ").click()
        await expect(panel).to_contain_text("Заказ уже отменён.")
        await audit(page)
        await page.get_by_role("button", name="Закрыть").click()

        await page.get_by_role("button", name=f"Заказ {other.kaspi_order_code}").click()
        await panel.get_by_role("button", name="Отменить заказ").click()
        asked = page.get_by_role("dialog").filter(has_text="Причина")
        await expect(asked).to_contain_text("на ")
        await audit(page)
        await _shoot(page, "doing-cancel-phone")
        await asked.get_by_label("Причина").select_option("BUYER_NOT_REACHABLE")
        await asked.get_by_role("button", name="Отменить заказ").click()
        await expect(panel).to_contain_text("Отменён в")
        assert scene.deed(other).reason == "BUYER_NOT_REACHABLE"
