from __future__ import annotations

import asyncio

import pytest
from accounts_scene import Scene
from sqlalchemy import select

from cube_demper.core.errors import InvalidInput, NotFound, PermissionDenied
from cube_demper.core.ids import token_hash
from cube_demper.core.settings import CubeApp
from cube_demper.db.session import Database
from cube_demper.domain.accounts import service as accounts
from cube_demper.domain.accounts.schemas import SYSTEM, Actor, Role
from cube_demper.models.accounts import User, UserSession, UserToken
from cube_demper.models.operations import AuditEntry


class TestCode:
    async def test_opens_one_session(self, scene: Scene) -> None:
        user_id = await scene.add("a@example.kz")
        token = await scene.open(await scene.code("a@example.kz"))
        signed = await scene.who(token)
        assert signed.actor.user_id == user_id
        assert signed.actor.role is Role.USER

    async def test_works_once(self, scene: Scene) -> None:
        await scene.add("a@example.kz")
        code = await scene.code("a@example.kz")
        await scene.open(code)
        with pytest.raises(InvalidInput):
            await scene.open(code)

    async def test_of_two_at_the_same_time_one_wins(self, scene: Scene) -> None:
        await scene.add("a@example.kz")
        code = await scene.code("a@example.kz")
        both = await asyncio.gather(scene.open(code), scene.open(code), return_exceptions=True)
        assert sorted(isinstance(one, InvalidInput) for one in both) == [False, True]

    async def test_dies_after_30_seconds(self, scene: Scene) -> None:
        await scene.add("a@example.kz")
        code = await scene.code("a@example.kz")
        scene.clock.move(seconds=30)
        with pytest.raises(InvalidInput):
            await scene.open(code)

    async def test_is_kept_as_a_hash_only(self, scene: Scene, db: Database) -> None:
        await scene.add("a@example.kz")
        code = await scene.code("a@example.kz")
        async with db.read() as tx:
            kept = await tx.scalar(select(UserToken))
        assert kept.token_hash == token_hash(code)

    async def test_of_somebody_blocked_meanwhile_opens_nothing(self, scene: Scene) -> None:
        user_id = await scene.add("a@example.kz")
        code = await scene.code("a@example.kz")
        async with scene.db.write() as tx:
            await accounts.set_blocked(tx, SYSTEM, user_id, is_blocked=True, now=scene.clock.now())
        with pytest.raises(InvalidInput):
            await scene.open(code)

    async def test_of_another_app_opens_nothing(self, scene: Scene) -> None:
        await scene.add("a@example.kz")
        code = await scene.code("a@example.kz")
        with pytest.raises(InvalidInput):
            await scene.open(code, app=CubeApp.ADMIN)


class TestSession:
    async def test_is_valid_for_its_app_only(self, scene: Scene) -> None:
        await scene.add("a@example.kz")
        token = await scene.sign_in("a@example.kz")
        assert await scene.who(token, CubeApp.ADMIN) is None

    async def test_ends_after_30_days(self, scene: Scene) -> None:
        await scene.add("a@example.kz")
        token = await scene.sign_in("a@example.kz")
        scene.clock.move(days=30)
        assert await scene.who(token) is None

    async def test_of_a_blocked_person_ends_at_once(self, scene: Scene) -> None:
        user_id = await scene.add("a@example.kz")
        token = await scene.sign_in("a@example.kz")
        now = scene.clock.now()
        async with scene.db.write() as tx:
            await accounts.set_blocked(tx, SYSTEM, user_id, is_blocked=True, now=now)
        assert await scene.who(token) is None
        async with scene.db.write() as tx:
            await accounts.set_blocked(tx, SYSTEM, user_id, is_blocked=False, now=now)
        assert await scene.who(token) is None, "unblocking must not revive what was revoked"

    async def test_role_is_read_anew_and_another_apps_role_is_nobody(self, scene: Scene) -> None:
        user_id = await scene.add("a@example.kz")
        token = await scene.sign_in("a@example.kz")
        async with scene.db.write() as tx:
            user = await tx.get(User, user_id)
            user.role = "support"
        assert await scene.who(token) is None

    async def test_signs_out_itself_and_no_other(self, scene: Scene) -> None:
        await scene.add("a@example.kz")
        phone, desk = await scene.sign_in("a@example.kz"), await scene.sign_in("a@example.kz")
        actor = (await scene.who(phone)).actor
        async with scene.db.write() as tx:
            await accounts.sign_out(tx, actor, phone, CubeApp.SELLER, scene.clock.now())
        assert await scene.who(phone) is None
        assert await scene.who(desk) is not None

    async def test_everywhere_means_everywhere_but_only_mine(self, scene: Scene) -> None:
        await scene.add("a@example.kz")
        await scene.add("b@example.kz")
        mine = [await scene.sign_in("a@example.kz") for _ in range(2)]
        other = await scene.sign_in("b@example.kz")
        actor = (await scene.who(mine[0])).actor
        async with scene.db.write() as tx:
            assert await accounts.sign_out_everywhere(tx, actor, scene.clock.now()) == 2
        assert [await scene.who(token) for token in mine] == [None, None]
        assert await scene.who(other) is not None

    async def test_token_is_kept_as_a_hash_only(self, scene: Scene, db: Database) -> None:
        await scene.add("a@example.kz")
        token = await scene.sign_in("a@example.kz")
        async with db.read() as tx:
            kept = await tx.scalar(select(UserSession))
        assert kept.token_hash == token_hash(token)

    async def test_sign_in_is_in_the_audit_log(self, scene: Scene, db: Database) -> None:
        user_id = await scene.add("a@example.kz")
        await scene.sign_in("a@example.kz")
        async with db.read() as tx:
            entry = await tx.scalar(select(AuditEntry).where(AuditEntry.action == "signed_in"))
        assert (entry.actor_id, entry.details["ip"]) == (user_id, "10.0.0.1")


class TestTwoSellers:
    async def test_never_see_each_others_sessions(self, scene: Scene) -> None:
        await scene.add("a@example.kz")
        await scene.add("b@example.kz")
        a, b = await scene.sign_in("a@example.kz"), await scene.sign_in("b@example.kz")
        first, second = await scene.who(a), await scene.who(b)
        async with scene.db.read() as tx:
            rows = await accounts.list_sessions(
                tx,
                first.actor,
                CubeApp.SELLER,
                scene.clock.now(),
                current=first.session_id,
            )
        assert [row.id for row in rows] == [first.session_id]
        assert rows[0].is_current
        with pytest.raises(NotFound):
            async with scene.db.write() as tx:
                await accounts.revoke_session(tx, first.actor, second.session_id, scene.clock.now())
        assert await scene.who(b) is not None


async def test_operator_cannot_block_themselves(scene: Scene) -> None:
    admin = await scene.add("root@example.kz", role=Role.ADMIN)
    actor = Actor(Role.ADMIN, admin)
    with pytest.raises(PermissionDenied):
        async with scene.db.write() as tx:
            await accounts.set_blocked(tx, actor, admin, is_blocked=True, now=scene.clock.now())


async def test_cleaning_keeps_what_still_counts(scene: Scene, db: Database) -> None:
    await scene.add("a@example.kz")
    live = await scene.sign_in("a@example.kz")
    async with db.write() as tx:
        await accounts.delete_dead(tx, SYSTEM, scene.clock.now())
    assert await scene.who(live) is not None
    scene.clock.move(days=61)
    async with db.write() as tx:
        assert await accounts.delete_dead(tx, SYSTEM, scene.clock.now()) == 2
