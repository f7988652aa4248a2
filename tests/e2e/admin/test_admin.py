"""An admin at work in a browser: in by two steps, a person among many, blocked, visited, written down."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from page_audit import audit, opened
from playwright.async_api import Browser, Page, expect
from records import add_product, add_store, add_user
from sqlmodel import col, select

from cube_demper.core.clock import SystemClock
from cube_demper.core.crypto import SecretBox
from cube_demper.core.settings import CubeApp, Settings
from cube_demper.db.session import Database
from cube_demper.domain.accounts import codes
from cube_demper.domain.accounts import service as accounts
from cube_demper.domain.accounts.schemas import SYSTEM, Role
from cube_demper.models.accounts import RecoveryCode, SecondFactor, User
from cube_demper.models.operations import AuditEntry

pytestmark = pytest.mark.e2e

PASSWORD = "три слова подряд"
_PATIENCE = 60_000


async def _admin(db: Database) -> User:
    async with db.write() as tx:
        user_id = await accounts.create_user(
            tx,
            SYSTEM,
            email=f"boss-{uuid4().hex[:6]}@example.kz",
            password=PASSWORD,
            role=Role.ADMIN,
            now=SystemClock().now(),
        )
        return await tx.get_one(User, user_id)


async def _many(db: Database) -> User:
    """Make a crowd with one Айгерим in it, who has a store; return her."""
    async with db.write() as tx:
        now = datetime.now(UTC)
        for number in range(70):
            await add_user(tx, plan=None, now=now, full_name=f"Прохожий {number}")
        user = await add_user(tx, now=now, full_name="Айгерим Касымова")
        await add_product(tx, await add_store(tx, user, name="Алма Дом"))
    return user


async def _tab(browser: Browser, errors: list[str], *, phone: bool = False) -> Page:
    size = {"width": 390, "height": 844} if phone else {"width": 1280, "height": 900}
    context = await browser.new_context(viewport=size, locale="ru-RU")  # type: ignore[arg-type]
    page = await context.new_page()
    page.set_default_timeout(_PATIENCE)
    page.on("pageerror", lambda error: errors.append(str(error)))
    return page


async def _code(db: Database, user_id: UUID) -> str:
    """Return the next code that has not been used, as the authenticator will show it."""
    async with db.read() as tx:
        query = select(SecondFactor).where(col(SecondFactor.user_id) == user_id)
        row = (await tx.scalars(query)).one()
    secret = SecretBox(Settings().keys).decrypt(row.secret)
    step = max(codes.step_at(SystemClock().now()), row.last_step + 1)
    return codes.code_at(secret, step)


async def _sign_in(page: Page, site: str, email: str) -> None:
    await page.goto(f"{site}/login")
    await opened(page)
    await page.get_by_label("Почта").fill(email)
    await page.get_by_label("Пароль", exact=True).fill(PASSWORD)
    await page.keyboard.press("Enter")


async def _prove(page: Page) -> None:
    await page.get_by_label("Ваш пароль").fill(PASSWORD)
    await page.get_by_role("button", name="Продолжить").click()


async def _turn_second_step_on(page: Page, site: str, db: Database, admin: User) -> None:
    await page.goto(f"{site}/security")
    await page.get_by_role("button", name="Включить").click()
    await page.get_by_label("Ваш пароль").fill("не тот пароль")
    await page.get_by_role("button", name="Продолжить").click()
    await expect(page.get_by_text("Пароль не подошёл")).to_be_visible()
    await _prove(page)
    await expect(page.get_by_alt_text("QR-код")).to_be_visible()
    await page.get_by_label("Код из приложения").fill("000000")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("Код не подошёл")).to_be_visible()
    await page.get_by_label("Код из приложения").fill(await _code(db, admin.id))
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("Сохраните запасные коды")).to_be_visible()
    await page.get_by_role("button", name="Коды сохранены").click()
    await expect(page.get_by_text("Запасных кодов осталось: 10")).to_be_visible()


async def test_a_person_is_found_blocked_let_in_and_visited(
    admin_app: str,
    seller_app: str,
    sign_in: Callable[..., Awaitable[Page]],
    browser: Browser,
    db: Database,
) -> None:
    errors: list[str] = []
    admin, aigerim = await _admin(db), await _many(db)
    page = await _tab(browser, errors)

    await _sign_in(page, admin_app, admin.email)
    await page.wait_for_url(f"{admin_app}/")
    await _turn_second_step_on(page, admin_app, db, admin)
    await page.context.clear_cookies()
    await _sign_in(page, admin_app, admin.email)
    await page.get_by_label("Код", exact=True).fill(await _code(db, admin.id))
    await page.keyboard.press("Enter")
    await page.wait_for_url(f"{admin_app}/")

    hers = await sign_in(aigerim, "/products")
    await expect(hers.get_by_text("Товар 73").first).to_be_visible()

    await page.goto(f"{admin_app}/users")
    await page.get_by_placeholder("Почта, имя, телефон или номер").last.fill("айгер кас")
    await page.get_by_role("link", name="Айгерим Касымова").click()
    await page.wait_for_url(f"{admin_app}/users/{aigerim.id}")
    await page.get_by_role("button", name="Заблокировать").click()
    form = page.get_by_role("dialog")
    await form.get_by_label("Причина").fill("проверка")
    await form.get_by_role("button", name="Заблокировать").click()
    await expect(page.get_by_text("Доступ закрыт")).to_be_visible()
    await hers.wait_for_url("**/login?next=**")
    await page.get_by_role("button", name="Разблокировать").click()
    await expect(page.get_by_role("button", name="Войти под ним")).to_be_visible()

    visit = await _visit(page)
    await expect(visit.get_by_text("Вы смотрите глазами пользователя")).to_be_visible()
    await visit.goto(f"{seller_app}/settings")
    await expect(visit.get_by_text("Вы смотрите глазами пользователя")).to_be_visible()
    await visit.get_by_role("button", name="Закончить").click()
    await expect(visit.get_by_role("link", name="Войти").first).to_be_visible()

    await page.goto(f"{admin_app}/audit?who={admin.email}")
    for words in (
        "включение второго шага",
        "подтверждение пароля",
        "блокировка",
        "разблокировка",
        "вход под пользователем",
        "конец входа под пользователем",
    ):
        await expect(page.locator("table").get_by_text(words, exact=True).first).to_be_visible()
    await expect(page.get_by_text("доступ закрыт: нет → да")).to_be_visible()
    async with db.read() as tx:
        entries = (await tx.scalars(select(AuditEntry))).all()
        used = (await tx.scalars(select(RecoveryCode.used_at))).all()
    assert {it.impersonator_id for it in entries if it.action == "visit_ended"} == {admin.id}
    assert all(it.ip for it in entries if it.actor_id == admin.id)
    assert used == [None] * 10
    assert not errors


async def _visit(page: Page) -> Page:
    """Go in as the person of the card."""
    await page.get_by_role("button", name="Войти под ним").click()
    await page.get_by_label("Зачем").fill("обращение 14")
    async with page.context.expect_page() as coming:
        await page.get_by_role("dialog").get_by_role("button", name="Войти").click()
        await _prove(page)
    return await coming.value


@pytest.mark.parametrize("phone", [False, True])
@pytest.mark.parametrize("path", ["/users", "/audit", "/staff", "/security"])
async def test_axe_finds_nothing_serious_and_nothing_scrolls_sideways(
    db: Database, sign_in: Any, path: str, phone: bool
) -> None:
    await _many(db)
    page = await sign_in(await _admin(db), path, phone=phone, app=CubeApp.ADMIN)
    await expect(page.locator(".k-bone")).to_have_count(0)
    await audit(page)


async def test_a_support_persons_cookie_and_a_stranger_see_nothing(
    admin_app: str, browser: Browser, db: Database, sign_in: Any
) -> None:
    async with db.write() as tx:
        support = await add_user(tx, plan=None, role=Role.SUPPORT)
    page = await sign_in(support, "/users", app=CubeApp.ADMIN)
    await page.wait_for_url(f"{admin_app}/login?next=%2Fusers")
    stranger = await _tab(browser, [])
    await stranger.goto(f"{admin_app}/staff")
    await stranger.wait_for_url(f"{admin_app}/login?next=%2Fstaff")
