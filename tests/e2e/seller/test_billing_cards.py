"""A transfer that a person confirms, and saved cards: one renews, another is chosen, one is forgotten."""

from __future__ import annotations

import asyncio
import os
import re
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from billing_journey import end_in, shop
from page_audit import audit, opened
from playwright.async_api import Page, expect
from tiptoppay_stage import terminal_at

from cube_demper.core.clock import ALMATY
from cube_demper.db.session import Database

pytestmark = pytest.mark.e2e
_PAID = "Тариф {} подключён"


async def _cube(*arguments: str, database_url: str, redis_url: str) -> str:
    """Run a command as an operator does; return what it said."""
    running = await asyncio.create_subprocess_exec(
        Path(sys.executable).with_name("cube"),
        *arguments,
        env={**os.environ, "DATABASE_URL": database_url, "REDIS_URL": redis_url},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await running.communicate()
    assert running.returncode == 0, said.decode()
    return said.decode()


async def test_a_kaspi_transfer_is_asked_for_confirmed_by_hand_and_seen_at_once(
    db: Database, sign_in: Any, database_url: str, redis_url: str
) -> None:
    page = await sign_in(await shop(db), "/billing?plan=basic", phone=True)
    dialog = page.get_by_role("dialog")
    await dialog.get_by_role("radio", name="Перевод Kaspi").check()
    await dialog.get_by_role("button", name="Оплатить 9\u00a0999\u00a0₸").dblclick()
    asked = page.get_by_text(re.compile(r"Переведите 9\s999\s₸ в приложении Kaspi"))
    await expect(asked).to_contain_text("+7 700 000 00 00")
    await expect(page.get_by_role("button", name="Скопировать код")).to_be_visible()
    await page.mouse.move(0, 0)  # a phone has no pointer that rests over the bottom bar
    await audit(page)
    code = re.search(r"CD-\w{8}", await asked.inner_text())
    assert code is not None
    today = datetime.now(UTC).astimezone(ALMATY).strftime("%Y-%m-%d")
    said = await _cube(
        "billing", "confirm", code.group(), "--amount", "9999", "--date", today, "--kaspi",
        database_url=database_url, redis_url=redis_url,
    )  # fmt: skip
    assert "приняты, оплачен" in said
    await expect(page.get_by_text(_PAID.format("BASIC")).first).to_be_visible()


async def _pay_anew(page: Page, words: str, card: str) -> None:
    """Pay with a card that is not saved, on the terminal's page."""
    dialog = page.get_by_role("dialog")
    await dialog.get_by_role("radio", name="карта").last.check()
    await dialog.get_by_role("button", name=words).click()
    await page.get_by_role("button", name=card).click()


async def test_a_saved_card_renews_another_is_chosen_and_one_is_forgotten(
    db: Database, sign_in: Any, seller_app: str, card_port: int
) -> None:
    user = await shop(db)
    async with terminal_at(seller_app, card_port):
        page = await sign_in(user, "/billing?plan=basic")
        await _pay_anew(page, "Оплатить 9\u00a0999\u00a0₸", "4111 1111 1111 1111")
        await expect(page.get_by_text(_PAID.format("BASIC")).first).to_be_visible()
        await end_in(db, user, hours=5 * 24)
        await page.goto(f"{seller_app}/billing?plan=basic")
        await opened(page)
        dialog = page.get_by_role("dialog")
        await expect(dialog.get_by_role("radio", name="•• 1111")).to_be_checked()
        await dialog.get_by_role("button", name="Оплатить 9\u00a0999\u00a0₸").dblclick()
        await expect(dialog).to_be_hidden()
        await page.goto(f"{seller_app}/billing?tab=payments")
        renewed = page.get_by_role("row").filter(has_text="Продление: BASIC")
        await expect(renewed).to_contain_text("Оплачен")
        await expect(renewed).to_have_count(1)
        await page.goto(f"{seller_app}/billing?plan=pro")
        await opened(page)
        await expect(dialog).to_contain_text("Доплата")
        await _pay_anew(page, "Оплатить", "4000 0000 0000 0341")
        await expect(page.get_by_text(_PAID.format("PRO")).first).to_be_visible()
    await page.goto(f"{seller_app}/billing?tab=cards")
    cards = page.get_by_role("listitem")
    first, second = cards.filter(has_text="•• 1111"), cards.filter(has_text="•• 0341")
    await first.or_(second).get_by_role("button", name="Продлевать с неё").click()
    await expect(page.get_by_text("Продлевать будем с этой карты")).to_be_visible()
    chosen = cards.filter(has_text="Продлевает тариф")
    await expect(chosen).to_have_count(1)
    await audit(page)
    await chosen.get_by_role("button", name="Удалить карту").click()
    question = page.get_by_role("alertdialog")
    await expect(question).to_contain_text("Списание")
    await question.get_by_role("button", name="Удалить карту").dblclick()
    await expect(page.get_by_text("Карта удалена, списаний с неё не будет")).to_be_visible()
    await expect(cards.filter(has_text="Продлевает тариф")).to_have_count(1)
    await expect(cards.filter(has_text="••")).to_have_count(1)
