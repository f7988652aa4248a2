"""The sandbox's official orders API keeps the guide's rules; its shapes are in test_against_samples."""

from __future__ import annotations

from typing import Any

import httpx

STORE, DAY_MS = "30000001", 86_400_000
KIND = {"Accept": "application/vnd.api+json"}


async def _ask(client: Any, headers: dict[str, str], **changes: str) -> httpx.Response:
    now = int(client.clock.now().timestamp() * 1000)
    asked = {
        "page[number]": "0",
        "page[size]": "100",
        "filter[orders][state]": "DELIVERY",
        "filter[orders][creationDate][$ge]": str(now - 13 * DAY_MS),
        "filter[orders][creationDate][$le]": str(now),
    }
    asked |= {key.replace("__", ""): value for key, value in changes.items()}
    url = f"{client.sandbox.shop_url}/shop/api/v2/orders"
    answer: httpx.Response = await client.http.get(url, params=asked, headers=headers)
    return answer


async def test_strangers_and_wrong_questions_are_refused(client: Any) -> None:
    mine = KIND | {"X-Auth-Token": client.sandbox.make_token(STORE)}
    no_accept = await _ask(client, {**mine, "Accept": "*/*"})
    assert (no_accept.status_code, "html" in no_accept.headers["Content-Type"]) == (404, True)
    assert (await _ask(client, KIND)).status_code == 401
    assert (await _ask(client, KIND | {"X-Auth-Token": "x" * 30})).status_code == 401
    for wrong in ({"page[size]": "101"}, {"filter[orders][creationDate][$ge]": "0"}):
        assert (await _ask(client, mine, **wrong)).status_code == 400
    assert (await _ask(client, mine)).status_code == 200


async def test_orders_age_from_state_to_state_and_stay_the_same(client: Any) -> None:
    mine = KIND | {"X-Auth-Token": client.sandbox.make_token(STORE)}

    async def codes(state: str) -> set[str]:
        answer = await _ask(client, mine, **{"filter[orders][state]": state})
        return {row["attributes"]["code"] for row in answer.json()["data"]}

    under_way = await codes("DELIVERY")
    client.clock.move(seconds=3 * 86_400)
    assert under_way
    assert under_way <= await codes("ARCHIVE")


async def test_only_the_head_sees_the_token_in_the_cabinet(client: Any) -> None:
    query = "query getTokenApi($id: String!) { merchant(id: $id) { integration { token } } }"
    asked = {"operationName": "getTokenApi", "variables": {"id": STORE}, "query": query}
    made = {
        "operationName": "tokenGenerate",
        "variables": {"merchantId": STORE},
        "query": "mutation tokenGenerate($merchantId: String!) { tokenGenerate(merchantId: $merchantId) }",
    }
    facade = "/mc/facade/graphql"
    before = (await client.post(facade, asked)).json()["data"]["merchant"]["integration"]
    assert before["token"] is None
    token = (await client.post(facade, made)).json()["data"]["tokenGenerate"]
    after = (await client.post(facade, asked)).json()["data"]["merchant"]["integration"]
    assert after["token"] == token
    cookies = client.sandbox.cookies("staff@example.kz")
    client.headers["Cookie"] = "; ".join(f"{it['name']}={it['value']}" for it in cookies)
    for body in (asked, made):
        assert "errors" in (await client.post(facade, body)).json()
