"""Signing in to the sandbox's Kaspi in a real Chromium, every way and every refusal."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from login_scene import OWNER, PHONE, STAFF, Desk

from cube_demper.domain.accounts.schemas import Actor, Role
from cube_demper.domain.stores import signing_in
from cube_demper.domain.stores.signing_in_schemas import CodeBy, SignInForm
from cube_demper.models.accounts import User
from cube_demper.models.operations import Notification, OutboxMessage
from cube_demper.models.stores import (
    BotMode,
    DempingSettings,
    KaspiLogin,
    LoginRefusal,
    LoginStep,
    ReauthReason,
)


async def test_mailed_code_connects_a_store_that_only_suggests(new_desk: Desk) -> None:
    step = await new_desk.start(STAFF)
    assert (step.step, step.code_by) == (LoginStep.CODE, CodeBy.MAIL)
    assert step.words == "Введите код из письма Kaspi"
    # `work` runs another worker process each time: what goes on from here are the stored cookies.
    step = await new_desk.give_code(step.id, new_desk.code(STAFF.email))
    assert (step.step, step.is_new_store) == (LoginStep.DONE, True)
    store = await new_desk.store()
    assert store is not None
    assert (store.id, store.name, store.needs_reauth) == (step.store_id, "Тестовая лавка", False)
    assert store.guid is not None
    assert store.guid["password"] is None
    cookies = json.loads(new_desk.stage.services.secrets.decrypt(store.guid["cookies"]))
    assert "mc-sid" in {cookie["name"] for cookie in cookies}
    (settings,) = await new_desk.rows(DempingSettings)
    assert settings.mode == BotMode.SUGGEST
    asked = [it.payload for it in await new_desk.rows(OutboxMessage) if it.topic == "catalog.sync"]
    assert asked == [{"store_id": str(store.id)}]
    (row,) = await new_desk.rows(KaspiLogin)
    assert row.state == ""


async def test_phone_and_sms_and_a_wrong_code_first(new_desk: Desk) -> None:
    step = await new_desk.start(PHONE)
    assert (step.step, step.code_by) == (LoginStep.CODE, CodeBy.SMS)
    right = new_desk.code("+77020000001")
    step = await new_desk.give_code(step.id, "000000" if right != "000000" else "111111")
    assert step.step is LoginStep.CODE
    assert "не подошёл" in step.note
    step = await new_desk.give_code(step.id, right)
    assert step.step is LoginStep.DONE


async def test_three_wrong_codes_end_it(new_desk: Desk) -> None:
    step = await new_desk.start(PHONE)
    wrong = "000000" if new_desk.code("+77020000001") != "000000" else "111111"
    for _ in range(3):
        step = await new_desk.give_code(step.id, wrong)
    assert step.refusal is LoginRefusal.WRONG_CODE


async def test_the_shop_is_chosen_where_there_are_several(new_desk: Desk) -> None:
    step = await new_desk.start(OWNER)
    assert step.step is LoginStep.SHOP
    assert [shop.name for shop in step.shops] == ["Тестовая лавка", "Второй прилавок"]
    async with new_desk.stage.db.write() as tx:
        box, now = new_desk.stage.services.secrets, new_desk.stage.clock.now()
        await signing_in.choose_shop(tx, new_desk.actor, step.id, "30000002", secrets=box, now=now)
    step = await new_desk.work()
    store = await new_desk.store("30000002")
    assert store is not None
    assert (step.step, step.store_id) == (LoginStep.DONE, store.id)
    assert store.guid is not None
    assert new_desk.stage.services.secrets.decrypt(store.guid["password"]) == OWNER.password
    assert await new_desk.store("30000001") is None


@pytest.mark.parametrize(
    ("form", "refusal"),
    [
        (replace(STAFF, password="wrong"), LoginRefusal.WRONG_PASSWORD),
        (SignInForm(email="empty@example.kz", password="empty-12345"), LoginRefusal.NO_SHOPS),
    ],
)
async def test_refusals_are_exact(new_desk: Desk, form: SignInForm, refusal: LoginRefusal) -> None:
    step = await new_desk.start(form)
    assert step.refusal is refusal
    assert await new_desk.store() is None


async def test_a_flood_says_until_when(new_desk: Desk) -> None:
    new_desk.stage.sandbox.fault("sign_in_flood", "login", retry_after=90, count=1)
    began = new_desk.stage.clock.now()
    step = await new_desk.start(PHONE)
    assert step.refusal is LoginRefusal.FLOOD
    assert step.retry_at is not None
    assert 90 <= (step.retry_at - began).total_seconds() < 90 + 600


@pytest.mark.parametrize("kind", ["markup", "html"])
async def test_changed_markup_is_said_and_not_tried_around(
    new_desk: Desk, kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    new_desk.stage.sandbox.fault(kind, "login_page")
    step = await new_desk.start(OWNER)
    assert step.refusal is LoginRefusal.CONTRACT_CHANGED
    assert OWNER.password not in "".join(capsys.readouterr())


async def test_a_kaspi_that_is_down_is_said(new_desk: Desk) -> None:
    new_desk.stage.sandbox.fault("status", "sign_in", status=503)
    assert (await new_desk.start(STAFF)).refusal is LoginRefusal.UNREACHABLE


async def test_another_users_store_is_refused_in_words(desk: Desk) -> None:
    async with desk.stage.db.write() as tx:
        user = User(email="b@example.kz", password_hash="-", referral_code="bbbbbbbb")
        user.email_confirmed_at = desk.stage.clock.now()
        tx.add(user)
    other = Desk(desk.stage, Actor(Role.USER, user.id, user.email))
    step = await other.start(STAFF)
    step = await other.give_code(step.id, other.code(STAFF.email))
    assert step.refusal is LoginRefusal.TAKEN
    assert "другим пользователем" in step.words
    store = await desk.store()
    assert store is not None
    assert store.user_id == desk.stage.user_id


async def test_a_dead_session_is_refreshed_without_its_seller(desk: Desk) -> None:
    await desk.die(OWNER.password)
    waiting = await desk.store()
    assert waiting is not None
    assert (waiting.needs_reauth, waiting.reauth_reason) == (True, None)
    await (await desk.worker()).run_bounded()
    store = await desk.store()
    assert store is not None
    assert store.needs_reauth is False
    assert store.guid is not None
    assert store.guid["cookies"] != (waiting.guid or {})["cookies"]
    assert store.guid["password"] is not None
    assert await desk.rows(Notification) == []
    assert len(await desk.stage.products()) > 0


async def test_a_changed_password_needs_the_seller_and_says_so_once(desk: Desk) -> None:
    await desk.die("an old password")
    for _ in range(2):
        await (await desk.worker()).run_bounded()
    store = await desk.store()
    assert store is not None
    assert store.needs_reauth is True
    assert store.reauth_reason == ReauthReason.INVALID_CREDENTIALS
    assert len(await desk.rows(Notification)) == 1


async def test_without_a_password_the_seller_is_told_at_once_and_comes_back(desk: Desk) -> None:
    await desk.die(None)
    store = await desk.store()
    assert store is not None
    assert store.reauth_reason == ReauthReason.CREDENTIALS_MISSING
    step = await desk.start(replace(OWNER, store_id=store.id))
    assert (step.step, step.is_new_store) == (LoginStep.DONE, False)
    back = await desk.store()
    assert back is not None
    assert (back.id, back.needs_reauth, back.reauth_reason) == (store.id, False, None)
    assert len(await desk.rows(DempingSettings)) == 1
