"""A seller in one browser, support in another: a matter from its first word to its rating."""

from __future__ import annotations

from typing import Any

import pytest
from page_audit import audit
from playwright.async_api import Page, expect
from support_scene import Desk

from cube_demper.domain.support import replies

pytestmark = pytest.mark.e2e


async def _asks(page: Page, words: str) -> None:
    await page.locator(".k-support-button").click()
    window = page.get_by_role("dialog", name="Поддержка Cube Demper")
    await window.get_by_label("Опишите вопрос").fill(words)
    await page.keyboard.press("Enter")


async def test_a_matter_from_its_first_word_to_its_rating(
    desk: Desk, sit_down: Any, sign_in: Any
) -> None:
    aliya, support = await sit_down("Алия Сапарова", "/")
    await expect(support.get_by_text("Здесь пусто")).to_be_visible()
    await audit(support)
    async with desk.db.write() as tx:
        await replies.save(tx, aliya, "привет", "Поздороваться", "{name}, здравствуйте! Смотрю.")

    # The seller writes: it is in the list without a reload, as text, with what was promised.
    seller = await sign_in(await desk.customer(), "/help")
    await _asks(seller, "Бот не меняет цены <b>вообще</b>")
    row = support.locator(".k-talk-row", has_text="Айгуль")
    await expect(row).to_contain_text("Бот не меняет цены <b>вообще</b>")
    await expect(row).to_contain_text("Ответить до")
    await row.click()
    await expect(support.get_by_role("heading", name="Тариф и оплата")).to_be_visible()
    head, field = support.locator(".k-talk-head"), support.locator("#answer")
    await head.locator("h2").click()
    await support.keyboard.press("t")
    await expect(head.get_by_text("В работе")).to_be_visible()
    await expect(head.get_by_text("отвечаете вы")).to_be_visible()
    await audit(support)

    # An answer from the texts at hand; the seller sees that it is being written.
    await support.keyboard.press("r")
    await support.keyboard.type("/прив")
    await expect(support.get_by_role("option", name="Поздороваться")).to_be_visible()
    await audit(support)
    await support.keyboard.press("Enter")
    await expect(field).to_have_value("Айгуль, здравствуйте! Смотрю.")
    window = seller.get_by_role("dialog", name="Поддержка Cube Demper")
    await field.press_sequentially(" Минуту")
    await expect(window.get_by_text("печатает…")).to_be_visible()
    await support.keyboard.press("Enter")
    await expect(window.get_by_text("Айгуль, здравствуйте! Смотрю. Минуту")).to_be_visible()
    answer = support.locator(".k-said-line", has_text="Минуту")
    await expect(answer.get_by_text("Прочитано")).to_be_attached()
    await expect(field).to_have_value("")

    # The seller types: support sees it. The seller's window is shut: the next answer is a badge.
    await window.get_by_label("Опишите вопрос").press_sequentially("Спасибо", delay=1_000)
    await expect(support.get_by_text("Клиент печатает…")).to_be_visible()
    await seller.keyboard.press("Escape")
    await field.fill("Готово, цены пошли")
    await support.keyboard.press("Enter")
    badge = seller.get_by_role("button", name="Поддержка. Новых ответов: 1")
    await expect(badge).to_be_visible()

    # Closed by a key, rated by the seller; the rating shows itself.
    await head.locator("h2").click()
    await support.keyboard.press("e")
    await expect(head.get_by_text("Закрыт", exact=True)).to_be_visible()
    await expect(field).to_have_count(0)
    await badge.click()
    await window.get_by_role("radio", name="5/5").click()
    await window.get_by_role("button", name="Оценить").click()
    await expect(support.locator(".k-desk-event").last).to_contain_text("5")
    await audit(support)
    done = [it.action for it in await desk.deeds(aliya)]
    assert done == [
        "support_reply_saved",
        "support_taken",
        "support_answered",
        "support_answered",
        "support_closed",
    ]
