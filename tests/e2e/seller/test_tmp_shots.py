from __future__ import annotations

import io, asyncio
from datetime import timedelta
import pytest
from PIL import Image
from playwright.async_api import expect
from test_support import _opener, _window, _write, desk, Desk  # noqa
from cube_demper.core.settings import CubeApp
from cube_demper.domain.support import desks, service
from cube_demper.domain.support.schemas import Draft
from cube_demper.core.ids import new_id
from records import seller as actor_of
from cube_demper.models.accounts import User
from sqlalchemy import select
from sqlmodel import col

pytestmark = pytest.mark.e2e
D = "/srv/shots/support/"


async def test_shots(sign_in, desk):
    page = await sign_in(desk.seller, "/bot")
    await page.set_viewport_size({"width": 1280, "height": 800})
    await page.screenshot(path=D + "01-closed-1280.png")
    await _opener(page).click()
    await expect(_window(page).get_by_text("Здравствуйте! Напишите")).to_be_visible()
    await page.screenshot(path=D + "02-empty-offline-1280.png")
    async with desk.services.db.write() as tx:
        await desks.touch(tx, desk.who, desk.services.clock.now())
    await _write(page, "Бот не снижает цену на <b>кроссовки</b> 👟 שלום")
    async with desk.services.db.read() as tx:
        aigul = await tx.scalar(select(User).where(col(User.id) == desk.who.user_id))
    chat = None
    for _ in range(100):
        try:
            chat = await desk.chat()
            break
        except AssertionError:
            await asyncio.sleep(0.1)
    staff = await sign_in(aigul, f"/chats/{chat}", app=CubeApp.SUPPORT)
    await staff.set_viewport_size({"width": 1280, "height": 800})
    field = staff.locator("textarea").first
    await field.click()
    await field.press_sequentially("Здравствуйте, Болат! ", delay=30)
    await page.screenshot(path=D + "03-typing-seen-1280.png")
    await field.press_sequentially("Смотрю журнал цен.")
    await field.press("Enter")
    await expect(_window(page).get_by_text("Смотрю журнал цен.")).to_be_visible()
    await page.screenshot(path=D + "04-answered-1280.png")
    await staff.screenshot(path=D + "05-staff-1280.png")
    body = io.BytesIO()
    Image.new("RGB", (600, 300), "teal").save(body, "PNG")
    await (
        _window(page)
        .locator("input[type=file]")
        .set_input_files(
            {"name": "снимок экрана.png", "mimeType": "image/png", "buffer": body.getvalue()}
        )
    )
    await expect(_window(page).get_by_text("снимок экрана.png")).to_be_visible()
    await _window(page).get_by_role("button", name="Отправить").click()
    await expect(_window(page).get_by_role("img", name="снимок экрана.png")).to_be_visible()
    await expect(staff.get_by_role("img", name="снимок экрана.png")).to_be_visible()
    await page.context.set_offline(True)
    await _write(page, "это без связи")
    await expect(_window(page).get_by_text("Не ушло")).to_be_visible()
    await page.screenshot(path=D + "06-failed-1280.png")
    await page.context.set_offline(False)
    await expect(_window(page).get_by_text("Не ушло")).to_be_hidden()
    await staff.screenshot(path=D + "07-staff-file-1280.png")
    await desk.close()
    await expect(_window(page).get_by_text("Как мы помогли?")).to_be_visible()
    await page.screenshot(path=D + "08-rate-1280.png")
    await page.keyboard.press("Escape")
    phone = await sign_in(desk.seller, "/bot", phone=True)
    await phone.wait_for_timeout(1500)
    await phone.screenshot(path=D + "09-closed-390.png")
    await _opener(phone).click()
    await expect(_window(phone).get_by_text("Как мы помогли?")).to_be_visible()
    await _window(phone).get_by_role("radio", name="4/5").click()
    await phone.screenshot(path=D + "10-rate-390.png")
    await phone.screenshot(path=D + "11-390.png")
    await _window(phone).get_by_role("button", name="Закрыть окно поддержки").click()
    for path, name in (
        ("/", "home"),
        ("/products", "products"),
        ("/whatsapp/inbox", "inbox"),
        ("/orders", "orders"),
        ("/billing", "billing"),
        ("/settings", "settings"),
        ("/calculators", "calculators"),
    ):
        await phone.goto(
            phone.url.split("/bot")[0].rstrip("/")
            if False
            else f"http://localhost:{phone.url.split(':')[2].split('/')[0]}{path}"
        )
        await phone.wait_for_timeout(2500)
        await phone.screenshot(path=D + f"20-{name}-390.png")
        await phone.evaluate("window.scrollTo(0, document.body.scrollHeight)")
        await phone.wait_for_timeout(300)
        await phone.screenshot(path=D + f"21-{name}-end-390.png")
