"""What an admin does about people, from the card to the person's own open page and to a program."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from page_audit import audit, opened
from playwright.async_api import Page, expect
from records import add_product, add_store, add_user
from sqlalchemy import update
from sqlmodel import col, select

from cube_demper.core.clock import SystemClock
from cube_demper.core.settings import CubeApp
from cube_demper.db.session import Database
from cube_demper.domain.accounts import passwords
from cube_demper.models.accounts import User, UserRole, UserSession
from cube_demper.models.operations import AuditEntry, OutboxMessage

pytestmark = pytest.mark.e2e

PASSWORD = "пять синих чашек чая"
SignIn = Callable[..., Awaitable[Page]]


async def _admin(db: Database) -> User:
    async with db.write() as tx:
        return await add_user(
            tx,
            plan=None,
            email=f"boss-{uuid4().hex[:8]}@example.kz",
            role=UserRole.ADMIN,
            password_hash=await passwords.hash_password(PASSWORD),
        )


@pytest.fixture
async def admin(db: Database) -> User:
    """Who acts."""
    return await _admin(db)


@pytest.fixture
async def person(db: Database) -> User:
    """A seller with a store."""
    async with db.write() as tx:
        user = await add_user(
            tx, email=f"aliya-{uuid4().hex[:8]}@example.kz", full_name="Алия Сериковна"
        )
        await add_product(tx, await add_store(tx, user, name="Алма Дом"))
    return user


async def _prove(page: Page) -> None:
    await page.get_by_label("Ваш пароль", exact=True).fill(PASSWORD)
    await page.get_by_role("button", name="Продолжить").click()


async def _menu(page: Page, name: str) -> None:
    await page.get_by_role("button", name="Ещё действия").click()
    await page.get_by_role("menuitem", name=name).click()


async def _entry(db: Database, action: str) -> AuditEntry:
    async with db.read() as tx:
        query = select(AuditEntry).where(col(AuditEntry.action) == action)
        return (await tx.scalars(query.order_by(col(AuditEntry.created_at).desc()))).first()


async def test_a_role_changed_during_a_session_ends_it(
    db: Database, sign_in: SignIn, admin: User, person: User
) -> None:
    async with db.write() as tx:
        helper = await add_user(tx, email=f"marat-{uuid4().hex[:8]}@example.kz")
    theirs = await sign_in(helper, "/products")
    page = await sign_in(admin, f"/users/{person.id}", app=CubeApp.ADMIN)
    form = page.get_by_role("dialog", name="Сменить роль")
    for who in (person, helper):
        await page.goto(page.url.split("/users")[0] + f"/users/{who.id}")
        await opened(page)
        await _menu(page, "Сменить роль")
        await form.get_by_label("Роль").select_option("support")
        await form.get_by_role("button", name="Сменить").click()
        if who is person:
            await _prove(page)
            await expect(page.get_by_text("подключены магазины")).to_be_visible()
    await expect(page.get_by_text("Роль изменена")).to_be_visible()
    await theirs.wait_for_url("**/login?next=**")
    entry = await _entry(db, "role_changed")
    assert (entry.before, entry.after) == ({"role": "user"}, {"role": "support"})

    await page.goto(page.url.split("/users")[0] + f"/audit?about={helper.email}")
    await expect(page.get_by_text("роль: продавец → поддержка")).to_be_visible()
    await audit(page)


async def test_an_admin_who_is_none_any_more_is_out_of_the_open_page(
    db: Database, sign_in: SignIn, admin: User
) -> None:
    other = await _admin(db)
    theirs = await sign_in(other, "/users", app=CubeApp.ADMIN)
    page = await sign_in(admin, f"/users/{other.id}", app=CubeApp.ADMIN)
    await _menu(page, "Завершить все сеансы")
    await expect(page.get_by_text("Все сеансы завершены")).to_be_visible()
    await theirs.wait_for_url("**/login?next=**")
    assert (await _entry(db, "sessions_ended")).owner_id == other.id


async def test_a_persons_data_are_saved_and_then_the_person_is_deleted(
    db: Database, sign_in: SignIn, admin: User, person: User
) -> None:
    theirs = await sign_in(person, "/products")
    page = await sign_in(admin, f"/users/{person.id}", app=CubeApp.ADMIN)
    async with page.expect_download() as coming:
        await _menu(page, "Выгрузить данные")
        await _prove(page)
    saved = await (await coming.value).path()
    names = zipfile.ZipFile(io.BytesIO(saved.read_bytes())).namelist()
    assert "товары.csv" in names

    await _menu(page, "Удалить")
    form = page.get_by_role("dialog", name="Удалить навсегда?")
    await form.get_by_role("button", name="Удалить").click()
    await expect(form.get_by_text("Напишите причину")).to_be_visible()
    await form.get_by_label("Причина").fill("Просьба от 27.11, обращение 15")
    await audit(page)
    await form.get_by_role("button", name="Удалить").click()
    await expect(page.get_by_text("Пользователь удалён")).to_be_visible()
    await theirs.wait_for_url("**/login?next=**")
    assert (await _entry(db, "user_deleted")).details["reason"].startswith("Просьба")
    assert (await _entry(db, "person_exported")).actor_id == admin.id


async def test_a_token_is_made_and_a_program_blocks_with_it(
    db: Database, sign_in: SignIn, admin: User, person: User, admin_app: str
) -> None:
    theirs = await sign_in(person, "/products")
    page = await sign_in(admin, "/staff", app=CubeApp.ADMIN)
    card = page.get_by_role("region", name="Токены API")
    await card.get_by_role("button", name="Создать").click()
    form = page.get_by_role("dialog", name="Новый токен")
    await form.get_by_label("Сколько дней действует").fill("сто")
    await form.get_by_role("button", name="Создать").click()
    await _prove(page)
    await expect(form.get_by_text("Назовите токен")).to_be_visible()
    await expect(form.get_by_text("От 1 до 365 дней")).to_be_visible()
    await form.get_by_label("Название").fill("Антифрод")
    await form.get_by_label("блокировать и разблокировать").check()
    await form.get_by_label("Сколько дней действует").fill("7")
    await form.get_by_role("button", name="Создать").click()
    token = await form.locator("code").inner_text()
    await audit(page)
    await form.get_by_role("button", name="Готово").click()
    await expect(card.get_by_text("Антифрод")).to_be_visible()

    call = page.context.request
    address = f"{admin_app}/admin/users/{person.id}"
    bearer = {"Authorization": f"Bearer {token}"}
    cookie_only = await call.post(f"{address}/block", data={"reason": "x"})
    assert cookie_only.status in {401, 403}
    other_scope = await call.delete(address, headers=bearer, data={"reason": "x"})
    assert other_scope.status in {401, 403}
    done = await call.post(f"{address}/block", headers=bearer, data={"reason": "накрутка"})
    assert done.ok, await done.text()
    await theirs.wait_for_url("**/login?next=**")
    entry = await _entry(db, "user_blocked")
    assert (entry.actor_id, entry.details["reason"]) == (admin.id, "накрутка")
    assert entry.details["token"]

    await card.get_by_role("button", name="Отозвать").first.click()
    await expect(card.get_by_text("Антифрод")).to_have_count(0)
    again = await call.post(f"{address}/unblock", headers=bearer)
    assert again.status in {401, 403}


async def test_a_colleague_is_invited_by_letter(db: Database, sign_in: SignIn, admin: User) -> None:
    page = await sign_in(admin, "/staff", phone=True, app=CubeApp.ADMIN)
    await page.get_by_role("button", name="Добавить").click()
    form = page.get_by_role("dialog", name="Новый сотрудник")
    await form.get_by_label("Почта").fill("не почта")
    await form.get_by_role("button", name="Пригласить").click()
    await _prove(page)
    await expect(form.get_by_text("Проверьте почту")).to_be_visible()
    email = f"new-{uuid4().hex[:8]}@example.kz"
    await form.get_by_label("Почта").fill(email)
    await form.get_by_label("Имя").fill("Марат Ким")
    await form.get_by_label("Роль").select_option("support")
    await form.get_by_role("button", name="Пригласить").click()
    await expect(page.get_by_text("Марат Ким").first).to_be_visible()
    await audit(page)
    async with db.read() as tx:
        user = (await tx.scalars(select(User).where(col(User.email) == email))).one()
        letters = (await tx.scalars(select(OutboxMessage.topic))).all()
    assert user.role == UserRole.SUPPORT
    assert any(topic.startswith("mail.") for topic in letters)


async def test_a_visit_ends_by_itself(
    db: Database, sign_in: SignIn, admin: User, person: User
) -> None:
    page = await sign_in(admin, f"/users/{person.id}", app=CubeApp.ADMIN)
    await page.get_by_role("button", name="Войти под ним").click()
    await page.get_by_label("Зачем").fill("обращение 14")
    async with page.context.expect_page() as coming:
        await page.get_by_role("dialog").get_by_role("button", name="Войти").click()
        await _prove(page)
    visit = await coming.value
    await expect(visit.get_by_text("Вы смотрите глазами пользователя")).to_be_visible()
    async with db.write() as tx:
        await tx.execute(
            update(UserSession)
            .where(col(UserSession.impersonated_by) == admin.id)
            .values(expires_at=SystemClock().now() - timedelta(seconds=1))
        )
    await visit.reload()
    await expect(visit.get_by_role("link", name="Войти").first).to_be_visible()
    await expect(visit.get_by_text("Вы смотрите глазами пользователя")).to_have_count(0)


async def test_a_fast_typist_loses_no_letter(
    db: Database, sign_in: SignIn, admin: User, person: User
) -> None:
    page = await sign_in(admin, "/users", app=CubeApp.ADMIN)
    field = page.get_by_placeholder("Почта, имя, телефон или номер").last
    await field.click()
    for part in ("Али", "я Се", "рико", "вна"):
        await page.keyboard.type(part, delay=20)
        # Longer than the pause after which it is searched, shorter than an answer under load.
        await page.wait_for_timeout(330)
    await page.keyboard.press("Backspace")
    await page.keyboard.type("на", delay=20)
    await expect(page.get_by_role("link", name=person.full_name).first).to_be_visible()
    await page.wait_for_timeout(1_000)
    await expect(field).to_have_value("Алия Сериковнна")


async def test_what_is_reset_stays_so(
    db: Database, sign_in: SignIn, admin: User, person: Any
) -> None:
    page = await sign_in(admin, f"/users?q={person.email}", app=CubeApp.ADMIN)
    field = page.get_by_placeholder("Почта, имя, телефон или номер").last
    await expect(field).to_have_value(person.email)
    await field.fill("никого такого")
    # At once: what was typed and not yet asked for is not asked for any more.
    await page.get_by_role("button", name="Сбросить").first.click()
    await expect(field).to_have_value("")
    await field.fill("никого такого")
    await expect(page.get_by_text("Никого не нашли")).to_be_visible()
    await page.get_by_role("button", name="Сбросить").first.click()
    await expect(field).to_have_value("")
    await expect(page.get_by_role("link", name=person.full_name).first).to_be_visible()
