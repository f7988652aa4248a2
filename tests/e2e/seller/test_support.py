"""The window of support in a browser: a talk with somebody of support, a lost connection, a phone."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import pytest
from page_audit import audit, reopened
from PIL import Image
from playwright.async_api import Locator, Page, expect
from records import add_user
from records import seller as actor_of
from sqlalchemy import select
from sqlmodel import col
from talk_scene import staff_of

from cube_demper import bootstrap
from cube_demper.bootstrap import Services, build_services
from cube_demper.core.clock import SystemClock
from cube_demper.core.ids import new_id
from cube_demper.core.settings import Settings
from cube_demper.db.session import Database
from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.support import reading, service
from cube_demper.domain.support.schemas import TYPING_EVENT, Draft, person_channel
from cube_demper.integrations.presence.client import Presence
from cube_demper.models.accounts import User, UserRole
from cube_demper.models.support import SupportChat

pytestmark = pytest.mark.e2e

SignIn = Callable[..., Awaitable[Page]]


@dataclass
class Desk:
    """Support's side, as its app does it."""

    services: Services
    who: Actor
    seller: User

    async def chat(self) -> UUID:
        async with self.services.db.read() as tx:
            found = await tx.scalar(
                select(col(SupportChat.id)).where(col(SupportChat.user_id) == self.seller.id)
            )
        assert found is not None
        return found

    async def answer(self, words: str) -> None:
        chat, now = await self.chat(), self.services.clock.now()
        async with self.services.db.write() as tx:
            await service.write(tx, self.who, chat, Draft(words, new_id().hex), now)

    async def type(self) -> None:
        presence = Presence(self.services.redis, bootstrap.EVENTS_CHANNEL)
        to = [(person_channel(self.seller.id), TYPING_EVENT)]
        await presence.type(await self.chat(), str(self.who.user_id), "Айгуль", tell=to)

    async def close(self) -> None:
        chat, now = await self.chat(), self.services.clock.now()
        async with self.services.db.write() as tx:
            await service.close(tx, self.who, chat, now)

    async def said(self) -> list[str]:
        async with self.services.db.read() as tx:
            page = await reading.messages(tx, actor_of(self.seller), None)
        return [it.text for it in page.rows]


@pytest.fixture
async def desk(db: Database, database_url: str, redis_url: str) -> AsyncIterator[Desk]:
    async with db.write() as tx:
        now = SystemClock().now()
        seller = await add_user(tx, now=now, full_name="Болат")
        aigul = await add_user(tx, plan=None, role=UserRole.SUPPORT, full_name="Айгуль Нурова")
    services = build_services(
        Settings(DATABASE_URL=database_url, REDIS_URL=redis_url), name="e2e-support"
    )
    yield Desk(services, staff_of(aigul), seller)
    await services.close()


def _window(page: Page) -> Locator:
    return page.get_by_role("dialog", name="Поддержка Cube Demper")


def _opener(page: Page) -> Locator:
    return page.locator(".k-support-button")


async def _write(page: Page, words: str) -> None:
    await _window(page).get_by_label("Опишите вопрос").fill(words)
    await page.keyboard.press("Enter")


async def test_a_talk_with_a_file_answers_typing_and_a_rating(sign_in: SignIn, desk: Desk) -> None:
    page = await sign_in(desk.seller, "/bot")
    await _opener(page).click()
    window = _window(page)
    await expect(window.get_by_text("Здравствуйте! Напишите")).to_be_visible()
    evil = "<img src=x onerror=alert(1)> שלום 👨‍👩‍👧"
    await _write(page, evil)
    await expect(window.get_by_text(evil)).to_be_visible()
    await expect(window.locator(".k-said-under").get_by_text("Отправлено")).to_be_visible()
    assert await window.locator("img").count() == 0

    body = io.BytesIO()
    Image.new("RGB", (60, 40), "red").save(body, "PNG")
    picked = {"name": "снимок.png", "mimeType": "image/png", "buffer": body.getvalue()}
    await window.locator("input[type=file]").set_input_files(picked)
    await expect(window.get_by_text("снимок.png")).to_be_visible()
    await window.get_by_role("button", name="Отправить").click()
    picture = window.get_by_role("img", name="снимок.png")
    await expect(picture).to_be_visible()
    liar = {"name": "a.png", "mimeType": "image/png", "buffer": b"<svg onload=alert(1)>"}
    await window.locator("input[type=file]").set_input_files(liar)
    await expect(window.get_by_role("alert")).to_contain_text("картинку (JPG, PNG")

    await desk.type()
    await expect(window.get_by_text("Поддержка печатает…")).to_be_visible()
    await desk.answer("Здравствуйте, смотрю")
    await expect(window.get_by_text("Здравствуйте, смотрю")).to_be_visible()
    await expect(window.get_by_text("Прочитано").first).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(window).to_be_hidden()
    await expect(_opener(page)).to_be_focused()
    await desk.answer("Нашли причину")
    await expect(page.get_by_role("button", name="Поддержка. Новых ответов: 1")).to_be_visible()

    await _opener(page).click()
    await expect(window.get_by_text("Нашли причину")).to_be_visible()
    await desk.close()
    await window.get_by_role("radio", name="5/5").click()
    await window.get_by_label("Что понравилось").fill("быстро")
    await window.get_by_role("button", name="Оценить").click()
    await expect(window.get_by_text("Спасибо! Ваша оценка: 5/5")).to_be_visible()
    await audit(page)


async def test_a_lost_connection_and_other_pages_lose_nothing_and_send_nothing_twice(
    sign_in: SignIn, desk: Desk
) -> None:
    page = await sign_in(desk.seller, "/bot")
    await _opener(page).click()
    window = _window(page)
    field = window.get_by_label("Опишите вопрос")
    await field.fill("черновик")
    await page.get_by_role("link", name="Уведомления").first.click()
    await page.wait_for_url("**/notifications*")
    await expect(field).to_have_value("черновик")
    await reopened(page)
    await expect(field).to_have_value("черновик")

    # The server has the message, and its answer is lost on the way.
    async def lose(route: object) -> None:
        await route.fetch()  # type: ignore[attr-defined]
        await route.abort()  # type: ignore[attr-defined]

    await page.route("**/api/support/messages", lose, times=1)
    await _write(page, "дойдёт один раз")
    await expect(window.get_by_text("Отправлено")).to_be_visible()
    await expect(window.get_by_text("Не ушло")).to_be_hidden()
    await expect(window.get_by_text("дойдёт один раз")).to_have_count(1)
    assert await desk.said() == ["дойдёт один раз"]

    await page.route("**/api/support/messages", lambda route: route.abort(), times=1)
    await _write(page, "со второго раза")
    await expect(window.get_by_text("Не ушло")).to_be_visible()
    await window.get_by_role("button", name="Повторить").click()
    await expect(window.get_by_text("Не ушло")).to_be_hidden()
    await expect(window.get_by_text("со второго раза")).to_have_count(1)

    await page.context.set_offline(True)
    await _write(page, "без связи")
    await expect(window.get_by_text("Не ушло")).to_be_visible()
    await page.context.set_offline(False)
    await expect(window.get_by_text("Не ушло")).to_be_hidden()
    for _ in range(300):  # it is on its way: no word on the page says that it came
        if len(await desk.said()) == 3:
            break
        await asyncio.sleep(0.2)
    assert await desk.said() == ["дойдёт один раз", "со второго раза", "без связи"]

    await field.fill("ж" * 5000)
    await expect(window.get_by_role("alert")).to_contain_text("5000")
    await expect(window.get_by_role("button", name="Отправить")).to_be_disabled()


async def test_on_a_phone_it_covers_no_bar_and_older_messages_come_on_demand(
    sign_in: SignIn, desk: Desk
) -> None:
    async with desk.services.db.write() as tx:
        for number in range(45):
            draft = Draft(f"вопрос {number}", new_id().hex)
            at = desk.services.clock.now() - timedelta(minutes=50 - number)
            await service.write(tx, actor_of(desk.seller), None, draft, at)
    page = await sign_in(desk.seller, "/bot", phone=True)
    button, bar = await _opener(page).bounding_box(), await page.locator(".k-bottom").bounding_box()
    assert button is not None
    assert bar is not None
    assert button["y"] + button["height"] <= bar["y"]
    await _opener(page).click()
    window = _window(page)
    await expect(window.get_by_text("вопрос 44")).to_be_visible()
    await expect(window.get_by_text("вопрос 3", exact=True)).to_have_count(0)
    await window.get_by_role("button", name="Показать раньше").click()
    await expect(window.get_by_text("вопрос 3", exact=True)).to_have_count(1)
    await expect(window.get_by_role("button", name="Показать раньше")).to_have_count(0)
    await audit(page)
    await window.get_by_role("button", name="Закрыть окно поддержки").click()
    await expect(_opener(page)).to_be_visible()
