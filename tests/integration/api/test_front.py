from __future__ import annotations

import base64
import hashlib
from typing import Any

import pytest
from accounts_scene import Scene
from redis.asyncio import Redis
from sqlalchemy import text
from web_stage import OURS, PRODUCTION, Site, build_site, web_services

from cube_demper import bootstrap
from cube_demper.core.settings import OperatorSettings


class TestEntrance:
    async def test_signed_out_gets_the_front_page(self, site: Site) -> None:
        answer = await site.client.get("/")
        assert "Попробовать 14\u00a0дней" in answer.text
        assert "29\u00a0999\u00a0₸" in answer.text
        assert "<script" not in answer.text
        assert answer.headers["cache-control"] == "no-store"
        assert "Cookie" in answer.headers["vary"]

    async def test_signed_in_gets_the_app(self, site: Site) -> None:
        await site.scene.add("a@example.kz")
        await site.open(await site.scene.code("a@example.kz"))
        answer = await site.client.get("/", headers={"If-None-Match": '"front"'})
        assert "let a = 1" in answer.text
        assert answer.headers["cache-control"] == "no-store"

    async def test_a_dead_session_gets_the_front_page(self, site: Site) -> None:
        await site.scene.add("a@example.kz")
        await site.open(await site.scene.code("a@example.kz"))
        site.scene.clock.move(days=30)
        assert "Попробовать" in (await site.client.get("/")).text

    @pytest.mark.parametrize("path", ["/offer", "/privacy"])
    async def test_plain_pages(self, site: Site, path: str) -> None:
        answer = await site.client.get(path)
        assert answer.status_code == 200
        assert "<h1>" in answer.text

    async def test_what_people_agree_to_names_renewals_and_who_sees_them(self, site: Site) -> None:
        offer = (await site.client.get("/offer")).text
        assert "тариф продлевается сам" in offer
        privacy = " ".join((await site.client.get("/privacy")).text.split())
        for who in ("по ссылке партнёра", "Партнёр, который вас привёл", "TipTopPay"):
            assert who in privacy

    async def test_prices_and_terms_follow_what_the_plans_are_now(self, site: Site) -> None:
        async with site.scene.db.write() as tx:
            await tx.execute(
                text(
                    "UPDATE plans SET price = 1_234_500, bot_limit = 777,"
                    " features = features || '{analytics}' WHERE code = 'basic'"
                )
            )
            await tx.execute(text("UPDATE plans SET trial_days = 0"))
        front, offer = [(await site.client.get(it)).text for it in ("/", "/offer")]
        for page in (front, offer):
            assert "12\u00a0345\u00a0₸" in page
            assert "777\u00a0товаров" in page
            assert "14\u00a0дней" not in page
        assert front.count("Аналитика заказов и прибыли") == 1  # PRO has it with all of BASIC
        assert "ИИ-помощники: юрист, продавец, бухгалтер — скоро" in front
        assert "без срока" in front

    async def test_who_sells_stands_in_the_terms(
        self, site: Site, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        assert "Кто оказывает услуги" not in (await site.client.get("/offer")).text
        ours = OperatorSettings(BILLING_COMPANY="ТОО «Куб & К»", BILLING_BIN="123456789013")
        monkeypatch.setattr(bootstrap.web().settings, "operator", ours)
        offer = (await site.client.get("/offer")).text
        assert "ТОО «Куб &amp; К»<br>БИН/ИИН 123456789013" in offer

    async def test_invitation_is_remembered(self, site: Site) -> None:
        answer = await site.client.get("/r/DEADBEEF")
        assert (answer.status_code, answer.headers["location"]) == (303, "/register")
        assert site.client.cookies["cube_ref"] == "deadbeef"

    async def test_a_crooked_invitation_sets_nothing(self, site: Site) -> None:
        answer = await site.client.get("/r/zzz")
        assert answer.status_code == 303
        assert "set-cookie" not in answer.headers

    async def test_partners_are_led_to_their_app(self, site: Site) -> None:
        answer = await site.client.get("/partner/login")
        assert answer.headers["location"] == "http://localhost:3003/login"


class TestAddresses:
    async def test_a_folder_is_served_without_a_slash(self, site: Site) -> None:
        answer = await site.client.get("/products?bot=on")
        assert (answer.status_code, answer.text) == (200, "<p>/products/</p>")

    async def test_a_slash_too_many_is_led_away(self, site: Site) -> None:
        answer = await site.client.get("/products/?bot=on")
        assert (answer.status_code, answer.headers["location"]) == (308, "/products?bot=on")

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            ("/whatsapp", "/messages/connection"),
            ("/whatsapp/", "/whatsapp"),
            ("/whatsapp/queue", "/messages/queue"),
            ("/whatsapp/inbox?thread=1", "/messages?thread=1"),
        ],
    )
    async def test_a_page_that_moved_is_found(self, site: Site, old: str, new: str) -> None:
        answer = await site.client.get(old)
        assert (answer.status_code, answer.headers["location"]) == (308, new)

    async def test_never_to_another_site(self, site: Site) -> None:
        answer = await site.client.get("http://localhost:3000//evil.kz/")
        assert answer.headers["location"] == "/evil.kz"


class TestHeaders:
    @pytest.mark.parametrize("path", ["/", "/offer", "/api/health", "/assets/a-1f.js", "/nothing"])
    async def test_are_on_everything(self, site: Site, path: str) -> None:
        headers = (await site.client.get(path)).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "strict-origin-when-cross-origin"
        assert "camera=()" in headers["permissions-policy"]
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert "strict-transport-security" not in headers

    async def test_refusals_have_them_too(self, site: Site) -> None:
        answer = await site.client.post("/api/session", headers={"Origin": "https://evil.kz"})
        assert answer.headers["x-content-type-options"] == "nosniff"

    async def test_inline_scripts_of_ours_are_named_by_hash(self, site: Site) -> None:
        await site.scene.add("a@example.kz")
        await site.open(await site.scene.code("a@example.kz"))
        policy = (await site.client.get("/")).headers["content-security-policy"]
        digest = base64.b64encode(hashlib.sha256(b"let a = 1;").digest()).decode()
        scripts = next(part for part in policy.split("; ") if part.startswith("script-src"))
        assert scripts == f"script-src 'self' 'unsafe-eval' 'sha256-{digest}'"

    async def test_hashed_files_are_kept_for_a_year(self, site: Site) -> None:
        headers = (await site.client.get("/assets/a-1f.js")).headers
        assert headers["cache-control"] == "public, max-age=31536000, immutable"

    async def test_production_insists_on_https(
        self, scene: Scene, redis: Redis, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        services = web_services(scene, redis, **PRODUCTION)
        monkeypatch.setattr(bootstrap, "web", lambda: services)
        site = build_site(services, scene, "https://cube.example.kz")
        headers = (await site.client.get("/")).headers
        assert headers["strict-transport-security"] == "max-age=31536000; includeSubDomains"
        assert "upgrade-insecure-requests" in headers["content-security-policy"]


class TestSocket:
    async def handshake(self, site: Site, origin: str | None) -> list[dict[str, Any]]:
        headers = [] if origin is None else [(b"origin", origin.encode())]
        scope = {"type": "websocket", "path": "/_event/", "headers": headers, "query_string": b""}
        sent: list[dict[str, Any]] = []

        async def receive() -> dict[str, Any]:
            return {"type": "websocket.connect"}

        async def send(message: Any) -> None:
            sent.append(message)

        await site.app(scope, receive, send)
        return sent

    @pytest.mark.parametrize("origin", ["https://evil.kz", "null", f"{OURS}.evil.kz"])
    async def test_of_a_foreign_page_is_refused(self, site: Site, origin: str) -> None:
        (refusal,) = await self.handshake(site, origin)
        assert (refusal["type"], refusal["reason"]) == ("websocket.close", "foreign origin")

    async def test_of_our_page_reaches_the_app(self, site: Site) -> None:
        # The pages of paper have no socket: they close it themselves, without our reason.
        (closed,) = await self.handshake(site, OURS)
        assert closed.get("reason") != "foreign origin"
