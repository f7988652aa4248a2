"""The support people's desk in a browser: live list, two people at one chat, keys, notes, phone."""

from __future__ import annotations

from typing import Any

import pytest
from page_audit import audit
from playwright.async_api import Locator, Page, expect
from records import seller
from support_scene import Desk

from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.support import reading, service
from cube_demper.domain.support.schemas import MessageKind

pytestmark = pytest.mark.e2e

_RUSSIAN_J = """document.activeElement.dispatchEvent(
    new KeyboardEvent('keydown', {key: 'о', code: 'KeyJ', bubbles: true, cancelable: true}))"""


def talk(page: Page, person: str) -> Locator:
    """Find a chat's line in the list."""
    return page.locator(".k-talk-row", has_text=person)


async def test_two_colleagues_at_one_chat_see_each_other(desk: Desk, sit_down: Any) -> None:
    user = await desk.customer()
    chat = await desk.says(user, "Здравствуйте")
    _, one = await sit_down("Алия", f"/chats/{chat}")
    daniyar, two = await sit_down("Данияр", f"/chats/{chat}")
    await expect(one.get_by_text("Чат открыт и у коллег: Данияр")).to_be_visible()
    await expect(two.get_by_text("Чат открыт и у коллег: Алия")).to_be_visible()

    # A note is another colour, says so in words, and reaches the colleague, never the customer.
    await two.locator(".k-talk-head h2").click()
    await two.keyboard.press("n")
    await expect(two.get_by_text("Клиент этого не увидит")).to_be_visible()
    await audit(two)
    await two.keyboard.type("Он уже писал вчера")
    await two.keyboard.press("Enter")
    note = one.locator(".k-said", has_text="Он уже писал вчера")
    await expect(note.get_by_text("Заметка, клиент не видит")).to_be_visible()
    async with desk.db.read() as tx:
        seen = await reading.messages(tx, seller(user), None)
    assert [it.text for it in seen.rows if it.kind is MessageKind.NOTE] == []

    # What was begun as a note does not become an answer by a change of mind.
    await two.keyboard.type("Скажу своим")
    await two.get_by_role("button", name="Ответ клиенту").click()
    await expect(two.locator("#answer")).to_have_value("")
    await two.get_by_role("button", name="Заметка для своих").click()
    await expect(two.locator("#answer")).to_have_value("Скажу своим")

    # Who types is seen at once; who gives the chat away says to whom and why.
    await one.locator("#answer").fill("Пишу ответ")
    await expect(two.get_by_text("Алия — пишет ответ…")).to_be_visible()
    await one.get_by_role("button", name="Взять в работу").click()
    await one.get_by_role("button", name="Передать", exact=True).click()
    form = one.get_by_role("dialog")
    await form.get_by_label("Кому", exact=True).select_option(str(daniyar.user_id))
    await form.get_by_label("Что коллеге надо знать").fill("Ждёт ответа о ценах")
    await audit(one)
    await form.get_by_role("button", name="Передать").click()
    await expect(one.locator(".k-talk-head").get_by_text("отвечает Данияр")).to_be_visible()
    await expect(two.locator(".k-talk-head").get_by_text("отвечаете вы")).to_be_visible()
    await expect(two.locator(".k-said", has_text="Ждёт ответа о ценах")).to_be_visible()
    assert await _assignee(desk, daniyar, chat) == daniyar.user_id


async def test_the_list_stands_still_and_is_walked_by_keys(desk: Desk, sit_down: Any) -> None:
    for name in ("Айгуль", "Ержан"):
        await desk.says(await desk.customer(name), f"Я {name}, помогите с кассой")
        desk.passes(seconds=1)
    _, page = await sit_down("Алия", "/?tab=pending&sort=")
    rows = page.locator(".k-talk-person")
    await expect(rows).to_have_text(["Ержан", "Айгуль"])
    desk.passes(seconds=1)
    await desk.says(await desk.customer("Светлана"), "Вопрос об оплате")
    await expect(page.get_by_role("button", name="Показать 1 новый чат")).to_be_visible()
    await expect(rows).to_have_text(["Ержан", "Айгуль"])
    await audit(page)
    await page.get_by_role("button", name="Показать 1 новый чат").click()
    await expect(rows).to_have_text(["Светлана", "Ержан", "Айгуль"])

    # Keys go by their place: on a Russian layout «о» is where Latin has «j».
    await page.keyboard.press("j")
    await page.evaluate(_RUSSIAN_J)
    await expect(talk(page, "Ержан")).to_be_focused()
    await page.keyboard.press("k")
    await page.keyboard.press("Enter")
    await expect(page.locator(".k-talk-head h2")).to_have_text("Светлана")
    assert "tab=pending" in page.url
    await page.keyboard.press("Escape")
    await page.locator(".k-talk-head h2").click()
    await page.keyboard.press("?")
    await expect(page.get_by_role("dialog")).to_contain_text("взять в работу")
    await audit(page)
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_have_count(0)

    # A search finds people and what was said, closed chats too, and opens at the message.
    await page.keyboard.press("/")
    await page.keyboard.type("касса")
    await expect(page.get_by_role("heading", name="В сообщениях")).to_be_visible()
    found = page.locator(".k-talk-row", has_text="помогите с кассой")
    await expect(found).to_have_count(2)
    await found.first.click()
    await expect(page.locator(".k-said[data-found=true]")).to_contain_text("помогите с кассой")
    await audit(page)


async def test_a_lost_connection_heals_and_loses_nothing(desk: Desk, sit_down: Any) -> None:
    user = await desk.customer()
    chat = await desk.says(user, "Первое")
    _, page = await sit_down("Алия", f"/chats/{chat}")
    await expect(page.locator(".k-said", has_text="Первое")).to_be_visible()
    await page.context.set_offline(True)
    await desk.says(user, "Второе, пока связи нет")
    await page.context.set_offline(False)
    await expect(page.locator(".k-said", has_text="Второе, пока связи нет")).to_be_visible()


async def test_on_a_phone_list_chat_and_card_are_one_after_another(
    desk: Desk, sit_down: Any
) -> None:
    user = await desk.customer()
    await desk.says(user, "Магазин не подключается")
    _, page = await sit_down("Алия", "/", phone=True)
    await audit(page)
    await talk(page, "Айгуль").click()
    await expect(page.locator(".k-said", has_text="Магазин не подключается")).to_be_visible()
    await expect(talk(page, "Айгуль")).to_be_hidden()
    await audit(page)
    await page.get_by_role("button", name="О клиенте").click()
    card = page.get_by_role("dialog")
    await expect(card.get_by_text("Магазин ещё не подключён.")).to_be_visible()
    await audit(page)
    await card.get_by_role("button", name="Закрыть").click()
    await page.get_by_role("button", name="К списку").click()
    await expect(talk(page, "Айгуль")).to_be_visible()


async def test_texts_labels_and_figures(desk: Desk, sit_down: Any) -> None:
    user = await desk.customer()
    chat = await desk.says(user, "Здравствуйте")
    aliya, page = await sit_down("Алия", "/replies")
    await page.get_by_role("button", name="Новый ответ").first.click()
    form = page.get_by_role("dialog")
    await form.get_by_label("Сокращение").fill("вход")
    await form.get_by_label("Название").fill("Войти заново")
    await form.get_by_label("Текст").fill("{name}, войдите в {shop}")
    await form.get_by_role("button", name="Сохранить").click()
    await expect(form.get_by_text("Таких переменных нет: {shop}.")).to_be_visible()
    await audit(page)
    await form.get_by_label("Текст").fill("{name}, войдите в {store}")
    await form.get_by_role("button", name="Сохранить").click()
    await expect(page.get_by_role("table")).to_contain_text("/вход")
    await page.get_by_role("button", name="Новая метка").click()
    await page.get_by_role("dialog").get_by_label("Метка").fill("оплата")
    await page.get_by_role("dialog").get_by_role("button", name="Сохранить").click()
    await expect(page.get_by_text("оплата", exact=True)).to_be_visible()
    await audit(page)
    await desk.answers(aliya, chat, "Здравствуйте!")
    async with desk.db.write() as tx:
        await service.close(tx, aliya, chat, desk.now)
    await page.get_by_role("link", name="Статистика").first.click()
    await expect(page.get_by_role("table")).to_contain_text("Алия")
    await expect(page.locator(".k-tile", has_text="Закрыто").locator(".k-tile-value")).to_have_text(
        "1"
    )
    await audit(page)


async def _assignee(desk: Desk, who: Actor, chat: object) -> object:
    async with desk.db.read() as tx:
        return (await reading.chat(tx, who, chat, desk.now)).row.assigned_to  # type: ignore[arg-type]
