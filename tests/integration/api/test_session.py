from __future__ import annotations

import pytest
from accounts_scene import Scene
from dead_redis import dead_redis
from redis.asyncio import Redis
from web_stage import OURS, PRODUCTION, Site, build_site, web_services

from cube_demper import bootstrap


async def signed_in(site: Site) -> str:
    await site.scene.add("a@example.kz")
    answer = await site.open(await site.scene.code("a@example.kz"))
    assert answer.status_code == 204, answer.text
    return answer.cookies["cube_seller"]


class TestOpen:
    async def test_cookie_in_development(self, site: Site) -> None:
        await site.scene.add("a@example.kz")
        answer = await site.open(await site.scene.code("a@example.kz"))
        name, *flags = answer.headers["set-cookie"].split("; ")
        assert name.startswith("cube_seller=")
        assert sorted(flags) == ["HttpOnly", "Max-Age=2592000", "Path=/", "SameSite=lax"]

    async def test_cookie_in_production(
        self, scene: Scene, redis: Redis, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        services = web_services(scene, redis, **PRODUCTION)
        monkeypatch.setattr(bootstrap, "web", lambda: services)
        site = build_site(services, scene, "https://cube.example.kz")
        await scene.add("a@example.kz")
        answer = await site.open(await scene.code("a@example.kz"), Origin="https://cube.example.kz")
        name, *flags = answer.headers["set-cookie"].split("; ")
        assert name.startswith("__Host-cube_seller=")
        assert {"HttpOnly", "Secure", "SameSite=lax", "Path=/"} <= set(flags)
        assert not any(flag.lower().startswith("domain") for flag in flags)

    async def test_session_knows_where_it_came_from(self, site: Site) -> None:
        await site.scene.add("a@example.kz")
        code = await site.scene.code("a@example.kz")
        await site.open(code, **{"User-Agent": "Firefox", "X-Forwarded-For": "203.0.113.5"})
        token = site.client.cookies["cube_seller"]
        assert await site.scene.who(token) is not None

    async def test_same_code_twice(self, site: Site) -> None:
        await site.scene.add("a@example.kz")
        code = await site.scene.code("a@example.kz")
        assert (await site.open(code)).status_code == 204
        again = await site.open(code)
        assert again.status_code == 400
        assert "set-cookie" not in again.headers

    @pytest.mark.parametrize("origin", ["https://evil.kz", "null", "http://localhost:3000.evil.kz"])
    async def test_foreign_page_is_refused(self, site: Site, origin: str) -> None:
        await site.scene.add("a@example.kz")
        code = await site.scene.code("a@example.kz")
        assert (await site.open(code, Origin=origin)).status_code == 403
        assert (await site.open(code)).status_code == 204, "the refusal must not use the code up"

    async def test_no_origin_at_all_is_refused(self, site: Site) -> None:
        await site.scene.add("a@example.kz")
        code = await site.scene.code("a@example.kz")
        answer = await site.client.post("/api/session", json={"code": code})
        assert answer.status_code == 400

    async def test_a_form_of_another_kind_is_refused(self, site: Site) -> None:
        answer = await site.client.post(
            "/api/session", data={"code": "x"}, headers={"Origin": OURS}
        )
        assert answer.status_code == 422


class TestEnd:
    async def test_revokes_and_removes(self, site: Site) -> None:
        token = await signed_in(site)
        answer = await site.client.delete("/api/session", headers={"Origin": OURS})
        assert answer.status_code == 204
        assert "Max-Age=0" in answer.headers["set-cookie"]
        assert await site.scene.who(token) is None

    async def test_a_foreign_page_signs_nobody_out(self, site: Site) -> None:
        token = await signed_in(site)
        answer = await site.client.delete("/api/session", headers={"Origin": "https://evil.kz"})
        assert answer.status_code == 403
        assert await site.scene.who(token) is not None


class TestLimits:
    async def test_past_the_limit_says_when(self, site: Site) -> None:
        for _ in range(60):
            assert (await site.open("wrong")).status_code == 400
        answer = await site.open("wrong")
        assert answer.status_code == 429
        assert 0 < int(answer.headers["retry-after"]) <= 61

    async def test_forged_addresses_do_not_help(self, site: Site) -> None:
        for number in range(60):
            await site.open("wrong", **{"X-Forwarded-For": f"203.0.113.{number}"})
        answer = await site.open("wrong", **{"X-Forwarded-For": "203.0.113.99"})
        assert answer.status_code == 429

    async def test_behind_a_proxy_of_ours_the_last_hop_counts(
        self, scene: Scene, redis: Redis, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        services = web_services(scene, redis, TRUSTED_PROXY_HOPS=1)
        monkeypatch.setattr(bootstrap, "web", lambda: services)
        site = build_site(services, scene)
        for number in range(60):
            await site.open("wrong", **{"X-Forwarded-For": f"{number}.1.1.1, 203.0.113.7"})
        again = await site.open("wrong", **{"X-Forwarded-For": "9.9.9.9, 203.0.113.7"})
        other = await site.open("wrong", **{"X-Forwarded-For": "9.9.9.9, 203.0.113.8"})
        assert (again.status_code, other.status_code) == (429, 400)

    async def test_without_redis_nothing_opens(
        self, scene: Scene, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        services = web_services(scene, dead_redis())
        monkeypatch.setattr(bootstrap, "web", lambda: services)
        site = build_site(services, scene)
        await scene.add("a@example.kz")
        assert (await site.open(await scene.code("a@example.kz"))).status_code == 503
        health = await site.client.get("/api/health")
        assert health.status_code == 503
        assert health.json() == {"ok": False, "database": True, "migrations": True, "redis": False}


class TestHealth:
    async def test_all_is_well(self, site: Site) -> None:
        answer = await site.client.get("/api/health")
        assert answer.status_code == 200
        assert answer.json() == {"ok": True, "database": True, "migrations": True, "redis": True}
