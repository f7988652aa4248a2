from __future__ import annotations

from datetime import timedelta

import pytest
from accounts_scene import Scene
from dead_redis import dead_redis
from redis.asyncio import Redis

from cube_demper.core.errors import PermissionDenied
from cube_demper.core.settings import CubeApp
from cube_demper.domain.accounts import passwords
from cube_demper.domain.accounts import service as accounts
from cube_demper.domain.accounts.errors import (
    LimitsUnavailable,
    TooManyAttempts,
    WrongCredentials,
)
from cube_demper.domain.accounts.schemas import SYSTEM, Role, Visitor
from cube_demper.integrations.attempts.client import RedisAttempts


async def test_email_in_any_case_is_the_same_person(scene: Scene) -> None:
    await scene.add("Aigerim@example.kz")
    assert await scene.code(" aigerim@EXAMPLE.kz ")


async def test_unknown_email_and_wrong_password_read_the_same(scene: Scene) -> None:
    await scene.add("a@example.kz")
    said = []
    for email in ("a@example.kz", "nobody@example.kz"):
        with pytest.raises(WrongCredentials) as refused:
            await scene.code(email, "не тот пароль")
        said.append((refused.value.message, refused.value.field, refused.value.code))
    assert said[0] == said[1]


async def test_unknown_email_costs_the_same_hashing(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    await scene.add("a@example.kz")
    parameters = []
    verify = passwords._verify

    def spy(stored: str, password: str) -> bool:
        parameters.append(stored.rsplit("$", 2)[0])
        return verify(stored, password)

    monkeypatch.setattr(passwords, "_verify", spy)
    for email in ("a@example.kz", "nobody@example.kz"):
        with pytest.raises(WrongCredentials):
            await scene.code(email, "не тот пароль")
    assert len(parameters) == 2
    assert parameters[0] == parameters[1]
    assert parameters[0].startswith("$argon2id$")


async def test_nobodys_password_is_nobodys(scene: Scene) -> None:
    with pytest.raises(WrongCredentials):
        await scene.code("nobody@example.kz", "nobody has this password")


async def test_a_blocked_person_reads_why_only_after_the_right_password(scene: Scene) -> None:
    user_id = await scene.add("a@example.kz")
    async with scene.db.write() as tx:
        await accounts.set_blocked(tx, SYSTEM, user_id, is_blocked=True, now=scene.clock.now())
    with pytest.raises(WrongCredentials):
        await scene.code("a@example.kz", "не тот пароль")
    with pytest.raises(PermissionDenied, match="Доступ закрыт"):
        await scene.code("a@example.kz")


@pytest.mark.parametrize(
    ("role", "app", "enters"),
    [
        (Role.USER, CubeApp.SELLER, True),
        (Role.USER, CubeApp.ADMIN, False),
        (Role.USER, CubeApp.SUPPORT, False),
        (Role.ADMIN, CubeApp.ADMIN, True),
        (Role.ADMIN, CubeApp.SUPPORT, True),
        (Role.ADMIN, CubeApp.SELLER, False),
        (Role.SUPPORT, CubeApp.SUPPORT, True),
        (Role.SUPPORT, CubeApp.ADMIN, False),
    ],
)
async def test_each_role_enters_its_own_apps(
    scene: Scene, role: Role, app: CubeApp, enters: bool
) -> None:
    await scene.add("a@example.kz", role=role)
    if enters:
        assert await scene.code("a@example.kz", app=app)
    else:
        with pytest.raises(PermissionDenied):
            await scene.code("a@example.kz", app=app)


class TestLimits:
    async def test_the_sixth_try_waits_even_with_the_right_password(self, scene: Scene) -> None:
        await scene.add("a@example.kz")
        for _ in range(5):
            with pytest.raises(WrongCredentials):
                await scene.code("a@example.kz", "не тот пароль")
        scene.clock.move(minutes=3)
        with pytest.raises(TooManyAttempts, match="через 12 мин") as refused:
            await scene.code("a@example.kz")
        assert refused.value.wait == timedelta(minutes=12)
        scene.clock.move(minutes=12)
        assert await scene.code("a@example.kz")

    async def test_a_stranger_elsewhere_does_not_lock_the_seller_out(self, scene: Scene) -> None:
        await scene.add("a@example.kz")
        stranger = Visitor(ip="203.0.113.9")
        for _ in range(5):
            with pytest.raises(WrongCredentials):
                await scene.code("a@example.kz", "не тот пароль", visitor=stranger)
        assert await scene.code("a@example.kz")

    async def test_many_addresses_share_the_count_of_an_email(self, scene: Scene) -> None:
        await scene.add("a@example.kz")
        for number in range(30):
            visitor = Visitor(ip=f"203.0.113.{number}")
            with pytest.raises(WrongCredentials):
                await scene.code("a@example.kz", "не тот пароль", visitor=visitor)
        with pytest.raises(TooManyAttempts):
            await scene.code("a@example.kz", visitor=Visitor(ip="203.0.113.200"))

    async def test_one_address_cannot_try_many_emails(self, scene: Scene) -> None:
        for number in range(40):
            with pytest.raises(WrongCredentials):
                await scene.code(f"a{number}@example.kz", "не тот пароль")
        with pytest.raises(TooManyAttempts):
            await scene.code("another@example.kz")

    async def test_success_starts_the_count_anew(self, scene: Scene) -> None:
        await scene.add("a@example.kz")
        for _ in range(3):
            for _ in range(4):
                with pytest.raises(WrongCredentials):
                    await scene.code("a@example.kz", "не тот пароль")
            assert await scene.code("a@example.kz")

    async def test_without_redis_nobody_gets_in_unlimited(self, scene: Scene) -> None:
        await scene.add("a@example.kz")
        scene.attempts = RedisAttempts(dead_redis())
        with pytest.raises(LimitsUnavailable):
            await scene.code("a@example.kz")

    async def test_no_email_is_kept_in_redis(self, scene: Scene, redis: Redis) -> None:
        await scene.add("a@example.kz")
        with pytest.raises(WrongCredentials):
            await scene.code("a@example.kz", "не тот пароль")
        keys = await redis.keys("*")
        assert keys
        assert not any(b"example" in key for key in keys)
