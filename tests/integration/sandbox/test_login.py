"""The sandbox's sign-in answers as KASPI.md §3 says, and as was recorded."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import httpx
import pytest

ROOT = Path(__file__).resolve().parents[3]
SAMPLES = (ROOT / os.environ.get("CUBE_SAMPLES_DIR", "../shared/kaspi-samples")).resolve()
OWNER, PHONE, MASKED = "seller@example.kz", "+77010000001", "+7 (701) 000-00-01"
STAFF = "staff@example.kz"


async def _enter(client: Any) -> None:
    """Go to the cabinet as a stranger and be shown the sign-in page."""
    url = f"{client.sandbox.merchant_url}/oauth2/authorization/1"
    answer = await client.http.get(url, follow_redirects=True)
    assert answer.url.path == "/login"


async def _step(client: Any, **body: object) -> httpx.Response:
    return await client.http.post(f"{client.sandbox.login_url}/api/p/login", json=body)


def _code(client: Any, to: str) -> str:
    found = re.search(r"\d{6}", client.sandbox.mailbox.to(to)[-1].text)
    assert found
    return found[0]


async def _merchants(client: Any) -> list[str]:
    url = f"{client.sandbox.merchant_url}/oauth2/authorization/1"
    assert (await client.http.get(url, follow_redirects=True)).url.path == "/mc/"
    me = await client.http.get(
        f"{client.sandbox.merchant_url}/s/m", headers={"X-Auth-Version": "3"}
    )
    return [merchant["uid"] for merchant in me.json()["merchants"]]


async def test_password_lets_in_and_the_redirect_gives_cabinet_cookies(client: Any) -> None:
    await _enter(client)
    answer = await _step(client, _u=OWNER, _p="demo-12345", _r_d=False)
    assert answer.json() == {"redirectUrl": "/"}
    assert await _merchants(client) == ["30000001", "30000002"]


async def test_staff_need_the_mailed_code(client: Any) -> None:
    await _enter(client)
    assert "redirectUrl" not in (await _step(client, _u=STAFF, _p="staff-12345")).json()
    answer = await _step(client, _u=STAFF, _m_c=_code(client, STAFF), _r_d=True)
    assert answer.json() == {"redirectUrl": "/"}
    assert await _merchants(client) == ["30000001"]


async def test_phone_and_sms_as_recorded(client: Any) -> None:
    await _enter(client)
    first = await _step(client, _ph=MASKED)
    second = await _step(client, _c=_code(client, PHONE))
    if not (SAMPLES / "idmc_login_steps.json").exists():
        pytest.skip("no samples here")
    recorded = json.loads((SAMPLES / "idmc_login_steps.json").read_text())
    for answer, sample in zip((first, second), recorded, strict=True):
        assert answer.status_code == sample["status"]
        assert answer.json().keys() == sample["response"].keys()
        assert "MS_AUTH_SSO" in answer.headers["set-cookie"]


async def test_a_code_works_once_and_not_for_long(client: Any) -> None:
    await _enter(client)
    await _step(client, _ph=MASKED)
    code = _code(client, PHONE)
    client.clock.move(seconds=301)
    assert (await _step(client, _c=code)).status_code == 401
    await _step(client, _ph=MASKED)
    code = _code(client, PHONE)
    assert (await _step(client, _c=code)).status_code == 200
    assert (await _step(client, _c=code)).json() == {"errorCode": "FAILED"}


async def test_asking_for_codes_too_often_is_a_flood(client: Any) -> None:
    await _enter(client)
    await _step(client, _ph=MASKED)
    client.clock.move(seconds=20)
    answer = await _step(client, _ph=MASKED)
    assert answer.status_code == 401
    assert answer.json()["errorCode"] == "SECURITY_CODE_SMS_FLOOD"
    assert answer.json()["errorData"]["breakTimeSeconds"] == 41


async def test_strangers_and_wrong_passwords_stay_outside(client: Any) -> None:
    await _enter(client)
    answer = await _step(client, _u=OWNER, _p="wrong")
    assert (answer.status_code, answer.json()["errorCode"]) == (401, "INVALID_CREDENTIALS")
    url = f"{client.sandbox.merchant_url}/oauth2/authorization/1"
    assert (await client.http.get(url, follow_redirects=True)).url.path == "/login"
