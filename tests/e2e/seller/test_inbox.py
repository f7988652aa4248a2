"""A buyer writes from the sandbox's phone; the seller sees it at once, answers, and sees it read."""

from __future__ import annotations

import asyncio
import io
import os
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import segno
from messaging_scene import NOON
from orders_made import seen, write
from page_audit import audit, reopened
from playwright.async_api import FilePayload, Page, expect
from records import add_store, add_user
from sqlalchemy import select, update

from cube_demper.bootstrap import Services, build_services
from cube_demper.core.clock import SystemClock
from cube_demper.core.settings import Settings
from cube_demper.db.session import Database
from cube_demper.models.accounts import User
from cube_demper.models.messages import WhatsAppMessage
from cube_demper.models.messaging import WhatsAppSession, WhatsAppSettings
from cube_demper.sandbox.server import Sandbox
from cube_demper.sandbox.waha.host import KEY
from cube_demper.sandbox.waha.world import Phone, Session
from workers.messaging import build
from workers.outbox import Drain
from workers.runtime import Options, Process
from workers.topics import whatsapp_lane

pytestmark = pytest.mark.e2e

_BUYER, _NUMBER = "77010000001", "77010000099"
_KEY = "a webhook key"


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox.start(seed=1, clock=SystemClock()) as running:
        yield running


@pytest.fixture
async def workers(
    sandbox: Sandbox, seller_app: str, db: Database, database_url: str, redis_url: str
) -> AsyncIterator[Services]:
    """The messaging worker and the outbox worker's lane of WhatsApp, beside the app."""
    waha = {"WAHA_URL": sandbox.waha_url, "WAHA_PASSWORD": KEY, "WAHA_HMAC_KEY": _KEY}
    settings = Settings(
        DATABASE_URL=database_url, REDIS_URL=redis_url, PUBLIC_URL=seller_app, waha=waha
    )
    services = build_services(settings, name="e2e-inbox")
    lane = whatsapp_lane(services)
    assert lane is not None
    process = Process("messaging", services, Options(until_idle=True), services.clock.now())
    messaging = await build(process)

    async def work() -> None:
        while True:
            await Drain(services, lane, asyncio.Event()).run()
            await messaging.run_bounded()
            # The pace of thirty seconds is the gate's own tests' matter.
            async with db.write() as tx:
                await tx.execute(update(WhatsAppSession).values(free_at=None))
            await asyncio.sleep(0.2)

    running = asyncio.create_task(work())
    yield services
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running
    await messaging.close()
    await services.close()


@pytest.fixture
async def seller(
    workers: Services, sandbox: Sandbox, seller_app: str, db: Database
) -> tuple[User, Session]:
    """A seller with a linked number, and the sandbox's session of it."""
    name, secrets = "cube_inbox", workers.secrets
    async with db.write() as tx:
        user = await add_user(tx)
        store = await add_store(tx, user, name="Мой магазин")
        tx.add(WhatsAppSettings(user_id=user.id, consented_at=NOON, consent_version="1"))
        tx.add(
            WhatsAppSession(
                user_id=user.id,
                name=name,
                label="Основной",
                status="WORKING",
                phone=secrets.encrypt(f"+{_NUMBER}"),
                phone_hash=secrets.fingerprint(f"+{_NUMBER}"),
                linked_at=SystemClock().now() - timedelta(days=30),
                is_warm=True,
            )
        )
    order = seen("790000001", "NEW", "APPROVED_BY_BANK", SystemClock().now())
    await write(db, store, [order], SystemClock().now(), secrets=secrets)
    sandbox.waha.phones[_NUMBER] = Phone(_NUMBER, "Магазин")
    hook = {
        "url": f"{seller_app}/webhooks/waha",
        "events": ["session.status", "message.any", "message.ack"],
        "hmac": {"key": _KEY},
    }
    session = Session(name, {"webhooks": [hook]}, status="WORKING", phone=_NUMBER)
    sandbox.waha.sessions[name] = session
    return user, session


async def _says(sandbox: Sandbox, session: Session, text: str, act: str = "answer") -> None:
    async with httpx.AsyncClient() as http:
        given = {"session": session.name, "number": _BUYER, "text": text}
        answer = await http.post(f"{sandbox.console_url}/phone/{act}", json=given)
        answer.raise_for_status()


async def test_from_the_buyers_phone_to_read_marks(
    seller: tuple[User, Session], workers: Services, sandbox: Sandbox, sign_in: Any
) -> None:
    user, session = seller
    page = await sign_in(user, "/messages")
    await expect(page.get_by_text("Переписки пока нет")).to_be_visible()
    await _shoot(page, "empty")
    await _hear(page, sandbox, session)
    await _answer(page, sandbox, session)
    await _keep_a_quick_answer(page)
    await _send_a_picture(page, sandbox, session)
    await _drop_paste_and_refuse(page)
    await _send_a_place(page, session)
    await _take_a_misunderstood_word_back(page, sandbox, session)

    await _says(sandbox, session, "Царапина", "photo")
    await _says(sandbox, session, "Я сам отвечу", "reply")
    await expect(page.get_by_role("log").get_by_text("с телефона")).to_be_visible()
    await audit(page)
    await _shoot(page, "thread")
    await _read_far_back(page, workers)
    await _look_on_a_phone(await sign_in(user, "/messages", phone=True))


async def _take_a_misunderstood_word_back(page: Page, sandbox: Sandbox, session: Session) -> None:
    await _says(sandbox, session, "стоп")
    mark = page.get_by_text("Просил не писать", exact=True)
    await expect(mark).to_be_visible()
    await page.set_viewport_size({"width": 390, "height": 844})
    await _shoot(page, "silence-phone")
    await page.set_viewport_size({"width": 1440, "height": 900})
    await page.get_by_role("button", name="Снять", exact=True).click()
    question = page.get_by_role("alertdialog")
    await expect(question.get_by_text("Снова писать этому покупателю?")).to_be_visible()
    await _shoot(page, "silence")
    await question.get_by_role("button", name="Снять отметку").click()
    await expect(mark).to_have_count(0)


async def _hear(page: Page, sandbox: Sandbox, session: Session) -> None:
    await _says(sandbox, session, "Здравствуйте! Где мой заказ?")
    row = page.get_by_role("button", name="Здравствуйте! Где мой заказ?")
    await expect(row).to_be_visible()
    menu = page.get_by_role("navigation", name="Главное меню")
    unread = menu.get_by_role("link", name="Сообщения").locator(".k-count")
    await expect(unread).to_have_text("1")
    await row.focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("log").get_by_text("Где мой заказ?")).to_be_visible()
    await expect(page.get_by_label("Сообщение покупателю")).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(row).to_be_focused()
    await expect(page.get_by_role("link", name="790000001")).to_be_visible()
    await expect(unread).to_have_count(0)


async def _answer(page: Page, sandbox: Sandbox, session: Session) -> None:
    log, answer = page.get_by_role("log"), page.get_by_label("Сообщение покупателю")
    await answer.fill("Добрый день!")
    await answer.press("Shift+Enter")
    await answer.press_sequentially("Уже в пути.")
    await answer.press("Enter")
    await expect(answer).to_have_value("")
    await expect(log.get_by_text("Уже в пути.")).to_be_visible()
    await expect(log.get_by_text("Доставлено")).to_be_attached()
    assert session.chat(_BUYER)[-1].text == "Добрый день!\nУже в пути."
    phone = await page.context.new_page()
    await phone.goto(f"{sandbox.console_url}/phone/{session.name}/{_BUYER}")
    await expect(phone.get_by_text("Уже в пути.")).to_be_visible()
    await expect(log.get_by_text("Прочитано")).to_be_attached()
    await phone.close()


async def _keep_a_quick_answer(page: Page) -> None:
    await page.get_by_role("button", name="Быстрые ответы").click()
    await page.get_by_role("menuitem", name="Настроить быстрые ответы").click()
    await page.get_by_role("button", name="Добавить ответ").click()
    await page.get_by_label("Название", exact=True).fill("В пути")
    await page.get_by_label("Текст", exact=True).fill("Заказ {order_code} уже едет.")
    await page.get_by_role("button", name="Сохранить").click()
    await expect(page.get_by_role("button", name="Изменить: В пути")).to_be_visible()
    await _shoot(page, "quick")
    await page.get_by_role("dialog").get_by_role("button", name="Закрыть").last.click()


async def _send_a_picture(page: Page, sandbox: Sandbox, session: Session) -> None:
    log, answer = page.get_by_role("log"), page.get_by_label("Сообщение покупателю")
    await page.get_by_role("button", name="Быстрые ответы").click()
    await page.get_by_role("menuitem", name="В пути", exact=True).click()
    await expect(answer).to_have_value("Заказ 790000001 уже едет.")
    content = io.BytesIO()
    segno.make_qr("чайник").save(content, kind="png", scale=6)
    photo = FilePayload(name="фото.png", mimeType="image/png", buffer=content.getvalue())
    await page.get_by_label("Прикрепить фото или документ").set_input_files(photo)
    await expect(page.get_by_text("фото.png")).to_be_visible()
    await _shoot(page, "composer")
    await page.get_by_role("button", name="Отправить", exact=True).click()
    await expect(page.get_by_label("Сообщение покупателю")).to_have_value("")
    await expect(log.get_by_text("Заказ 790000001 уже едет.")).to_be_visible()
    await expect(log.get_by_text("Доставлено")).to_be_attached()
    sent = session.chat(_BUYER)[-1]
    assert (sent.kind, sent.filename) == ("image", "фото.png")
    assert sandbox.waha.files[sent.id] == content.getvalue()


_FILE = """([how, name, type, bytes]) => {
  const given = new DataTransfer();
  given.items.add(new File([new Uint8Array(bytes)], name, { type }));
  const event = how === "drop"
    ? new DragEvent("drop", { dataTransfer: given, bubbles: true, cancelable: true })
    : new ClipboardEvent("paste", { clipboardData: given, bubbles: true, cancelable: true });
  document.querySelector("#answer").dispatchEvent(event);
}"""


async def _drop_paste_and_refuse(page: Page) -> None:
    enclosed, refused = (
        page.locator(".k-enclosed"),
        page.locator(".k-composer").get_by_role("alert"),
    )
    await page.evaluate(_FILE, ["drop", "чек.pdf", "application/pdf", list(b"%PDF-1.7")])
    await expect(enclosed).to_contain_text("чек.pdf")
    await enclosed.get_by_role("button", name="Убрать").click()
    png = list(b"\x89PNG\r\n\x1a\n" + b"\0" * 16)
    await page.evaluate(_FILE, ["paste", "снимок.png", "image/png", png])
    await expect(enclosed).to_contain_text("снимок.png")
    await enclosed.get_by_role("button", name="Убрать").click()
    await page.evaluate(_FILE, ["drop", "вирус.exe", "application/x-msdownload", list(b"MZ")])
    await expect(refused).to_have_text(
        "Отправить можно фото (JPG, PNG) и документы: PDF, DOCX, XLSX, TXT."
    )


async def _send_a_place(page: Page, session: Session) -> None:
    """By the keyboard alone: the dialog keeps the cursor and gives it back."""
    place = page.get_by_role("button", name="Отправить место на карте")
    await place.focus()
    await page.keyboard.press("Enter")
    where = page.get_by_label("Ссылка с карты или координаты")
    await expect(where).to_be_visible()
    await page.keyboard.press("Tab")  # from «Закрыть»
    await expect(where).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("Не видим координат.")).to_be_visible()
    await expect(page.get_by_text("Назовите место")).to_be_visible()
    await audit(page)
    await _shoot(page, "place")
    await page.keyboard.type("43.238949, 76.889709")
    await page.keyboard.press("Tab")
    await page.keyboard.type("Пункт выдачи")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("log").get_by_text("Пункт выдачи")).to_be_visible()
    await expect(place).to_be_focused()
    line = page.get_by_role("log").locator(".k-said-line", has_text="Пункт выдачи")
    await expect(line.get_by_text("Доставлено")).to_be_attached()
    assert session.chat(_BUYER)[-1].kind == "location"


async def _read_far_back(page: Page, workers: Services) -> None:
    """Older messages come as one scrolls up, and what one reads stays where it is."""
    async with workers.db.write() as tx:
        known = (await tx.scalars(select(WhatsAppMessage).limit(1))).one()
        begin = SystemClock().now() - timedelta(days=90)
        tx.add_all(
            WhatsAppMessage(
                user_id=known.user_id,
                contact_id=known.contact_id,
                is_outgoing=False,
                body=workers.secrets.encrypt(f"Давно {number}"),
                short_id=f"OLD{number}",
                status="received",
                happened_at=begin + timedelta(minutes=number),
                read_at=begin,
            )
            for number in range(100)
        )
    await reopened(page)
    log = page.get_by_role("log")
    await expect(log.get_by_text("Давно 99", exact=True)).to_be_attached()
    await expect(log.get_by_text("Давно 1", exact=True)).to_have_count(0)
    for number in (60, 30, 0):
        await log.evaluate("it => { it.scrollTop = 0 }")
        await expect(log.get_by_text(f"Давно {number}", exact=True)).to_be_attached()
    await expect(page.get_by_role("button", name="Показать раньше")).to_have_count(0)


async def _look_on_a_phone(small: Page) -> None:
    await expect(small.locator(".k-talk-row")).to_be_visible()
    await expect(small.get_by_label("Переписка", exact=True)).to_be_hidden()
    await _shoot(small, "list-phone")
    await small.locator(".k-talk-row").click()
    await expect(small.get_by_role("log").get_by_text("Я сам отвечу")).to_be_visible()
    assert await small.evaluate("document.documentElement.scrollWidth <= innerWidth")
    await audit(small)
    await _shoot(small, "thread-phone")
    await small.get_by_role("button", name="Заказы", exact=True).click()
    panel = small.get_by_role("dialog", name="Заказы покупателя")
    await expect(panel.get_by_role("link", name="790000001")).to_be_visible()
    await _shoot(small, "orders-phone")
    await small.keyboard.press("Escape")
    await expect(panel).to_have_count(0)
    await small.get_by_role("button", name="К списку").click()
    await expect(small.locator(".k-talk-row")).to_be_visible()


async def _shoot(page: Page, name: str) -> None:
    folder = os.environ.get("CUBE_SHOTS")
    if folder:
        await page.screenshot(path=Path(folder) / f"inbox-{name}.png")
