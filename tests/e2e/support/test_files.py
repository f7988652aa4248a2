"""Files in a talk, several at once, and a matter that its seller opens again from the page."""

from __future__ import annotations

import io
from typing import Any

import pytest
from page_audit import audit
from PIL import Image
from playwright.async_api import Page, expect
from records import seller
from support_scene import Desk

from cube_demper.domain.support import reading, service
from cube_demper.domain.support.rules import MOST_FILES
from cube_demper.domain.support.schemas import ChatStatus

pytestmark = pytest.mark.e2e


def _picture(name: str) -> dict[str, Any]:
    content = io.BytesIO()
    Image.new("RGB", (40, 30), "navy").save(content, "PNG")
    return {"name": name, "mimeType": "image/png", "buffer": content.getvalue()}


async def _attach(page: Page, field: str, *names: str) -> None:
    where = page.locator(".k-composer", has=page.locator(field))
    last = names[: MOST_FILES - await where.locator(".k-enclosed").count()][-1]
    await where.locator("input[type=file]").set_input_files([_picture(it) for it in names])
    await expect(where.locator(".k-enclosed", has_text=last)).to_be_visible()


async def test_several_files_go_in_one_message_both_ways(
    desk: Desk, sit_down: Any, sign_in: Any
) -> None:
    user = await desk.customer()
    chat = await desk.says(user, "Вот что вижу")
    _, support = await sit_down("Алия", f"/chats/{chat}")
    await _attach(support, "#answer", "раз.png", "два.png", "три.png")
    chips = support.locator(".k-enclosed")
    await support.get_by_role("button", name="Убрать: два.png").click()
    await expect(chips).to_have_text(["раз.pngУбрать", "три.pngУбрать"])
    await _attach(support, "#answer", "4.png", "5.png", "6.png", "7.png")
    await expect(support.get_by_text("не больше 5 файлов")).to_be_visible()
    await expect(chips).to_have_count(5)
    await audit(support)
    await support.locator("#answer").fill("Смотрите")
    await support.keyboard.press("Enter")
    await expect(chips).to_have_count(0)
    await expect(support.locator(".k-said", has_text="Смотрите").locator("img")).to_have_count(5)

    page = await sign_in(user, "/help")
    await page.locator(".k-support-button").click()
    await _attach(page, "#support-answer", "a.png", "b.png")
    await page.keyboard.press("Enter")
    await expect(support.locator(".k-said-line:not(.ours) .k-said img")).to_have_count(2)
    async with desk.db.read() as tx:
        said = (await reading.messages(tx, seller(user), None)).rows
    assert [len(it.files) for it in said if it.files] == [5, 2]


async def test_a_seller_opens_a_closed_matter_again_by_writing(
    desk: Desk, sit_down: Any, sign_in: Any
) -> None:
    user = await desk.customer()
    chat = await desk.says(user, "Не работает")
    aliya, support = await sit_down("Алия", "/")
    async with desk.db.write() as tx:
        await service.take(tx, aliya, chat, desk.now)
        await service.close(tx, aliya, chat, desk.now)
    page = await sign_in(user, "/help", phone=True)
    await page.locator(".k-support-button").click()
    window = page.get_by_role("dialog", name="Поддержка Cube Demper")
    await expect(window.get_by_role("radio", name="5/5")).to_be_visible()
    await audit(page)
    await window.locator("#support-answer").fill("Снова не работает")
    await page.keyboard.press("Enter")
    await expect(window.get_by_role("radio", name="5/5")).to_have_count(0)
    row = support.locator(".k-talk-row", has_text="Снова не работает")
    await expect(row).to_be_visible()
    tabs = support.locator(".k-tabs button")
    await expect(tabs).to_have_count(5)
    await support.set_viewport_size({"width": 1280, "height": 900})
    tops = await tabs.evaluate_all(
        "all => all.map(it => Math.round(it.getBoundingClientRect().top))"
    )
    assert len(set(tops)) == 1, "tabs in two lines"
    ends = await tabs.evaluate_all("all => all.at(-1).getBoundingClientRect().right")
    box = await support.locator(".k-inbox-head").bounding_box()
    assert box
    assert ends <= box["x"] + box["width"], "the last tab is cut off"
    async with desk.db.read() as tx:
        assert (await reading.chat(tx, aliya, chat, desk.now)).row.status is ChatStatus.REOPENED
