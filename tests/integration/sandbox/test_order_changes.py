"""The sandbox moves orders as the guide says: preconditions, codes, tries, refusals in Kaspi's words."""

from __future__ import annotations

import base64
import io
import json
import os
import zipfile
from pathlib import Path
from typing import Any

import httpx
import pytest

from cube_demper.sandbox.order_deeds import TRIES
from cube_demper.sandbox.order_lives import DAY_MS, Life, Way, of_day, stage_of

ROOT = Path(__file__).resolve().parents[3]
SAMPLES = (ROOT / os.environ.get("CUBE_SAMPLES_DIR", "../shared/kaspi-samples")).resolve()
STORE = "30000001"
ACCEPT = {"status": "ACCEPTED_BY_MERCHANT"}


def _life(client: Any, state: str, *ways: Way) -> Life:
    now = int(client.clock.now().timestamp() * 1000)
    for back in range(30):
        for life in of_day(client.sandbox.world, STORE, now // DAY_MS - back):
            if life.made <= now and stage_of(life, now).state == state and life.way in ways:
                return life
    raise AssertionError("no such order in this world")


def _waiting(client: Any, *ways: Way) -> Life:
    """Find an order that is new, moving the clock to where there is one."""
    for _ in range(200):
        try:
            return _life(client, "NEW", *ways)
        except AssertionError:
            client.clock.move(minutes=20)
    raise AssertionError("no new order")


async def _change(client: Any, life: Life, more: dict[str, str], **given: Any) -> httpx.Response:
    token = client.sandbox.world.tokens.get(STORE) or client.sandbox.make_token(STORE)
    headers = {"Accept": "application/vnd.api+json", "X-Auth-Token": token, **given}
    row = {"type": "orders", "id": _key(life.code), "attributes": {"code": life.code, **more}}
    url = f"{client.sandbox.shop_url}/shop/api/v2/orders"
    answer: httpx.Response = await client.http.post(url, json={"data": row}, headers=headers)
    return answer


def _key(code: str) -> str:
    return base64.b64encode(code.encode()).decode().rstrip("=")


def _title(answer: httpx.Response) -> str:
    assert answer.status_code == 400
    return str(answer.json()["errors"][0]["title"])


def _samples(name: str) -> Any:
    if not SAMPLES.is_dir():
        pytest.skip("recorded samples are not here")
    return json.loads((SAMPLES / name).read_text(encoding="utf-8"))


async def test_accepting_answers_as_recorded_and_once(client: Any) -> None:
    life = _waiting(client, Way.CITY, Way.POSTOMAT)
    answer = await _change(client, life, ACCEPT)
    assert answer.status_code == 200
    recorded = _samples("order_status_change.json")["response"]
    served = answer.json()
    assert served.keys() == recorded.keys()
    assert served["data"].keys() == recorded["data"].keys()
    assert served["data"]["attributes"].keys() == recorded["data"]["attributes"].keys()
    assert "status" in _title(await _change(client, life, ACCEPT)).lower()


async def test_refusals_are_in_the_words_of_the_samples(client: Any) -> None:
    titles = {
        it["case"]: it["body"]["errors"][0]["title"] for it in _samples("order_status_errors.json")
    }
    life = _life(client, "PICKUP", Way.PICKUP)
    done = {"status": "COMPLETED"}
    await _change(client, life, done, **{"X-Security-Code": "", "X-Send-Code": "true"})
    deed = client.sandbox.world.order_deeds[life.code]
    wrong = await _change(client, life, done, **{"X-Security-Code": "nope"})
    assert _title(wrong) == titles["wrong security code"]
    assert (await _change(client, life, done, **{"X-Security-Code": deed.code})).is_success
    again = await _change(client, life, done, **{"X-Security-Code": deed.code})
    assert _title(again) == titles["already completed"]
    new = _waiting(client, Way.CITY, Way.POSTOMAT)
    reason = {"status": "CANCELLED", "cancellationReason": "MERCHANT_OUT_OF_STOCK"}
    assert (await _change(client, new, reason)).is_success
    assert _title(await _change(client, new, done)) == titles["already cancelled"]


async def test_too_many_tries_spend_a_code_and_time_does_too(client: Any) -> None:
    life = _life(client, "PICKUP", Way.PICKUP)
    done, send = {"status": "COMPLETED"}, {"X-Security-Code": "", "X-Send-Code": "true"}
    await _change(client, life, done, **send)
    for _ in range(TRIES):
        await _change(client, life, done, **{"X-Security-Code": "nope"})
    code = client.sandbox.world.order_deeds[life.code].code
    assert "Too many" in _title(await _change(client, life, done, **{"X-Security-Code": code}))
    await _change(client, life, done, **send)
    client.clock.move(minutes=20)
    code = client.sandbox.world.order_deeds[life.code].code
    assert "expired" in _title(await _change(client, life, done, **{"X-Security-Code": code}))


async def test_a_cancelling_needs_one_of_kaspis_reasons(client: Any) -> None:
    life = _waiting(client, Way.CITY, Way.POSTOMAT)
    bad = {"status": "CANCELLED", "cancellationReason": "BAD_MOOD"}
    assert "reason" in _title(await _change(client, life, bad)).lower()


async def test_the_cabinet_packs_and_gives_the_waybills_in_one_archive(client: Any) -> None:
    life = _waiting(client, Way.CITY, Way.POSTOMAT)
    await _change(client, life, ACCEPT)
    body = {"cargos": [{"orderCode": life.code, "newCargoSpace": 2, "quantity": 1}]}
    answer = await client.post("/mc/api/order/cargo/assembled", body, _m=STORE)
    assert (answer.status_code, answer.content) == (200, b"")
    client.clock.move(minutes=2)
    archive = await client.get("/order/view/mc/order/waybill", merchantId=STORE)
    with zipfile.ZipFile(io.BytesIO(archive.content)) as files:
        assert f"KASPI_SHOP-{life.code}.pdf" in files.namelist()
