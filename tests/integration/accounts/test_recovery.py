from __future__ import annotations

import pytest
from accounts_scene import Scene
from sqlalchemy import select

from cube_demper.core.errors import InvalidInput
from cube_demper.core.ids import token_hash
from cube_demper.domain.accounts import service as accounts
from cube_demper.domain.accounts.errors import LinkExpired, TooManyAttempts, WrongCredentials
from cube_demper.domain.accounts.schemas import NOBODY, SYSTEM, Visitor
from cube_demper.models.accounts import UserToken

NEW = "совсем другой пароль"


async def ask(scene: Scene, email: str = "a@example.kz") -> str:
    await scene.request_reset(email)
    await scene.deliver()
    return scene.post.link_token()


async def is_alive(scene: Scene, token: str) -> bool:
    async with scene.db.read() as tx:
        return await accounts.is_reset_link_alive(tx, NOBODY, token, scene.clock.now())


class TestReset:
    async def test_sets_the_password_and_ends_every_session(self, scene: Scene) -> None:
        await scene.add("a@example.kz")
        old = await scene.sign_in("a@example.kz")
        await scene.reset(await ask(scene), NEW)
        assert await scene.who(old) is None
        with pytest.raises(WrongCredentials):
            await scene.code("a@example.kz")
        assert await scene.code("a@example.kz", NEW)

    async def test_link_works_once(self, scene: Scene) -> None:
        await scene.add("a@example.kz")
        token = await ask(scene)
        assert await is_alive(scene, token)
        await scene.reset(token, NEW)
        assert not await is_alive(scene, token)
        with pytest.raises(LinkExpired):
            await scene.reset(token, "ещё один пароль тут")

    async def test_link_dies_after_30_minutes(self, scene: Scene) -> None:
        await scene.add("a@example.kz")
        token = await ask(scene)
        scene.clock.move(minutes=30)
        with pytest.raises(LinkExpired):
            await scene.reset(token, NEW)
        assert not await is_alive(scene, token)

    async def test_a_weak_password_leaves_the_link_usable(self, scene: Scene) -> None:
        await scene.add("a@example.kz")
        token = await ask(scene)
        with pytest.raises(InvalidInput) as refused:
            await scene.reset(token, "1234567890")
        assert refused.value.field == "password"
        await scene.reset(token, NEW)

    async def test_a_used_link_kills_the_older_ones(self, scene: Scene) -> None:
        await scene.add("a@example.kz")
        first = await ask(scene)
        second = await ask(scene)
        await scene.reset(second, NEW)
        with pytest.raises(LinkExpired):
            await scene.reset(first, "ещё один пароль тут")

    async def test_a_sign_in_begun_before_cannot_be_finished(self, scene: Scene) -> None:
        await scene.add("a@example.kz")
        code = await scene.code("a@example.kz")
        await scene.reset(await ask(scene), NEW)
        with pytest.raises(InvalidInput):
            await scene.open(code)

    async def test_proves_the_mailbox(self, scene: Scene) -> None:
        await scene.register("a@example.kz")
        await scene.reset(await ask(scene), NEW)
        assert (await scene.who(await scene.sign_in("a@example.kz", NEW))).is_email_confirmed

    async def test_token_is_kept_as_a_hash_only(self, scene: Scene) -> None:
        await scene.add("a@example.kz")
        token = await ask(scene)
        async with scene.db.read() as tx:
            kept = (await tx.scalars(select(UserToken))).one()
        assert kept.token_hash == token_hash(token)

    async def test_the_owner_is_told(self, scene: Scene) -> None:
        await scene.add("a@example.kz")
        await scene.reset(await ask(scene), NEW)
        await scene.deliver()
        assert scene.post.letters[-1][1].subject == "Пароль в Cube Demper изменён"


class TestRequest:
    async def test_unknown_email_gets_no_letter_and_the_same_answer(self, scene: Scene) -> None:
        assert await scene.request_reset("nobody@example.kz") is None
        assert await scene.queued() == []

    async def test_blocked_people_get_no_letter(self, scene: Scene) -> None:
        user_id = await scene.add("a@example.kz")
        async with scene.db.write() as tx:
            await accounts.set_blocked(tx, SYSTEM, user_id, is_blocked=True, now=scene.clock.now())
        await scene.request_reset("a@example.kz")
        assert await scene.queued() == []

    async def test_three_letters_an_hour(self, scene: Scene) -> None:
        await scene.add("a@example.kz")
        for _ in range(3):
            await scene.request_reset("a@example.kz")
        with pytest.raises(TooManyAttempts):
            await scene.request_reset("A@example.kz")

    async def test_a_letter_that_waited_too_long_is_dropped(self, scene: Scene) -> None:
        await scene.add("a@example.kz")
        await scene.request_reset("a@example.kz")
        scene.clock.move(hours=1)
        await scene.deliver()
        assert scene.post.letters == []


class TestChange:
    async def change(self, scene: Scene, token: str, current: str, new: str) -> None:
        signed = await scene.who(token)
        async with scene.db.write() as tx:
            await accounts.change_password(
                tx,
                signed.actor,
                current=current,
                new=new,
                session_id=signed.session_id,
                visitor=Visitor(ip="10.0.0.1"),
                attempts=scene.attempts,
                now=scene.clock.now(),
            )

    async def test_keeps_this_browser_and_ends_the_others(self, scene: Scene) -> None:
        await scene.add("a@example.kz")
        here, there = await scene.sign_in("a@example.kz"), await scene.sign_in("a@example.kz")
        await self.change(scene, here, "три слова подряд", NEW)
        assert await scene.who(here) is not None
        assert await scene.who(there) is None

    async def test_needs_the_old_one(self, scene: Scene) -> None:
        await scene.add("a@example.kz")
        here = await scene.sign_in("a@example.kz")
        with pytest.raises(WrongCredentials) as refused:
            await self.change(scene, here, "не тот пароль", NEW)
        assert refused.value.field == "current"
