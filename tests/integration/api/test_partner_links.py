"""Partners' links at their address, their sessions and their files."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from accounts_scene import HOME, PASSWORD
from partner_scene import PHONE, Programme, add_partner
from redis.asyncio import Redis
from sqlmodel import select
from web_stage import Site, build_site, web_services

from cube_demper import bootstrap
from cube_demper.core.cookies import session_cookie
from cube_demper.core.ids import token_hash
from cube_demper.core.settings import CubeApp
from cube_demper.domain.accounts.errors import LinkExpired, TooManyAttempts, WrongCredentials
from cube_demper.domain.accounts.schemas import NOBODY, SYSTEM
from cube_demper.domain.partners import door, mailing, people, recovery
from cube_demper.models.accounts import UserSession
from cube_demper.models.partners import Partner, PartnerToken

THEIRS = "http://localhost:3003"


@pytest.fixture
async def programme(site: Site) -> Programme:
    return await add_partner(site.scene.db)


@pytest.fixture
async def cabinet(site: Site, programme: Programme) -> Site:
    """The partners' app."""
    return build_site(site.services, site.scene, THEIRS, CubeApp.PARTNER)


async def code_of(site: Site, password: str = PASSWORD, email: str = "partner@example.kz") -> str:
    async with site.scene.db.write() as tx:
        return await door.sign_in(
            tx,
            NOBODY,
            email=email,
            password=password,
            visitor=HOME,
            attempts=site.scene.attempts,
            now=site.scene.clock.now(),
        )


async def enter(cabinet: Site) -> str:
    answer = await cabinet.client.post(
        "/api/session", json={"code": await code_of(cabinet)}, headers={"Origin": THEIRS}
    )
    assert answer.status_code == 204
    return cabinet.client.cookies["cube_partner"]


class TestLinks:
    async def test_a_person_is_led_home_and_remembered_for_ninety_days(
        self, site: Site, programme: Programme
    ) -> None:
        answer = await site.client.get(f"/p/{programme.link_code}", headers={"User-Agent": PHONE})
        assert (answer.status_code, answer.headers["location"]) == (303, "/")
        cookie = answer.headers["set-cookie"]
        for part in ("cube_sent_by=", "Max-Age=7776000", "HttpOnly", "SameSite=lax", "Path=/"):
            assert part in cookie
        assert answer.headers["cache-control"] == "no-store"
        assert await programme.verdicts() == ["counted"]

    async def test_a_click_leaves_every_session_of_the_browser_alone(
        self, site: Site, programme: Programme
    ) -> None:
        """On one machine all apps share a host, and cookies know no ports."""
        answer = await site.client.get(f"/p/{programme.link_code}", headers={"User-Agent": PHONE})
        sessions = {session_cookie(site.services.settings, app) for app in CubeApp}
        assert set(answer.cookies) - sessions == set(answer.cookies) != set()

    async def test_a_preview_sees_the_page_and_gets_no_cookie(
        self, site: Site, programme: Programme
    ) -> None:
        answer = await site.client.get(
            f"/p/{programme.link_code}", headers={"User-Agent": "TelegramBot (like TwitterBot)"}
        )
        assert answer.status_code == 303
        assert "set-cookie" not in answer.headers
        assert await programme.verdicts() == ["preview"]

    @pytest.mark.parametrize("code", ["NOSUCH", "%27%3B--", "x" * 300, "0OIL1"])
    async def test_nonsense_leads_home(self, site: Site, programme: Programme, code: str) -> None:
        answer = await site.client.get(f"/p/{code}", headers={"User-Agent": PHONE})
        assert (answer.status_code, answer.headers["location"]) == (303, "/")
        assert "set-cookie" not in answer.headers

    async def test_one_address_writes_down_sixty_a_minute(
        self, site: Site, programme: Programme
    ) -> None:
        answers = [
            await site.client.get(
                f"/p/{programme.link_code}", headers={"User-Agent": f"{PHONE} {number}"}
            )
            for number in range(65)
        ]
        assert {it.status_code for it in answers} == {303}
        assert len(await programme.verdicts()) == 60

    async def test_without_redis_whoever_comes_is_led_on(
        self, site: Site, programme: Programme, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        dead: Any = Redis.from_url("redis://127.0.0.1:1", socket_connect_timeout=0.2)
        services = web_services(site.scene, dead)
        monkeypatch.setattr(bootstrap, "web", lambda: services)
        other = build_site(services, site.scene)
        answer = await other.client.get(f"/p/{programme.link_code}", headers={"User-Agent": PHONE})
        assert answer.status_code == 303
        assert await programme.verdicts() == []


class TestDoor:
    async def test_a_session_is_valid_for_this_app_alone(
        self, cabinet: Site, programme: Programme
    ) -> None:
        token = await enter(cabinet)
        now = cabinet.scene.clock.now()
        async with cabinet.scene.db.read() as tx:
            signed = await door.find_signed_in(tx, token, CubeApp.PARTNER, now)
            assert signed
            assert signed.actor == programme.actor
            for app in (CubeApp.SELLER, CubeApp.ADMIN, CubeApp.SUPPORT):
                assert await door.find_signed_in(tx, token, app, now) is None
            row = (await tx.scalars(select(UserSession))).one()
        assert (row.partner_id, row.user_id) == (programme.partner_id, None)
        assert row.token_hash == token_hash(token)
        assert await cabinet.scene.who(token, CubeApp.SELLER) is None

    async def test_a_sellers_session_opens_no_partners_page(self, cabinet: Site) -> None:
        await cabinet.scene.add("a@example.kz")
        token = await cabinet.scene.sign_in("a@example.kz")
        answer = await cabinet.client.get(
            "/api/partner/leads", headers={"Cookie": f"cube_partner={token}"}
        )
        assert answer.status_code == 400
        assert answer.json()["code"] == "permission_denied"

    async def test_wrong_passwords_are_counted(self, cabinet: Site) -> None:
        for _ in range(5):
            with pytest.raises(WrongCredentials):
                await code_of(cabinet, "неверный пароль")
        with pytest.raises(TooManyAttempts):
            await code_of(cabinet)

    async def test_shut_out_at_once(self, cabinet: Site, programme: Programme) -> None:
        token = await enter(cabinet)
        now = cabinet.scene.clock.now()
        async with cabinet.scene.db.write() as tx:
            await people.set_blocked(tx, SYSTEM, programme.email, is_blocked=True, now=now)
        async with cabinet.scene.db.read() as tx:
            assert await door.find_signed_in(tx, token, CubeApp.PARTNER, now) is None

    async def test_signing_out_ends_the_session(self, cabinet: Site) -> None:
        token = await enter(cabinet)
        answer = await cabinet.client.delete("/api/session", headers={"Origin": THEIRS})
        assert answer.status_code == 204
        async with cabinet.scene.db.read() as tx:
            now = cabinet.scene.clock.now()
            assert await door.find_signed_in(tx, token, CubeApp.PARTNER, now) is None

    async def test_an_invitation_sets_the_first_password_once(self, cabinet: Site) -> None:
        scene = cabinet.scene
        now = scene.clock.now()
        async with scene.db.write() as tx:
            made = await people.create(tx, SYSTEM, email="new@example.kz", now=now)
        payload = {"partner_id": str(made), "asked_at": now.isoformat()}
        await mailing.deliver(
            scene.db, scene.post, THEIRS, mailing.INVITE, payload, support="", now=now
        )
        token = scene.post.link_token()
        async with scene.db.write() as tx:
            assert await recovery.is_link_alive(tx, NOBODY, token, now)
            await recovery.reset_password(tx, NOBODY, token=token, password=PASSWORD, now=now)
        assert await code_of(cabinet, email="new@example.kz")
        with pytest.raises(LinkExpired):
            async with scene.db.write() as tx:
                await recovery.reset_password(tx, NOBODY, token=token, password=PASSWORD, now=now)

    async def test_tokens_are_forgotten_a_month_after_their_end(
        self, cabinet: Site, programme: Programme
    ) -> None:
        await code_of(cabinet)
        now = cabinet.scene.clock.now()
        for days, left in ((29, 1), (31, 0)):
            async with cabinet.scene.db.write() as tx:
                await door.forget_dead(tx, SYSTEM, now + timedelta(days=days))
                assert len((await tx.scalars(select(PartnerToken))).all()) == left

    async def test_passwords_are_kept_as_argon2id(self, cabinet: Site) -> None:
        async with cabinet.scene.db.read() as tx:
            partner = (await tx.scalars(select(Partner))).one()
        assert partner.password_hash.startswith("$argon2id$")


class TestFiles:
    async def test_only_ones_own_masked_and_harmless(
        self, cabinet: Site, programme: Programme
    ) -> None:
        other = await add_partner(cabinet.scene.db, "other@example.kz")
        at = datetime(2026, 11, 20, 9, tzinfo=UTC)
        await programme.buy(await programme.sign_up(at, email="=cmd@example.kz"), at)
        await other.buy(await other.sign_up(at, email="stranger@example.kz"), at)
        await enter(cabinet)
        leads = (await cabinet.client.get("/api/partner/leads?format=csv")).content.decode("utf-8")
        sums = (await cabinet.client.get("/api/partner/transactions?format=csv")).content.decode()
        assert "cmd@" not in leads
        assert "stranger" not in leads + sums
        assert leads.count("\n") == 2
        assert "\n=" not in leads
        assert ";=" not in leads
        assert "1999,8" in sums or "1999.8" in sums

    async def test_nobody_gets_a_file(self, cabinet: Site) -> None:
        for name in ("leads", "transactions"):
            answer = await cabinet.client.get(f"/api/partner/{name}")
            assert answer.status_code == 400
