"""The window of support as its browser asks: messages, files, reading, rating; and who may not."""

from __future__ import annotations

import asyncio
import io
from typing import Any
from uuid import UUID, uuid4

from PIL import Image
from records import add_user
from sqlalchemy import update
from sqlmodel import col
from talk_scene import staff_of
from web_stage import OURS, Site

from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.support import service
from cube_demper.domain.support.schemas import Draft
from cube_demper.models.accounts import User, UserRole, UserSession

CHAT, MESSAGES, FILES = "/api/support/chat", "/api/support/messages", "/api/support/files"


async def _enter(site: Site, email: str = "a@example.kz") -> UUID:
    site.client.headers["Origin"] = OURS
    user_id = await site.scene.add(email)
    await site.open(await site.scene.code(email))
    return user_id


async def _say(site: Site, text: str, key: str = "", files: tuple[str, ...] = ()) -> Any:
    given = {"text": text, "key": key or uuid4().hex, "files": list(files)}
    return await site.client.post(MESSAGES, json=given)


async def _support(site: Site) -> Actor:
    async with site.scene.db.write() as tx:
        return staff_of(await add_user(tx, plan=None, role=UserRole.SUPPORT, full_name="Айгуль Н"))


def _png() -> bytes:
    body = io.BytesIO()
    Image.new("RGB", (8, 8)).save(body, "PNG")
    return body.getvalue()


async def test_it_is_asked_once_and_answered(site: Site) -> None:
    await _enter(site)
    empty = (await site.client.get(CHAT)).json()
    assert (empty["is_begun"], empty["rows"], empty["is_online"]) == (False, [], False)
    tries = await asyncio.gather(*(_say(site, "<b>Привет</b>", "same") for _ in range(4)))
    assert {it.status_code for it in tries} == {201}
    assert len({it.json()["id"] for it in tries}) == 1
    shown = (await site.client.get(CHAT)).json()
    assert [(it["text"], it["key"], it["is_own"]) for it in shown["rows"]] == [
        ("<b>Привет</b>", "same", True)
    ]
    support = await _support(site)
    chat = UUID(tries[0].json()["chat"])
    async with site.scene.db.write() as tx:
        now = site.scene.clock.now()
        await service.write(tx, support, chat, Draft("Здравствуйте", "k"), now)
        await service.note(tx, support, chat, "между нами", now, key="n")
    after = shown["rows"][0]["number"]
    news = (await site.client.get(CHAT, params={"after": after})).json()
    assert [(it["text"], it["author"], it["key"]) for it in news["rows"]] == [
        ("Здравствуйте", "Айгуль", "")
    ]
    assert (news["unread"], news["answerer"]) == (1, "Айгуль")
    assert (await site.client.post("/api/support/read")).status_code == 204
    assert (await site.client.post("/api/support/close")).status_code == 204
    rated = await site.client.post("/api/support/rating", json={"rating": 5, "words": "ок"})
    assert rated.status_code == 204
    end = (await site.client.get(CHAT)).json()
    assert (end["unread"], end["is_closed"], end["rating"], end["words"]) == (0, True, 5, "ок")


async def test_what_is_wrong_is_said_in_words_and_leaves_nothing(site: Site) -> None:
    await _enter(site)
    for answer, words in (
        (await _say(site, "ж" * 100_000), "100000 знаков из 4000"),
        (await _say(site, "\u200b"), "пустое"),
        (await _say(site, "x", files=(str(uuid4()),)), "больше не хранится"),
        (await site.client.post("/api/support/rating", json={"rating": 9}), "от 1 до 5"),
    ):
        assert answer.status_code == 400
        assert words in answer.json()["message"]
    assert (await _say(site, "x", "k" * 65)).status_code == 422
    assert (await site.client.get(CHAT)).json()["is_begun"] is False


async def test_a_file_is_given_to_its_chat_and_only_so_that_it_runs_nothing(site: Site) -> None:
    await _enter(site)
    named = {"X-File-Name": "%D0%B0.png"}
    added = await site.client.post(FILES, content=_png(), headers=named)
    assert added.status_code == 201
    assert (added.json()["name"], added.json()["mimetype"]) == ("а.png", "image/png")
    await _say(site, "", files=(added.json()["id"],))
    address = f"{FILES}/{added.json()['id']}"
    given = await site.client.get(address)
    assert given.headers["content-type"] == "image/png"
    assert given.headers["content-disposition"].startswith("inline")
    assert given.headers["cross-origin-resource-policy"] == "same-origin"
    for lie in (b"<svg onload='alert(1)'/>", b"<html>", b"%PDF-1.4 nothing", b""):
        refused = await site.client.post(FILES, content=lie, headers=named)
        assert refused.status_code == 400
    big = await site.client.post(FILES, content=b"0" * (10 * 1024 * 1024 + 1), headers=named)
    assert "больше 10 МБ" in big.json()["message"]
    await _enter(site, "b@example.kz")
    assert (await site.client.get(address)).status_code == 404


async def test_nobody_and_who_looks_through_anothers_eyes(site: Site) -> None:
    site.client.headers["Origin"] = OURS
    assert (await site.client.get(CHAT)).status_code == 400
    assert (await _say(site, "x")).status_code == 400
    user_id = await _enter(site)
    await _say(site, "Вопрос")
    async with site.scene.db.write() as tx:
        admin = await add_user(tx, plan=None, role=UserRole.ADMIN)
        await tx.execute(
            update(UserSession)
            .where(col(UserSession.user_id) == user_id)
            .values(impersonated_by=admin.id)
        )
    assert [it["text"] for it in (await site.client.get(CHAT)).json()["rows"]] == ["Вопрос"]
    for path, given in (
        ("messages", {"text": "не я", "key": "k"}),
        ("read", None),
        ("close", None),
        ("typing", None),
        ("rating", {"rating": 5}),
    ):
        answer = await site.client.post(f"/api/support/{path}", json=given)
        assert answer.status_code == 400, path
    assert (await site.client.post(FILES, content=_png())).status_code == 400
    async with site.scene.db.write() as tx:
        await tx.execute(update(User).where(col(User.id) == user_id).values(is_blocked=True))
    assert (await site.client.get(CHAT)).status_code == 400
