"""The REST actions of SPEC §10.2: by a scoped token, never a cookie; the same deeds and the same audit."""

from __future__ import annotations

from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import pytest
from accounts_scene import Scene
from admin_scene import add_admin, entries
from redis.asyncio import Redis
from web_stage import Site, build_site, web_services

from cube_demper import bootstrap
from cube_demper.core.errors import InvalidFields, PermissionDenied
from cube_demper.core.settings import CubeApp
from cube_demper.domain.accounts import administration, tokens
from cube_demper.domain.accounts.schemas import Actor, Role
from cube_demper.domain.accounts.tokens import Scope
from cube_demper.models.accounts import AdminToken, User

ADMIN_SITE = "http://localhost:3001"


@pytest.fixture
async def site(scene: Scene, redis: Redis, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Site]:
    services = web_services(scene, redis)
    monkeypatch.setattr(bootstrap, "web", lambda: services)
    built = build_site(services, scene, ADMIN_SITE, CubeApp.ADMIN)
    yield built
    await built.client.aclose()


@pytest.fixture
async def admin(scene: Scene) -> Actor:
    return await add_admin(scene)


async def _token(scene: Scene, admin: Actor, *scopes: Scope, days: int = 30) -> dict[str, str]:
    async with scene.db.write() as tx:
        made = await tokens.create(tx, admin, "Бухгалтерия", scopes, days, now=scene.clock.now())
    return {"Authorization": f"Bearer {made}"}


async def _is_blocked(scene: Scene, user_id: UUID) -> bool:
    async with scene.db.read() as tx:
        return (await tx.get_one(User, user_id)).is_blocked


async def test_block_and_unblock(site: Site, admin: Actor) -> None:
    user_id = await site.scene.add("a@example.kz")
    held = await _token(site.scene, admin, Scope.BLOCK)
    session = await site.scene.sign_in("a@example.kz")
    answer = await site.client.post(
        f"/admin/users/{user_id}/block", json={"reason": "спам"}, headers=held
    )
    assert answer.status_code == 204, answer.text
    assert await site.scene.who(session) is None
    (entry,) = await entries(site.scene.db, "user_blocked")
    assert (entry.actor_id, entry.details["reason"]) == (admin.user_id, "спам")
    assert entry.details["token"], "the audit must say that a program did it"
    answer = await site.client.post(f"/admin/users/{user_id}/unblock", headers=held)
    assert answer.status_code == 204
    assert not await _is_blocked(site.scene, user_id)


async def test_role_extend_and_delete(site: Site, admin: Actor) -> None:
    user_id = await site.scene.add("a@example.kz")
    held = await _token(site.scene, admin, Scope.ROLE, Scope.EXTEND, Scope.DELETE)
    extended = await site.client.post(
        f"/admin/subscriptions/{user_id}/extend", json={"days": 10}, headers=held
    )
    assert extended.status_code == 200
    assert extended.json()["ends_at"].startswith("2026-12-16")
    role = {"email": "A@example.kz", "role": "support"}
    assert (await site.client.patch("/admin/users/role", json=role, headers=held)).is_success
    kept = await site.client.request(
        "DELETE", f"/admin/users/{user_id}", json={"reason": "просьба"}, headers=held
    )
    assert kept.status_code == 409, "staff is not deleted"
    role = {"user_id": str(user_id), "role": "user"}
    assert (await site.client.patch("/admin/users/role", json=role, headers=held)).is_success
    deleted = await site.client.request(
        "DELETE", f"/admin/users/{user_id}", json={"reason": "просьба"}, headers=held
    )
    assert deleted.status_code == 202
    made = {it.action for it in await entries(site.scene.db)}
    assert {"subscription_extended", "role_changed", "user_deleted"} <= made


async def test_the_cookie_opens_nothing(site: Site, admin: Actor) -> None:
    user_id = await site.scene.add("a@example.kz")
    code = await site.scene.code(admin.email, app=CubeApp.ADMIN)
    token = await site.scene.open(code, app=CubeApp.ADMIN)
    for headers in (
        {"Cookie": f"cube_admin={token}", "Origin": ADMIN_SITE},
        {"Authorization": f"Bearer {token}"},
        {"Authorization": "Bearer nonsense"},
        {"Authorization": "Basic YTpi"},
        {},
    ):
        answer = await site.client.post(f"/admin/users/{user_id}/block", headers=headers)
        assert answer.status_code == 401, headers
        assert answer.json()["code"] == "admin_token"
    assert not await _is_blocked(site.scene, user_id)


async def test_a_scope_opens_its_own_deed_alone(site: Site, admin: Actor) -> None:
    user_id = await site.scene.add("a@example.kz")
    deeds = {
        Scope.BLOCK: ("POST", f"/admin/users/{user_id}/block", {}),
        Scope.ROLE: ("PATCH", "/admin/users/role", {"user_id": str(user_id), "role": "user"}),
        Scope.EXTEND: ("POST", f"/admin/subscriptions/{user_id}/extend", {"days": 1}),
        Scope.DELETE: ("DELETE", f"/admin/users/{user_id}", {"reason": "просьба"}),
    }
    assert set(deeds) == set(Scope)
    for held in Scope:
        headers = await _token(site.scene, admin, held)
        for wanted, (method, path, body) in deeds.items():
            if wanted is not held:
                answer = await site.client.request(method, path, json=body, headers=headers)
                assert answer.status_code == 401, (held, wanted)


async def test_a_token_ends_with_its_time_its_revocation_and_its_admin(
    site: Site, admin: Actor
) -> None:
    scene = site.scene
    user_id, other = await scene.add("a@example.kz"), await add_admin(scene, "two@example.kz")
    path = f"/admin/users/{user_id}/unblock"
    held = await _token(scene, admin, Scope.BLOCK, days=1)
    assert (await site.client.post(path, headers=held)).is_success
    scene.clock.move(days=1)
    assert (await site.client.post(path, headers=held)).status_code == 401
    held = await _token(scene, admin, Scope.BLOCK)
    async with scene.db.write() as tx:
        row, whose = (await tokens.listing(tx, other))[0]
        assert whose == admin.email
        await tokens.revoke(tx, other, row.id, scene.clock.now())
    assert (await site.client.post(path, headers=held)).status_code == 401
    held = await _token(scene, admin, Scope.BLOCK)
    async with scene.db.write() as tx:
        await administration.set_role(tx, other, admin.person_id, Role.SUPPORT, scene.clock.now())
    assert (await site.client.post(path, headers=held)).status_code == 401


async def test_its_last_use_is_noted_and_it_is_kept_as_a_hash(site: Site, admin: Actor) -> None:
    user_id = await site.scene.add("a@example.kz")
    held = await _token(site.scene, admin, Scope.BLOCK)
    await site.client.post(f"/admin/users/{user_id}/unblock", headers=held)
    async with site.scene.db.read() as tx:
        ((row, _),) = await tokens.listing(tx, admin)
    assert row.last_used_at == site.scene.clock.now()
    secret = held["Authorization"].removeprefix("Bearer ")
    assert secret.encode() not in row.token_hash
    assert isinstance(row, AdminToken)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"days": 0}, 422),
        ({"days": 367}, 422),
        ({"days": "x"}, 422),
        ({}, 422),
        ({"days": 5, "plan": "gold"}, 422),
    ],
)
async def test_nonsense_is_refused_in_words(
    site: Site, admin: Actor, body: dict[str, object], status: int
) -> None:
    user_id = await site.scene.add("a@example.kz")
    held = await _token(site.scene, admin, Scope.EXTEND)
    answer = await site.client.post(
        f"/admin/subscriptions/{user_id}/extend", json=body, headers=held
    )
    assert answer.status_code == status
    assert answer.json()["message"].startswith("Проверьте")


async def test_an_unknown_person_is_404(site: Site, admin: Actor) -> None:
    held = await _token(site.scene, admin, Scope.BLOCK)
    answer = await site.client.post(f"/admin/users/{uuid4()}/block", headers=held)
    assert answer.status_code == 404


async def test_it_is_described(site: Site) -> None:
    described = (await site.client.get("/admin/openapi.json")).json()
    assert set(described["paths"]) == {
        "/users/{user_id}/block",
        "/users/{user_id}/unblock",
        "/users/role",
        "/users/{user_id}",
        "/subscriptions/{user_id}/extend",
    }
    for path in described["paths"].values():
        assert all(deed["security"] == [{"HTTPBearer": []}] for deed in path.values())


async def test_the_seller_app_has_none_of_it(
    scene: Scene, redis: Redis, monkeypatch: pytest.MonkeyPatch, admin: Actor
) -> None:
    services = web_services(scene, redis)
    monkeypatch.setattr(bootstrap, "web", lambda: services)
    seller = build_site(services, scene)
    held = await _token(scene, admin, Scope.BLOCK)
    answer = await seller.client.post(f"/admin/users/{admin.user_id}/block", headers=held)
    assert answer.status_code in (404, 405)


async def test_only_admins_make_tokens_and_only_whole_ones(scene: Scene, admin: Actor) -> None:
    support = Actor(Role.SUPPORT, await scene.add("s@example.kz", role=Role.SUPPORT))
    async with scene.db.write() as tx:
        with pytest.raises(PermissionDenied):
            await tokens.create(tx, support, "x", [Scope.BLOCK], 1, now=scene.clock.now())
        with pytest.raises(InvalidFields) as wrong:
            await tokens.create(tx, admin, " ", ["users:everything"], 0, now=scene.clock.now())
    assert set(wrong.value.faults) == {"title", "scopes", "days"}
