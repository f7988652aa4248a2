"""A seller chooses buyers, writes, reads what it costs, starts, watches it go and stops it."""

from __future__ import annotations

import os
import re
from datetime import datetime, time
from pathlib import Path
from typing import Any

import pytest
from broadcast_scene import add_buyers
from messaging_scene import Talk, talk
from page_audit import audit, reopened
from playwright.async_api import Page, expect
from records import add_store

from cube_demper.core.clock import ALMATY, SystemClock

__all__ = ["talk"]

pytestmark = pytest.mark.e2e


@pytest.fixture
def noon() -> datetime:
    """Today, for the page reads the real clock."""
    local = SystemClock().now().astimezone(ALMATY)
    return local.replace(hour=12, minute=0, second=0, microsecond=0)


async def test_from_the_first_choice_to_the_stop(talk: Talk, sign_in: Any) -> None:
    await talk.set_session(quiet_start=time(3, 1), quiet_end=time(3, 2))
    await add_buyers(talk, 3, at=talk.clock.now())
    async with talk.db.write() as tx:
        await add_store(tx, talk.user, name="Второй магазин")
    page = await sign_in(talk.user, "/messages/broadcasts")
    await expect(page.get_by_text("Рассылок ещё не было")).to_be_visible()
    await page.get_by_role("link", name="Новая рассылка").first.click()
    await expect(page.locator("#reach")).to_have_text("3\u00a0человека")
    await page.get_by_role("button", name="Дальше: текст").click()
    await expect(page.get_by_text("Назовите рассылку")).to_be_visible()
    await page.get_by_label("Название", exact=True).fill("Осень")
    await page.get_by_label("Товар", exact=True).fill("пылесос")
    await expect(page.locator("#reach")).to_have_text("0\u00a0человек")
    await page.get_by_label("Товар", exact=True).fill("чайник")
    await expect(page.locator("#reach")).to_have_text("3\u00a0человека")
    await page.get_by_role("checkbox", name="Второй магазин").click()
    await expect(page.locator("#reach")).to_have_text("0\u00a0человек")
    await page.get_by_role("checkbox", name="Мой магазин").click()
    await expect(page.locator("#reach")).to_have_text("3\u00a0человека")
    await _shoot(page, "whom")
    await page.get_by_role("button", name="Дальше: текст").click()
    await _write(page)
    await _start(page)

    talk.clock.move(seconds=max(0, (SystemClock().now() - talk.clock.now()).total_seconds()) + 1)
    await talk.work()
    assert len(talk.whatsapp.sent) == 1
    await expect(page.locator("#progress")).to_have_text("1 из 3\u00a0человек")
    await _shoot(page, "running")
    await page.get_by_role("button", name="Пауза").press("Enter")
    await expect(page.get_by_text("На паузе: никому не пишем")).to_be_visible()
    assert await talk.work(minutes=5) == []
    await page.get_by_role("button", name="Продолжить").click()
    await expect(page.get_by_role("button", name="Пауза")).to_be_visible()
    await page.get_by_role("button", name="Остановить").click()
    await page.get_by_role("alertdialog").get_by_role("button", name="Остановить").click()
    await expect(page.get_by_text("Остановлена", exact=True)).to_be_visible()
    assert await talk.work(minutes=5) == []
    await _on_a_phone(talk, sign_in, page)


async def _write(page: Page) -> None:
    await page.get_by_label("Текст по-русски").fill("{customer_name}, спасибо! Не надо? «стоп».")
    await expect(page.locator("#preview")).to_have_text("Покупатель 3, спасибо! Не надо? «стоп».")
    await reopened(page)
    await expect(page.get_by_label("Текст по-русски")).to_have_value(re.compile("спасибо"))
    await _shoot(page, "text")
    await page.get_by_role("button", name="Дальше: проверка").click()


async def _start(page: Page) -> None:
    await expect(page.get_by_text("Риск блокировки средний")).to_be_visible()
    await expect(page.get_by_text("Kaspi разрешает писать покупателю только")).to_be_visible()
    days = page.locator(".k-strip").get_by_text(re.compile("1\u00a0день|2\u00a0дня"))
    await expect(days).to_be_visible()  # the second by midnight
    await _shoot(page, "check")
    await page.get_by_role("button", name="Запустить рассылку").click()
    await expect(page.get_by_text("Отметьте, что понимаете риск.")).to_be_visible()
    await page.get_by_label("Понимаю, что номер могут заблокировать").press("Space")
    await page.get_by_role("button", name="Запустить рассылку").press("Enter")
    await expect(page.locator("#progress")).to_have_text("0 из 3\u00a0человек")


async def _on_a_phone(talk: Talk, sign_in: Any, page: Page) -> None:
    here = page.url
    await page.get_by_role("button", name="Скопировать в новую").click()
    await expect(page.get_by_label("Название", exact=True)).to_have_value("Осень (копия)")
    draft = page.url
    small = await sign_in(talk.user, "/messages/broadcasts", phone=True)
    await expect(small.get_by_role("link", name="Осень (копия)")).to_be_visible()
    await _audited(small, "list-phone")
    await page.goto(page.url.split("/messages")[0] + "/messages/broadcasts")
    await expect(page.get_by_role("link", name="Осень (копия)")).to_be_visible()
    await _shoot(page, "list")
    for step, words in (
        ("whom", "Покупали с"),
        ("text", "Увидит покупатель"),
        ("check", "Правила Kaspi"),
    ):
        await small.goto(f"{draft.split('?')[0]}?step={step}")
        await expect(small.get_by_text(words)).to_be_visible()
        await _audited(small, f"{step}-phone")
    await small.goto(here)
    await expect(small.locator("#progress")).to_be_visible()
    await _audited(small, "running-phone")


async def _audited(page: Page, name: str) -> None:
    await audit(page)
    await _shoot(page, name)


async def _shoot(page: Page, name: str) -> None:
    folder = os.environ.get("CUBE_SHOTS")
    if folder:
        await page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
