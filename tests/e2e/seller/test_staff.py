"""Inviting a manager in a browser: they get what was ticked and no more."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from playwright.async_api import Page, expect
from records import add_user
from sqlmodel import col, select

from cube_demper.db.session import Database
from cube_demper.models.staff import StaffMember

pytestmark = pytest.mark.e2e


async def _invite(page: Page, email: str) -> None:
    await page.locator("#email").fill(email)
    await page.get_by_role("button", name="Пригласить").click()
    await expect(page.get_by_text(f"Приглашение отправим на {email}.")).to_be_visible()


async def test_a_manager_gets_only_the_rights_that_were_ticked(db: Database, sign_in: Any) -> None:
    async with db.write() as tx:
        owner = await add_user(tx)
    page = await sign_in(owner, "/settings?tab=staff")
    looker, pricer, last = (f"{uuid4().hex[:12]}@example.kz" for _ in range(3))
    await _invite(page, looker)
    await page.get_by_label("Цены и бот: мин. цены, стратегии").check()
    await _invite(page, pricer)
    await expect(page.get_by_label("Цены и бот: мин. цены, стратегии")).not_to_be_checked()
    await _invite(page, last)
    async with db.read() as tx:
        rows = await tx.execute(
            select(col(StaffMember.email), col(StaffMember.rights)).where(
                col(StaffMember.owner_id) == owner.id
            )
        )
        assert {email: list(rights) for email, rights in rows.tuples()} == {
            looker: [],
            pricer: ["prices"],
            last: [],
        }
