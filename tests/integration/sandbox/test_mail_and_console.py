from __future__ import annotations

import json
from email.message import EmailMessage
from typing import Any

import aiosmtplib
import httpx

STORE = "30000001"


async def send(client: Any, to: str, *, html: str | None = None) -> None:
    message = EmailMessage()
    message["From"], message["To"] = "Cube Demper <no-reply@example.kz>", to
    message["Subject"] = "Подтвердите почту"
    message.set_content(
        "Откройте http://localhost:3000/confirm?token=a&b=1. Ссылка живёт 30 минут."
    )
    if html:
        message.add_alternative(html, subtype="html")
    await aiosmtplib.send(message, hostname="127.0.0.1", port=client.sandbox.smtp_port)


async def page(client: Any, path: str) -> httpx.Response:
    answer: httpx.Response = await client.http.get(client.sandbox.console_url + path)
    assert answer.status_code == 200, answer.text
    return answer


async def test_a_letter_is_listed_and_its_link_can_be_pressed(client: Any) -> None:
    await send(client, "Seller@example.kz")
    assert "Подтвердите почту" in (await page(client, "/mail")).text
    shown = (await page(client, "/mail/1")).text
    assert "<a href='http://localhost:3000/confirm?token=a&amp;b=1'>" in shown
    assert "width=device-width" in shown


async def test_letters_come_as_json_by_address(client: Any) -> None:
    await send(client, "one@example.kz")
    await send(client, "two@example.kz", html="<b>Привет</b>")
    letters = (await page(client, "/letters?to=TWO@example.kz")).json()
    assert [(letter["to"], letter["subject"]) for letter in letters] == [
        (["two@example.kz"], "Подтвердите почту")
    ]
    assert letters[0]["html"].strip() == "<b>Привет</b>"
    assert "token=a&b=1" in letters[0]["text"]


async def test_the_html_of_a_letter_cannot_reach_the_console(client: Any) -> None:
    await send(client, "a@example.kz", html="<script>alert(1)</script>")
    shown = (await page(client, "/mail/1")).text
    assert "<script>" not in shown
    assert "sandbox='allow-popups" in shown


async def test_a_missing_letter_is_404(client: Any) -> None:
    assert (await client.http.get(f"{client.sandbox.console_url}/mail/9")).status_code == 404


async def test_the_console_shows_stores_bans_and_operations(client: Any) -> None:
    await client.change()
    for _ in range(16):
        await client.offers(client.card)
    shown = (await page(client, "/")).text
    for text in ("Тестовая лавка", "5000 ₸", "принято", "слишком много запросов в секунду"):
        assert text in shown
    state = (await page(client, "/state")).json()
    assert state["stores"][0]["changes_in_window"] == 1
    assert [ban["key"] for ban in state["active_bans"]] == ["127.0.0.1"]


async def test_a_session_is_issued_as_playwrights_cookies(client: Any) -> None:
    url = f"{client.sandbox.console_url}/sessions"
    cookies = (await client.http.post(url, json={"email": "seller@example.kz"})).json()
    assert {cookie["name"] for cookie in cookies} == {"mc-session", "mc-sid"}
    assert set(cookies[0]) == {
        "name", "value", "domain", "path", "expires", "httpOnly", "secure", "sameSite"
    }  # fmt: skip
    client.headers["Cookie"] = "; ".join(f"{c['name']}={c['value']}" for c in cookies)
    assert (await client.get("/s/m")).status_code == 200
    await client.http.post(f"{url}/expire", json={"email": "seller@example.kz"})
    assert (await client.get("/s/m")).status_code == 401
    assert (await client.http.post(url, json={"email": "x@example.kz"})).status_code == 404


async def test_faults_are_switched_from_outside(client: Any) -> None:
    base = client.sandbox.console_url
    fault = {"kind": "status", "route": "offers", "status": 503, "seconds": 60}
    assert (await client.http.post(f"{base}/faults", json=fault)).status_code == 200
    assert (await client.offers(client.card)).status_code == 503
    await client.http.post(f"{base}/faults/clear", json={})
    assert (await client.offers(client.card)).status_code == 200
    assert (await client.http.post(f"{base}/faults", json={"kind": "flood"})).status_code == 400


async def test_a_button_of_the_page_works_and_returns_to_it(client: Any) -> None:
    base = client.sandbox.console_url
    form = {"kind": "html", "route": "offers", "count": "1"}
    answer = await client.http.post(f"{base}/faults", data=form)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert client.sandbox.faults.faults[0].count == 1


async def test_the_log_comes_as_json_lines(client: Any) -> None:
    await client.offers(client.card)
    await client.change()
    lines = [json.loads(line) for line in (await page(client, "/log")).text.splitlines()]
    assert [line["kind"] for line in lines] == ["request", "accepted", "request"]
    assert lines[0]["city"] == "750000000"
    newer = (await page(client, f"/log?after={lines[1]['n']}")).text.splitlines()
    assert len(newer) == 1


async def test_a_rival_is_moved_from_outside(client: Any) -> None:
    base = client.sandbox.console_url
    rival = client.sandbox.market.rivals_on(client.card)[0].merchant.uid
    body = {"card": client.card, "merchant": rival, "price": 2222}
    assert (await client.http.post(f"{base}/rivals", json=body)).status_code == 200
    offers = (await page(client, f"/cards/{client.card}")).json()["offers"]
    found = next(offer for offer in offers if offer["merchant"] == rival)
    assert set(found["prices"].values()) == {2222}


async def test_the_audit_is_served(client: Any) -> None:
    await client.change()
    await client.change()
    report = (await page(client, "/audit")).json()
    assert report["accepted"] == 2
    assert len(report["sent_twice"]) == 1
