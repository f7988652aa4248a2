"""The seller changes a text, an order comes, its buyer gets these words; the queue says the rest."""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from messaging_scene import Talk, link_to_sandbox, talk
from playwright.async_api import Page, expect

from cube_demper.core.clock import ALMATY, SystemClock
from cube_demper.domain.messaging.gate_schemas import Language, TriggerEvent
from cube_demper.domain.messaging.texts import default_text
from cube_demper.sandbox.server import Sandbox

__all__ = ["talk"]

pytestmark = pytest.mark.e2e


@pytest.fixture
def noon() -> datetime:
    """Today, for the page reads the real clock."""
    local = SystemClock().now().astimezone(ALMATY)
    return local.replace(hour=12, minute=0, second=0, microsecond=0)


async def test_a_changed_text_reaches_the_buyer_of_the_next_order(talk: Talk, sign_in: Any) -> None:
    await talk.order("790000001")
    page = await sign_in(talk.user, "/messages/templates")
    text = page.get_by_label("Текст", exact=True)
    await expect(page.locator("#preview")).to_contain_text("790000001")
    await text.fill("{customer_name}, заказ {order_code} на {order_total} принят. {скидка}")
    await expect(page.get_by_text("Таких переменных нет: {скидка}")).to_be_visible()
    await text.fill(", заказ {order_code} на {order_total} принят.")
    await text.press("Control+Home")
    await text.press_sequentially(" ")
    await text.press("Shift+ArrowLeft")  # what is chosen gives way
    await page.get_by_role("button", name="Имя покупателя").click()
    await expect(text).to_have_value("{customer_name}, заказ {order_code} на {order_total} принят.")
    await _shoot(page, "templates")
    preview = "Айгерим Тестова, заказ 790000001 на 12\u00a0990\u00a0₸ принят."
    await expect(page.locator("#preview")).to_have_text(preview)
    await page.get_by_role("button", name="Сохранить").click()
    await expect(page.get_by_text("ваш текст", exact=True)).to_be_visible()

    async with Sandbox.start(clock=talk.clock) as sandbox:
        phone = await link_to_sandbox(talk, sandbox)
        await talk.order("790000002")
        for _ in range(2):
            await talk.worker().run_bounded()
            talk.clock.move(minutes=2)
        sent = [(message.chat, message.text) for message in phone.messages]
    words = [preview, preview.replace("790000001", "790000002")]
    assert sent == [("77010000001", text) for text in words]

    await page.get_by_role("button", name="Вернуть наш текст").click()
    await expect(text).to_have_value(default_text(TriggerEvent.ORDER_APPROVED, Language.RU))


async def test_switches_of_a_store_and_a_test_to_oneself(talk: Talk, sign_in: Any) -> None:
    page = await sign_in(talk.user, "/messages/templates?event=order_shipped&lang=kk", phone=True)
    await expect(page.locator("#preview")).to_contain_text("жолға шықты")
    assert await _fits(page)
    await _shoot(page, "templates-phone")
    await page.get_by_role("button", name="Отправить себе").click()
    await expect(page.get_by_text("Отправляем на ваш номер")).to_be_visible()
    behind = SystemClock().now() - talk.clock.now()
    talk.clock.move(seconds=behind.total_seconds() + 1)  # at night too: it is to oneself
    await talk.work()
    assert [to.chat_id for to, _ in talk.whatsapp.sent] == ["77010000099@c.us"]

    await page.get_by_role("switch", name="Заказ оплачен").click()
    await expect(page.get_by_label("Задержка: Заказ оплачен")).to_be_disabled()
    await talk.order("790000003")
    assert [row for row in await talk.queue() if row.order_code == "790000003"] == []


async def test_stop_holds_everything_and_going_on_sends_it(talk: Talk, sign_in: Any) -> None:
    await talk.order("790000004")
    page = await sign_in(talk.user, "/messages/queue")
    await expect(page.get_by_role("link", name="Заказ 790000004")).to_be_visible()
    await expect(page.get_by_text("0 из 100")).to_be_visible()
    await _shoot(page, "queue")
    small = await sign_in(talk.user, "/messages/queue", phone=True)
    await expect(small.get_by_role("link", name="Заказ 790000004")).to_be_visible()
    assert await _fits(small)
    await _shoot(small, "queue-phone")
    await page.get_by_role("button", name="Стоп").click()
    await expect(page.get_by_text("Отправка остановлена", exact=True)).to_be_visible()
    assert await talk.work() == []
    await page.get_by_role("button", name="Продолжить отправку").click()
    await expect(page.get_by_role("button", name="Стоп")).to_be_visible()
    talk.clock.move(minutes=5)
    await talk.set_session(next_at=talk.clock.now() - timedelta(seconds=1))
    assert len(await talk.work()) == 1
    await expect(page.get_by_text("1 из 100")).to_be_visible()
    await expect(page.locator(".k-state").get_by_text("Очередь пуста")).to_be_visible()

    await page.get_by_role("button", name="Ограничения").click()
    await page.get_by_label("Не больше сообщений в день").fill("500")
    await page.get_by_role("button", name="Сохранить").click()
    await expect(page.get_by_text("От 1 до 100 сообщений в день.")).to_be_visible()
    await page.get_by_label("Не больше сообщений в день").fill("40")
    await page.get_by_role("button", name="Сохранить").click()
    await expect(page.get_by_text("1 из 40")).to_be_visible()


async def _shoot(page: Page, name: str) -> None:
    folder = os.environ.get("CUBE_SHOTS")
    if folder:
        await page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


async def _fits(page: Page) -> bool:
    fits: bool = await page.evaluate(
        "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    )
    return fits
